import nacl from 'tweetnacl';
import { concatBytes, equalBytes, toHex } from '../bytes.ts';
import { sha256 } from './sha256.ts';

/**
 * Sealed bytes: XSalsa20-Poly1305 (NaCl secretbox) as one replaceable engine. An engine changes the speed, never a
 * result: a candidate that differs on the test inputs is refused. There is no associated data: what a box belongs to goes
 * into the derivation of its key (`kdf.ts`).
 */
export interface BoxEngine {
  readonly name: string;
  /** The authenticator of 16 bytes, then as many bytes as the plaintext has. Inputs are neither kept nor changed. */
  readonly seal: (plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) => Uint8Array;
  /** The plaintext; undefined when the box is not of this key and nonce, or is shorter than an authenticator. */
  readonly open: (box: Uint8Array, nonce: Uint8Array, key: Uint8Array) => Uint8Array | undefined;
}

const { secretbox } = nacl;
const openPortable = secretbox.open.bind(secretbox);
const keyLength = 32;
const nonceLength = 24;

const portable: BoxEngine = Object.freeze({
  name: 'tweetnacl',
  seal: (plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) => secretbox(plaintext, nonce, key),
  open: (box: Uint8Array, nonce: Uint8Array, key: Uint8Array) => openPortable(box, nonce, key) ?? undefined,
});

let engine = portable;

/** Lengths around the borders of the blocks of the cipher (64 bytes) and of the authenticator (16). */
const testLengths = [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 1000, 70_000];

/**
 * SHA-256 of the boxes that the portable engine makes of these lengths, one after the other: every program tests its
 * engine, and to run the portable one first would take longer than the test.
 */
const expectedBoxes = 'a9610eaa86e1266ec63dbb492b6f9318b80396a4902e30b906085f149befc63e';

/** A view into a larger buffer: an engine that ignores where a view begins is found out. */
function testInput(size: number, factor: number, start: number): Uint8Array {
  const whole = new Uint8Array(size + 3);
  for (let i = 0; i < whole.length; i++) whole[i] = (i * factor + start) & 255;
  return whole.subarray(2, -1);
}

/** The box that a candidate makes of a test input; undefined when it does not open what it should, or opens more. */
function boxOf(candidate: BoxEngine, length: number): Uint8Array | undefined {
  const plaintext = testInput(length, 151, length);
  const nonce = testInput(nonceLength, 7, length);
  const key = testInput(keyLength, 31, length);
  const inputs = [plaintext, nonce, key];
  const before = inputs.map((input) => input.slice());
  const box = candidate.seal(plaintext, nonce, key);
  const opened = candidate.open(box, nonce, key);
  if (box.length !== length + 16 || opened === undefined || !equalBytes(opened, plaintext)) return undefined;
  for (const at of [0, 15, 16, box.length - 1].filter((place) => place < box.length)) {
    if (candidate.open(box.with(at, (box[at] ?? 0) ^ 0x80), nonce, key) !== undefined) return undefined;
  }
  if (candidate.open(box.subarray(0, 15), nonce, key) !== undefined) return undefined;
  return inputs.every((input, i) => equalBytes(input, before[i] ?? input)) ? box : undefined;
}

function passesTest(candidate: BoxEngine): boolean {
  const boxes: Uint8Array[] = [];
  for (const length of testLengths) {
    const box = boxOf(candidate, length);
    if (box === undefined) return false;
    boxes.push(box);
  }
  return toHex(sha256(concatBytes(...boxes))) === expectedBoxes;
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useBoxes(candidate: BoxEngine): boolean {
  const { name, seal, open } = candidate;
  const taken = Object.freeze({ name, seal, open });
  try {
    if (!passesTest(taken)) return false;
  } catch {
    return false;
  }
  engine = taken;
  return true;
}

function needLengths(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== keyLength) throw new RangeError(`a key has ${keyLength} bytes, not ${key.length}`);
  if (nonce.length !== nonceLength)
    throw new RangeError(`a nonce has ${nonceLength} bytes, not ${nonce.length}`);
}

/**
 * For data at rest: the nonce, then the box.
 *
 * @param key 32 bytes, used for nothing else. @param nonce 24 random bytes, never used twice with this key.
 */
export function sealBytes(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concatBytes(nonce, sealBox(key, nonce, plaintext));
}

/** The plaintext, or undefined when the bytes were not sealed under this key or were changed since. */
export function openSealed(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < nonceLength) return undefined;
  return openBox(key, sealed.subarray(0, nonceLength), sealed.subarray(nonceLength));
}

/** A secretbox under a nonce that the caller derives or counts. @param nonce 24 bytes, never used twice with this key. */
export function sealBox(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  needLengths(key, nonce);
  return engine.seal(plaintext, nonce, key);
}

/** The plaintext of a secretbox, or undefined when it was not sealed under this key and nonce or was changed since. */
export function openBox(key: Uint8Array, nonce: Uint8Array, box: Uint8Array): Uint8Array | undefined {
  needLengths(key, nonce);
  return box.length < 16 ? undefined : engine.open(box, nonce, key);
}
