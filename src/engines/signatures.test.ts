import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ed25519Vectors, largeEd25519Vectors } from '../../test/support/ed25519-vectors.ts';
import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';
import { portableEd25519, publicKeyOf, useEd25519Engine, verifySignature } from '../core/crypto/signature.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumEd25519 } from './sodium.ts';

const vectors = [...ed25519Vectors(), ...largeEd25519Vectors()];
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe.each<[string, () => Ed25519Engine | Promise<Ed25519Engine>]>([
  ['node:crypto', () => nodeEd25519],
  ['libsodium', sodiumEd25519],
])('Ed25519 of %s', (name, load) => {
  it('is taken and gives the stated verdict on all vectors', async () => {
    const engine = await load();
    expect(engine.name).toBe(name);
    expect(useEd25519Engine(engine)).toEqual({ ok: true, value: undefined });
    for (const test of vectors) {
      expect(verifySignature(test.publicKey, test.message, test.signature), test.name).toBe(test.valid);
      if (test.seed !== undefined) expect(engine.sign(test.seed, test.message)).toEqual(test.signature);
    }
  });

  it('signs as the portable engine does', async () => {
    const engine = await load();
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        const signature = engine.sign(seed, message);
        expect(signature).toEqual(portableEd25519.sign(seed, message));
        expect(engine.verify(publicKeyOf(seed), message, signature)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
