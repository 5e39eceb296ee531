/**
 * A second valid signature by the same key over the same bytes. Ed25519 derives its secret number from the message, but
 * a signer who takes another one makes another signature that everyone accepts.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

interface Sodium {
  crypto_scalarmult_ed25519_base_noclamp(point: Buffer, scalar: Buffer): void;
}

const sodium = createRequire(import.meta.url)('sodium-native') as Sodium;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function numberOf(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function hash(...parts: readonly Uint8Array[]): Uint8Array {
  return createHash('sha512').update(Buffer.concat(parts)).digest();
}

/** The signature (64 bytes) with `nonce` as the secret number. */
export function secondSignature(
  seed: Uint8Array,
  publicKey: Uint8Array,
  message: Uint8Array,
  nonce: bigint,
): Uint8Array {
  const scalar = hash(seed).subarray(0, 32);
  scalar[0] = (scalar[0] ?? 0) & 248;
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64;
  const point = Buffer.alloc(32);
  sodium.crypto_scalarmult_ed25519_base_noclamp(point, bytesOf(nonce));
  const challenge = numberOf(hash(point, publicKey, message)) % order;
  return Buffer.concat([point, bytesOf((nonce + challenge * numberOf(scalar)) % order)]);
}
