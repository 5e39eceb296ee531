/** What only this profile has, carried over from a damaged database row by row, as far as it can be read. */
import { recordTables, tablesOf } from '../backup/copy-database.ts';
import type { Database, Row, SqlValue, Statements } from '../store/driver.ts';

/** Rows that are carried over at a time. */
const page = 100;

/** What is made again: from the record, and the list of ledgers with it. */
const madeAgain: ReadonlySet<string> = new Set([...recordTables, 'block', 'ledger']);

/** Carries over one table. */
class Carrier {
  readonly #source: Statements;
  readonly #target: Database;
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #key: readonly string[];

  private constructor(source: Statements, target: Database, table: string, layout: readonly Row[]) {
    this.#source = source;
    this.#target = target;
    this.#table = table;
    const name = (row: Row): string => `"${String(row['name'])}"`;
    this.#columns = layout.map((row) => String(row['name']));
    this.#key = layout
      .filter(({ pk }) => Number(pk) > 0)
      .sort((a, b) => Number(a['pk']) - Number(b['pk']))
      .map(name);
  }

  static async of(source: Statements, target: Database, table: string): Promise<Carrier> {
    return new Carrier(source, target, table, await target.all(`PRAGMA main.table_info("${table}")`));
  }

  /** @returns whether every row was read and kept. */
  async carry(): Promise<boolean> {
    const [read, kept] = await this.#from('ASC');
    // Behind what cannot be read there may be more that can.
    if (!read) await this.#from('DESC');
    return read && kept;
  }

  /** Goes from one end until the other, or until a row cannot be read. */
  async #from(direction: 'ASC' | 'DESC'): Promise<readonly [read: boolean, kept: boolean]> {
    let kept = true;
    let limit = page;
    for (let offset = 0; ;) {
      const rows = await this.#read(direction, limit, offset);
      if (rows === undefined && limit === 1) return [false, kept];
      // Some of the page may be readable one by one.
      if (rows === undefined) {
        limit = 1;
        continue;
      }
      kept = (await this.#write(rows)) === rows.length && kept;
      if (rows.length < limit) return [true, kept];
      offset += limit;
    }
  }

  async #read(direction: string, limit: number, offset: number): Promise<readonly Row[] | undefined> {
    const order = this.#key.map((column) => `${column} ${direction}`).join(', ');
    return this.#source
      .all(`SELECT * FROM "${this.#table}" ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`)
      .catch(() => undefined);
  }

  /** @returns how many of them are there now that were not before. */
  async #write(rows: readonly Row[]): Promise<number> {
    const places = this.#columns.map(() => '?').join(', ');
    return this.#target.transaction(async (inside) => {
      let added = 0;
      for (const row of rows) {
        const values = this.#columns.map((column): SqlValue => row[column] ?? null);
        added += await inside.run(
          `INSERT OR IGNORE INTO main."${this.#table}" VALUES (${places})`,
          ...values,
        );
      }
      return added;
    });
  }
}

/**
 * Carries over every table that is no part of the record.
 * @param source a database that may be damaged, and that nobody else writes to.
 * @param target of the same layout; what stands in these tables there is replaced.
 * @returns the names of tables of which some rows could not be read, or have a form that none may have.
 */
export async function carryOver(source: Statements, target: Database): Promise<readonly string[]> {
  const lacking: string[] = [];
  for (const table of await tablesOf(target)) {
    if (madeAgain.has(table)) continue;
    // What was noted here while the record was made again is older than what is carried over.
    await target.exec(`DELETE FROM main."${table}"`);
    const carrier = await Carrier.of(source, target, table);
    if (!(await carrier.carry())) lacking.push(table);
  }
  return lacking;
}
