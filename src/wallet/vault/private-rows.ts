/**
 * Private rows of the database: sealed one by one, and counted together. A single row that was changed or moved does not
 * open. A row that was put back to an older state, taken away or brought back opens by itself; the mark finds it: one
 * sealed row that holds the sum of a keyed hash over all rows with their versions. What no mark can find is the whole
 * database put back to an older state.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { Database, Row, Statements } from '../store/driver.ts';
import type { OpenVault } from './open-vault.ts';

/** A private row, opened. */
export interface PrivateRow {
  readonly key: string;
  readonly plain: Uint8Array;
}

const sumLength = 32;

/** Rows that are counted or opened in one step: few enough that nothing else waits for long. */
const pageLength = 200;

/** Adds a hash to a sum, or takes it away, modulo 2^256. */
function adjust(sum: Uint8Array, hash: Uint8Array, sign: 1 | -1): void {
  let carry = 0;
  for (let i = sumLength - 1; i >= 0; i--) {
    const value = (sum[i] ?? 0) + sign * (hash[i] ?? 0) + carry;
    sum[i] = value & 255;
    carry = value >> 8;
  }
}

function versionOf(row: Row): number {
  const { version } = row;
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) throw tampered('version');
  return version;
}

function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw tampered(column);
  return value;
}

function tampered(detail: string): CountersignError<VaultCode> {
  return new CountersignError<VaultCode>('vault-rows', detail);
}

interface Mark {
  readonly version: number;
  readonly sum: Uint8Array;
}

/** Whether a database holds private rows: then a vault that opens them must exist. */
export async function hasPrivateRows(database: Database): Promise<boolean> {
  return (await database.all('SELECT 1 FROM private_mark')).length > 0;
}

export class PrivateRows {
  readonly #database: Database;
  readonly #vault: OpenVault;

  private constructor(database: Database, vault: OpenVault) {
    this.#database = database;
    this.#vault = vault;
  }

  /**
   * Opens the private rows of a profile and compares all of them with the mark.
   * @throws CountersignError `vault-foreign` when the vault is not the one that they were sealed by, `vault-rows` when
   *   rows were put back, taken away or added.
   */
  static async open(database: Database, vault: OpenVault): Promise<PrivateRows> {
    const rows = new PrivateRows(database, vault);
    for (;;) {
      const mark = await rows.#mark(database);
      const sum = await rows.#sum();
      if (equalBytes(sum, mark.sum)) return rows;
      // Another window of this profile may have written meanwhile; then what was counted belongs to no one moment.
      if ((await rows.#mark(database)).version === mark.version)
        throw tampered('put back, taken away or added');
    }
  }

  /** The sum over all rows. */
  async #sum(): Promise<Uint8Array> {
    const sum = new Uint8Array(sumLength);
    for (let after: Row | undefined; ;) {
      const page = await this.#database.all(
        `SELECT kind, key, version FROM private_row WHERE (kind, key) > (?, ?) ORDER BY kind, key LIMIT ${pageLength}`,
        after === undefined ? '' : textIn(after, 'kind'),
        after === undefined ? '' : textIn(after, 'key'),
      );
      for (const row of page) {
        adjust(sum, this.#hash(textIn(row, 'kind'), textIn(row, 'key'), versionOf(row)), 1);
      }
      after = page.at(-1);
      if (page.length < pageLength) return sum;
    }
  }

  /** The rows of a kind, in the order of their keys, a few at a time. @throws CountersignError `vault-rows` */
  async *each(kind: string): AsyncGenerator<PrivateRow> {
    for (let after = ''; ;) {
      const page = await this.#database.all(
        `SELECT key, version, sealed FROM private_row WHERE kind = ? AND key > ? ORDER BY key LIMIT ${pageLength}`,
        kind,
        after,
      );
      for (const row of page) {
        after = textIn(row, 'key');
        yield { key: after, plain: this.#open(kind, row) };
      }
      if (page.length < pageLength) return;
    }
  }

  /** All rows of a kind, for kinds of which there are few. @throws CountersignError `vault-rows` */
  async all(kind: string): Promise<readonly PrivateRow[]> {
    const rows: PrivateRow[] = [];
    for await (const row of this.each(kind)) rows.push(row);
    return rows;
  }

  /** One row's content, or undefined when there is none. @throws CountersignError `vault-rows` */
  async get(kind: string, key: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#database.all(
      'SELECT key, version, sealed FROM private_row WHERE kind = ? AND key = ?',
      kind,
      key,
    );
    return row && this.#open(kind, row);
  }

  /** Keeps a row, in the place of the one with this key when there is one. */
  async put(kind: string, key: string, plain: Uint8Array): Promise<void> {
    await this.#change(kind, [{ key, plain }]);
  }

  /** Keeps several rows of a kind, all or none: quicker than one by one. */
  async putAll(kind: string, rows: readonly PrivateRow[]): Promise<void> {
    await this.#change(kind, rows);
  }

  /**
   * Keeps a row in the place of one that holds exactly `before`: of two who change it at the same time one does.
   * @returns whether it was still there, unchanged.
   */
  async swap(kind: string, key: string, before: Uint8Array, after: Uint8Array): Promise<boolean> {
    return this.#database.transaction(async (inside) => {
      const [row] = await inside.all(
        'SELECT key, version, sealed FROM private_row WHERE kind = ? AND key = ?',
        kind,
        key,
      );
      if (row === undefined || !equalBytes(this.#open(kind, row), before)) return false;
      await this.#changeInside(inside, kind, [{ key, plain: after }]);
      return true;
    });
  }

  /** A key for a row that tells nothing on the disk: made from one that would. */
  blind(kind: string, key: string): string {
    return toHex(this.#vault.rowHash({ table: `private_row/${kind}`, row: key, column: 'key', version: 0 }));
  }

  /** Removes a row, if it is there. */
  async remove(kind: string, key: string): Promise<void> {
    await this.#change(kind, [{ key, plain: undefined }]);
  }

  #open(kind: string, row: Row): Uint8Array {
    const { sealed } = row;
    const key = textIn(row, 'key');
    const place = { table: `private_row/${kind}`, row: key, column: 'sealed', version: versionOf(row) };
    const plain = sealed instanceof Uint8Array ? this.#vault.openRow(place, sealed) : undefined;
    if (plain === undefined) throw tampered(kind);
    return plain;
  }

  #hash(kind: string, key: string, version: number): Uint8Array {
    return this.#vault.rowHash({ table: `private_row/${kind}`, row: key, column: 'mark', version });
  }

  async #mark(statements: Statements): Promise<Mark> {
    const [row] = await statements.all('SELECT version, sealed FROM private_mark');
    if (row === undefined) return { version: 0, sum: new Uint8Array(sumLength) };
    const version = versionOf(row);
    const { sealed } = row;
    const sum = sealed instanceof Uint8Array ? this.#vault.openRow(markPlace(version), sealed) : undefined;
    if (sum?.length !== sumLength) throw new CountersignError<VaultCode>('vault-foreign');
    return { version, sum };
  }

  async #change(
    kind: string,
    changes: readonly { readonly key: string; readonly plain: Uint8Array | undefined }[],
  ): Promise<void> {
    if (changes.length === 0) return;
    await this.#database.transaction((inside) => this.#changeInside(inside, kind, changes));
  }

  async #changeInside(
    inside: Statements,
    kind: string,
    changes: readonly { readonly key: string; readonly plain: Uint8Array | undefined }[],
  ): Promise<void> {
    const { sum, ...mark } = await this.#mark(inside);
    let { version } = mark;
    for (const { key, plain } of changes) {
      const [before] = await inside.all(
        'SELECT version FROM private_row WHERE kind = ? AND key = ?',
        kind,
        key,
      );
      // One count for all rows: no version is ever used twice, not even by a row that was removed and came back.
      version++;
      if (before !== undefined) adjust(sum, this.#hash(kind, key, versionOf(before)), -1);
      if (plain === undefined) {
        await inside.run('DELETE FROM private_row WHERE kind = ? AND key = ?', kind, key);
      } else {
        adjust(sum, this.#hash(kind, key, version), 1);
        const place = { table: `private_row/${kind}`, row: key, column: 'sealed', version };
        await inside.run(
          'INSERT OR REPLACE INTO private_row (kind, key, version, sealed) VALUES (?, ?, ?, ?)',
          ...[kind, key, version, this.#vault.sealRow(place, plain)],
        );
      }
    }
    const sealed = this.#vault.sealRow(markPlace(version), sum);
    await inside.run(
      'INSERT OR REPLACE INTO private_mark (id, version, sealed) VALUES (1, ?, ?)',
      version,
      sealed,
    );
  }
}

function markPlace(version: number): {
  readonly table: string;
  readonly row: number;
  readonly column: string;
  readonly version: number;
} {
  return { table: 'private_mark', row: 1, column: 'sealed', version };
}
