import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { equalBytes, toHex } from '../bytes.ts';

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

/**
 * Lengths around the borders of the 64-byte blocks, short and long, with the digests of {@link testInput}. Every program
 * and thread tests its engine: to hash the long ones with the portable engine first would take longer than all else.
 */
const testDigests: readonly (readonly [length: number, digest: string])[] = [
  [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [1, '8a5edab282632443219e051e4ade2d1d5bbc671c781051bf1437897cbdfea0f1'],
  [31, 'ddeffcf7737e05818520f2d934e320196cf3d620790d7730f8f43a73f304883e'],
  [32, 'ae1593c654379b359f0fc4d487bd726aefb9362fb5b83861b1f70e815e5ba5bb'],
  [55, 'dcc24425fdbe47ca3609cd77dbd695f19b371e9c7becd55f369eeed60cd72905'],
  [56, '3591af638ec57e586fe224a775a69f315f44a4cd6467583268703e673639395a'],
  [63, '1106d172ecd061325f6686d3a6d705a7c607ab8e2e81277e35d453e5fc4529b4'],
  [64, '363a34671065ed24a6e10b7a2e20595b8e556ff22daa1462f78fe07e903f9c28'],
  [65, 'b403320705c6f102409ebe21884c6944500aa0b9055b15707971df4fbde41d26'],
  [119, '29448b3d8686fe86d34b60f3ce0f4748f6cab62efe9cff656071eb4759f0118e'],
  [120, '7bfb5dba6b3a5bbf3b2b17e460b4e511334d35d3f3f3161e2e97f09832c0a469'],
  [127, '20d20aa25a02e61f3ebfae2fd60d269fa23e8f7c31979ea01c5e4b07f00dfe32'],
  [128, 'a871e368c47f62c080792d6fc4df165fa42661eaa1637091c655148c856312a1'],
  [1000, '1654d187051733970345d54c0c7b93478a47d389cbfa14038e0eabd6b9c15536'],
  [4096, 'e672c017617f17ececa77405a9192555e61f99591ae71dcd9f8020ee8caa332f'],
  [70000, 'af60625fe8244aa44e10cae7181e44666f55df46d92922ed1dc04d6672cafc16'],
];

/** Has a view into itself, of this length: an engine that ignores where a view begins is found out. */
function testInput(length: number): Uint8Array {
  const whole = new Uint8Array(length + 3);
  for (let i = 0; i < whole.length; i++) whole[i] = (i * 151 + length) & 255;
  return whole;
}

function gives(candidate: Sha256, length: number, digest: string): boolean {
  const whole = testInput(length);
  const before = whole.slice();
  return toHex(candidate(whole.subarray(2, -1))) === digest && equalBytes(whole, before);
}

/** Takes a faster engine into use. @returns false, leaving all as it was, when it differs. */
export function useSha256(candidate: Sha256): boolean {
  try {
    if (!testDigests.every(([length, digest]) => gives(candidate, length, digest))) return false;
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
    for (const [length, digest] of testDigests) {
      const data = testInput(length).subarray(2, -1);
      const [one, other] = [candidate(), candidate()];
      const cut = Math.floor(length / 3);
      for (const piece of [data.subarray(0, cut), new Uint8Array(0), data.subarray(cut)]) one.update(piece);
      other.update(data);
      if (toHex(one.digest()) !== digest || toHex(other.digest()) !== digest) return false;
    }
  } catch {
    return false;
  }
  startEngine = candidate;
  return true;
}
