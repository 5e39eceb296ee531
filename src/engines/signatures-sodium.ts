import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';

/**
 * Ed25519 on libsodium. The only file that touches sodium-native, and only when called: the package is a native
 * library that may be missing or fail to load on some computers. @throws what its loading throws.
 */
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
