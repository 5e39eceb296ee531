/**
 * Keeps watch over a synchronisation: what an operator is found to have done is looked into, and kept, before anything is
 * reported. What an operator signed and cannot honestly have signed is evidence; what only this profile saw is kept as
 * such; and garbage from an address is that address's fault and no alarm at all.
 */
import type { AlarmCode } from '../../core/errors/alarm.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { stop } from '../sync/fetch.ts';
import type { Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import { FoundLie, type Outcome } from './finding.ts';
import { shorterFork } from './heads.ts';
import { keepAlarm, type Notice, stoppingAlarm } from './rows.ts';

/** Who is watched, and where. */
export interface Watch {
  readonly store: RecordStore;
  /** The ledger's id. */
  readonly ledger: Uint8Array;
  readonly reader: LogReader;
  /** The address that `reader` reads; the one that the ledger was joined with by default. */
  readonly address?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds since 1970. */
  readonly now?: (() => number) | undefined;
}

const clock = (): number => Math.floor(Date.now() / 1000);

/** What deserves an alarm without any proof. Everything else that is unproven says nothing but that an address fails. */
const alarming: readonly SyncCode[] = [
  'sync-other-key',
  'sync-rollback',
  'sync-withheld',
  'sync-invalid',
  'sync-index',
];

async function joinedLedger(store: RecordStore, id: Uint8Array): Promise<JoinedLedger> {
  const joined = await store.joined(id);
  if (joined === undefined) throw new CountersignError<CopyCode>('copy-no-ledger');
  return joined;
}

/** Looks into it. An address that fails meanwhile is no reason to say nothing of what was found. */
async function outcomeOf(found: FoundLie, watch: Watch, joined: JoinedLedger): Promise<Outcome | undefined> {
  const { store, reader, signal } = watch;
  try {
    return await found.lookInto({ store, joined, reader, signal });
  } catch (error) {
    if (error instanceof CountersignError && String(error.code).startsWith('sync-')) return undefined;
    throw error;
  }
}

/** Keeps an alarm. @returns what became of it, in words: that it cannot be kept must not hide what was found. */
async function keep(store: RecordStore, joined: JoinedLedger, notice: Notice): Promise<string> {
  try {
    const number = await store.transaction(({ statements }) => keepAlarm(statements, joined, notice));
    return number === undefined ? 'not kept: there are too many' : `alarm ${number}`;
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    return `NOT KEPT: ${(error as CountersignError).code}`;
  }
}

/**
 * For everything that goes on with a ledger.
 * @throws CountersignError `alarm-open` when its operator is shown to have lied and nobody has decided to go on.
 */
export async function demandNoAlarm(statements: Statements, joined: JoinedLedger): Promise<void> {
  const open = await stoppingAlarm(statements, joined);
  if (open === undefined) return;
  throw new CountersignError<AlarmCode>('alarm-open', `${joined.ledger.origin}: alarm ${open}`);
}

async function report(found: FoundLie, watch: Watch): Promise<CountersignError> {
  const { store, ledger, now = clock } = watch;
  const joined = await joinedLedger(store, ledger);
  const address = watch.address ?? joined.endpoint;
  const outcome = await outcomeOf(found, watch, joined);
  const { code, subject } = outcome ?? found;
  const { detail = '' } = found;
  const evidence = outcome?.evidence;
  if (evidence !== undefined || isAlarming(code)) {
    const notice = { code, subject, detail, address, evidence, now: now() };
    return stop(code, `${address}: ${detail} (${await keep(store, joined, notice)})`);
  }
  return stop(code, `${address}: ${detail}`);
}

function isAlarming(code: string): code is SyncCode {
  return alarming.some((known) => known === code);
}

/** An error as something to report; undefined when it is none. */
function asFound(error: unknown): FoundLie | undefined {
  if (error instanceof FoundLie) return error;
  if (!(error instanceof CountersignError)) return undefined;
  const { code, detail = '' } = error as CountersignError;
  if (!/^(?:sync|follow)-/.test(code)) return undefined;
  return new FoundLie(code as SyncCode, detail, detail, () => Promise.resolve(undefined));
}

/**
 * Does some synchronising work. A {@link FoundLie} that it throws is looked into and kept, and comes out as an error with
 * the code of what it turned out to be.
 * @throws CountersignError `alarm-open` when the operator is shown to have lied and nobody has decided to go on;
 *   `copy-no-ledger`; and whatever the work throws.
 */
export async function noticing<T>(watch: Watch, work: () => Promise<T>): Promise<T> {
  const joined = await joinedLedger(watch.store, watch.ledger);
  await demandNoAlarm(watch.store.statements, joined);
  try {
    return await work();
  } catch (error) {
    const found = asFound(error);
    throw found === undefined ? error : await report(found, watch);
  }
}

/**
 * Keeps the proof that a head which came from somewhere else, such as a receipt, is not of the record that is here. Only one
 * that is not longer than the copy can be shown to be another by it.
 * @param from where the head came from.
 */
export async function keepShownFork(
  store: RecordStore,
  joined: JoinedLedger,
  note: Uint8Array,
  from: string,
): Promise<void> {
  const head = openLedgerCheckpoint(note, joined.ledger.logKey, []);
  const fork = head.ok ? await shorterFork({ store, joined }, { note, head: head.value }) : undefined;
  if (fork === undefined || !head.ok) return;
  const notice = { ...fork, detail: `${head.value.size} blocks`, address: from, now: clock() };
  await store.transaction(({ statements }) => keepAlarm(statements, joined, notice));
}
