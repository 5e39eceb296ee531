/** The record in the database: reads and writes of what `migrations/0001-record.ts` lays out. */
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { RecordState, VerifiedBlock } from '../../core/record/block.ts';
import type { BodyPart } from '../../core/record/body.ts';
import { type BlockHeader, rollupCount, rollupSpans } from '../../core/record/header.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';
import type { RollupLeaf } from '../../core/record/rollup.ts';
import type { TagLink } from '../../core/record/tag-index.ts';
import type { Database, Row, SqlValue } from './driver.ts';

/** A ledger that this profile has joined, and how far its copy reaches. */
export interface JoinedLedger {
  readonly row: number;
  readonly ledger: Ledger;
  readonly endpoint: string;
  /** The newest signed head whose headers are all here: the note. */
  readonly checkpoint: Uint8Array | undefined;
  /** Number of headers. */
  readonly size: number;
  /** Number of blocks, from the first on, whose messages are here. */
  readonly filled: number;
}

function corrupt(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

function bytes(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw corrupt(column);
  return value;
}

function integer(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw corrupt(column);
  return value;
}

export class RecordStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Joins a ledger, or changes the address of one that was joined. */
  async join(ledger: Ledger, endpoint: string): Promise<void> {
    await this.#database.run(
      `INSERT INTO ledger (ledger_id, founding, endpoint, size, filled) VALUES (?, ?, ?, 0, 0)
       ON CONFLICT (ledger_id) DO UPDATE SET endpoint = excluded.endpoint`,
      ledger.id,
      ledger.first.bytes,
      endpoint,
    );
  }

  /**
   * The joined ledger with this id, or undefined.
   * @throws CountersignError `store-corrupt` when its first header is not the one with that hash.
   */
  async joined(id: Uint8Array): Promise<JoinedLedger | undefined> {
    const [row] = await this.#database.all('SELECT * FROM ledger WHERE ledger_id = ?', id);
    if (row === undefined) return undefined;
    const ledger = parseLedger(bytes(row, 'founding'));
    if (!ledger.ok || ledger.value.idText !== toHex(id)) throw corrupt('founding');
    const endpoint = row['endpoint'];
    if (typeof endpoint !== 'string') throw corrupt('endpoint');
    return {
      row: integer(row, 'id'),
      ledger: ledger.value,
      endpoint,
      checkpoint: row['checkpoint'] instanceof Uint8Array ? row['checkpoint'] : undefined,
      size: integer(row, 'size'),
      filled: integer(row, 'filled'),
    };
  }

  /** Bytes of the headers from `from` on, in order of height, at most `limit`. A missing one ends the list. */
  async headers(joined: JoinedLedger, from: number, limit: number): Promise<readonly Uint8Array[]> {
    const rows = await this.#database.all(
      'SELECT height, header FROM block WHERE ledger = ? AND height >= ? ORDER BY height LIMIT ?',
      joined.row,
      from,
      limit,
    );
    const gap = rows.findIndex((row, i) => integer(row, 'height') !== from + i);
    return rows.slice(0, gap < 0 ? rows.length : gap).map((row) => bytes(row, 'header'));
  }

  /** Keeps new headers together with the signed head that covers them and all before. */
  async saveHeaders(
    joined: JoinedLedger,
    checkpoint: Uint8Array,
    size: number,
    headers: AsyncIterable<BlockHeader>,
  ): Promise<void> {
    await this.#database.transaction(async () => {
      for await (const { height, bytes: header } of headers) {
        await this.#database.run(
          'INSERT INTO block (ledger, height, header) VALUES (?, ?, ?)',
          joined.row,
          height,
          header,
        );
      }
      await this.#database.run(
        'UPDATE ledger SET checkpoint = ?, size = ? WHERE id = ?',
        checkpoint,
        size,
        joined.row,
      );
    });
  }

  /** Leaves and data of the messages of a block, in order. */
  async parts(
    joined: JoinedLedger,
    height: number,
  ): Promise<readonly (BodyPart & { readonly id: Uint8Array })[]> {
    const rows = await this.#database.all(
      'SELECT position, message_id, leaf, data FROM message WHERE ledger = ? AND height = ? ORDER BY position',
      joined.row,
      height,
    );
    const gap = rows.findIndex((row, i) => integer(row, 'position') !== i);
    return rows.slice(0, gap < 0 ? rows.length : gap).map((row) => ({
      id: bytes(row, 'message_id'),
      leaf: bytes(row, 'leaf'),
      data: row['data'] === null ? undefined : bytes(row, 'data'),
    }));
  }

  /** Where the message with this id stands, or undefined. */
  async placeOf(
    joined: JoinedLedger,
    id: Uint8Array,
  ): Promise<{ height: number; position: number } | undefined> {
    const [row] = await this.#database.all(
      'SELECT height, position FROM message WHERE ledger = ? AND message_id = ?',
      joined.row,
      id,
    );
    return row && { height: integer(row, 'height'), position: integer(row, 'position') };
  }

  /** Ids of the messages that carry a tag, newest first, at most `limit`. */
  async tagged(joined: JoinedLedger, tag: Uint8Array, limit: number): Promise<readonly Uint8Array[]> {
    const rows = await this.#database.all(
      `SELECT message.message_id FROM tag
       JOIN tagged ON tagged.tag = tag.id JOIN message ON message.id = tagged.message
       WHERE tag.ledger = ? AND tag.tag = ? ORDER BY tagged.message DESC LIMIT ?`,
      joined.row,
      tag,
      limit,
    );
    return rows.map((row) => bytes(row, 'message_id'));
  }

  /** The newest block with this tag and the running total, as this copy has it. */
  async link(joined: JoinedLedger, tag: Uint8Array): Promise<TagLink | undefined> {
    const [row] = await this.#database.all(
      `SELECT height, total FROM tag WHERE ledger = ?1 AND tag = ?2
       UNION ALL SELECT height, 1 FROM message WHERE ledger = ?1 AND message_id = ?2
       ORDER BY total DESC LIMIT 1`,
      joined.row,
      tag,
    );
    return row && { height: integer(row, 'height'), total: integer(row, 'total') };
  }

  /** Every stored link, ascending by tag, with those of messages that nobody refers to. */
  async linksSince(joined: JoinedLedger, height: number): Promise<readonly RollupLeaf[]> {
    const rows = await this.#database.all(
      `SELECT tag, height, total FROM tag WHERE ledger = ?1 AND height >= ?2
       UNION ALL SELECT message_id, height, 1 FROM message AS m WHERE ledger = ?1 AND height >= ?2
         AND NOT EXISTS (SELECT 1 FROM tag AS t WHERE t.ledger = m.ledger AND t.tag = m.message_id)
       ORDER BY 1`,
      joined.row,
      height,
    );
    return rows.map((row) => ({
      tag: bytes(row, 'tag'),
      height: integer(row, 'height'),
      total: integer(row, 'total'),
    }));
  }

  /**
   * What the blocks below `height` hold, as far as a block there with these tags and ids must agree with it: read
   * beforehand, because judging a block is pure.
   */
  async stateFor(
    joined: JoinedLedger,
    height: number,
    tags: readonly Uint8Array[],
    ids: readonly Uint8Array[],
  ): Promise<RecordState> {
    const links = new Map<string, TagLink>();
    for (const tag of tags) {
      const link = await this.link(joined, tag);
      if (link !== undefined) links.set(toHex(tag), link);
    }
    const included = new Set<string>();
    for (const id of ids) {
      if ((await this.placeOf(joined, id)) !== undefined) included.add(toHex(id));
    }
    const since = new Map<number, readonly RollupLeaf[]>();
    for (const span of rollupSpans.slice(0, rollupCount(height))) {
      since.set(height - span, await this.linksSince(joined, height - span));
    }
    return {
      previous: (tag) => links.get(toHex(tag)),
      includes: (id) => included.has(toHex(id)),
      since: (from) => since.get(from) ?? [],
    };
  }

  /** Runs `work` in one transaction. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#database.transaction(work);
  }

  /** Keeps the messages of the next block; call it inside a transaction. */
  async fill(joined: JoinedLedger, block: VerifiedBlock): Promise<void> {
    const { height } = block.header;
    const one = async (sql: string, ...values: readonly SqlValue[]): Promise<number> =>
      integer((await this.#database.all(`${sql} RETURNING id`, ...values))[0], 'id');
    const rows: number[] = [];
    for (const [position, { id, leaf, data }] of block.messages.entries()) {
      rows.push(
        await one(
          'INSERT INTO message (ledger, height, position, message_id, leaf, data) VALUES (?, ?, ?, ?, ?, ?)',
          ...[joined.row, height, position, id, leaf, data ?? null],
        ),
      );
    }
    for (const { tag, total, own, indices } of block.index.entries) {
      if (own !== undefined && total === 1) continue;
      const row = await one(
        `INSERT INTO tag (ledger, tag, height, total) VALUES (?, ?, ?, ?)
         ON CONFLICT (ledger, tag) DO UPDATE SET height = excluded.height, total = excluded.total`,
        ...[joined.row, tag, height, total],
      );
      for (const index of indices) {
        const message = rows[index];
        if (message === undefined) throw new RangeError('a verified index lists messages of its block');
        await this.#database.run('INSERT INTO tagged (tag, message) VALUES (?, ?)', row, message);
      }
    }
    await this.#database.run('UPDATE ledger SET filled = ? WHERE id = ?', height + 1, joined.row);
  }
}
