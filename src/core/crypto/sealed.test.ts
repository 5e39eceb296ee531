import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, it } from 'vitest';
import { openSealed, sealBytes } from './sealed.ts';

const key = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(24).fill(2);

describe('sealed bytes', () => {
  it('are the nonce and a secretbox', () => {
    const plaintext = Uint8Array.of(1, 2, 3);
    const sealed = sealBytes(key, nonce, plaintext);
    expect(sealed.subarray(0, 24)).toEqual(nonce);
    expect(sealed.subarray(24)).toEqual(nacl.secretbox(plaintext, nonce, key));
    expect(sealed).toHaveLength(24 + 16 + 3);
  });

  it('open with their key to what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (plaintext) => {
        expect(openSealed(key, sealBytes(key, nonce, plaintext))).toEqual(plaintext);
      }),
      { numRuns: 50 },
    );
  });

  it('do not open when any bit was changed, or with another key', () => {
    const sealed = sealBytes(key, nonce, new Uint8Array(32).fill(3));
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openSealed(key, changed), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(openSealed(key, sealed.subarray(0, length))).toBeUndefined();
    expect(openSealed(key, Uint8Array.of(...sealed, 0))).toBeUndefined();
    expect(openSealed(new Uint8Array(32), sealed)).toBeUndefined();
  });

  it('need a key and a nonce of the right length', () => {
    expect(() => sealBytes(key.subarray(1), nonce, new Uint8Array())).toThrow();
    expect(() => sealBytes(key, nonce.subarray(1), new Uint8Array())).toThrow();
    expect(() => openSealed(key.subarray(1), sealBytes(key, nonce, new Uint8Array()))).toThrow();
  });
});
