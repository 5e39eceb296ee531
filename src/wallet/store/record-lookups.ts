/** What a synchronisation looks up for many blocks at a time. The tables are those of migration 0001. */
import type { RollupLeaf } from '../../core/record/rollup.ts';
import type { Statements } from './driver.ts';
import { eachRow, WordReader } from './packed.ts';
import type { JoinedLedger } from './record-reader.ts';

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
  const words = new WordReader(row?.['found']);
  const found: StoredTag[] = [];
  while (!words.isAtEnd) {
    found.push({ asked: words.number(), row: words.number(), height: words.number(), total: words.number() });
  }
  return found;
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
  const words = new WordReader(row?.['found']);
  const found: StoredPlace[] = [];
  while (!words.isAtEnd) found.push({ asked: words.number(), height: words.number() });
  return found;
}

/** Leaves of a roll-up that are read at a time: few, so that they are forgotten before they grow old in memory. */
const rollupPage = 1024;

/** How many tables of links were made: each has a name of its own. */
let tables = 0;

/**
 * Every tag that one of these blocks at `height` or above has, with its newest such block and total, ascending by tag:
 * those of messages that nobody refers to included. A roll-up can be larger than memory, so they are sorted once into a
 * table of their own, which lies where temporary tables do, and are read from there page by page.
 */
export async function* linksSince(
  { statements, joined, height: end, links }: Below,
  height: number,
): AsyncGenerator<readonly RollupLeaf[]> {
  const table = `temp.links_${(++tables).toString()}`;
  await statements.exec(
    `CREATE TABLE ${table} (
       tag BLOB PRIMARY KEY, height INTEGER NOT NULL, total INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  );
  try {
    await statements.run(
      `INSERT INTO ${table} SELECT tag, height, max(total) FROM (
         SELECT tag, height, total FROM ${links} WHERE ledger = ?1 AND height >= ?2
         UNION ALL
         SELECT message_id, height, 1 FROM message WHERE ledger = ?1 AND height >= ?2 AND height < ?3)
       GROUP BY tag ORDER BY tag`,
      ...[joined.row, height, end],
    );
    for (let last: Uint8Array | undefined = new Uint8Array(); last !== undefined;) {
      const page: readonly RollupLeaf[] = await linksAfter(statements, table, last);
      if (page.length > 0) yield page;
      last = page.length < rollupPage ? undefined : page.at(-1)?.tag;
    }
  } finally {
    await statements.exec(`DROP TABLE ${table}`);
  }
}

async function linksAfter(
  statements: Statements,
  table: string,
  last: Uint8Array,
): Promise<readonly RollupLeaf[]> {
  const [row] = await statements.all(
    `SELECT group_concat(hex(tag) || ' ' || height || ' ' || total, ' ') AS found
     FROM (SELECT tag, height, total FROM ${table} WHERE tag > ?1 ORDER BY tag LIMIT ?2)`,
    ...[last, rollupPage],
  );
  const words = new WordReader(row?.['found']);
  const page: RollupLeaf[] = [];
  const tags = new Uint8Array(hashBytes * rollupPage);
  while (!words.isAtEnd) {
    const tag = tags.subarray(hashBytes * page.length, hashBytes * (page.length + 1));
    words.hex(tag);
    page.push({ tag, height: words.number(), total: words.number() });
  }
  return page;
}
