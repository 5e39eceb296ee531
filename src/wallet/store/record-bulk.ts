/** Writing many blocks of the record at a time, inside a transaction. The tables are those of migration 0001. */
import { joinBytes } from '../../core/bytes.ts';
import { absentData, spanNumbers } from '../../core/record/body.ts';
import type { Statements } from './driver.ts';
import { DigitTable, eachRow, numberAt } from './packed.ts';
import type { LinkTable } from './record-lookups.ts';
import { integer, type JoinedLedger } from './record-reader.ts';
import { overtaken } from './record-writer.ts';

const hashBytes = 32;

/** The messages of a block, as they are written. */
export interface BlockRows {
  readonly height: number;
  /** The body as it was served. */
  readonly body: Uint8Array;
  /** Ids of the messages, 32 bytes each. */
  readonly ids: Uint8Array;
  /** Where each message stands in the body, as `cutBody` says it. */
  readonly spans: Uint32Array;
}

/** A tag that blocks bring or change. */
export interface TagRow {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** Its row, or undefined when it has none yet. */
  readonly row: number | undefined;
  readonly height: number;
  readonly total: number;
  /** Those messages of the blocks, numbered through from 0, that carry it in their heads. */
  readonly carriers: readonly number[];
}

/** Bodies up to this length, in bytes, are joined before they are handed over. */
const joinedBodies = 1_048_576;

/** Cuts a list of blocks so that each piece has one long body, or some short ones. */
function* inPieces(blocks: readonly BlockRows[]): Generator<readonly BlockRows[]> {
  let piece: BlockRows[] = [];
  let length = 0;
  for (const block of blocks) {
    if (piece.length > 0 && length + block.body.length > joinedBodies) {
      yield piece;
      piece = [];
      length = 0;
    }
    piece.push(block);
    length += block.body.length;
  }
  if (piece.length > 0) yield piece;
}

const messageColumns = [16, 5, 9, 6, 1, 9] as const;

/** Where everything lies in the joined bodies of a piece. */
function messageTable(piece: readonly BlockRows[]): DigitTable {
  const messages = piece.reduce((sum, { ids }) => sum + ids.length / hashBytes, 0);
  const table = new DigitTable(messageColumns, messages);
  let start = 0;
  for (const { height, spans, body } of piece) {
    for (let i = 0; i < spans.length; i += spanNumbers) {
      const [leaf = 0, length = 0, data = 0] = [spans[i], spans[i + 1], spans[i + 2]];
      const isHere = data !== absentData;
      table.add(height, i / spanNumbers, start + leaf, length, isHere ? 1 : 0, isHere ? data : 0);
    }
    start += body.length;
  }
  return table;
}

/** @returns how many messages there were. */
async function writeMessages(
  inside: Statements,
  joined: JoinedLedger,
  firstRow: number,
  piece: readonly BlockRows[],
): Promise<number> {
  const table = messageTable(piece);
  const [height, position, leaf, length, isHere, data] = columnsOf(4, messageColumns);
  await inside.run(
    `${eachRow(table.rowBytes)}
     INSERT INTO message (id, ledger, height, position, message_id, leaf, data)
     SELECT ?2 + i, ?3, ${height}, ${position}, substr(?5, i * 32 + 1, 32), substr(?6, ${leaf} + 1, ${length}),
       CASE ${isHere} WHEN 1 THEN substr(?6, ${leaf} + ${length} + 5, ${data}) END FROM k`,
    ...[table.rows, firstRow, joined.row, table.bytes],
    ...[joinBytes(piece.map(({ ids }) => ids)), joinBodies(piece)],
  );
  return table.rows;
}

function joinBodies(piece: readonly BlockRows[]): Uint8Array {
  const [only, ...others] = piece;
  return only !== undefined && others.length === 0 ? only.body : joinBytes(piece.map(({ body }) => body));
}

const tagColumns = [16, 16, 16] as const;

/**
 * Writes what tags now say of themselves into a table of links.
 * @param tags ascending, so that each page of the index is looked for once.
 * @returns the row of each, in the same order.
 */
export async function writeTags(
  inside: Statements,
  table: LinkTable,
  joined: JoinedLedger,
  tags: readonly TagRow[],
): Promise<readonly number[]> {
  const [row, height, total] = columnsOf(3, tagColumns);
  const old = tags.filter((tag) => tag.row !== undefined);
  if (old.length > 0) {
    const digits = new DigitTable(tagColumns, old.length);
    for (const tag of old) digits.add(tag.row ?? 0, tag.height, tag.total);
    await inside.run(
      `${eachRow(digits.rowBytes)} UPDATE ${table} AS tag SET height = changed.height, total = changed.total
       FROM (SELECT ${row} AS id, ${height} AS height, ${total} AS total FROM k) AS changed
       WHERE tag.id = changed.id AND tag.ledger = ?2`,
      ...[digits.rows, joined.row, digits.bytes],
    );
  }
  const added = tags.filter((tag) => tag.row === undefined);
  if (added.length === 0) return tags.map((tag) => tag.row ?? 0);
  const first = (await lastRow(inside, table)) + 1;
  const digits = new DigitTable(tagColumns, added.length);
  for (const [i, { height, total }] of added.entries()) digits.add(first + i, height, total);
  await inside.run(
    `${eachRow(digits.rowBytes)} INSERT INTO ${table} (id, ledger, tag, height, total)
     SELECT ${row}, ?2, substr(?4, i * 32 + 1, 32), ${height}, ${total} FROM k`,
    ...[digits.rows, joined.row, digits.bytes, joinBytes(added.map(({ tag }) => tag))],
  );
  let next = first;
  return tags.map((tag) => tag.row ?? next++);
}

const taggedColumns = [16, 16] as const;

async function writeTagged(
  inside: Statements,
  firstRow: number,
  tags: readonly TagRow[],
  rows: readonly number[],
): Promise<void> {
  const count = tags.reduce((sum, { carriers }) => sum + carriers.length, 0);
  if (count === 0) return;
  const table = new DigitTable(taggedColumns, count);
  for (const [i, { carriers }] of tags.entries()) {
    for (const message of carriers) table.add(rows[i] ?? 0, firstRow + message);
  }
  const [tag, message] = columnsOf(2, taggedColumns);
  // In the order of the table, so that each of its pages is looked for once.
  await inside.run(
    `${eachRow(table.rowBytes)} INSERT INTO tagged (tag, message) SELECT ${tag}, ${message} FROM k ORDER BY 1, 2`,
    ...[table.rows, table.bytes],
  );
}

/** The columns of a digit table that is parameter number `parameter`, as SQL. */
function columnsOf(parameter: number, widths: readonly number[]): string[] {
  let skip = 0;
  return widths.map((width) => numberAt(parameter, (skip += width) - width, width));
}

async function lastRow(inside: Statements, table: 'main.message' | LinkTable): Promise<number> {
  const [row] = await inside.all(`SELECT coalesce(max(id), 0) AS last FROM ${table}`);
  return integer(row, 'last');
}

/**
 * Writes the messages of the next blocks, with what they change about tags.
 * @param blocks verified, without a gap, the first one right above what the copy has.
 * @throws CountersignError `store-busy` when they are not the next ones any more; with another `store-` code.
 */
export async function writeBlocks(
  inside: Statements,
  joined: JoinedLedger,
  blocks: readonly BlockRows[],
  tags: readonly TagRow[],
): Promise<void> {
  const [first, last] = [blocks[0]?.height, blocks.at(-1)?.height];
  if (first === undefined || last === undefined) return;
  const changed = await inside.run(
    'UPDATE ledger SET filled = ?2 + 1 WHERE id = ?3 AND max(filled, 1) = ?1 AND size > ?2',
    ...[first, last, joined.row],
  );
  if (changed !== 1) throw overtaken();
  const firstRow = (await lastRow(inside, 'main.message')) + 1;
  let next = firstRow;
  for (const piece of inPieces(blocks)) next += await writeMessages(inside, joined, next, piece);
  await inside.run(
    'INSERT INTO message_key (key, message) SELECT substr(message_id, 1, 8), id FROM message WHERE id >= ? ORDER BY 1',
    firstRow,
  );
  await writeTagged(inside, firstRow, tags, await writeTags(inside, 'main.tag', joined, tags));
}
