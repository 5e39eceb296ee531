import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';
import type { ScalarMult } from '../core/crypto/scalar-mult.ts';
import type { BoxEngine } from '../core/crypto/sealed.ts';

/**
 * The only file that touches sodium-native, and only when called: the package is a native library that may be missing
 * or fail to load on some computers. The functions throw what its loading throws.
 */

/** Ed25519 on libsodium. */
export async function sodiumEd25519(): Promise<Ed25519Engine> {
  const { default: sodium } = await import('sodium-native');
  return Object.freeze<Ed25519Engine>({
    name: 'libsodium',
    verify: (publicKey, message, signature) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
    sign: (seed, message) => {
      const secretKey = new Uint8Array(64);
      const signature = new Uint8Array(64);
      try {
        sodium.crypto_sign_seed_keypair(new Uint8Array(32), secretKey, seed);
        sodium.crypto_sign_detached(signature, message, secretKey);
      } finally {
        sodium.sodium_memzero(secretKey);
      }
      return signature;
    },
  });
}

/** X25519 of libsodium, which refuses keys of small order where the function gives zeros. */
export async function sodiumScalarMult(): Promise<ScalarMult> {
  const { default: sodium } = await import('sodium-native');
  return (secret, publicKey) => {
    const shared = new Uint8Array(32);
    try {
      sodium.crypto_scalarmult(shared, secret, publicKey);
    } catch {
      shared.fill(0);
    }
    return shared;
  };
}

/** The secretbox of libsodium: 64 MiB in a tenth of the time of the portable one. */
export async function sodiumBoxes(): Promise<BoxEngine> {
  const { default: sodium } = await import('sodium-native');
  return Object.freeze<BoxEngine>({
    name: 'libsodium',
    seal: (plaintext, nonce, key) => {
      const box = new Uint8Array(plaintext.length + 16);
      sodium.crypto_secretbox_easy(box, plaintext, nonce, key);
      return box;
    },
    open: (box, nonce, key) => {
      if (box.length < 16) return undefined;
      const plaintext = new Uint8Array(box.length - 16);
      return sodium.crypto_secretbox_open_easy(plaintext, box, nonce, key) ? plaintext : undefined;
    },
  });
}
