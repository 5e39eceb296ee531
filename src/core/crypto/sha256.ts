import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from '../bytes.ts';

/**
 * SHA-256 (FIPS 180-4) as one replaceable engine. An engine changes the speed, never a result: a candidate that
 * differs on the test inputs is refused. An engine neither keeps nor changes its input and returns fresh bytes. The
 * portable engine is @noble/hashes.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

let engine: Sha256 = portableSha256;

/** The 32-byte SHA-256 of `data`. */
export function sha256(data: Uint8Array): Uint8Array {
  return engine(data);
}

/** Lengths around the borders of the 64-byte blocks, short and long. */
const testLengths = [0, 1, 31, 32, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000, 4096, 70_000];

function agrees(candidate: Sha256, length: number): boolean {
  // A view into a larger buffer: an engine that ignores where a view begins is found out.
  const whole = Uint8Array.from({ length: length + 3 }, (_, i) => (i * 151 + length) & 255);
  const before = whole.slice();
  const actual = candidate(whole.subarray(2, -1));
  return equalBytes(actual, portableSha256(before.subarray(2, -1))) && equalBytes(whole, before);
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useSha256(candidate: Sha256): boolean {
  try {
    if (!testLengths.every((length) => agrees(candidate, length))) return false;
  } catch {
    return false;
  }
  engine = candidate;
  return true;
}

/** SHA-256 of bytes that come piece by piece. */
export interface RunningSha256 {
  /** Takes the next piece; it is neither kept nor changed. */
  readonly update: (piece: Uint8Array) => unknown;
  /** The 32-byte digest of all pieces. Nothing is taken afterwards. */
  readonly digest: () => Uint8Array;
}

let startEngine: () => RunningSha256 = () => portableSha256.create();

/** Begins a hash. */
export function startSha256(): RunningSha256 {
  return startEngine();
}

/** Takes a faster engine for pieces into use. @returns false, leaving all as it was, when it differs. */
export function useRunningSha256(candidate: () => RunningSha256): boolean {
  try {
    for (const length of testLengths) {
      const whole = Uint8Array.from({ length: length + 3 }, (_, i) => (i * 151 + length) & 255);
      const data = whole.subarray(2, -1);
      const [one, other] = [candidate(), candidate()];
      const cut = Math.floor(length / 3);
      for (const piece of [data.subarray(0, cut), new Uint8Array(0), data.subarray(cut)]) one.update(piece);
      other.update(data);
      const expected = portableSha256(data.slice());
      if (!equalBytes(one.digest(), expected) || !equalBytes(other.digest(), expected)) return false;
    }
  } catch {
    return false;
  }
  startEngine = candidate;
  return true;
}
