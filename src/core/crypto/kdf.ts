/**
 * Keys from keys: HMAC-SHA-256 (RFC 2104), HKDF-SHA-256 (RFC 5869) and SHA-512 (FIPS 180-4), with labels that no
 * two lists of parts share. Specified in `docs/spec/signatures.md`, 'Key derivation'.
 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 as portableSha512 } from '@noble/hashes/sha2.js';
import { concatBytes, toUtf8, uintToBytes } from '../bytes.ts';

/** The 32-byte HMAC-SHA-256 of `data`. Compare tags with {@link equalSecrets}. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sha256, key, data);
}

/** The 64-byte SHA-512 of `data`. */
export function sha512(data: Uint8Array): Uint8Array {
  return portableSha512(data);
}

/** The 64-byte HMAC-SHA-512 of `data` (SLIP-0010 derives with it). */
export function hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(portableSha512, key, data);
}

/** HKDF-Extract: the 32-byte pseudorandom key of some keying material. An empty salt counts as 32 zero bytes. */
export function hkdfExtract(salt: Uint8Array, keyingMaterial: Uint8Array): Uint8Array {
  return extract(sha256, keyingMaterial, salt);
}

/**
 * HKDF-Expand: `length` bytes of key.
 *
 * @param pseudorandomKey 32 bytes, of {@link hkdfExtract} or uniformly random.
 * @throws RangeError when the key is not 32 bytes or the length not 1 to 8160.
 */
export function hkdfExpand(pseudorandomKey: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (pseudorandomKey.length !== 32) throw new RangeError('the pseudorandom key has 32 bytes');
  if (!Number.isSafeInteger(length) || length < 1 || length > 255 * 32)
    throw new RangeError('1 to 8160 bytes');
  return expand(sha256, pseudorandomKey, info, length);
}

/**
 * The label of a list of parts: each part (text as UTF-8) behind its length in bytes as u16. Two different lists
 * never give the same label, so no key is derived for two purposes.
 *
 * @throws RangeError when a part is longer than 65,535 bytes.
 */
export function label(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return concatBytes(
    ...parts.flatMap((part) => {
      const bytes = typeof part === 'string' ? toUtf8(part) : part;
      return [uintToBytes(bytes.length, 2), bytes];
    }),
  );
}

/** Whether two byte strings are equal, in a time that depends on their lengths only. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
