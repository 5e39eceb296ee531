import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSha256, useRunningSha256, useSha256 } from '../core/crypto/sha256.ts';
import { nodeRunningSha256, nodeSha256 } from './hashes.ts';

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

describe('SHA-256 of pieces', () => {
  it('is that of the whole, with either engine', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
    const check = (): void => {
      fc.assert(
        fc.property(pieces, (list) => {
          const running = startSha256();
          for (const piece of list) running.update(piece);
          expect(running.digest()).toEqual(sha256(Uint8Array.from(list.flatMap((piece) => [...piece]))));
        }),
        { numRuns: 50 },
      );
    };
    check();
    expect(useRunningSha256(nodeRunningSha256)).toBe(true);
    check();
  });

  it('is not taken from an engine that forgets a piece', () => {
    const forgetful = () => {
      let last = new Uint8Array(0);
      return {
        update: (piece: Uint8Array) => {
          last = piece.slice();
        },
        digest: () => sha256(last),
      };
    };
    expect(useRunningSha256(forgetful)).toBe(false);
  });
});
