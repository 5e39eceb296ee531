/**
 * The one signature rule of `docs/spec/signatures.md`: Ed25519 of RFC 8032 with the cofactorless equation, the
 * key and R canonical and not of small order, S below the group order. Every signature in the project is judged
 * here; engines only make it faster. Nothing is remembered about what was verified.
 */
import nacl from 'tweetnacl';
import { equalBytes } from '../bytes.ts';
import type { SignatureCode } from '../errors/signature.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Ed25519Engine } from './ed25519-engine.ts';
import { testEngine, testEngineAgain } from './engine-self-test.ts';
import { scalarMult } from './scalar-mult.ts';

// Taken at once: an exchange of the package's functions later on reaches nothing here.
const { detached, keyPair } = nacl.sign;
const verifyDetached = detached.verify.bind(detached);
const fromSeed = keyPair.fromSeed.bind(keyPair);

/** The engine that runs everywhere: tweetnacl. */
export const portableEd25519: Ed25519Engine = Object.freeze({
  name: 'tweetnacl',
  verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
    verifyDetached(message, signature, publicKey),
  sign: (seed: Uint8Array, message: Uint8Array) => {
    const pair = fromSeed(seed);
    const signature = detached(message, pair.secretKey);
    zeroize(pair.secretKey);
    return signature;
  },
});

let engine = portableEd25519;

/** The name of the engine in use. */
export function ed25519EngineName(): string {
  return engine.name;
}

/**
 * Takes an engine into use after it passed the start-up cases. One that differs or fails is refused, and the engine
 * in use stays. An engine changes the speed, never a verdict. What is tested and used are the functions that it has
 * now: to exchange them in `candidate` later changes nothing.
 */
export function useEd25519Engine(candidate: Ed25519Engine): Result<void, SignatureCode> {
  return useAfter(testEngine, candidate);
}

/**
 * As {@link useEd25519Engine}, for an engine that passed all of it in another thread of this process: the cases with
 * large messages are not run again.
 */
export function useEd25519EngineAgain(candidate: Ed25519Engine): Result<void, SignatureCode> {
  return useAfter(testEngineAgain, candidate);
}

function useAfter(test: typeof testEngine, candidate: Ed25519Engine): Result<void, SignatureCode> {
  const { name, verify, sign } = candidate;
  const taken = Object.freeze({ name, verify, sign });
  const verdict = test(taken);
  if (verdict.ok) engine = taken;
  return verdict;
}

/** The group order L, little-endian. */
const order = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]);

/** The field prime p = 2^255 - 19, little-endian. */
const prime = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xed : i === 31 ? 0x7f : 0xff));

/** A y-coordinate of the points of order 8, little-endian; the other is p minus it. */
const order8 = Uint8Array.from([
  0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
  0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
]);

/** p - y of a little-endian y. */
function negated(y: Uint8Array): Uint8Array {
  let borrow = 0;
  return y.map((byte, i) => {
    const difference = (prime[i] ?? 0) - byte - borrow;
    borrow = difference < 0 ? 1 : 0;
    return difference & 255;
  });
}

const one = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));

/** The y-coordinates of all eight points whose order divides 8: order 4, 1, 2, 8, 8; x is either root. */
const smallOrderY = [new Uint8Array(32), one, negated(one), order8, negated(order8)];

/** Whether the 32 bytes from `start` on are below `bound`, little-endian. */
function below(bytes: Uint8Array, start: number, bound: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (bytes[start + i] ?? 0) - (bound[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Takes a y while it is looked at: every signature has two, and allocating them takes longer. */
const passingY = new Uint8Array(32);

/** Whether the 32 bytes from `start` on may stand for a point under the rule: y below p and not one of small order. */
function acceptablePoint(bytes: Uint8Array, start: number): boolean {
  const y = passingY;
  for (let i = 0; i < 32; i++) y[i] = bytes[start + i] ?? 0;
  y[31] = (y[31] ?? 0) & 0x7f;
  return below(y, 0, prime) && !smallOrderY.some((small) => equalBytes(small, y));
}

/**
 * Whether a public key may be used at all: 32 bytes, canonical, not of small order. Under any other key no signature
 * is valid. (Whether the bytes stand for a point of the curve shows when a signature is verified.)
 */
export function isSigningKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && acceptablePoint(publicKey, 0);
}

/** The pre-checks of the rule; what they refuse no engine is asked about. */
export function passesPreChecks(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    signature.length === 64 &&
    below(signature, 32, order) &&
    isSigningKey(publicKey) &&
    acceptablePoint(signature, 0)
  );
}

/**
 * Whether `signature` (64 bytes: R, S) by `publicKey` (32 bytes) over `message` is valid under the one rule.
 * Inputs of any length and content are judged, never thrown upon.
 */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return passesPreChecks(publicKey, signature) && engine.verify(publicKey, message, signature);
}

/** The 32-byte public key of a 32-byte seed (RFC 8032 section 5.1.5). @throws RangeError on another length. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  need32(seed, 'seed');
  const pair = fromSeed(seed);
  zeroize(pair.secretKey);
  return pair.publicKey;
}

/**
 * The 64-byte Ed25519 signature of the seed's key over `message` (RFC 8032 section 5.1.6). The public key is
 * derived anew each time: one handed in from elsewhere could give the secret away.
 *
 * @throws RangeError when the seed is not 32 bytes.
 */
export function signMessage(seed: Uint8Array, message: Uint8Array): Uint8Array {
  need32(seed, 'seed');
  return engine.sign(seed, message);
}

/** The point that every X25519 public key is a multiple of. */
const basePoint = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0));

/** The X25519 public key of a 32-byte secret (RFC 7748 section 6.1). @throws RangeError on another length. */
export function x25519PublicKey(secret: Uint8Array): Uint8Array {
  need32(secret, 'secret');
  return scalarMult(secret, basePoint);
}

/**
 * The X25519 shared secret (RFC 7748 section 6.1). An all-zero result means that the other key is of small order
 * and the secret known to everyone: refused.
 *
 * @throws RangeError when either is not 32 bytes.
 */
export function sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Result<Uint8Array, SignatureCode> {
  need32(secret, 'secret');
  need32(publicKey, 'public key');
  const shared = scalarMult(secret, publicKey);
  return shared.some((byte) => byte !== 0) ? ok(shared) : refuse('signature-agreement-zero');
}

/**
 * Whether an X25519 public key may be used: 32 bytes that do not give an all-zero secret. Whether they do does not
 * depend on the other side's secret, because every X25519 secret is a multiple of 8.
 */
export function isAgreementKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && sharedSecret(new Uint8Array(32), publicKey).ok;
}

/** Overwrites secrets with zeros. Best effort: the runtime may hold copies that nobody can reach. */
export function zeroize(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

function need32(bytes: Uint8Array, what: string): void {
  if (bytes.length !== 32) throw new RangeError(`the ${what} has 32 bytes, not ${bytes.length}`);
}
