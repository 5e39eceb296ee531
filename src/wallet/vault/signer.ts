import { publicKeyOf, signMessage, x25519PublicKey, zeroize } from '../../core/crypto/signature.ts';
import { deriveKey } from '../../core/identity/derive.ts';
import { seedOfWords, wordsOf } from '../../core/identity/words.ts';

/** Signs with an identity's key for one ledger. The key itself cannot be had from it. */
export interface Signer {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519 public key, 32 bytes. */
  readonly encryptionKey: Uint8Array;
  /** The 64-byte signature over `message`. @throws RangeError after `close`. */
  sign(message: Uint8Array): Uint8Array;
  /** Overwrites the key in memory. */
  close(): void;
}

/**
 * The signer of an identity's first key for a ledger.
 * @param entropy the 32 bytes that the 24 words stand for.
 */
export function signerOf(entropy: Uint8Array, ledger: Uint8Array): Signer {
  // The words are a text, which nobody can overwrite: they stay in memory until the runtime reuses it.
  const seed = seedOfWords(wordsOf(entropy));
  const signing = deriveKey(seed, ledger, 'signing', 0);
  const encryption = deriveKey(seed, ledger, 'encryption', 0);
  const encryptionKey = x25519PublicKey(encryption);
  zeroize(seed, encryption);
  let isClosed = false;
  return {
    publicKey: publicKeyOf(signing),
    encryptionKey,
    sign(message) {
      if (isClosed) throw new RangeError('the signer is closed');
      return signMessage(signing, message);
    },
    close() {
      isClosed = true;
      zeroize(signing);
    },
  };
}
