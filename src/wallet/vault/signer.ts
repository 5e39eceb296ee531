import { publicKeyOf, signMessage, x25519PublicKey, zeroize } from '../../core/crypto/signature.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { deriveKey } from '../../core/identity/derive.ts';
import { seedOfWords, wordsOf } from '../../core/identity/words.ts';

/** Signs with an identity's key for one ledger. The key itself cannot be had from it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519 public key, 32 bytes. */
  readonly encryptionKey: Uint8Array;
  /** Which key of its role it is: 0 for the first, one more with each rotation or recovery. */
  readonly index: number;
  /** The 64-byte signature over `message`. @throws CountersignError `vault-closed` after `close`. */
  sign(message: Uint8Array): Uint8Array;
  /** Overwrites the key in memory. */
  close(): void;
}

/** The signer of the keys number `index` that a seed (the 64 bytes of `seedOfWords`) gives for a ledger. */
export function signerOfSeed(seed: Uint8Array, ledger: Uint8Array, index: number): Signer {
  const signing = deriveKey(seed, ledger, 'signing', index);
  const encryption = deriveKey(seed, ledger, 'encryption', index);
  const encryptionKey = x25519PublicKey(encryption);
  zeroize(encryption);
  let closed = false;
  return {
    publicKey: publicKeyOf(signing),
    encryptionKey,
    index,
    sign(message) {
      if (closed) throw new CountersignError<VaultCode>('vault-closed');
      return signMessage(signing, message);
    },
    close() {
      closed = true;
      zeroize(signing);
    },
  };
}

/** The seed of an identity. @param entropy the 32 bytes that the 24 words stand for. */
export function seedOf(entropy: Uint8Array): Uint8Array {
  return seedOfWords(wordsOf(entropy));
}
