/** What a synchronisation looks up for many blocks at a time. The tables are those of migration 0001. */
import { fromHex, uintToBytes } from '../../core/bytes.ts';
import type { RollupLeaf } from '../../core/record/rollup.ts';
import type { Statements } from './driver.ts';
import { eachRow, numbersIn } from './packed.ts';
import { corrupt, type JoinedLedger } from './record-reader.ts';

const hashBytes = 32;

/** A tag that the copy has a row for. */
export interface StoredTag {
  /** Which of the tags that were asked for. */
  readonly asked: number;
  readonly row: number;
  readonly height: number;
  readonly total: number;
}

/** A message that the copy has. */
export interface StoredPlace {
  /** Which of the ids that were asked for. */
  readonly asked: number;
  readonly height: number;
}

/** What a copy says of its blocks below a height. */
export interface Below {
  readonly statements: Statements;
  readonly joined: JoinedLedger;
  readonly height: number;
  /** The table with the newest link of every tag, as of these blocks; each message's own id is left out of it. */
  readonly links: LinkTable;
}

/** `temp.recount` has the columns of `main.tag`, made again from the messages (`sync/recount.ts`). */
export type LinkTable = 'main.tag' | 'temp.recount';

/** All that a copy holds: what a synchronisation goes on from. */
export function wholeCopy(statements: Statements, joined: JoinedLedger): Below {
  return { statements, joined, height: Number.MAX_SAFE_INTEGER, links: 'main.tag' };
}

// CROSS JOIN keeps the order in which the tables are named: what is asked for comes first and is looked up.

/** The tags among these (32 bytes each) that have a row. */
export async function storedTags(
  { statements, joined, links }: Below,
  tags: Uint8Array,
): Promise<readonly StoredTag[]> {
  if (tags.length === 0) return [];
  const [row] = await statements.all(
    `${eachRow(hashBytes)}
     SELECT group_concat(i || ' ' || tag.id || ' ' || tag.height || ' ' || tag.total, ' ') AS found
     FROM k CROSS JOIN ${links} AS tag ON tag.ledger = ?2 AND tag.tag = substr(?3, at, ${hashBytes})`,
    ...[tags.length / hashBytes, joined.row, tags],
  );
  const numbers = numbersIn(row?.['found']);
  return Array.from({ length: numbers.length / 4 }, (_, n) => {
    const [asked = 0, tagRow = 0, height = 0, total = 0] = numbers.slice(4 * n, 4 * n + 4);
    return { asked, row: tagRow, height, total };
  });
}

/** Those messages with these ids (32 bytes each) that the copy has. */
export async function storedPlaces(
  { statements, joined, height: end }: Below,
  ids: Uint8Array,
): Promise<readonly StoredPlace[]> {
  if (ids.length === 0) return [];
  const [row] = await statements.all(
    `${eachRow(hashBytes)}
     SELECT group_concat(i || ' ' || message.height, ' ') AS found
     FROM k CROSS JOIN message_key ON message_key.key = substr(?3, at, 8)
       CROSS JOIN message ON message.id = message_key.message AND message.ledger = ?2
         AND message.message_id = substr(?3, at, ${hashBytes}) AND message.height < ?4`,
    ...[ids.length / hashBytes, joined.row, ids, end],
  );
  const numbers = numbersIn(row?.['found']);
  return Array.from({ length: numbers.length / 2 }, (_, n) => {
    const [asked = 0, height = 0] = numbers.slice(2 * n, 2 * n + 2);
    return { asked, height };
  });
}

/** Leaves of a roll-up that are read at a time, more or less: tags are spread evenly, unless somebody chose them. */
const rollupPage = 65_536;

/** The first tag of the n-th of so many equal parts of all tags; nothing after the last. */
function partStart(n: number, parts: number): Uint8Array | null {
  return n === parts ? null : uintToBytes(Math.floor((n * 2 ** 32) / parts), 4);
}

/**
 * Every tag that one of these blocks at `height` or above has, with its newest such block and total, ascending by tag: those of
 * messages that nobody refers to included. Page by page, because a roll-up can be larger than memory.
 * @param count how many there may be: says how many pages are made.
 */
export async function* linksSince(
  { statements, joined, height: end, links }: Below,
  height: number,
  count: number,
): AsyncGenerator<readonly RollupLeaf[]> {
  const parts = Math.max(1, Math.ceil(count / rollupPage));
  for (let part = 0; part < parts; part++) {
    const [row] = await statements.all(
      `SELECT group_concat(hex(tag) || ' ' || height || ' ' || total, ' ') AS found FROM (
         SELECT tag, height, max(total) AS total FROM (
           SELECT tag, height, total FROM ${links} WHERE ledger = ?1 AND height >= ?2
           UNION ALL
           SELECT message_id, height, 1 FROM message WHERE ledger = ?1 AND height >= ?2 AND height < ?5)
         WHERE tag >= ?3 AND (?4 IS NULL OR tag < ?4) GROUP BY tag ORDER BY tag)`,
      ...[joined.row, height, partStart(part, parts), partStart(part + 1, parts), end],
    );
    const found = row?.['found'];
    const words = typeof found === 'string' ? found.split(' ') : [];
    yield Array.from({ length: words.length / 3 }, (_, n) => {
      const tag = fromHex((words[3 * n] ?? '').toLowerCase(), hashBytes);
      if (tag === undefined) throw corrupt('tag');
      return { tag, height: Number(words[3 * n + 1]), total: Number(words[3 * n + 2]) };
    });
  }
}
