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
}

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex);
  if (read === undefined) throw new RangeError('not hexadecimal');
  return read;
}

/** The project's own Ed25519 cases. */
export function ed25519Vectors(): readonly Ed25519Vector[] {
  const path = join(import.meta.dirname, '../vectors/ed25519.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as File;
  return file.cases.map((row) => ({
    name: row.name,
    preChecks: row.preChecks,
    valid: row.valid,
    seed: row.seed === undefined ? undefined : bytes(row.seed),
    publicKey: bytes(row.publicKey),
    message: bytes(row.message),
    signature: bytes(row.signature),
  }));
}
