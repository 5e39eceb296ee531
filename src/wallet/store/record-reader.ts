/** Reading the record in the database: what `migrations/0001-record.ts` lays out. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import type { BodyPart } from '../../core/record/body.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import type { Row, SqlValue, Statements } from './driver.ts';

/** A ledger that this profile has joined, and how far its copy reaches. */
export interface JoinedLedger {
  readonly row: number;
  readonly ledger: Ledger;
  readonly endpoint: string;
  /** The newest signed head whose headers are all here: the note. */
  readonly checkpoint: Uint8Array | undefined;
  /** The peaks of the tree over these headers, 32 bytes each, as the database has them: compare with the head. */
  readonly tree: Uint8Array;
  /** Number of headers. */
  readonly size: number;
  /** Number of blocks, from the first on, whose messages are here. */
  readonly filled: number;
  /** What a synchronisation fetches: everything, or what is one's own. */
  readonly mode: SyncMode;
  /** Number of blocks up to which everything that is followed is here; 0 when nothing was ever followed. */
  readonly followed: number;
}

export type SyncMode = 'full' | 'follow';

/** Number of blocks up to which everything that is one's own is here. */
export function reachOf({ filled, followed }: Pick<JoinedLedger, 'filled' | 'followed'>): number {
  return Math.max(filled, followed);
}

/** The database does not hold what it must. */
export function corrupt(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

/** The bytes in a column. @throws CountersignError `store-corrupt` */
function bytes(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw corrupt(column);
  return value;
}

/** The number in a column. @throws CountersignError `store-corrupt` */
export function integer(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw corrupt(column);
  return value;
}

/** A message as it is stored. */
export interface StoredMessage extends BodyPart {
  /** Its number in this database. */
  readonly row: number;
  readonly id: Uint8Array;
}

/** Rows that belong to nothing. What these tables refer to is not declared: looking at each row would slow writing down. */
const looseRows = `
  SELECT 'message_key' AS found FROM message_key LEFT JOIN message ON message.id = message_key.message
    WHERE message_key.key IS NOT substr(message.message_id, 1, 8)
  UNION ALL SELECT 'tagged' FROM tagged LEFT JOIN tag ON tag.id = tagged.tag
    LEFT JOIN message ON message.id = tagged.message WHERE tag.id IS NULL OR message.ledger IS NOT tag.ledger
  LIMIT 1`;

/**
 * Whether a copy reaches as far as it says: as its head was signed, and as there are messages.
 * @param newest height of the newest block with messages, null when there is none.
 */
function checkReach(joined: JoinedLedger, newest: SqlValue | undefined): void {
  const { checkpoint, filled, ledger, size, tree } = joined;
  if (checkpoint === undefined) {
    if (size !== 0 || tree.length !== 0) throw corrupt('checkpoint');
  } else {
    const head = openLedgerCheckpoint(checkpoint, ledger.logKey, []);
    if (!head.ok || head.value.size !== size) throw corrupt('checkpoint');
    const peaks = Array.from({ length: Math.ceil(tree.length / 32) }, (_, i) =>
      tree.subarray(32 * i, 32 * i + 32),
    );
    const restored = IncrementalTree.restore({ size, peaks });
    if (!restored.ok || !equalBytes(restored.value.root(), head.value.root)) throw corrupt('tree');
  }
  // Only the first block has no messages.
  const reaches = typeof newest === 'number' ? newest + 1 : Math.min(filled, 1);
  if (filled !== reaches || filled < 0 || filled > size) throw corrupt('filled');
}

export class RecordReader {
  readonly statements: Statements;

  constructor(statements: Statements) {
    this.statements = statements;
  }

  /**
   * The joined ledger with this id, or undefined.
   * @throws CountersignError `store-corrupt` with the column's name when its first header is not the one with that hash
   *   (`founding`), how far the copy reaches is not what its signed head and its messages say (`checkpoint`, `tree`,
   *   `filled`, `followed`), or another column does not hold what it should.
   */
  async joined(id: Uint8Array): Promise<JoinedLedger | undefined> {
    const [row] = await this.statements.all(
      `SELECT ledger.*, (SELECT max(height) FROM message WHERE message.ledger = ledger.id) AS newest
       FROM ledger WHERE ledger_id = ?`,
      id,
    );
    if (row === undefined) return undefined;
    const ledger = parseLedger(bytes(row, 'founding'));
    if (!ledger.ok || ledger.value.idText !== toHex(id)) throw corrupt('founding');
    const endpoint = row['endpoint'];
    if (typeof endpoint !== 'string') throw corrupt('endpoint');
    const mode: SyncMode = row['mode'] === 'follow' ? 'follow' : 'full';
    const joined = {
      row: integer(row, 'id'),
      ledger: ledger.value,
      endpoint,
      checkpoint: row['checkpoint'] === null ? undefined : bytes(row, 'checkpoint'),
      tree: bytes(row, 'tree'),
      size: integer(row, 'size'),
      filled: integer(row, 'filled'),
      mode,
      followed: integer(row, 'followed'),
    };
    checkReach(joined, row['newest']);
    if (joined.followed < 0 || joined.followed > joined.size) throw corrupt('followed');
    return joined;
  }

  /** Bytes of the headers from `from` on, in order of height, at most `limit`. A missing one ends the list. */
  async headers(joined: JoinedLedger, from: number, limit: number): Promise<readonly Uint8Array[]> {
    const rows = await this.statements.all(
      'SELECT height, header FROM block WHERE ledger = ? AND height >= ? ORDER BY height LIMIT ?',
      joined.row,
      from,
      limit,
    );
    const gap = rows.findIndex((row, i) => integer(row, 'height') !== from + i);
    return rows.slice(0, gap < 0 ? rows.length : gap).map((row) => bytes(row, 'header'));
  }

  /** Leaves and data of the messages of a block, in order. A missing one ends the list. */
  async parts(joined: JoinedLedger, height: number): Promise<readonly StoredMessage[]> {
    const rows = await this.statements.all(
      'SELECT id, position, message_id, leaf, data FROM message WHERE ledger = ? AND height = ? ORDER BY position',
      joined.row,
      height,
    );
    const gap = rows.findIndex((row, i) => integer(row, 'position') !== i);
    return rows.slice(0, gap < 0 ? rows.length : gap).map((row) => ({
      row: integer(row, 'id'),
      id: bytes(row, 'message_id'),
      leaf: bytes(row, 'leaf'),
      data: row['data'] === null ? undefined : bytes(row, 'data'),
    }));
  }

  /** Where the message with this id stands, or undefined when it is not here. */
  async placeOf(
    joined: JoinedLedger,
    id: Uint8Array,
  ): Promise<{ height: number; position: number } | undefined> {
    const [row] = await this.statements.all(
      `SELECT height, position FROM message_key JOIN message ON message.id = message_key.message
       WHERE message_key.key = substr(?2, 1, 8) AND message.ledger = ?1 AND message.message_id = ?2
       UNION ALL SELECT height, position FROM followed_message WHERE ledger = ?1 AND message_id = ?2 LIMIT 1`,
      joined.row,
      id,
    );
    return row && { height: integer(row, 'height'), position: integer(row, 'position') };
  }

  /** Ids of the messages that carry a tag in their head, newest first, at most `limit`. */
  async tagged(joined: JoinedLedger, tag: Uint8Array, limit: number): Promise<readonly Uint8Array[]> {
    const rows = await this.statements.all(
      `SELECT message.message_id FROM tag
       JOIN tagged ON tagged.tag = tag.id JOIN message ON message.id = tagged.message
       WHERE tag.ledger = ? AND tag.tag = ? ORDER BY tagged.message DESC LIMIT ?`,
      joined.row,
      tag,
      limit,
    );
    return rows.map((row) => bytes(row, 'message_id'));
  }

  /** How many messages the blocks from `height` on have, as their headers say. */
  async messagesAbove(joined: JoinedLedger, height: number): Promise<number> {
    const [row] = await this.statements.all(
      `SELECT coalesce(sum(iif(json_valid(text), json_extract(text, '$.messages.count'), 0)), 0) AS messages
       FROM (SELECT CAST(header AS TEXT) AS text FROM block WHERE ledger = ? AND height >= ?)`,
      joined.row,
      height,
    );
    return integer(row, 'messages');
  }

  /** How many rows the record of a ledger has in each table. */
  async counts(
    joined: JoinedLedger,
  ): Promise<Readonly<Record<'block' | 'message' | 'tag' | 'tagged', number>>> {
    const [row] = await this.statements.all(
      `SELECT (SELECT count(*) FROM block WHERE ledger = ?1) AS block,
              (SELECT count(*) FROM message WHERE ledger = ?1) AS message,
              (SELECT count(*) FROM tag WHERE ledger = ?1) AS tag,
              (SELECT count(*) FROM tagged JOIN tag ON tag.id = tagged.tag WHERE tag.ledger = ?1) AS tagged`,
      joined.row,
    );
    const count = (name: string): number => integer(row, name);
    return { block: count('block'), message: count('message'), tag: count('tag'), tagged: count('tagged') };
  }

  /** The rows of those messages between two rows, both included, that are stored as carrying a tag. */
  async taggedRows(
    joined: JoinedLedger,
    tag: Uint8Array,
    first: number,
    last: number,
  ): Promise<readonly number[]> {
    const rows = await this.statements.all(
      `SELECT tagged.message FROM tag JOIN tagged ON tagged.tag = tag.id
       WHERE tag.ledger = ? AND tag.tag = ? AND tagged.message BETWEEN ? AND ? ORDER BY tagged.message`,
      joined.row,
      tag,
      first,
      last,
    );
    return rows.map((row) => integer(row, 'message'));
  }

  /** The first thing that is wrong with the database as such: its pages, its indexes, what rows refer to. */
  async fault(): Promise<string | undefined> {
    const [check] = await this.statements.all('PRAGMA integrity_check(1)');
    const found = check?.['integrity_check'];
    if (found !== 'ok') return String(found);
    const [dangling] = await this.statements.all('PRAGMA foreign_key_check');
    if (dangling !== undefined) return `a row of ${String(dangling['table'])} refers to nothing`;
    const [loose] = await this.statements.all(looseRows);
    if (loose !== undefined) return `a row of ${String(loose['found'])} refers to nothing`;
    const [keys] = await this.statements.all(
      'SELECT 1 WHERE (SELECT count(*) FROM message) <> (SELECT count(*) FROM message_key)',
    );
    return keys && 'a message without a key';
  }
}
