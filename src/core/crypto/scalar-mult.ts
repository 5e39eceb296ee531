/**
 * The function X25519 of RFC 7748 as one replaceable engine. An engine changes the speed, never a result: a candidate
 * that differs on the test inputs is refused. What results may be used is decided in `signature.ts`.
 */
import nacl from 'tweetnacl';
import { concatBytes, equalBytes, fromHex, toHex } from '../bytes.ts';
import { sha256 } from './sha256.ts';

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

/**
 * SHA-256 of what the portable function gives for all secrets with all keys, one after the other: every program tests its
 * engine, and to run the portable function first would take longer than the test.
 */
const expected = 'b08adc25804305be7aea2a074ddf14c3d88f8451d2354e7476a17f71ca4ad9f5';

/** A view into a larger buffer: an engine that ignores where a view begins is found out. */
function viewOf(hex: string): Uint8Array {
  const whole = fromHex(`ff${hex}ff`);
  if (whole === undefined) throw new RangeError('not hexadecimal');
  return whole.subarray(1, -1);
}

/** What a candidate gives; nothing when it changes what it is given. */
function resultOf(candidate: ScalarMult, secret: string, key: string): Uint8Array {
  const [a, b] = [viewOf(secret), viewOf(key)];
  const result = candidate(a, b);
  return equalBytes(a, viewOf(secret)) && equalBytes(b, viewOf(key)) ? result : new Uint8Array();
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useScalarMult(candidate: ScalarMult): boolean {
  try {
    const results = secrets.flatMap((secret) => edges.map((key) => resultOf(candidate, secret, key)));
    if (!results.every((result) => result.length === 32)) return false;
    if (toHex(sha256(concatBytes(...results))) !== expected) return false;
  } catch {
    return false;
  }
  engine = candidate;
  return true;
}
