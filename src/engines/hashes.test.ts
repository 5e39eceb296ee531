import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useSha256 } from '../core/crypto/sha256.ts';
import { nodeSha256 } from './hashes.ts';

describe('SHA-256 of node:crypto', () => {
  it('is taken and gives the bytes of the portable engine', () => {
    expect(useSha256(nodeSha256)).toBe(true);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(nodeSha256(data)).toEqual(sha256(data));
      }),
    );
  });
});
