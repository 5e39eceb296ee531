import nacl from 'tweetnacl';
import { concatBytes } from '../bytes.ts';

/**
 * Sealed bytes for data at rest: 24 bytes of nonce, then XSalsa20-Poly1305 (NaCl secretbox). There is no
 * associated data: what a box belongs to goes into the derivation of its key (`kdf.ts`).
 */

/** @param key 32 bytes, used for nothing else. @param nonce 24 random bytes, never used twice with this key. */
export function sealBytes(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return concatBytes(nonce, nacl.secretbox(plaintext, nonce, key));
}

/** The plaintext, or undefined when the bytes were not sealed under this key or were changed since. */
export function openSealed(key: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < nacl.secretbox.nonceLength + nacl.secretbox.overheadLength) return undefined;
  const nonce = sealed.slice(0, nacl.secretbox.nonceLength);
  return nacl.secretbox.open(sealed.slice(nacl.secretbox.nonceLength), nonce, key) ?? undefined;
}
