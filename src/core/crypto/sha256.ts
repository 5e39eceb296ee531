import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';

/**
 * SHA-256 (FIPS 180-4) as one replaceable engine. An engine changes the speed, never a result: a candidate that
 * differs on the test inputs is refused. The portable engine is @noble/hashes.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

let engine: Sha256 = portableSha256;

/** The 32-byte SHA-256 of `data`. */
export function sha256(data: Uint8Array): Uint8Array {
  return engine(data);
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useSha256(candidate: Sha256): boolean {
  for (const length of [0, 1, 32, 55, 56, 63, 64, 65, 119, 128, 1000]) {
    const input = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 255);
    const expected = portableSha256(input);
    const actual = candidate(input);
    if (actual.length !== 32 || actual.some((byte, i) => byte !== expected[i])) return false;
  }
  engine = candidate;
  return true;
}
