/** Private rows of one kind as values: JSON inside, and keys on the disk that tell nothing of what they are about. */
import { type JsonObject, type JsonValue, parseJson, writeJson } from '../../core/encoding/json.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { PrivateRows } from './private-rows.ts';

/** How the values of one kind are kept. */
export interface RowForm<T> {
  /** The kind: it stands on the disk in the clear. */
  readonly kind: string;
  /** The longest row, in bytes of JSON. */
  readonly maxBytes: number;
  /** What tells values apart: it may hold private ids, the disk sees only a keyed hash of it. */
  readonly keyOf: (value: T) => string;
  readonly write: (value: T) => JsonObject;
  /** The value, or undefined when no row of this kind looks like that. */
  readonly read: (json: JsonValue) => T | undefined;
}

export class PrivateTable<T> {
  readonly #form: RowForm<T>;

  constructor(form: RowForm<T>) {
    this.#form = form;
  }

  /** The value with this key. @throws CountersignError `vault-rows` */
  async get(rows: PrivateRows, key: string): Promise<T | undefined> {
    const { kind } = this.#form;
    const plain = await rows.get(kind, rows.blind(kind, key));
    return plain && this.#parse(plain);
  }

  /** All values, in no order that means anything. @throws CountersignError `vault-rows` */
  async all(rows: PrivateRows): Promise<readonly T[]> {
    const found: T[] = [];
    for await (const { plain } of rows.each(this.#form.kind)) found.push(this.#parse(plain));
    return found;
  }

  /** Keeps values, each in the place of the one with its key; all or none. */
  async put(rows: PrivateRows, ...values: readonly T[]): Promise<void> {
    const { keyOf, kind, maxBytes, write } = this.#form;
    const sealed = values.map((value) => {
      const plain = writeJson(write(value));
      if (plain.length > maxBytes) throw new RangeError(`${kind}: ${plain.length} bytes`);
      return { key: rows.blind(kind, keyOf(value)), plain };
    });
    await rows.putAll(kind, sealed);
  }

  /** Keeps a value in the place of another one with the same key. @returns whether that was still there, unchanged. */
  async swap(rows: PrivateRows, before: T, after: T): Promise<boolean> {
    const { keyOf, kind, write } = this.#form;
    return rows.swap(
      kind,
      rows.blind(kind, keyOf(before)),
      writeJson(write(before)),
      writeJson(write(after)),
    );
  }

  /** Removes the value with this key, if there is one. */
  async remove(rows: PrivateRows, key: string): Promise<void> {
    const { kind } = this.#form;
    await rows.remove(kind, rows.blind(kind, key));
  }

  /** Removes this value. */
  async forget(rows: PrivateRows, value: T): Promise<void> {
    await this.remove(rows, this.#form.keyOf(value));
  }

  #parse(plain: Uint8Array): T {
    const { kind, maxBytes, read } = this.#form;
    const json = parseJson(plain, maxBytes);
    const value = json.ok ? read(json.value) : undefined;
    if (value === undefined) throw new CountersignError<VaultCode>('vault-rows', kind);
    return value;
  }
}
