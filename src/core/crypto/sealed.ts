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

/** A secretbox under a nonce that the caller counts. @param nonce 24 bytes, never used twice with this key. */
export function sealBox(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return nacl.secretbox(plaintext, nonce, key);
}

/** The plaintext of a secretbox, or undefined when it was not sealed under this key and nonce or was changed since. */
export function openBox(key: Uint8Array, nonce: Uint8Array, box: Uint8Array): Uint8Array | undefined {
  return nacl.secretbox.open(box, nonce, key) ?? undefined;
}
