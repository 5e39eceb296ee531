/** Sending what waits: again and again with growing pauses, always the same bytes. */
import { randomInt } from 'node:crypto';
import { epochType, sealedType } from '../../core/channel/names.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { OutboxCode } from '../../core/errors/outbox.ts';
import type { SignedMessage } from '../../core/record/envelope.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import { demandNoAlarm } from '../alarms/noticing.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Database } from '../store/driver.ts';
import { KnownHead } from '../sync/known-head.ts';
import { type Accepted, sendMessage } from '../sync/send.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { adoptSealed, forgetSealed, openItems, type OutboxItem, sealedMessage } from './outbox.ts';

/** Brings one message to one address. */
export type Sender = (endpoint: URL, message: SignedMessage) => Promise<Accepted>;

export interface SendOptions {
  /** `at once`: a person asked for it. `due`: only what has waited long enough since the last failure. */
  readonly when: 'at once' | 'due';
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops after the message in hand. */
  readonly signal?: AbortSignal;
  /**
   * Whether a message of a channel is still sealed for its members: they may have changed since. Without it such
   * messages wait for who can tell.
   */
  readonly fits?: (message: VerifiedMessage) => boolean;
  /** In place of HTTP. */
  readonly send?: Sender;
}

/** What became of the queue. */
export interface SendReport {
  /** Messages that got a promise now. */
  readonly accepted: number;
  /** Messages that the firehose will not take. */
  readonly refused: number;
  /** Messages that still wait. */
  readonly waiting: number;
  /** Why they do, when sending failed. */
  readonly failure: CountersignError | undefined;
}

const timeoutMs = 30_000;
const shortestPause = 5;
const longestPause = 3600;

/** The pause after so many failures, in seconds: twice as long each time, and never the same on all machines. */
export function pauseAfter(attempts: number): number {
  const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(attempts - 1, 20));
  return pause + randomInt(Math.ceil(pause / 4) + 1);
}

/** What says that the message itself will never be taken, in the words that firehoses give for it. */
const finalRefusal = /^(?:firehose-refused|firehose-too-long|firehose-not-admitted)\b/;

/** Sends to the first address that answers. @throws CountersignError with a `sync-` code, that of the last address. */
async function deliver({ card }: PinnedLedger, message: SignedMessage, send: Sender): Promise<Accepted> {
  let failure: unknown;
  for (const endpoint of card.endpoints) {
    try {
      return await send(new URL(endpoint), message);
    } catch (error) {
      const isFinal = error instanceof CountersignError && finalRefusal.test(error.detail ?? '');
      if (!(error instanceof CountersignError) || isFinal) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Everything that one run needs to send one message. */
interface Run {
  readonly database: Database;
  readonly rows: PrivateRows;
  readonly pinned: PinnedLedger;
  readonly options: SendOptions;
  readonly send: Sender;
}

type Outcome = 'accepted' | 'refused' | 'held' | CountersignError;

/** What is sealed for the members of a moment, or follows on them. */
const forMembers: readonly string[] = [sealedType, epochType];

async function refuse(run: Run, item: OutboxItem, problem: string): Promise<'refused'> {
  await run.database.run(
    "UPDATE outbox SET state = 'refused', problem = ? WHERE id = ? AND state = 'queued'",
    problem.slice(0, 300),
    item.row,
  );
  return 'refused';
}

/** All that waits waits on: it would meet the same. */
async function postpone(run: Run, item: OutboxItem, error: CountersignError): Promise<void> {
  const next = run.options.now() + pauseAfter(item.attempts + 1);
  await run.database.run(
    `UPDATE outbox SET attempts = attempts + (id = ?1), next_attempt = max(next_attempt, ?2), problem = ?3
     WHERE ledger = ?4 AND state = 'queued'`,
    item.row,
    next,
    error.message.slice(0, 300),
    run.pinned.joined.row,
  );
}

function isOfSync(error: unknown): error is CountersignError {
  return error instanceof CountersignError && String(error.code).startsWith('sync-');
}

async function sendOne(run: Run, item: OutboxItem): Promise<Outcome> {
  const { joined } = run.pinned;
  const message: VerifiedMessage | undefined = await sealedMessage(run.rows, joined, item.id);
  if (message?.data === undefined) return refuse(run, item, 'outbox-lost' satisfies OutboxCode);
  if (forMembers.includes(message.payloadType) && run.options.fits?.(message) !== true) return 'held';
  try {
    const { leaf, data, id } = message;
    const { note } = await deliver(run.pinned, { leaf, data, id }, run.send);
    await run.database.run(
      "UPDATE outbox SET state = 'accepted', promise = ?, problem = NULL WHERE id = ? AND state = 'queued'",
      note,
      item.row,
    );
    return 'accepted';
  } catch (error) {
    if (!isOfSync(error)) throw error;
    if (finalRefusal.test(error.detail ?? '')) {
      return refuse(run, item, `${'outbox-refused' satisfies OutboxCode}: ${error.detail ?? ''}`);
    }
    await postpone(run, item, error);
    return error;
  }
}

/**
 * Sends what waits for a ledger, in the order in which it was queued; stops at the first failure that the rest would
 * meet too. Settle the outbox before: what stands in a block already is not sent.
 * @throws CountersignError `alarm-open`, `vault-rows`, or with a `store-` code.
 */
export async function sendQueued(
  database: Database,
  rows: PrivateRows,
  pinned: PinnedLedger,
  options: SendOptions,
): Promise<SendReport> {
  const { joined } = pinned;
  await demandNoAlarm(database, joined);
  await adoptSealed(database, joined);
  await forgetSealed(database, rows, joined);
  const known = new KnownHead(joined.ledger, joined.checkpoint);
  const send: Sender =
    options.send ?? ((endpoint, message) => sendMessage(endpoint, known, message, timeoutMs));
  const run = { database, rows, pinned, options, send };
  const queued = (await openItems(database, joined)).filter(({ state }) => state === 'queued');
  const counts = { accepted: 0, refused: 0, held: 0 };
  let failure: CountersignError | undefined;
  for (const [i, item] of queued.entries()) {
    if (options.signal?.aborted === true) break;
    if (options.when === 'due' && item.nextAttempt > options.now()) continue;
    const outcome = await sendOne(run, item);
    if (typeof outcome !== 'string') {
      failure = outcome;
      break;
    }
    counts[outcome]++;
    options.onProgress?.(i + 1, queued.length);
  }
  const { accepted, refused } = counts;
  return { accepted, refused, waiting: queued.length - accepted - refused, failure };
}
