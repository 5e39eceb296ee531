/** Private rows of the local database: sealed one by one, each under a key of its own (`docs/spec/backup.md`). */
import { randomBytes } from 'node:crypto';
import { concatBytes, toUtf8 } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import { openSealed, sealBytes } from '../../core/crypto/sealed.ts';
import { zeroize } from '../../core/crypto/signature.ts';

/** Where a sealed value stands. All of it is part of the value's key: moved elsewhere it does not open. */
export interface RowPlace {
  readonly table: string;
  /** The row's key in its table. */
  readonly row: string | number;
  readonly column: string;
  /** Counts the changes of this value. An older value in the place of a newer one does not open under its version. */
  readonly version: number;
}

/** The key from which the keys of all rows of a profile are derived. */
export function rowsKeyOf(profileKey: Uint8Array): Uint8Array {
  return hkdfExtract(toUtf8('countersign/rows/v1'), profileKey);
}

function keyOf(rowsKey: Uint8Array, { table, row, column, version }: RowPlace): Uint8Array {
  return hkdfExpand(rowsKey, label(table, String(row), column, String(version)), 32);
}

/** Seals one value for its place. */
export function sealAt(rowsKey: Uint8Array, place: RowPlace, plain: Uint8Array): Uint8Array {
  const key = keyOf(rowsKey, place);
  const sealed = sealBytes(key, new Uint8Array(randomBytes(24)), plain);
  zeroize(key);
  return sealed;
}

/** The value sealed for this place, or undefined when it was sealed for another or changed since. */
export function openAt(rowsKey: Uint8Array, place: RowPlace, sealed: Uint8Array): Uint8Array | undefined {
  const key = keyOf(rowsKey, place);
  const plain = openSealed(key, sealed);
  zeroize(key);
  return plain;
}

/**
 * A keyed hash of places: HMAC-SHA-256 (RFC 2104) with its two padded keys made once, because all private rows are
 * counted each time that they are opened.
 */
export class PlaceHash {
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;

  constructor(rowsKey: Uint8Array) {
    const key = hkdfExpand(rowsKey, label('mark'), 32);
    const padded = (byte: number): Uint8Array =>
      Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ byte);
    this.#inner = padded(0x36);
    this.#outer = padded(0x5c);
    zeroize(key);
  }

  /** 32 bytes that stand for a place and can be made by the holder of the key only. */
  of({ table, row, column, version }: RowPlace): Uint8Array {
    const message = label(table, String(row), column, String(version));
    return sha256(concatBytes(this.#outer, sha256(concatBytes(this.#inner, message))));
  }

  /** Overwrites the keys in memory. */
  close(): void {
    zeroize(this.#inner, this.#outer);
  }
}
