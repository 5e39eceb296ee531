/** What a vault holds, and the keys under which it is sealed (`docs/spec/backup.md`, 'The sealed identity'). */
import { randomBytes } from 'node:crypto';
import { concatBytes, copyBytes, toUtf8 } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { openSealed, sealBytes } from '../../core/crypto/sealed.ts';
import { zeroize } from '../../core/crypto/signature.ts';

/** The secrets of a profile. */
export interface Secrets {
  /** 32 random bytes from which the keys of all local private rows are derived. */
  readonly profileKey: Uint8Array;
  /** The 32 bytes that the 24 words stand for; absent in a profile that only watches. */
  readonly entropy?: Uint8Array;
}

const version = 1;

/** One key for one purpose from a longer-lived one. */
function derived(domain: string, key: Uint8Array, ...parts: readonly string[]): Uint8Array {
  const pseudorandom = hkdfExtract(toUtf8(domain), key);
  try {
    return hkdfExpand(pseudorandom, label(...parts), 32);
  } finally {
    zeroize(pseudorandom);
  }
}

function sealOnce(key: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return sealBytes(key, new Uint8Array(randomBytes(24)), plaintext);
}

/** Seals the secrets under a key of 32 bytes; `purpose` and `profile` are part of the derivation. */
export function sealSecrets(secrets: Secrets, key: Uint8Array, purpose: string, profile: string): Uint8Array {
  const sealingKey = derived('countersign/vault/v1', key, purpose, profile);
  const plain = concatBytes(Uint8Array.of(version), secrets.profileKey, secrets.entropy ?? new Uint8Array());
  const sealed = sealOnce(sealingKey, plain);
  zeroize(sealingKey, plain);
  return sealed;
}

/** Opens sealed secrets, or undefined when the key is another or the bytes were changed. */
export function openSecrets(
  sealed: Uint8Array,
  key: Uint8Array,
  purpose: string,
  profile: string,
): Secrets | undefined {
  const sealingKey = derived('countersign/vault/v1', key, purpose, profile);
  const plain = openSealed(sealingKey, sealed);
  zeroize(sealingKey);
  if (plain?.[0] !== version || (plain.length !== 33 && plain.length !== 65)) return undefined;
  const profileKey = copyBytes(plain.subarray(1, 33));
  const entropy = plain.length === 65 ? { entropy: copyBytes(plain.subarray(33)) } : {};
  zeroize(plain);
  return { profileKey, ...entropy };
}

/** Seals the profile key under the words themselves. */
export function sealForWords(profileKey: Uint8Array, entropy: Uint8Array, profile: string): Uint8Array {
  const key = derived('countersign/vault-words/v1', entropy, profile);
  const sealed = sealOnce(key, profileKey);
  zeroize(key);
  return sealed;
}

/** The profile key that was sealed under these words, or undefined when they are others. */
export function openByWords(
  sealed: Uint8Array,
  entropy: Uint8Array,
  profile: string,
): Uint8Array | undefined {
  const key = derived('countersign/vault-words/v1', entropy, profile);
  const profileKey = openSealed(key, sealed);
  zeroize(key);
  return profileKey?.length === 32 ? profileKey : undefined;
}
