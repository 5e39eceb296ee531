import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import { IncrementalTree } from './incremental.ts';
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  prefixProof,
  treeNodes,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  verifyPrefixProof,
} from './merkle.ts';

const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));
const read = treeNodes(leaves);

/** MTH of RFC 6962 section 2.1, word for word: the yardstick. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (first === undefined) return emptyRoot();
  if (hashes.length === 1) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(definedRoot(hashes.slice(0, split)), definedRoot(hashes.slice(split)));
}

const roots = Array.from({ length: 71 }, (_, size) => definedRoot(leaves.slice(0, size)));
const rootOf = (size: number): Uint8Array => roots[size] ?? emptyRoot();

describe('roots', () => {
  it('follow the definition, in one go and leaf by leaf', () => {
    const growing = new IncrementalTree();
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (let size = 0; size <= 70; size++) {
      expect(treeRoot(leaves.slice(0, size))).toEqual(rootOf(size));
      expect(growing.root()).toEqual(rootOf(size));
      const next = leaves[size];
      if (next !== undefined) growing.append(next);
    }
  });
});

describe('proofs, for every pair of sizes up to 70', () => {
  it('of inclusion verify', () => {
    for (let size = 1; size <= 70; size++) {
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(read, index, size);
        const claim = { leafHash: leaves[index] ?? emptyRoot(), index, size, proof, root: rootOf(size) };
        expect(verifyInclusion(claim)).toEqual({ ok: true, value: undefined });
      }
    }
  });

  it('of consistency verify', () => {
    for (let newSize = 0; newSize <= 70; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(read, oldSize, newSize);
        const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize), proof };
        expect(verifyConsistency(claim)).toEqual({ ok: true, value: undefined });
      }
    }
  });

  it('of the prefix give the old root', () => {
    for (let newSize = 0; newSize <= 70; newSize++) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const nodes = prefixProof(read, oldSize, newSize);
        const verdict = verifyPrefixProof({ oldSize, newSize, newRoot: rootOf(newSize), nodes });
        expect(verdict).toEqual({ ok: true, value: rootOf(oldSize) });
      }
    }
  });
});
