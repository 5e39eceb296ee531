/** Private rows of the local database: sealed one by one, each under a key of its own (`docs/spec/backup.md`). */
import { randomBytes } from 'node:crypto';
import { toUtf8 } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
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

/** 32 bytes that stand for a place and can be made by the holder of the key only. */
export function hashAt(rowsKey: Uint8Array, place: RowPlace): Uint8Array {
  return keyOf(rowsKey, place);
}
