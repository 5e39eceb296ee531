/**
 * Searching the local copy of a ledger: page by page, newest first, each page from where the last one ended. Only blocks
 * whose messages were verified are looked at.
 */
import type { Row, Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import {
  conditionsOf,
  fitting,
  idRange,
  isFollowedWith,
  type MessageFilter,
  type Source,
} from './conditions.ts';
import { bytesIn, type FoundMessage, listedColumns, type Place } from './copy.ts';

/** Which page. */
export interface Page {
  /** The most that are returned. */
  readonly limit: number;
  /** Only what stands before this place. */
  readonly before?: Place;
}

/**
 * One page of the messages that fit, newest first, each judged again.
 * @throws CountersignError with a `store-` code.
 */
export async function findMessages(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  page: Page,
): Promise<readonly FoundMessage[]> {
  const above = await findFollowed(statements, joined, filter, page);
  const limit = page.limit - above.length;
  return limit === 0
    ? above
    : [...above, ...(await findWhole(statements, joined, filter, { ...page, limit }))];
}

async function findFollowed(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  { limit, before }: Page,
): Promise<readonly FoundMessage[]> {
  if (joined.filled >= joined.size) return [];
  const conditions = await conditionsOf(statements, joined, filter, 'followed', before);
  if (before !== undefined)
    conditions.add('(message.height, message.position) < (?, ?)', before.height, before.position);
  if (filter.tag !== undefined) conditions.add(isFollowedWith, filter.tag);
  const rows = await statements.all(
    `SELECT ${listedColumns} FROM followed_message AS message WHERE ${conditions.text}
     ORDER BY height DESC, position DESC LIMIT ?`,
    ...[...conditions.values, limit],
  );
  return fitting(statements, joined, filter, rows);
}

/**
 * The messages, by the index that a filter asks for: left to itself, SQLite goes through all of a span of time to find the
 * few of one key in it.
 */
function messagesBy({ idFrom, sender, type }: MessageFilter): string {
  if (idFrom !== undefined) return 'message_key CROSS JOIN message ON message.id = message_key.message';
  if (sender !== undefined) return 'message INDEXED BY message_by_sender';
  return type === undefined ? 'message' : 'message INDEXED BY message_by_type';
}

async function findWhole(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  { limit, before }: Page,
): Promise<readonly FoundMessage[]> {
  const conditions = await conditionsOf(statements, joined, filter, 'whole', before);
  if (before !== undefined)
    conditions.add('(message.height, message.position) < (?, ?)', before.height, before.position);
  let rows: readonly Row[];
  if (filter.tag === undefined) {
    if (filter.idFrom !== undefined)
      conditions.add(
        'message_key.key BETWEEN substr(?, 1, 8) AND substr(?, 1, 8)',
        ...idRange(filter.idFrom),
      );
    rows = await statements.all(
      `SELECT ${listedColumns} FROM ${messagesBy(filter)} WHERE ${conditions.text}
       ORDER BY height DESC, position DESC LIMIT ?`,
      ...conditions.values,
      limit,
    );
  } else {
    // Rows were entered in the order of the record, and are found in it by tag.
    rows = await statements.all(
      `SELECT ${listedColumns} FROM tagged CROSS JOIN message ON message.id = tagged.message
       WHERE tagged.tag = (SELECT tag.id FROM tag WHERE tag.ledger = ? AND tag.tag = ?) AND ${conditions.text}
       ORDER BY tagged.message DESC LIMIT ?`,
      ...[joined.row, filter.tag, ...conditions.values, limit],
    );
  }
  return fitting(statements, joined, filter, rows);
}

/** All messages that carry a tag in their head, oldest first, read in small parts. */
export async function* messagesOldestFirst(
  statements: Statements,
  joined: JoinedLedger,
  tag: Uint8Array,
): AsyncGenerator<FoundMessage> {
  let last = -1;
  for (;;) {
    const rows = await statements.all(
      `SELECT ${listedColumns} FROM tagged CROSS JOIN message ON message.id = tagged.message
       WHERE tagged.tag = (SELECT tag.id FROM tag WHERE tag.ledger = ? AND tag.tag = ?)
         AND tagged.message > ? AND message.height < ? ORDER BY tagged.message LIMIT 50`,
      ...[joined.row, tag, last, joined.filled],
    );
    for (const found of await fitting(statements, joined, { tag }, rows)) {
      last = found.row;
      yield found;
    }
    if (rows.length < 50) break;
  }
  yield* followedOldestFirst(statements, joined, tag);
}

async function* followedOldestFirst(
  statements: Statements,
  joined: JoinedLedger,
  tag: Uint8Array,
): AsyncGenerator<FoundMessage> {
  let [height, position] = [joined.filled, -1];
  for (;;) {
    const rows = await statements.all(
      `SELECT ${listedColumns} FROM followed_message AS message
       WHERE message.ledger = ? AND (height, position) > (?, ?) AND ${isFollowedWith}
       ORDER BY height, position LIMIT 50`,
      ...[joined.row, height, position, tag],
    );
    for (const found of await fitting(statements, joined, { tag }, rows)) {
      ({ height, position } = found);
      yield found;
    }
    if (rows.length < 50) return;
  }
}

/** Messages above a place, oldest first: what a live view shows next. */
export async function messagesAfter(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  after: Place,
  limit: number,
): Promise<readonly FoundMessage[]> {
  const whole = await messagesIn(statements, joined, filter, 'whole', after, limit);
  const left = limit - whole.length;
  if (left === 0 || joined.filled >= joined.size) return whole;
  return [...whole, ...(await messagesIn(statements, joined, filter, 'followed', after, left))];
}

async function messagesIn(
  statements: Statements,
  joined: JoinedLedger,
  filter: MessageFilter,
  source: Source,
  after: Place,
  limit: number,
): Promise<readonly FoundMessage[]> {
  const conditions = await conditionsOf(statements, joined, filter, source);
  conditions.add('(message.height, message.position) > (?, ?)', after.height, after.position);
  const isTagged =
    source === 'followed'
      ? isFollowedWith
      : 'EXISTS (SELECT 1 FROM tagged JOIN tag ON tag.id = tagged.tag WHERE tagged.message = message.id AND tag.tag = ?)';
  if (filter.tag !== undefined) conditions.add(isTagged, filter.tag);
  const rows = await statements.all(
    `SELECT ${listedColumns} FROM ${source === 'followed' ? 'followed_message AS ' : ''}message
     WHERE ${conditions.text} ORDER BY height, position LIMIT ?`,
    ...conditions.values,
    limit,
  );
  return fitting(statements, joined, filter, rows);
}

/** The ids of all messages that fit, oldest first: not judged, only to be compared with ids that are known. */
export async function idsOfMessages(
  statements: Statements,
  joined: JoinedLedger,
  filter: Omit<MessageFilter, 'tag'>,
): Promise<readonly Uint8Array[]> {
  let rows: readonly Row[] = [];
  for (const [source, table] of [
    ['whole', 'message'],
    ['followed', 'followed_message AS message'],
  ] as const) {
    const conditions = await conditionsOf(statements, joined, filter, source);
    const query = `SELECT message_id FROM ${table} WHERE ${conditions.text} ORDER BY height, position`;
    rows = rows.concat(await statements.all(query, ...conditions.values));
  }
  return rows.map((row) => bytesIn(row, 'message_id'));
}
