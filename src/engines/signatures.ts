import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';

/** What stands before the seed in the PKCS #8 form of an Ed25519 private key (RFC 8410 section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 on the cryptographic library inside Node (OpenSSL) or Electron (BoringSSL). */
export const nodeEd25519: Ed25519Engine = Object.freeze<Ed25519Engine>({
  name: 'node:crypto',
  verify: (publicKey, message, signature) => {
    // A key is imported anew for each signature. As JWK: reading DER takes several times as long.
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  },
  sign: (seed, message) => {
    const der = Buffer.concat([pkcs8Prefix, seed]);
    try {
      return new Uint8Array(
        sign(null, message, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })),
      );
    } finally {
      der.fill(0);
    }
  },
});
