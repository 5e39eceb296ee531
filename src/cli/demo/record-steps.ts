/** The first half of the demonstration: a ledger, an identity, files on the record, a copy of it. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { toHex } from '../../core/bytes.ts';
import { wordsOf } from '../../core/identity/words.ts';
import type { SignedMessage } from '../../core/record/envelope.ts';
import { absoluteLimits } from '../../core/record/founding.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { httpReader } from '../../engines/http-reader.ts';
import { embeddedStorage } from '../../firehose/embedded-storage.ts';
import { foundLedger } from '../../firehose/operator.ts';
import type { Keychain } from '../../wallet/keychain/keychain.ts';
import type { Database } from '../../wallet/store/driver.ts';
import { openStore } from '../../wallet/store/open.ts';
import type { JoinedLedger } from '../../wallet/store/record-reader.ts';
import { RecordStore } from '../../wallet/store/record-store.ts';
import { sendMessage } from '../../wallet/sync/send.ts';
import { fetchLedger } from '../../wallet/sync/fetch.ts';
import { syncLedger } from '../../wallet/sync/sync.ts';
import type { Signer } from '../../wallet/vault/signer.ts';
import type { OpenVault } from '../../wallet/vault/open-vault.ts';
import { createVault, newSecrets, openVault } from '../../wallet/vault/vault.ts';
import { announceIdentity, RecoveryKeys } from '../../wallet/workflows/announce.ts';
import { type FileReceipt, recordFile } from '../../wallet/workflows/record-file.ts';
import { type ChosenFile, hashChosen } from './files.ts';
import { utcTime } from './format.ts';
import { expect, type Stage } from './stage.ts';

const timeoutMs = 30_000;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

export interface RunningFirehose {
  readonly process: ChildProcess;
  readonly endpoint: URL;
  readonly ledger: Ledger;
}

/** The first line that a process prints which begins with `start`; undefined when it ends before. */
async function lineOf(child: ChildProcess, start: string): Promise<string | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(start)) return line.slice(start.length);
  }
  return undefined;
}

export async function startFirehose(stage: Stage): Promise<RunningFirehose> {
  stage.step('A ledger and its firehose');
  const storage = embeddedStorage(stage.path('ledger'));
  const limits = { ...absoluteLimits, dataBytes: 1_048_576 };
  const founded = await foundLedger(storage, 'demo.countersign.example', limits, now());
  stage.say(`Founded the ledger ${founded.idText}.`);
  stage.say('Its name can be copied; this number, the hash of its first block header, cannot.');
  const data = ['--data', stage.path('ledger')];
  const process = stage.start('firehose', ...data, '--interval', '200', '--until-eof', '--log-level', 'warn');
  const address = await lineOf(process, 'listening on ');
  expect(address !== undefined, 'the firehose started');
  stage.say(`The firehose listens on ${address} (this machine only), in a process of its own.`);
  const endpoint = new URL(address);
  // As a stranger would: from the endpoint, trusting nothing but the id.
  return { process, endpoint, ledger: await fetchLedger(httpReader(endpoint, timeoutMs), founded.id) };
}

export interface Identity {
  readonly vault: OpenVault;
  readonly signer: Signer;
}

export async function createIdentity(stage: Stage, keychain: Keychain, ledger: Ledger): Promise<Identity> {
  stage.step('An identity');
  const file = stage.path('profile', 'identity.sealed');
  const entropy = new Uint8Array(randomBytes(32));
  const made = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
  entropy.fill(0);
  const before = made.signerFor(ledger.id, 0).publicKey;
  made.close();
  const vault = await openVault(file, { keychain });
  const signer = vault.signerFor(ledger.id, 0);
  expect(toHex(before) === toHex(signer.publicKey), 'the identity opens again from the keychain');
  stage.say(
    'Made 24 recovery words and sealed them into a file; the key that opens it is in the keychain only.',
  );
  stage.say('Closed it and opened it again through the keychain.');
  stage.say(`Its public signing key on this ledger: ${toHex(signer.publicKey)}`);
  return { vault, signer };
}

async function send(firehose: RunningFirehose, message: SignedMessage): Promise<number> {
  const { promise } = await sendMessage(firehose.endpoint, firehose.ledger, message, timeoutMs);
  return promise.lastTime;
}

/** Puts the identity's keys on the record. */
export async function announce(
  stage: Stage,
  { vault, signer }: Identity,
  firehose: RunningFirehose,
): Promise<SignedMessage> {
  const { id } = firehose.ledger;
  const recovery = new RecoveryKeys(wordsOf(new Uint8Array(randomBytes(32)))).commitment(id, 0);
  const key = { signer, claims: { role: 'Demonstration' }, salt: vault.cardSalt(id, signer.index) };
  const { message } = announceIdentity(key, id, recovery, now());
  await send(firehose, message);
  stage.say('Announced it on the record, with a commitment to a recovery key from other words.');
  return message;
}

/** A file that was recorded. */
export interface RecordedFile extends ChosenFile {
  readonly message: SignedMessage;
  readonly receipt: FileReceipt;
}

export async function recordFiles(
  stage: Stage,
  { signer }: Identity,
  firehose: RunningFirehose,
  files: readonly ChosenFile[],
): Promise<readonly RecordedFile[]> {
  stage.step(files.length === 1 ? 'A file goes on the record' : `${files.length} files go on the record`);
  stage.say('Only a salted hash is public: without the receipt nobody can tell, or guess, which file it is.');
  const records: RecordedFile[] = [];
  for (const file of files) {
    const fileHash = await hashChosen(file);
    const { message, receipt } = recordFile(signer, firehose.ledger.id, fileHash, now());
    const lastTime = await send(firehose, message);
    stage.say(file.label);
    stage.say(`  SHA-256 ${toHex(fileHash)}`);
    stage.say(`  message ${toHex(message.id)}`);
    stage.say(`  The firehose promised, signed, to have it in a block by ${utcTime(lastTime)}.`);
    records.push({ ...file, message, receipt });
  }
  return records;
}

/** A synchronised copy of the ledger. */
export interface Copy {
  readonly database: Database;
  readonly store: RecordStore;
  readonly ledger: Ledger;
  readonly joined: () => Promise<JoinedLedger>;
}

/** Synchronises until all of these messages are in verified blocks. */
export async function synchronise(
  stage: Stage,
  firehose: RunningFirehose,
  messages: readonly SignedMessage[],
): Promise<Copy> {
  stage.step('A verified copy');
  const { ledger, endpoint } = firehose;
  const database = await openStore(stage.path('profile', 'record.sqlite'));
  const store = new RecordStore(database);
  await store.join(ledger, endpoint.href);
  const joined = async (): Promise<JoinedLedger> => {
    const found = await store.joined(ledger.id);
    expect(found !== undefined, 'the ledger was joined');
    return found;
  };
  const reader = httpReader(endpoint, timeoutMs);
  let report = await syncLedger(store, ledger.id, reader);
  for (let tries = 0; tries < 150 && !(await hasAll(store, await joined(), messages)); tries++) {
    await once(AbortSignal.timeout(200), 'abort');
    report = await syncLedger(store, ledger.id, reader);
  }
  expect(await hasAll(store, await joined(), messages), 'every message is in a block');
  stage.say(
    `Fetched ${report.size} blocks over HTTP and checked every hash, signature and index entry of them.`,
  );
  stage.say('What was verified, and only that, is now in a SQLite database.');
  return { database, store, ledger, joined };
}

async function hasAll(
  store: RecordStore,
  joined: JoinedLedger,
  messages: readonly SignedMessage[],
): Promise<boolean> {
  for (const { id } of messages) if ((await store.placeOf(joined, id)) === undefined) return false;
  return true;
}
