/**
 * Whether a wallet sees through a hostile firehose: one lie from beginning to end, over real HTTP. Needs no test runner, so
 * that harnesses can run as many as they like.
 */
import { deepStrictEqual } from 'node:assert';
import { verifyEvidence } from '../../../src/core/evidence/verify.ts';
import { httpReader } from '../../../src/engines/http-reader.ts';
import { acknowledgeAlarm, type Alarm, alarmsOf } from '../../../src/wallet/alarms/rows.ts';
import { queueAgain, queueMessages } from '../../../src/wallet/outbox/outbox.ts';
import { sendQueued } from '../../../src/wallet/outbox/send-queued.ts';
import { settleOutbox } from '../../../src/wallet/outbox/settle.ts';
import type { JoinedLedger } from '../../../src/wallet/store/record-reader.ts';
import { OpenVault } from '../../../src/wallet/vault/open-vault.ts';
import { PrivateRows } from '../../../src/wallet/vault/private-rows.ts';
import { checkCopy } from '../../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../../src/wallet/sync/sync.ts';
import { contentOf, emptyCopy, type TestCopy } from '../endpoint.ts';
import { unwrap } from '../ledger.ts';
import { HostileFirehose } from './firehose.ts';
import type { HostileLie } from './lie.ts';
import { hostileLies } from './lies.ts';

/** What was seen of a lie. */
export interface Seen {
  readonly code: string;
  readonly alarm: Alarm | undefined;
  /** What the evidence shows, in words. */
  readonly sentence: string | undefined;
}

const now = 1_800_000_000;

/** A firehose that is about to tell this lie: until {@link HostileLie.tell} is called it is honest. */
export async function serveLie(
  name: string,
  seed: number,
): Promise<HostileFirehose & { readonly lie: HostileLie }> {
  const lie = hostileLies.find((known) => known.name === name);
  if (lie === undefined) throw new RangeError(`no lie is called ${name}`);
  const firehose = await HostileFirehose.start(seed);
  firehose.grow(lie.held ?? firehose.between(3, 6));
  firehose.publish();
  return Object.assign(firehose, { lie });
}

function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

/** A person who synchronises one ledger. */
class Client {
  readonly copy: TestCopy;
  readonly #firehose: HostileFirehose;

  constructor(copy: TestCopy, firehose: HostileFirehose) {
    this.copy = copy;
    this.#firehose = firehose;
  }

  /** @returns the code that it ended with, or `ok`. */
  async sync(address = this.#firehose.url): Promise<string> {
    const { id } = this.#firehose.ledger.ledger;
    const reader = httpReader(new URL(address), 10_000);
    return syncLedger(this.copy.store, id, reader, { address, threads: 0 }).then(
      () => 'ok',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
  }

  async alarms(): Promise<readonly Alarm[]> {
    const joined = await this.copy.store.joined(this.#firehose.ledger.ledger.id);
    return joined === undefined ? [] : alarmsOf(this.copy.database, joined);
  }

  /** How many blocks are here, and how many of them whole. */
  async reach(): Promise<{ readonly size: number; readonly filled: number }> {
    const joined = await this.copy.store.joined(this.#firehose.ledger.ledger.id);
    return { size: joined?.size ?? 0, filled: joined?.filled ?? 0 };
  }

  async check(): Promise<void> {
    const checked = await checkCopy(this.copy.store, this.#firehose.ledger.ledger.id);
    demand(checked.ok, `the copy does not hold together: ${checked.ok ? '' : checked.code}`);
  }
}

async function clientOf(firehose: HostileFirehose, folder: string): Promise<Client> {
  const copy = await emptyCopy(folder);
  await copy.store.join(firehose.ledger.ledger, firehose.url);
  return new Client(copy, firehose);
}

/** Rows of before are all there still, whatever was added. */
function demandKept(before: Awaited<ReturnType<typeof contentOf>>, after: typeof before): void {
  for (const table of ['block', 'message', 'tagged']) {
    const rows = new Set((after[table] as readonly unknown[]).map((row) => JSON.stringify(row)));
    const gone = (before[table] as readonly unknown[]).find((row) => !rows.has(JSON.stringify(row)));
    demand(gone === undefined, `a row of ${table} was overwritten: ${JSON.stringify(gone)}`);
  }
}

/** What was kept of the lie, judged as a stranger would who knows nothing but the ledger's id. */
async function seenOf(client: Client, lie: HostileLie, id: Uint8Array, code: string): Promise<Seen> {
  const [alarm, ...others] = await client.alarms();
  demand(others.length === 0, `${others.length + 1} alarms for one lie`);
  demand((alarm !== undefined) === lie.isAlarm, `an alarm: ${alarm?.code ?? 'none'}`);
  demand(alarm === undefined || alarm.code === code, `an alarm of ${alarm?.code ?? ''}`);
  demand((alarm?.evidence !== undefined) === (lie.kind !== undefined), `evidence: ${alarm?.detail ?? ''}`);
  if (alarm?.evidence === undefined) return { code, alarm, sentence: undefined };
  const shown = unwrap(verifyEvidence(alarm.evidence, id));
  demand(shown.kind === lie.kind, `evidence of ${shown.kind}`);
  return { code, alarm, sentence: shown.sentence };
}

/** While the operator is shown to have lied and nobody decided, nothing is fetched; afterwards it goes on. */
async function decide(client: Client, lie: HostileLie, alarm: Alarm | undefined): Promise<void> {
  if (lie.kind === undefined || alarm === undefined) return;
  const stopped = await client.sync();
  demand(stopped === 'alarm-open', `synchronising on ended with ${stopped}`);
  await acknowledgeAlarm(client.copy.database, alarm.number, now);
}

async function runLie(firehose: HostileFirehose, lie: HostileLie, folder: string): Promise<Seen> {
  const client = await clientOf(firehose, folder);
  const { database } = client.copy;
  try {
    demand((await client.sync()) === 'ok', 'the honest beginning was refused');
    const [before, reached] = [await contentOf(database), await client.reach()];
    lie.tell(firehose);
    const address = lie.atMirror ? firehose.mirror : firehose.url;
    const code = await client.sync(address);
    demand(code === lie.code, `it ended with ${code}`);
    demandKept(before, await contentOf(database));
    await client.check();
    const seen = await seenOf(client, lie, firehose.ledger.ledger.id, code);
    await decide(client, lie, seen.alarm);
    // The same lie once more is the same alarm.
    demand((await client.sync(address)) === lie.code, 'it was seen once only');
    demand((await client.alarms()).length === (lie.isAlarm ? 1 : 0), 'the same lie is another alarm');
    firehose.instead.clear();
    firehose.publish();
    firehose.grow(firehose.ledger.size);
    firehose.publish();
    const after = await client.sync();
    const { size, filled } = await client.reach();
    if (lie.passes) {
      demand(after === 'ok', `once it had stopped: ${after}`);
      demand(filled === firehose.ledger.size, `${filled} of ${firehose.ledger.size} blocks`);
    } else {
      demand(after === lie.code, `what is signed stays signed: ${after}`);
      demand(filled >= reached.filled && filled < firehose.ledger.size, `${filled} of ${size} blocks`);
    }
    await client.check();
    return seen;
  } finally {
    await database.close();
  }
}

/**
 * Runs a lie from the honest beginning to its end. @throws Error when anything of it is not as it must be: the code, the
 * alarm, the evidence, what the copy holds, or how it goes on afterwards.
 */
export async function seeThrough(name: string, seed: number, folder: string): Promise<Seen> {
  const firehose = await serveLie(name, seed);
  try {
    return await runLie(firehose, firehose.lie, folder);
  } catch (error) {
    throw new Error(`${name}, seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await firehose.close();
  }
}

/** An honest run of many synchronisations. @throws Error when it raises an alarm or ends with anything but the record. */
export async function honestRun(seed: number, folder: string): Promise<void> {
  const firehose = await HostileFirehose.start(seed);
  const client = await clientOf(firehose, folder);
  try {
    for (let step = firehose.between(2, 4); step > 0; step--) {
      firehose.grow(firehose.ledger.size + firehose.between(0, 3));
      firehose.publish();
      const code = await client.sync(firehose.random() < 0.5 ? firehose.url : firehose.mirror);
      demand(code === 'ok', `seed ${seed}: an honest record was refused: ${code}`);
      deepStrictEqual(await client.reach(), { size: firehose.ledger.size, filled: firehose.ledger.size });
    }
    demand((await client.alarms()).length === 0, `seed ${seed}: an alarm without a lie`);
    await client.check();
  } finally {
    await client.copy.database.close();
    await firehose.close();
  }
}

const vault = new OpenVault('hostile', { profileKey: new Uint8Array(32).fill(7) });

/**
 * A promise that is not kept, from sending to the evidence, over real HTTP; then the message is sent again and sealed.
 * @throws Error when anything of it is not as it must be.
 */
export async function seeBrokenPromise(seed: number, folder: string): Promise<Seen> {
  const firehose = await HostileFirehose.start(seed);
  firehose.grow(3);
  firehose.publish();
  const client = await clientOf(firehose, folder);
  const { database } = client.copy;
  try {
    demand((await client.sync()) === 'ok', 'the honest beginning was refused');
    const { id } = firehose.ledger.ledger;
    const rows = await PrivateRows.open(database, vault);
    const message = firehose.ledger.message();
    const joined = async (): Promise<JoinedLedger> => {
      const found = await client.copy.store.joined(id);
      demand(found !== undefined, 'not joined');
      return found;
    };
    const send = async (): Promise<number> => {
      const pinned = { joined: await joined(), card: firehose.card, pinnedAt: now };
      return (await sendQueued(database, rows, pinned, { when: 'at once', now: () => now })).accepted;
    };
    await queueMessages(database, rows, await joined(), [message]);
    firehose.takes = 'promises';
    demand((await send()) === 1, 'it was not promised');
    firehose.grow(firehose.ledger.size + 2);
    firehose.publish();
    demand((await client.sync()) === 'ok', 'the record is honest');
    demand(
      (await settleOutbox(database, await joined())).broken.length === 1,
      'it was not seen to be broken',
    );
    const [alarm] = await client.alarms();
    const shown = unwrap(verifyEvidence(alarm?.evidence ?? new Uint8Array(), id));
    demand(shown.kind === 'promise-broken', `evidence of ${shown.kind}`);
    // A word that was not kept is no lie: what is true is fetched on. It is sent again on a person's word only.
    demand((await client.sync()) === 'ok' && (await send()) === 0, 'it was sent again unasked');
    demand(await queueAgain(database, await joined(), message.id), 'it could not be queued again');
    firehose.takes = 'seals';
    demand((await send()) === 1 && (await client.sync()) === 'ok', 'it was not taken again');
    demand((await settleOutbox(database, await joined())).inBlock.length === 1, 'it is in no block');
    demand((await client.alarms()).length === 1, 'another alarm, or none any more');
    return { code: alarm?.code ?? '', alarm, sentence: shown.sentence };
  } finally {
    await database.close();
    await firehose.close();
  }
}
