import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '../../src/core/bytes.ts';

/** A case of `test/vectors/ed25519.json`. */
export interface Ed25519Vector {
  readonly name: string;
  /** Whether the pre-checks let it through, and whether the rule calls it valid. */
  readonly preChecks: boolean;
  readonly valid: boolean;
  readonly seed: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

interface File {
  readonly cases: readonly {
    readonly name: string;
    readonly preChecks: boolean;
    readonly valid: boolean;
    readonly seed?: string;
    readonly publicKey: string;
    readonly message: string;
    readonly signature: string;
  }[];
  readonly large: readonly {
    readonly name: string;
    readonly valid: boolean;
    readonly seed?: string;
    readonly publicKey: string;
    readonly start: number;
    readonly length: number;
    readonly mask: number;
    readonly signature: string;
  }[];
}

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex);
  if (read === undefined) throw new RangeError('not hexadecimal');
  return read;
}

function readVectors(): File {
  const path = join(import.meta.dirname, '../vectors/ed25519.json');
  return JSON.parse(readFileSync(path, 'utf8')) as File;
}

/** The project's own Ed25519 cases, but for the large ones. */
export function ed25519Vectors(): readonly Ed25519Vector[] {
  return readVectors().cases.map((row) => ({
    name: row.name,
    preChecks: row.preChecks,
    valid: row.valid,
    seed: row.seed === undefined ? undefined : bytes(row.seed),
    publicKey: bytes(row.publicKey),
    message: bytes(row.message),
    signature: bytes(row.signature),
  }));
}

function largeMessage(start: number, length: number, mask: number): Uint8Array {
  let x = BigInt(start);
  const message = Uint8Array.from({ length }, () => {
    x = (1_664_525n * x + 1_013_904_223n) & 0xffff_ffffn;
    return Number(x >> 24n);
  });
  message[length - 1] = (message[length - 1] ?? 0) ^ mask;
  return message;
}

/** The cases with large messages. */
export function largeEd25519Vectors(): readonly Ed25519Vector[] {
  return readVectors().large.map((row) => ({
    name: row.name,
    preChecks: true,
    valid: row.valid,
    seed: row.seed === undefined ? undefined : bytes(row.seed),
    publicKey: bytes(row.publicKey),
    message: largeMessage(row.start, row.length, row.mask),
    signature: bytes(row.signature),
  }));
}
