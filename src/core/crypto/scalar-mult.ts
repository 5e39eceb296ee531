/**
 * The function X25519 of RFC 7748 as one replaceable engine. An engine changes the speed, never a result: a candidate
 * that differs on the test inputs is refused. What results may be used is decided in `signature.ts`.
 */
import nacl from 'tweetnacl';
import { equalBytes, fromHex } from '../bytes.ts';

/** 32 bytes from a secret and a public key of 32 bytes each; zeros for a key of small order. */
export type ScalarMult = (secret: Uint8Array, publicKey: Uint8Array) => Uint8Array;

const { scalarMult: portable } = nacl;

let engine: ScalarMult = portable;

export function scalarMult(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return engine(secret, publicKey);
}

/**
 * Where implementations can differ: the smallest and the largest numbers, those at and above p, keys of order 1, 2, 4 and
 * 8 (in whole or in part), with and without the unused top bit; little-endian.
 */
const edges: readonly string[] = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `02${'00'.repeat(31)}`,
  `09${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  `ef${'ff'.repeat(30)}7f`,
  `${'ff'.repeat(31)}7f`,
  'ff'.repeat(32),
  `${'00'.repeat(31)}80`,
  `${'a5'.repeat(31)}7f`,
  `${'5a'.repeat(31)}ff`,
];

const secrets: readonly string[] = [
  '00'.repeat(32),
  'ff'.repeat(32),
  '77'.repeat(32),
  `${'c3'.repeat(31)}40`,
];

/** A view into a larger buffer: an engine that ignores where a view begins is found out. */
function viewOf(hex: string): Uint8Array {
  const whole = fromHex(`ff${hex}ff`);
  if (whole === undefined) throw new RangeError('not hexadecimal');
  return whole.subarray(1, -1);
}

function agrees(candidate: ScalarMult, secret: string, key: string): boolean {
  const [a, b] = [viewOf(secret), viewOf(key)];
  const result = candidate(a, b);
  return (
    equalBytes(result, portable(viewOf(secret), viewOf(key))) &&
    equalBytes(a, viewOf(secret)) &&
    equalBytes(b, viewOf(key))
  );
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useScalarMult(candidate: ScalarMult): boolean {
  try {
    if (!secrets.every((secret) => edges.every((key) => agrees(candidate, secret, key)))) return false;
  } catch {
    return false;
  }
  engine = candidate;
  return true;
}
