/**
 * Messages under a tag without their data: what is public of them, in bounded memory, whatever strangers put under a tag
 * that everybody knows. The data of one message is fetched by itself: `withData`.
 */
import { equalBytes } from '../../core/bytes.ts';
import {
  checkPlaces,
  damaged,
  type FoundMessage,
  judged,
  leafColumns,
  type Place,
} from '../explorer/copy.ts';
import type { Database, Row } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

const typeOf = 'substr(leaf, 2, unicode(substr(leaf, 1, 1)))';

/** Rows that are read in one step: a leaf has at most 64 KiB. */
const page = 64;

/** Which messages. */
export interface LeafFilter {
  readonly tag: Uint8Array;
  /** Payload types; all when left out. */
  readonly types?: readonly string[];
}

/** Which way, and from where: what stands at the place itself is not read. */
export interface LeafRange {
  readonly order: 'oldest first' | 'newest first';
  readonly from?: Place;
}

/** The number of the last message up to a place, so that a page begins in the index and not at the beginning. */
async function rowUpTo(
  database: Database,
  joined: JoinedLedger,
  { height, position }: Place,
): Promise<number> {
  const [row] = await database.all(
    `SELECT id FROM message WHERE ledger = ? AND (height, position) <= (?, ?)
     ORDER BY height DESC, position DESC LIMIT 1`,
    ...[joined.row, height, position],
  );
  return Number(row?.['id'] ?? 0);
}

function typeCondition(types: readonly string[] | undefined): { words: string; values: readonly string[] } {
  if (types === undefined) return { words: '', values: [] };
  return { words: ` AND ${typeOf} IN (${types.map(() => 'CAST(? AS BLOB)').join(', ')})`, values: types };
}

async function wholePage(
  database: Database,
  joined: JoinedLedger,
  filter: LeafFilter,
  { order, from }: LeafRange,
): Promise<readonly Row[]> {
  const isUp = order === 'oldest first';
  const type = typeCondition(filter.types);
  const start = from && (await rowUpTo(database, joined, from));
  const bound = start === undefined ? '' : ` AND tagged.message ${isUp ? '>' : '<='} ?`;
  const exact = from === undefined || isUp ? '' : ' AND (height, position) < (?, ?)';
  return database.all(
    `SELECT ${leafColumns} FROM tagged CROSS JOIN message ON message.id = tagged.message
     WHERE tagged.tag = (SELECT tag.id FROM tag WHERE tag.ledger = ? AND tag.tag = ?) AND message.height < ?
       ${bound}${exact}${type.words} ORDER BY tagged.message${isUp ? '' : ' DESC'} LIMIT ${page}`,
    ...[joined.row, filter.tag, joined.filled],
    ...(start === undefined ? [] : [start]),
    ...(exact === '' || from === undefined ? [] : [from.height, from.position]),
    ...type.values,
  );
}

async function followedPage(
  database: Database,
  joined: JoinedLedger,
  filter: LeafFilter,
  { order, from }: LeafRange,
): Promise<readonly Row[]> {
  const isUp = order === 'oldest first';
  const type = typeCondition(filter.types);
  const bound = from === undefined ? '' : ` AND (height, position) ${isUp ? '>' : '<'} (?, ?)`;
  const direction = isUp ? '' : ' DESC';
  return database.all(
    `SELECT ${leafColumns} FROM followed_message AS message WHERE message.ledger = ? AND height >= ?
       AND message.id IN (SELECT message FROM followed_carried AS carried WHERE carried.ledger = ? AND carried.tag = ?)
       ${bound}${type.words} ORDER BY height${direction}, position${direction} LIMIT ${page}`,
    ...[joined.row, joined.filled, joined.row, filter.tag],
    ...(from === undefined ? [] : [from.height, from.position]),
    ...type.values,
  );
}

async function checked(
  database: Database,
  joined: JoinedLedger,
  { tag }: LeafFilter,
  rows: readonly Row[],
): Promise<readonly FoundMessage[]> {
  const found = rows.map((row) => judged(joined, row));
  for (const { height, message, position } of found) {
    if (!message.head.tags.some((carried) => equalBytes(carried, tag)))
      throw damaged(`message ${position} of block ${height}: found by a tag that it does not carry`);
  }
  await checkPlaces(database, joined, found);
  return found;
}

/**
 * The messages under a tag, without their data, each judged again, page by page.
 * @throws CountersignError `store-corrupt`
 */
export async function* leavesUnder(
  database: Database,
  joined: JoinedLedger,
  filter: LeafFilter,
  range: LeafRange,
): AsyncGenerator<FoundMessage> {
  const sources = [wholePage, followedPage];
  if (range.order === 'newest first') sources.reverse();
  for (const source of sources) {
    let { from } = range;
    for (;;) {
      const at = from === undefined ? {} : { from };
      const rows = await source(database, joined, filter, { order: range.order, ...at });
      for (const found of await checked(database, joined, filter, rows)) {
        from = { height: found.height, position: found.position };
        yield found;
      }
      if (rows.length < page) break;
    }
  }
}

/** The messages of a type, without their data, newest first, each judged again. @throws CountersignError `store-corrupt` */
export async function* leavesOfType(
  database: Database,
  joined: JoinedLedger,
  type: string,
): AsyncGenerator<FoundMessage> {
  for (const table of ['followed_message AS message', 'message INDEXED BY message_by_type']) {
    const isAbove = table.startsWith('followed');
    let from: Place = { height: joined.size, position: 0 };
    for (;;) {
      const rows = await database.all(
        `SELECT ${leafColumns} FROM ${table} WHERE message.ledger = ? AND ${typeOf} = CAST(? AS BLOB)
           AND height ${isAbove ? '>=' : '<'} ? AND (height, position) < (?, ?)
         ORDER BY height DESC, position DESC LIMIT ${page}`,
        ...[joined.row, type, joined.filled, from.height, from.position],
      );
      const found = rows.map((row) => judged(joined, row));
      const other = found.find(({ message }) => message.payloadType !== type);
      if (other !== undefined) throw damaged(`message ${other.position} of block ${other.height}: its type`);
      await checkPlaces(database, joined, found);
      yield* found;
      const last = found.at(-1);
      if (last === undefined || rows.length < page) break;
      from = { height: last.height, position: last.position };
    }
  }
}
