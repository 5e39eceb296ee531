/**
 * A life of a wallet: joins a ledger, makes an identity, fetches the record, records files, writes receipts. What it has
 * kept is said on standard output, when it is kept: `joined`, `identity`, `synced BLOCKS`, `kept ID`, `receipt PATH`,
 * `failed CODE`, `done`. A life that comes after another goes on where that one ended.
 *
 *     node wallet-life.ts HOME LOG FILE...
 */
import '../support/fast-engines.ts';
import { existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { diskReader } from '../../src/engines/disk-reader.ts';
import { readLedger } from '../../src/firehose/block-log.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import type { Keychain } from '../../src/wallet/keychain/keychain.ts';
import { findLedger, type PinnedLedger, pinLedger } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { notarize } from '../../src/wallet/records/notarize.ts';
import { ownRecords } from '../../src/wallet/records/own-records.ts';
import { Prover } from '../../src/wallet/records/prover.ts';
import { issueReceipt, writeReceipt } from '../../src/wallet/records/receipts.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { createVault, hasVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { unwrap } from '../support/ledger.ts';

const now = 1_700_000_100;

/** A keychain that outlives the process, in one small file. */
export function fileKeychain(home: string): Keychain {
  const path = join(home, 'keychain.json');
  const keys = (): Record<string, string> =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  return {
    lockState: () => Promise.resolve('unlocked'),
    read: (account) => {
      const key = keys()[account];
      return Promise.resolve(key === undefined ? undefined : new Uint8Array(Buffer.from(key, 'hex')));
    },
    write: (account, key) => {
      writeFileSync(path, JSON.stringify({ ...keys(), [account]: toHex(key) }));
      return Promise.resolve();
    },
    remove: (account) => {
      const { [account]: gone, ...rest } = keys();
      writeFileSync(path, JSON.stringify(rest));
      return Promise.resolve(gone !== undefined);
    },
  };
}

type Say = (line: string) => void;

/** Small batches, so that there are many transactions. */
const batch = { messages: 3, bytes: 1_000_000, ageMs: 60_000 };

async function joinLedger(wallet: Wallet, log: string): Promise<void> {
  const ledger = await readLedger(embeddedStorage(log).public);
  const content = { endpoints: ['http://127.0.0.1:1/'], ledger: ledger.id, log: ledger.logKey };
  await pinLedger(wallet.database, unwrap(composeLedgerCard(content)), ledger, now);
}

async function record(
  wallet: Wallet,
  pinned: PinnedLedger,
  files: readonly string[],
  say: Say,
): Promise<void> {
  const each = async function* (): AsyncGenerator<string> {
    yield* await Promise.resolve(files);
  };
  const options = { method: 'salted', labels: { matter: 'faults' }, publish: false, again: false } as const;
  const rest = { now: () => now, signal: new AbortController().signal };
  for await (const { record: made } of notarize(wallet, pinned, each(), { ...options, ...rest }))
    say(`kept ${toHex(made.id)}`);
}

async function receipts(wallet: Wallet, { joined }: PinnedLedger, folder: string, say: Say): Promise<void> {
  const prover = new Prover(wallet.database, joined);
  for (const own of await ownRecords(await wallet.privateRows(), {})) {
    const issued = await issueReceipt(wallet.database, joined, prover, own);
    say(`receipt ${await writeReceipt(folder, own, issued)}`);
  }
}

async function steps(
  wallet: Wallet,
  home: string,
  log: string,
  files: readonly string[],
  say: Say,
): Promise<void> {
  const { vaultFile } = wallet.profile;
  await joinLedger(wallet, log);
  say('joined');
  if (!(await hasVault(vaultFile))) {
    const keychain = fileKeychain(home);
    const secrets = newSecrets(new Uint8Array(32).fill(7));
    wallet.vault.adopt(await createVault(vaultFile, { kind: 'keychain', keychain }, secrets));
  }
  await wallet.unlock();
  say('identity');
  const { joined } = await findLedger(wallet.database, undefined);
  const report = await syncLedger(wallet.store, joined.ledger.id, diskReader(join(log, 'public')), { batch });
  say(`synced ${report.filled}`);
  const pinned = await findLedger(wallet.database, undefined);
  await record(wallet, pinned, files, say);
  await receipts(wallet, pinned, join(home, 'receipts'), say);
}

/** Lives once. What ends it with a code of ours is said; anything else is thrown. */
export async function walletLife(
  home: string,
  log: string,
  files: readonly string[],
  say: Say,
): Promise<void> {
  say('begun');
  let wallet: Wallet | undefined;
  try {
    const profile = profileOf('default', { COUNTERSIGN_HOME: home });
    wallet = await openWallet(profile, { keychain: fileKeychain(home) }, 'create');
    await steps(wallet, home, log, files, say);
    say('done');
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    say(`failed ${String(error.code)}`);
  } finally {
    await wallet?.close();
  }
}

if (process.argv[1] === import.meta.filename) {
  const [home = '', log = '', ...files] = process.argv.slice(2);
  await walletLife(home, log, files, (line) => {
    writeSync(1, `${line}\n`);
  });
}
