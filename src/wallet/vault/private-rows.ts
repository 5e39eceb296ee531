/**
 * Private rows of the database: sealed one by one, and counted together. A single row that was changed or moved does not
 * open. A row that was put back to an older state, taken away or brought back opens by itself; the mark finds it: one
 * sealed row that holds the sum of a keyed hash over all rows with their versions. What no mark can find is the whole
 * database put back to an older state.
 */
import { equalBytes } from '../../core/bytes.ts';
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

/** Adds or takes away a hash, modulo 2^256. */
function adjusted(sum: Uint8Array, hash: Uint8Array, sign: 1 | -1): Uint8Array {
  const out = sum.slice();
  let carry = 0;
  for (let i = sumLength - 1; i >= 0; i--) {
    const value = (sum[i] ?? 0) + sign * (hash[i] ?? 0) + carry;
    out[i] = value & 255;
    carry = value >> 8;
  }
  return out;
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
    const mark = await rows.#mark(database);
    let sum: Uint8Array = new Uint8Array(sumLength);
    for (const row of await database.all('SELECT kind, key, version FROM private_row')) {
      sum = adjusted(sum, rows.#hash(textIn(row, 'kind'), textIn(row, 'key'), versionOf(row)), 1);
    }
    if (!equalBytes(sum, mark.sum)) throw tampered('put back, taken away or added');
    return rows;
  }

  /** All rows of a kind, in the order of their keys. @throws CountersignError `vault-rows` */
  async all(kind: string): Promise<readonly PrivateRow[]> {
    const rows = await this.#database.all(
      'SELECT key, version, sealed FROM private_row WHERE kind = ? ORDER BY key',
      kind,
    );
    return rows.map((row) => ({ key: textIn(row, 'key'), plain: this.#open(kind, row) }));
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
    await this.#database.transaction(async (inside) => {
      let { version, sum } = await this.#mark(inside);
      for (const { key, plain } of changes) {
        const [before] = await inside.all(
          'SELECT version FROM private_row WHERE kind = ? AND key = ?',
          kind,
          key,
        );
        // One count for all rows: no version is ever used twice, not even by a row that was removed and came back.
        version++;
        if (before !== undefined) sum = adjusted(sum, this.#hash(kind, key, versionOf(before)), -1);
        if (plain === undefined) {
          await inside.run('DELETE FROM private_row WHERE kind = ? AND key = ?', kind, key);
        } else {
          sum = adjusted(sum, this.#hash(kind, key, version), 1);
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
    });
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
