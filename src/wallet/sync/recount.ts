/**
 * The links of tags made again from the messages, batch by batch, in a table of their own: `temp.recount`, which lies
 * in a temporary file or in memory, as the connection is set, and never in the database that is checked. What the
 * database says of tags is compared with it.
 */
import { compareBytes, joinBytes } from '../../core/bytes.ts';
import type { Statements } from '../store/driver.ts';
import { eachRow, numbersIn } from '../store/packed.ts';
import { type TagRow, writeTags } from '../store/record-bulk.ts';
import type { Below } from '../store/record-lookups.ts';
import { integer, type JoinedLedger } from '../store/record-reader.ts';

const hashBytes = 32;

/** Which message carries which tag, as the database has it: between two rows of messages, both included. */
async function storedCarriers(
  statements: Statements,
  joined: JoinedLedger,
  tags: Uint8Array,
  first: number,
  last: number,
): Promise<readonly number[]> {
  const [row] = await statements.all(
    `${eachRow(hashBytes)}
     SELECT group_concat(i || ' ' || message, ' ') AS found FROM (
       SELECT i, tagged.message FROM k
         CROSS JOIN main.tag AS tag ON tag.ledger = ?2 AND tag.tag = substr(?3, at, ${hashBytes})
         CROSS JOIN tagged ON tagged.tag = tag.id AND tagged.message BETWEEN ?4 AND ?5
       ORDER BY 1, 2)`,
    ...[tags.length / hashBytes, joined.row, tags, first, last],
  );
  return numbersIn(row?.['found']);
}

export class Recount {
  /** Rows that `tagged` must have for the blocks so far. */
  tagged = 0;
  readonly #statements: Statements;
  readonly #joined: JoinedLedger;

  private constructor(statements: Statements, joined: JoinedLedger) {
    this.#statements = statements;
    this.#joined = joined;
  }

  /** Begins with no block. Close it, or the table stays until the connection ends. */
  static async begin(statements: Statements, joined: JoinedLedger): Promise<Recount> {
    await statements.exec(
      `DROP TABLE IF EXISTS temp.recount;
       CREATE TEMP TABLE recount (
         id INTEGER PRIMARY KEY, ledger INTEGER NOT NULL, tag BLOB NOT NULL,
         height INTEGER NOT NULL, total INTEGER NOT NULL, UNIQUE (ledger, tag)) STRICT`,
    );
    return new Recount(statements, joined);
  }

  /** The blocks so far, of which `height` is the first one that is not among them. */
  below(height: number): Below {
    return { statements: this.#statements, joined: this.#joined, height, links: 'temp.recount' };
  }

  /**
   * Goes on over blocks that were verified.
   * @param tags what they bring or change, ascending or not.
   * @param rows of their messages in the database, in order and ascending.
   * @returns whether the database says the same about who carries these tags.
   */
  async add(tags: readonly TagRow[], rows: readonly number[]): Promise<boolean> {
    const sorted = [...tags].sort((a, b) => compareBytes(a.tag, b.tag));
    const expected = sorted.flatMap(({ carriers }, i) => carriers.flatMap((n) => [i, rows[n] ?? 0]));
    const stored = await storedCarriers(
      this.#statements,
      this.#joined,
      joinBytes(sorted.map(({ tag }) => tag)),
      rows[0] ?? 0,
      rows.at(-1) ?? 0,
    );
    const isSame = stored.length === expected.length && stored.every((value, at) => value === expected[at]);
    if (!isSame) return false;
    await writeTags(this.#statements, 'temp.recount', this.#joined, sorted);
    this.tagged += expected.length / 2;
    return true;
  }

  /** How many tags there must be. */
  async tags(): Promise<number> {
    const [row] = await this.#statements.all('SELECT count(*) AS tags FROM temp.recount');
    return integer(row, 'tags');
  }

  /** Whether the database has the newest link of every tag; it may have more. */
  async hasLinks(): Promise<boolean> {
    const wrong = await this.#statements.all(
      `SELECT 1 FROM temp.recount AS made
       LEFT JOIN main.tag AS tag ON tag.ledger = ?1 AND tag.tag = made.tag
       WHERE tag.height IS NOT made.height OR tag.total IS NOT made.total LIMIT 1`,
      this.#joined.row,
    );
    return wrong.length === 0;
  }

  async close(): Promise<void> {
    await this.#statements.exec('DROP TABLE IF EXISTS temp.recount');
  }
}
