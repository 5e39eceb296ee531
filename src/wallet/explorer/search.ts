/**
 * Searching the local copy of a ledger: page by page, newest first, each page from where the last one ended. Only blocks
 * whose messages were verified are looked at.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { Database, Row, SqlValue } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import {
  bytesIn,
  checkPlaces,
  damaged,
  type FoundMessage,
  headerAt,
  headerFrom,
  integerIn,
  judged,
  messageColumns,
  type Place,
  rehashHeaders,
} from './copy.ts';

/** What messages are looked for by; every member must fit. */
export interface MessageFilter {
  /** The key that signed: 32 bytes. */
  readonly sender?: Uint8Array;
  /** The payload type. */
  readonly type?: string;
  /** A tag: 32 bytes. */
  readonly tag?: Uint8Array;
  /** Sealed at this time or later: seconds since 1970. */
  readonly since?: number;
  /** Sealed at this time or before. */
  readonly until?: number;
}

/** Which page. */
export interface Page {
  /** The most that are returned. */
  readonly limit: number;
  /** Only what stands before this place. */
  readonly before?: Place;
}

// As in `migrations/0005-explorer.ts`: only the very same words are found in the indexes.
const senderOf = 'substr(leaf, 3 + unicode(substr(leaf, 1, 1)), 32)';
const typeOf = 'substr(leaf, 2, unicode(substr(leaf, 1, 1)))';

/** The height of the first block that was sealed at a time or later; times never decrease. */
export async function heightAt(database: Database, joined: JoinedLedger, time: number): Promise<number> {
  let from = 0;
  let to = joined.size;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const header = await headerAt(database, joined, middle);
    if (header !== undefined && header.time < time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Messages from rows of the table `message`, judged again; that they fit is looked at in the messages themselves, because
 * an index may say anything. @throws CountersignError `store-corrupt`
 */
async function fitting(
  database: Database,
  joined: JoinedLedger,
  { sender, tag, type }: MessageFilter,
  rows: readonly Row[],
): Promise<readonly FoundMessage[]> {
  const found = rows.map((row) => judged(joined, row));
  for (const { height, message, position } of found) {
    const fits =
      (sender === undefined || equalBytes(message.sender, sender)) &&
      (type === undefined || message.payloadType === type) &&
      (tag === undefined || message.head.tags.some((carried) => equalBytes(carried, tag)));
    if (!fits) throw damaged(`message ${position} of block ${height}: found by what it does not have`);
  }
  await checkPlaces(database, joined, found);
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
type Source = 'whole' | 'followed';

async function conditionsOf(
  database: Database,
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
  if (filter.since !== undefined)
    conditions.add('message.height >= ?', await heightAt(database, joined, filter.since));
  const last = filter.until === undefined ? size : await heightAt(database, joined, filter.until + 1);
  // Of two bounds from above SQLite looks for one in the index, and goes through all that is between.
  const end = Math.min(last, before === undefined ? last : before.height + 1);
  if (source === 'followed') conditions.add('message.height >= ?', filled);
  conditions.add('message.height < ?', source === 'whole' ? Math.min(end, filled) : end);
  return conditions;
}

/** Whether a message of the source `followed` carries a tag: the next parameter. */
const isFollowedWith =
  'message.id IN (SELECT message FROM followed_carried AS carried WHERE carried.ledger = message.ledger AND carried.tag = ?)';

/**
 * One page of the messages that fit, newest first, each judged again.
 * @throws CountersignError with a `store-` code.
 */
export async function findMessages(
  database: Database,
  joined: JoinedLedger,
  filter: MessageFilter,
  page: Page,
): Promise<readonly FoundMessage[]> {
  const above = await findFollowed(database, joined, filter, page);
  const limit = page.limit - above.length;
  return limit === 0 ? above : [...above, ...(await findWhole(database, joined, filter, { ...page, limit }))];
}

async function findFollowed(
  database: Database,
  joined: JoinedLedger,
  filter: MessageFilter,
  { limit, before }: Page,
): Promise<readonly FoundMessage[]> {
  if (joined.filled >= joined.size) return [];
  const conditions = await conditionsOf(database, joined, filter, 'followed', before);
  if (before !== undefined)
    conditions.add('(message.height, message.position) < (?, ?)', before.height, before.position);
  if (filter.tag !== undefined) conditions.add(isFollowedWith, filter.tag);
  const rows = await database.all(
    `SELECT ${messageColumns} FROM followed_message AS message WHERE ${conditions.text}
     ORDER BY height DESC, position DESC LIMIT ?`,
    ...[...conditions.values, limit],
  );
  return fitting(database, joined, filter, rows);
}

/**
 * The messages, by the index that a filter asks for: left to itself, SQLite goes through all of a span of time to find the
 * few of one key in it.
 */
function messagesBy({ sender, type }: MessageFilter): string {
  if (sender !== undefined) return 'message INDEXED BY message_by_sender';
  return type === undefined ? 'message' : 'message INDEXED BY message_by_type';
}

async function findWhole(
  database: Database,
  joined: JoinedLedger,
  filter: MessageFilter,
  { limit, before }: Page,
): Promise<readonly FoundMessage[]> {
  const conditions = await conditionsOf(database, joined, filter, 'whole', before);
  if (before !== undefined)
    conditions.add('(message.height, message.position) < (?, ?)', before.height, before.position);
  let rows: readonly Row[];
  if (filter.tag === undefined) {
    rows = await database.all(
      `SELECT ${messageColumns} FROM ${messagesBy(filter)} WHERE ${conditions.text}
       ORDER BY height DESC, position DESC LIMIT ?`,
      ...conditions.values,
      limit,
    );
  } else {
    // Rows were entered in the order of the record, and are found in it by tag.
    rows = await database.all(
      `SELECT ${messageColumns} FROM tagged CROSS JOIN message ON message.id = tagged.message
       WHERE tagged.tag = (SELECT tag.id FROM tag WHERE tag.ledger = ? AND tag.tag = ?) AND ${conditions.text}
       ORDER BY tagged.message DESC LIMIT ?`,
      ...[joined.row, filter.tag, ...conditions.values, limit],
    );
  }
  return fitting(database, joined, filter, rows);
}

/** All messages that carry a tag in their head, oldest first, read in small parts. */
export async function* messagesOldestFirst(
  database: Database,
  joined: JoinedLedger,
  tag: Uint8Array,
): AsyncGenerator<FoundMessage> {
  let last = -1;
  for (;;) {
    const rows = await database.all(
      `SELECT ${messageColumns} FROM tagged CROSS JOIN message ON message.id = tagged.message
       WHERE tagged.tag = (SELECT tag.id FROM tag WHERE tag.ledger = ? AND tag.tag = ?)
         AND tagged.message > ? AND message.height < ? ORDER BY tagged.message LIMIT 50`,
      ...[joined.row, tag, last, joined.filled],
    );
    for (const found of await fitting(database, joined, { tag }, rows)) {
      last = found.row;
      yield found;
    }
    if (rows.length < 50) break;
  }
  yield* followedOldestFirst(database, joined, tag);
}

async function* followedOldestFirst(
  database: Database,
  joined: JoinedLedger,
  tag: Uint8Array,
): AsyncGenerator<FoundMessage> {
  let [height, position] = [joined.filled, -1];
  for (;;) {
    const rows = await database.all(
      `SELECT ${messageColumns} FROM followed_message AS message
       WHERE message.ledger = ? AND (height, position) > (?, ?) AND ${isFollowedWith}
       ORDER BY height, position LIMIT 50`,
      ...[joined.row, height, position, tag],
    );
    for (const found of await fitting(database, joined, { tag }, rows)) {
      ({ height, position } = found);
      yield found;
    }
    if (rows.length < 50) return;
  }
}

/** Messages above a place, oldest first: what a live view shows next. */
export async function messagesAfter(
  database: Database,
  joined: JoinedLedger,
  filter: MessageFilter,
  after: Place,
  limit: number,
): Promise<readonly FoundMessage[]> {
  const whole = await messagesIn(database, joined, filter, 'whole', after, limit);
  const left = limit - whole.length;
  if (left === 0 || joined.filled >= joined.size) return whole;
  return [...whole, ...(await messagesIn(database, joined, filter, 'followed', after, left))];
}

async function messagesIn(
  database: Database,
  joined: JoinedLedger,
  filter: MessageFilter,
  source: Source,
  after: Place,
  limit: number,
): Promise<readonly FoundMessage[]> {
  const conditions = await conditionsOf(database, joined, filter, source);
  conditions.add('(message.height, message.position) > (?, ?)', after.height, after.position);
  const isTagged =
    source === 'followed'
      ? isFollowedWith
      : 'EXISTS (SELECT 1 FROM tagged JOIN tag ON tag.id = tagged.tag WHERE tagged.message = message.id AND tag.tag = ?)';
  if (filter.tag !== undefined) conditions.add(isTagged, filter.tag);
  const rows = await database.all(
    `SELECT ${messageColumns} FROM ${source === 'followed' ? 'followed_message AS ' : ''}message
     WHERE ${conditions.text} ORDER BY height, position LIMIT ?`,
    ...conditions.values,
    limit,
  );
  return fitting(database, joined, filter, rows);
}

/** One page of block headers, newest first, below a height. */
export async function findBlocks(
  database: Database,
  joined: JoinedLedger,
  limit: number,
  before: number,
): Promise<readonly BlockHeader[]> {
  const rows = await database.all(
    'SELECT height, header FROM block WHERE ledger = ? AND height < ? ORDER BY height DESC LIMIT ?',
    joined.row,
    Math.min(before, joined.size),
    limit,
  );
  const headers = rows.map((row) => headerFrom(joined, bytesIn(row, 'header'), integerIn(row, 'height')));
  await rehashHeaders(database, joined, headers);
  return headers;
}

/** The least and the least greater byte string of 32 bytes that begin with these hexadecimal digits. */
function rangeOf(digits: string): readonly [Uint8Array, Uint8Array] {
  const bytes = (fill: string): Uint8Array => new Uint8Array(Buffer.from(digits.padEnd(64, fill), 'hex'));
  return [bytes('0'), bytes('f')];
}

/** The messages whose ids begin with these digits; at most two, which is enough to know that it is not one. */
export async function messagesWithIdFrom(
  database: Database,
  joined: JoinedLedger,
  digits: string,
): Promise<readonly FoundMessage[]> {
  const [from, to] = rangeOf(digits);
  const rows = await database.all(
    `SELECT ${messageColumns} FROM message_key JOIN message ON message.id = message_key.message
     WHERE message_key.key BETWEEN substr(?2, 1, 8) AND substr(?3, 1, 8)
       AND ledger = ?1 AND message_id BETWEEN ?2 AND ?3 AND height < ?4
     UNION ALL SELECT ${messageColumns} FROM followed_message AS message
       WHERE ledger = ?1 AND message_id BETWEEN ?2 AND ?3 AND height >= ?4 LIMIT 2`,
    ...[joined.row, from, to, joined.filled],
  );
  const found = await fitting(database, joined, {}, rows);
  if (found.some(({ message }) => !toHex(message.id).startsWith(digits))) throw damaged('message_key');
  return found;
}

/** The ids of all messages that fit, oldest first: not judged, only to be compared with ids that are known. */
export async function idsOfMessages(
  database: Database,
  joined: JoinedLedger,
  filter: Omit<MessageFilter, 'tag'>,
): Promise<readonly Uint8Array[]> {
  let rows: readonly Row[] = [];
  for (const [source, table] of [
    ['whole', 'message'],
    ['followed', 'followed_message AS message'],
  ] as const) {
    const conditions = await conditionsOf(database, joined, filter, source);
    const query = `SELECT message_id FROM ${table} WHERE ${conditions.text} ORDER BY height, position`;
    rows = rows.concat(await database.all(query, ...conditions.values));
  }
  return rows.map((row) => bytesIn(row, 'message_id'));
}

/** The block whose header has this hash (64 hexadecimal digits), or undefined. */
export async function blockWithHash(
  database: Database,
  joined: JoinedLedger,
  hash: string,
): Promise<BlockHeader | undefined> {
  const [newest] = await findBlocks(database, joined, 1, joined.size);
  if (newest !== undefined && Buffer.from(newest.hash).toString('hex') === hash) return newest;
  // Every other block is named by the one above it.
  const [row] = await database.all(
    'SELECT height FROM block WHERE ledger = ? AND instr(header, CAST(? AS BLOB)) > 0 LIMIT 1',
    joined.row,
    `"previous":"${hash}"`,
  );
  if (row === undefined) return undefined;
  const [found] = await findBlocks(database, joined, 1, integerIn(row, 'height'));
  return found;
}
