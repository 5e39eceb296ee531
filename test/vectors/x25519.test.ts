import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { isAgreementKey, sharedSecret, x25519PublicKey } from '../../src/core/crypto/signature.ts';
import { startEngines } from '../../src/engines/start.ts';
import { good, hex, vectors, verdict } from './support.ts';

const { agreements, refused } = vectors('x25519') as {
  readonly agreements: readonly {
    readonly name: string;
    readonly secret: string;
    readonly public?: string;
    readonly key: string;
    readonly shared: string;
  }[];
  readonly refused: readonly {
    readonly name: string;
    readonly secret: string;
    readonly key: string;
    readonly code: string;
  }[];
};

// The portable engine before the native ones are taken into use, and these afterwards.
describe.each(['portable', 'native'])('key agreement of the second implementation, %s', (engines) => {
  beforeAll(async () => {
    if (engines === 'native') await startEngines();
  });

  it.each(agreements)('agrees: $name', (vector) => {
    expect(toHex(good(sharedSecret(hex(vector.secret), hex(vector.key))))).toBe(vector.shared);
    expect(isAgreementKey(hex(vector.key))).toBe(true);
    if (vector.public !== undefined) expect(toHex(x25519PublicKey(hex(vector.secret)))).toBe(vector.public);
  });

  it.each(refused)('refuses with $code: $name', ({ secret, key, code }) => {
    expect(verdict(sharedSecret(hex(secret), hex(key)))).toBe(code);
    expect(isAgreementKey(hex(key))).toBe(false);
  });
});
