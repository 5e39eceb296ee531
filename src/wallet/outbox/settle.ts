/**
 * What became of messages that were sent, by the verified copy alone. A message is in a block only when one's own check
 * finds it there, listed under every tag; a promise is broken when the copy has gone past it without the message. Needs
 * no vault, and a network only where a copy that follows has to show that a promise was broken.
 */
import { fromUtf8, toHex } from '../../core/bytes.ts';
import type { OutboxCode } from '../../core/errors/outbox.ts';
import { promiseBroken } from '../../core/evidence/promises.ts';
import { composeEvidence, verifyEvidence } from '../../core/evidence/verify.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { VerifiedPlace } from '../../core/record/receipt.ts';
import { isPastPromise, keepsPromise, openPromise, type VerifiedPromise } from '../../core/record/promise.ts';
import { keepAlarm } from '../alarms/rows.ts';
import { bytesIn, damaged, headerAt, headerFrom } from '../explorer/copy.ts';
import { type AskIndex, Prover } from '../records/prover.ts';
import type { Database } from '../store/driver.ts';
import { type JoinedLedger, reachOf } from '../store/record-reader.ts';
import { openItems, type OutboxItem } from './outbox.ts';

/** What was found out. */
export interface SettleReport {
  /** Ids of messages that are in a block now. */
  readonly inBlock: readonly Uint8Array[];
  /** Ids of messages whose promise is broken. */
  readonly broken: readonly Uint8Array[];
}

/** The first block that is past a promise, when it is known what stands in all before: those below `reach`. */
async function endOf(
  database: Database,
  joined: JoinedLedger,
  promise: VerifiedPromise,
  reach: number,
): Promise<BlockHeader | undefined> {
  const newest = await headerAt(database, joined, joined.size - 1);
  if (newest === undefined || !isPastPromise(promise, newest)) return undefined;
  const rows = await database.all(
    'SELECT height, header FROM block WHERE ledger = ? AND height BETWEEN ? AND ? ORDER BY height',
    joined.row,
    promise.size,
    promise.lastHeight + 1,
  );
  for (const [i, row] of rows.entries()) {
    const header = headerFrom(joined, bytesIn(row, 'header'), promise.size + i);
    if (isPastPromise(promise, header)) return header.height <= reach ? header : undefined;
  }
  return undefined;
}

/** The evidence that a promise was broken; undefined while it can still be kept, and when it was. */
async function evidenceOf(
  database: Database,
  joined: JoinedLedger,
  prover: Prover,
  note: Uint8Array,
  reach: number,
): Promise<Uint8Array | undefined> {
  const promise = openPromise(note, joined.ledger);
  if (!promise.ok) throw damaged(`promise: ${promise.code}`);
  const end = await endOf(database, joined, promise.value, reach);
  const { checkpoint, ledger } = joined;
  if (end === undefined || checkpoint === undefined) return undefined;
  const absences = [];
  for (let height = promise.value.size; height < end.height; height++) {
    const looked = await prover.lookup(height, promise.value.message);
    const shown = looked.found ? { presence: looked.presence } : { absence: looked.absence };
    absences.push({ block: await prover.block(height), ...shown });
  }
  const proof = { absences, end: await prover.block(end.height), promise: fromUtf8(note) ?? '' };
  const file = composeEvidence(promiseBroken, { founding: ledger.first.bytes, checkpoint }, proof);
  // Nobody is accused by a file that does not convince everybody.
  return verifyEvidence(file, ledger.id).ok ? file : undefined;
}

/** Whether a block keeps what was promised, if anything was. */
function isKept(joined: JoinedLedger, item: OutboxItem, { header, position }: VerifiedPlace): boolean {
  const promise = item.promise && openPromise(item.promise, joined.ledger);
  // Below the promised blocks: the message was there before anything was promised.
  if (promise?.ok !== true || header.height < promise.value.size) return true;
  return keepsPromise(promise.value, header, { own: position, tag: item.id });
}

/** Keeps the evidence of a broken promise: with the message, and as an alarm. */
async function keepBroken(
  database: Database,
  joined: JoinedLedger,
  item: OutboxItem,
  evidence: Uint8Array,
): Promise<void> {
  const [code, subject] = ['outbox-broken' satisfies OutboxCode, `message ${toHex(item.id)}`];
  const now = Math.floor(Date.now() / 1000);
  const notice = { code, subject, detail: subject, address: joined.endpoint, evidence, now };
  await database.transaction(async (inside) => {
    await keepAlarm(inside, joined, notice);
    await inside.run(
      "UPDATE outbox SET state = 'broken', evidence = ?, problem = ? WHERE id = ?",
      ...[evidence, code, item.row],
    );
  });
}

/** @returns what is new about a message. */
async function settleOne(
  database: Database,
  joined: JoinedLedger,
  prover: Prover,
  item: OutboxItem,
  reach: number,
): Promise<{ readonly isInBlock: boolean; readonly isBroken: boolean }> {
  const placed = await prover.place(item.id);
  const header = placed?.place.header;
  const mayBeBroken =
    item.promise !== undefined &&
    item.evidence === undefined &&
    !(placed && isKept(joined, item, placed.place));
  const evidence = mayBeBroken ? await evidenceOf(database, joined, prover, item.promise, reach) : undefined;
  if (evidence !== undefined) {
    await keepBroken(database, joined, item, evidence);
  }
  if (header !== undefined) {
    await database.run(
      "UPDATE outbox SET state = 'in-block', height = ? WHERE id = ?",
      header.height,
      item.row,
    );
  }
  return { isInBlock: header !== undefined, isBroken: evidence !== undefined };
}

/**
 * Looks at every open message of a ledger. To be called after each synchronisation.
 * @param elsewhere for a copy that follows: without it no promise is found to be broken there.
 * @throws CountersignError with a `store-` code, `store-corrupt` when the copy does not hold together.
 */
export async function settleOutbox(
  database: Database,
  joined: JoinedLedger,
  elsewhere?: AskIndex,
): Promise<SettleReport> {
  const report = { inBlock: [] as Uint8Array[], broken: [] as Uint8Array[] };
  const items = await openItems(database, joined);
  if (items.length === 0 || joined.size === 0) return report;
  const prover = new Prover(database, joined, elsewhere);
  const reach = elsewhere === undefined ? joined.filled : reachOf(joined);
  for (const item of items) {
    const { isInBlock, isBroken } = await settleOne(database, joined, prover, item, reach);
    if (isInBlock) report.inBlock.push(item.id);
    if (isBroken) report.broken.push(item.id);
  }
  return report;
}
