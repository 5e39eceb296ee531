import nacl from 'tweetnacl';
import { concatBytes, equalBytes } from '../bytes.ts';

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

function agrees(candidate: BoxEngine, length: number): boolean {
  // Views into larger buffers: an engine that ignores where a view begins is found out.
  const view = (size: number, factor: number): Uint8Array =>
    Uint8Array.from({ length: size + 3 }, (_, i) => (i * factor + length) & 255).subarray(2, -1);
  const inputs = [view(length, 151), view(nonceLength, 7), view(keyLength, 31)] as const;
  const before = inputs.map((input) => input.slice());
  const [plaintext, nonce, key] = inputs;
  const expected = portable.seal(...inputs);
  const box = candidate.seal(...inputs);
  const opened = candidate.open(expected, nonce, key);
  if (!equalBytes(box, expected) || opened === undefined || !equalBytes(opened, plaintext)) return false;
  for (const at of [0, 15, 16, expected.length - 1].filter((place) => place < expected.length)) {
    if (candidate.open(expected.with(at, (expected[at] ?? 0) ^ 0x80), nonce, key) !== undefined) return false;
  }
  if (candidate.open(expected.subarray(0, 15), nonce, key) !== undefined) return false;
  return inputs.every((input, i) => equalBytes(input, before[i] ?? input));
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useBoxes(candidate: BoxEngine): boolean {
  const { name, seal, open } = candidate;
  const taken = Object.freeze({ name, seal, open });
  try {
    if (!testLengths.every((length) => agrees(taken, length))) return false;
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
