/** What is asked of the local copy, as the words of a query; and looking at the rows that come back. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Row, SqlValue, Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { checkPlaces, damaged, type FoundMessage, headerAt, judged, type Place } from './copy.ts';

/** What messages are looked for by; every member must fit. */
export interface MessageFilter {
  /** The key that signed: 32 bytes. */
  readonly sender?: Uint8Array;
  /** The payload type. */
  readonly type?: string;
  /** A tag: 32 bytes. */
  readonly tag?: Uint8Array;
  /** The beginning of the message's id: 1 to 64 hexadecimal digits in small letters. */
  readonly idFrom?: string;
  /** Sealed at this time or later: seconds since 1970. */
  readonly since?: number;
  /** Sealed at this time or before. */
  readonly until?: number;
}

// As in `migrations/0005-explorer.ts`: only the very same words are found in the indexes.
const senderOf = 'substr(leaf, 3 + unicode(substr(leaf, 1, 1)), 32)';
const typeOf = 'substr(leaf, 2, unicode(substr(leaf, 1, 1)))';

/** The height of the first block that was sealed at a time or later; times never decrease. */
export async function heightAt(statements: Statements, joined: JoinedLedger, time: number): Promise<number> {
  let from = 0;
  let to = joined.size;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const header = await headerAt(statements, joined, middle);
    if (header !== undefined && header.time < time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The least and the least greater byte string of 32 bytes that begin with these hexadecimal digits. */
export function idRange(digits: string): readonly [Uint8Array, Uint8Array] {
  const bytes = (fill: string): Uint8Array => new Uint8Array(Buffer.from(digits.padEnd(64, fill), 'hex'));
  return [bytes('0'), bytes('f')];
}

/**
 * Messages from rows of the table `message`, judged again; that they fit is looked at in the messages themselves, because
 * an index may say anything. @throws CountersignError `store-corrupt`
 */
export async function fitting(
  statements: Statements,
  joined: JoinedLedger,
  { idFrom, sender, tag, type }: MessageFilter,
  rows: readonly Row[],
): Promise<readonly FoundMessage[]> {
  const found = rows.map((row) => judged(joined, row));
  for (const { height, message, position } of found) {
    const fits =
      (idFrom === undefined || toHex(message.id).startsWith(idFrom)) &&
      (sender === undefined || equalBytes(message.sender, sender)) &&
      (type === undefined || message.payloadType === type) &&
      (tag === undefined || message.head.tags.some((carried) => equalBytes(carried, tag)));
    if (!fits) throw damaged(`message ${position} of block ${height}: found by what it does not have`);
  }
  await checkPlaces(statements, joined, found);
  return found;
}

/** The words of a query, and what they stand for. */
class Conditions {
  readonly words: string[] = [];
  readonly values: SqlValue[] = [];

  add(words: string, ...values: readonly SqlValue[]): void {
    this.words.push(words);
    this.values.push(...values);
  }

  get text(): string {
    return this.words.join(' AND ');
  }
}

/** Where messages are looked up: blocks whose messages are all here, and single ones of the blocks above. */
export type Source = 'whole' | 'followed';

export async function conditionsOf(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  source: Source,
  before?: Place,
): Promise<Conditions> {
  const conditions = new Conditions();
  const { filled, size } = joined;
  conditions.add('message.ledger = ?', joined.row);
  if (filter.sender !== undefined) conditions.add(`${senderOf} = ?`, filter.sender);
  if (filter.type !== undefined) conditions.add(`${typeOf} = CAST(? AS BLOB)`, filter.type);
  if (filter.idFrom !== undefined) conditions.add('message_id BETWEEN ? AND ?', ...idRange(filter.idFrom));
  if (filter.since !== undefined)
    conditions.add('message.height >= ?', await heightAt(statements, joined, filter.since));
  const last = filter.until === undefined ? size : await heightAt(statements, joined, filter.until + 1);
  // Of two bounds from above SQLite looks for one in the index, and goes through all that is between.
  const end = Math.min(last, before === undefined ? last : before.height + 1);
  if (source === 'followed') conditions.add('message.height >= ?', filled);
  conditions.add('message.height < ?', source === 'whole' ? Math.min(end, filled) : end);
  return conditions;
}

/** Whether a message of the source `followed` carries a tag: the next parameter. */
export const isFollowedWith =
  'message.id IN (SELECT message FROM followed_carried AS carried WHERE carried.ledger = message.ledger AND carried.tag = ?)';
