import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitCount,
  bitLength,
  consistencyProofNodes,
  coveringNodes,
  maxTreeSize,
  rootNodes,
} from './nodes.ts';

const size = fc.bigInt({ min: 0n, max: maxTreeSize });

describe('nodes', () => {
  it('cover a range exactly, from left to right, each as large as its place allows', () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        let at = start;
        for (const { level, index } of coveringNodes(start, end)) {
          const width = 1n << BigInt(level);
          expect(index * width).toBe(at);
          // The next larger node would begin elsewhere or reach too far.
          expect(at % (2n * width) !== 0n || at + 2n * width > end).toBe(true);
          at += width;
        }
        expect(at).toBe(end);
      }),
    );
  });

  it('of a root are one for each one bit of the size', () => {
    fc.assert(
      fc.property(size, (n) => {
        expect(rootNodes(n).length).toBe(bitCount(n));
      }),
    );
    expect(rootNodes(0)).toEqual([]);
    expect(rootNodes(6)).toEqual([
      { level: 2, index: 0n },
      { level: 1, index: 2n },
    ]);
  });

  it('of a consistency proof do not repeat an old tree that is one node', () => {
    expect(consistencyProofNodes(4, 7)).toEqual([
      [
        { level: 1, index: 2n },
        { level: 0, index: 6n },
      ],
    ]);
    expect(consistencyProofNodes(0, 7)).toEqual([]);
    expect(consistencyProofNodes(7n, 7)).toEqual([]);
    // The example of RFC 6962 section 2.1.3, from 3 to 7: c, d, g, l.
    expect(consistencyProofNodes(3, 7)).toEqual([
      [{ level: 0, index: 2n }],
      [{ level: 0, index: 3n }],
      [{ level: 1, index: 0n }],
      [
        { level: 1, index: 2n },
        { level: 0, index: 6n },
      ],
    ]);
  });

  it('count bits', () => {
    expect([0n, 1n, 2n, 3n, 255n, 256n, maxTreeSize].map(bitLength)).toEqual([0, 1, 2, 2, 8, 9, 63]);
    expect([0n, 1n, 2n, 3n, 255n, 256n, maxTreeSize].map(bitCount)).toEqual([0, 1, 1, 2, 8, 1, 63]);
  });
});
