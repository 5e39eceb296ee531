/**
 * The local copy of one ledger, read for people: every message is judged again, and every hash recomputed, before it is
 * handed out. What the database says about itself counts for nothing.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { parseHeaderAt } from '../../core/record/ledger.ts';
import { type VerifiedMessage, verifyMessage } from '../../core/record/message.ts';
import type { Row, Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** Where a message stands. */
export interface Place {
  readonly height: number;
  readonly position: number;
}

/** A message of the copy, judged again. */
export interface FoundMessage extends Place {
  /** Its number in the database. */
  readonly row: number;
  readonly message: VerifiedMessage;
}

/** The copy is not what was once verified. */
export function damaged(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw damaged(column);
  return value;
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return new Uint8Array(value);
}

/** A stored message, judged again. @throws CountersignError `store-corrupt` */
export function judged(joined: JoinedLedger, row: Row): FoundMessage {
  const { ledger } = joined;
  const place = { height: integerIn(row, 'height'), position: integerIn(row, 'position') };
  const data = row['data'] === null ? undefined : bytesIn(row, 'data');
  const message = verifyMessage(bytesIn(row, 'leaf'), data, ledger.id, ledger.limits);
  const where = `message ${place.position} of block ${place.height}`;
  if (!message.ok) throw damaged(`${where}: ${message.code}`);
  if (!equalBytes(message.value.id, bytesIn(row, 'message_id'))) throw damaged(`${where}: another id`);
  return { ...place, row: integerIn(row, 'id'), message: message.value };
}

/** The columns that {@link judged} reads. */
export const messageColumns = 'message.id, height, position, message_id, leaf, data';

/** The header at this height. @throws CountersignError `store-corrupt` */
export function headerFrom(joined: JoinedLedger, bytes: Uint8Array, height: number): BlockHeader {
  const header = parseHeaderAt(bytes, height, joined.ledger);
  if (!header.ok) throw damaged(`header ${height}: ${header.code}`);
  return header.value;
}

/** The header at this height, or undefined when the copy does not reach it. */
export async function headerAt(
  database: Statements,
  joined: JoinedLedger,
  height: number,
): Promise<BlockHeader | undefined> {
  if (height >= joined.size) return undefined;
  const [row] = await database.all(
    'SELECT header FROM block WHERE ledger = ? AND height = ?',
    joined.row,
    height,
  );
  if (row === undefined) throw damaged(`header ${height}`);
  return headerFrom(joined, bytesIn(row, 'header'), height);
}

/** The message with this id, or undefined. @throws CountersignError `store-corrupt` */
export async function messageWithId(
  database: Statements,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<FoundMessage | undefined> {
  const [row] = await database.all(
    `SELECT ${messageColumns} FROM message_key JOIN message ON message.id = message_key.message
     WHERE message_key.key = substr(?2, 1, 8) AND ledger = ?1 AND message_id = ?2`,
    joined.row,
    id,
  );
  if (row === undefined) return undefined;
  const found = judged(joined, row);
  if (found.height >= joined.filled) throw damaged(`message ${toHex(id)} above the verified blocks`);
  return found;
}

/** The messages of a block, in order; all of them, judged again. @throws CountersignError `store-corrupt` */
export async function messagesOf(
  database: Statements,
  joined: JoinedLedger,
  header: BlockHeader,
): Promise<readonly FoundMessage[]> {
  const rows = await database.all(
    `SELECT ${messageColumns} FROM message WHERE ledger = ? AND height = ? ORDER BY position`,
    joined.row,
    header.height,
  );
  const found = rows.map((row) => judged(joined, row));
  const isWhole = found.length === header.messages.count && found.every(({ position }, i) => position === i);
  if (!isWhole) throw damaged(`block ${header.height}: ${found.length} of ${header.messages.count} messages`);
  return found;
}
