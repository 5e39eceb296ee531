import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import type { Result } from '../result.ts';
import type { NodeReader } from './merkle.ts';
import {
  assembleProof,
  consistencyProof,
  emptyRoot,
  foldPeaks,
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
import { inclusionProofNodes, maxTreeSize, rootNodes } from './nodes.ts';

const most = 70;
const leaves = Array.from({ length: most }, (_, i) => leafHash(Uint8Array.of(i)));
const read = treeNodes(leaves);
const leaf = (index: number): Uint8Array => leaves[index] ?? expect.fail('no such leaf');

/** MTH of RFC 6962 section 2.1, word for word: the yardstick. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  const [first] = hashes;
  if (first === undefined) return emptyRoot();
  if (hashes.length === 1) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(definedRoot(hashes.slice(0, split)), definedRoot(hashes.slice(split)));
}

/** PATH of RFC 6962 section 2.1.1. */
function definedPath(index: number, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length <= 1) return [];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split
    ? [...definedPath(index, left), definedRoot(right)]
    : [...definedPath(index - split, right), definedRoot(left)];
}

/** SUBPROOF of RFC 6962 section 2.1.2. */
function definedSubproof(old: number, hashes: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (old === hashes.length) return whole ? [] : [definedRoot(hashes)];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return old <= split
    ? [...definedSubproof(old, left, whole), definedRoot(right)]
    : [...definedSubproof(old - split, right, false), definedRoot(left)];
}

const roots = Array.from({ length: most + 1 }, (_, size) => definedRoot(leaves.slice(0, size)));
const rootOf = (size: number): Uint8Array => roots[size] ?? expect.fail('no such size');

/** A plain check: calling `expect` a hundred thousand times would take longer than the proofs. */
function refused(verdict: Result<unknown>): void {
  if (verdict.ok) expect.fail('accepted');
}

/** Calls `judge` with every copy of `hashes` in which one byte is another one. */
function everyByteChanged(hashes: readonly Uint8Array[], judge: (changed: Uint8Array[]) => void): void {
  hashes.forEach((hash, at) => {
    for (let i = 0; i < hash.length; i++) {
      const changed = hashes.map((other) => Uint8Array.from(other));
      const target = changed[at] ?? expect.fail();
      target[i] = (target[i] ?? 0) ^ (1 << (i % 8));
      judge(changed);
    }
  });
}

/** Lists that are not this one: one hash less at either end, one more, two neighbours exchanged. */
function otherLists(hashes: readonly Uint8Array[]): Uint8Array[][] {
  const extra = leafHash(Uint8Array.of(255));
  const lists = [
    [...hashes, extra],
    [extra, ...hashes],
    [...hashes, ...hashes.slice(-1), extra],
  ];
  if (hashes.length > 0) lists.push(hashes.slice(1), hashes.slice(0, -1));
  for (let i = 1; i < hashes.length; i++) {
    const [left, right] = [hashes[i - 1], hashes[i]];
    if (left !== undefined && right !== undefined) lists.push(hashes.toSpliced(i - 1, 2, right, left));
  }
  return lists;
}

describe('hashes', () => {
  it('have the values of the RFC: the empty tree, an empty leaf, a node', () => {
    expect(toHex(emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(toHex(leafHash(new Uint8Array(0)))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(toHex(nodeHash(new Uint8Array(32), new Uint8Array(32)))).toBe(
      'ae0798d0ecaed2b778eddebf18f071a561c53658c05e76cedecc27cafbdbc577',
    );
  });

  it('of long leaves are right on both sides of the kept buffer, and independent of earlier leaves', () => {
    const expected = {
      4094: 'd4fd7700b69f25bf24baebc577794ca7b7df79c37c37047fe4725e4e1ab88525',
      4095: '561fb6bb39cdce90a38b876ef396ac10d604de3c5f243c1277ec341648cfc35b',
      4096: '81ef526f0de6d0f507ea978d19b55b0ef83814f92a90d9ccc126572a1f0eb866',
      4097: 'f36a670d13dd506b8a1c372fec62a7082a4e106185f799e93fc61a3585cf1fff',
    };
    const short = toHex(leafHash(Uint8Array.of(1, 2, 3)));
    for (const [length, hash] of Object.entries(expected)) {
      const data = Uint8Array.from({ length: Number(length) }, (_, i) => (i * 7) & 255);
      expect(toHex(leafHash(data))).toBe(hash);
      expect(toHex(leafHash(Uint8Array.of(1, 2, 3)))).toBe(short);
    }
  });

  it('of nodes exist for two parts of 32 bytes only', () => {
    const hash = new Uint8Array(32);
    expect(() => nodeHash(hash, hash.subarray(1))).toThrow(RangeError);
    expect(() => nodeHash(new Uint8Array(33), hash)).toThrow(RangeError);
  });
});

describe('for every pair of sizes up to 70', () => {
  it('roots follow the definition', () => {
    for (let size = 0; size <= most; size++) {
      expect(treeRoot(leaves.slice(0, size))).toEqual(rootOf(size));
      expect(foldPeaks(rootNodes(size).map((node) => read(node)))).toEqual(rootOf(size));
    }
  });

  it('inclusion proofs follow the definition, verify, and verify nowhere else', () => {
    for (let size = 1; size <= most; size++) {
      const all = leaves.slice(0, size);
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(read, index, size);
        if (size <= 33) expect(proof).toEqual(definedPath(index, all));
        const claim = { leafHash: leaf(index), index, size, proof, root: rootOf(size) };
        expect(verifyInclusion(claim)).toEqual({ ok: true, value: undefined });
        const wrong = { ...claim, root: rootOf(size - 1) };
        expect(verifyInclusion(wrong)).toMatchObject({ code: 'tree-root' });
        for (let other = 0; other <= size; other++) {
          if (other !== index) refused(verifyInclusion({ ...claim, index: other }));
        }
      }
    }
  });

  it('consistency proofs follow the definition, verify, and verify for no other old size', () => {
    for (let newSize = 0; newSize <= most; newSize++) {
      const all = leaves.slice(0, newSize);
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(read, oldSize, newSize);
        if (newSize <= 33) expect(proof).toEqual(oldSize === 0 ? [] : definedSubproof(oldSize, all, true));
        const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize), proof };
        expect(verifyConsistency(claim)).toEqual({ ok: true, value: undefined });
        const other = { ...claim, newRoot: leafHash(Uint8Array.of(99)) };
        if (oldSize > 0) expect(verifyConsistency(other).ok).toBe(false);
        for (let m = 0; m <= newSize + 1; m++) {
          if (m !== oldSize) refused(verifyConsistency({ ...claim, oldSize: m }));
        }
      }
    }
  });

  it('prefix proofs give the old root, and for another old size that root or nothing', () => {
    for (let newSize = 0; newSize <= most; newSize++) {
      const newRoot = rootOf(newSize);
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const nodes = prefixProof(read, oldSize, newSize);
        expect(verifyPrefixProof({ oldSize, newSize, newRoot, nodes })).toEqual({
          ok: true,
          value: rootOf(oldSize),
        });
        for (let m = 0; m <= newSize; m++) {
          const verdict = verifyPrefixProof({ oldSize: m, newSize, newRoot, nodes });
          if (verdict.ok) expect(verdict.value).toEqual(rootOf(m));
        }
      }
    }
  });
});

describe('changed proofs are refused', () => {
  const sizes = [1, 2, 3, 5, 6, 7, 8, 11, 16, 21];

  it('of inclusion: each byte of proof, leaf hash and root, and each other list', () => {
    for (const size of sizes) {
      for (let index = 0; index < size; index++) {
        const claim = { leafHash: leaf(index), index, size, proof: inclusionProof(read, index, size) };
        const root = rootOf(size);
        everyByteChanged(claim.proof, (proof) => {
          refused(verifyInclusion({ ...claim, root, proof }));
        });
        everyByteChanged([claim.leafHash, root], ([first = root, second = root]) => {
          refused(verifyInclusion({ ...claim, leafHash: first, root: second }));
        });
        for (const proof of otherLists(claim.proof)) {
          refused(verifyInclusion({ ...claim, root, proof }));
        }
      }
    }
  });

  it('of consistency: each byte of proof and roots, exchanged roots, and each other list', () => {
    for (const newSize of sizes) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(read, oldSize, newSize);
        const claim = { oldSize, oldRoot: rootOf(oldSize), newSize, newRoot: rootOf(newSize), proof };
        everyByteChanged(proof, (changed) => {
          refused(verifyConsistency({ ...claim, proof: changed }));
        });
        everyByteChanged(
          [claim.oldRoot, claim.newRoot],
          ([oldRoot = claim.oldRoot, newRoot = claim.newRoot]) => {
            refused(verifyConsistency({ ...claim, oldRoot, newRoot }));
          },
        );
        for (const changed of otherLists(proof)) {
          refused(verifyConsistency({ ...claim, proof: changed }));
        }
        const exchanged = { ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot };
        if (oldSize !== newSize) expect(verifyConsistency(exchanged).ok).toBe(false);
      }
    }
  });

  it('of a prefix: each byte of nodes and root, and each other list', () => {
    for (const newSize of sizes) {
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const nodes = prefixProof(read, oldSize, newSize);
        const claim = { oldSize, newSize, newRoot: rootOf(newSize), nodes };
        everyByteChanged([...nodes, claim.newRoot], (changed) => {
          const newRoot = changed.at(-1) ?? claim.newRoot;
          const verdict = verifyPrefixProof({ ...claim, nodes: changed.slice(0, -1), newRoot });
          expect(verdict).toMatchObject({ code: 'tree-root' });
        });
        for (const changed of otherLists(nodes)) {
          refused(verifyPrefixProof({ ...claim, nodes: changed }));
        }
      }
    }
  });
});

describe('a claim that cannot be is refused with its code', () => {
  const root = rootOf(4);
  const inclusion = { leafHash: leaf(1), index: 1, size: 4, proof: inclusionProof(read, 1, 4), root };
  const consistency = {
    oldSize: 3,
    oldRoot: rootOf(3),
    newSize: 4,
    newRoot: root,
    proof: consistencyProof(read, 3, 4),
  };
  const prefix = { oldSize: 3, newSize: 4, newRoot: root, nodes: prefixProof(read, 3, 4) };
  const short = root.subarray(1);

  it('for counts that are no counts', () => {
    for (const bad of [-1, -1n, 0.5, Number.NaN, Infinity, 2 ** 53, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(verifyInclusion({ ...inclusion, size: bad })).toMatchObject({ code: 'tree-size' });
      expect(verifyInclusion({ ...inclusion, index: bad })).toMatchObject({ code: 'tree-index' });
      expect(verifyConsistency({ ...consistency, oldSize: bad })).toMatchObject({ code: 'tree-size' });
      expect(verifyConsistency({ ...consistency, newSize: bad })).toMatchObject({ code: 'tree-size' });
      expect(verifyPrefixProof({ ...prefix, oldSize: bad })).toMatchObject({ code: 'tree-size' });
      expect(verifyPrefixProof({ ...prefix, newSize: bad })).toMatchObject({ code: 'tree-size' });
      expect(() => inclusionProof(read, bad, 4)).toThrow(RangeError);
      expect(() => prefixProof(read, 0, bad)).toThrow(RangeError);
    }
  });

  it('for an index outside, and sizes in the wrong order', () => {
    expect(verifyInclusion({ ...inclusion, index: 4 })).toMatchObject({ code: 'tree-index' });
    expect(verifyInclusion({ ...inclusion, index: 0, size: 0, proof: [] })).toMatchObject({
      code: 'tree-index',
    });
    expect(verifyConsistency({ ...consistency, oldSize: 5 })).toMatchObject({ code: 'tree-sizes-order' });
    expect(verifyPrefixProof({ ...prefix, oldSize: 5 })).toMatchObject({ code: 'tree-sizes-order' });
    expect(() => inclusionProof(read, 4, 4)).toThrow(RangeError);
    expect(() => consistencyProof(read, 5, 4)).toThrow(RangeError);
    expect(() => prefixProof(read, 5, 4)).toThrow(RangeError);
    expect(() => read({ level: 0, index: 70n })).toThrow(RangeError);
  });

  it('for the length of the proof, before any hash is computed', () => {
    const many = Array.from({ length: 100_000 }, () => root);
    expect(verifyInclusion({ ...inclusion, proof: many })).toMatchObject({ code: 'tree-proof-length' });
    expect(verifyConsistency({ ...consistency, proof: many })).toMatchObject({ code: 'tree-proof-length' });
    expect(verifyPrefixProof({ ...prefix, nodes: many })).toMatchObject({ code: 'tree-proof-length' });
  });

  it('for hashes that are not 32 bytes long', () => {
    const wrongLength = { code: 'tree-hash-length' };
    expect(verifyInclusion({ ...inclusion, root: short })).toMatchObject(wrongLength);
    expect(verifyInclusion({ ...inclusion, leafHash: short })).toMatchObject(wrongLength);
    expect(verifyInclusion({ ...inclusion, proof: [short, root] })).toMatchObject(wrongLength);
    expect(verifyConsistency({ ...consistency, oldRoot: short })).toMatchObject(wrongLength);
    expect(verifyConsistency({ ...consistency, newRoot: short })).toMatchObject(wrongLength);
    expect(verifyConsistency({ ...consistency, proof: [root, short, root] })).toMatchObject(wrongLength);
    expect(verifyPrefixProof({ ...prefix, newRoot: short })).toMatchObject(wrongLength);
    expect(verifyPrefixProof({ ...prefix, nodes: [root, root, short] })).toMatchObject(wrongLength);
  });

  it('but not for a size that only its maker can know: a root does not commit to it', () => {
    const claim = { leafHash: leaf(0), index: 0, proof: inclusionProof(read, 0, 3), root: rootOf(3) };
    expect(verifyInclusion({ ...claim, size: 3 }).ok).toBe(true);
    expect(verifyInclusion({ ...claim, size: 4 }).ok).toBe(true);
    expect(verifyInclusion({ ...claim, size: 5 })).toMatchObject({ code: 'tree-proof-length' });
  });

  it('for a wrong root of the empty tree', () => {
    const empty = { oldSize: 0, oldRoot: emptyRoot(), newSize: 4, newRoot: root, proof: [] };
    expect(verifyConsistency(empty).ok).toBe(true);
    expect(verifyConsistency({ ...empty, oldRoot: root })).toMatchObject({ code: 'tree-old-root' });
    expect(verifyConsistency({ ...empty, newSize: 0 })).toMatchObject({ code: 'tree-root' });
    const prefixOfNone = { oldSize: 0, newSize: 0, newRoot: root, nodes: [] };
    expect(verifyPrefixProof(prefixOfNone)).toMatchObject({ code: 'tree-root' });
  });

  it('for a new tree that does not continue the old one', () => {
    const forked = leaves.slice(0, 3).with(1, leafHash(Uint8Array.of(77)));
    const claim = { ...consistency, oldRoot: treeRoot(forked) };
    expect(verifyConsistency(claim)).toMatchObject({ code: 'tree-old-root' });
    expect(verifyConsistency({ ...claim, newSize: 3, proof: [] })).toMatchObject({ code: 'tree-old-root' });
    // The prefix proof says what the old root truly was, whatever anyone claims.
    expect(verifyPrefixProof(prefix)).toEqual({ ok: true, value: rootOf(3) });
  });
});

describe('sizes beyond 2^53', () => {
  /** A tree in which all leaves are the same but one: every node can be computed. */
  function sparse(special: bigint): NodeReader {
    const plain = [leafHash(Uint8Array.of(0))];
    const marked = [leafHash(Uint8Array.of(1))];
    for (let level = 0; level < 63; level++) {
      const [same, path] = [plain[level] ?? emptyRoot(), marked[level] ?? emptyRoot()];
      plain.push(nodeHash(same, same));
      marked.push(((special >> BigInt(level)) & 1n) === 1n ? nodeHash(same, path) : nodeHash(path, same));
    }
    return ({ level, index }) =>
      (index === special >> BigInt(level) ? marked : plain)[level] ?? expect.fail(`level ${level}`);
  }
  const size = fc.bigInt({ min: 1n, max: maxTreeSize });

  it('are exact: a leaf is at its index and not at one beside it', () => {
    fc.assert(
      fc.property(size, fc.bigInt({ min: 0n, max: maxTreeSize }), (n, pick) => {
        const index = pick % n;
        const reader = sparse(index);
        const root = foldPeaks(rootNodes(n).map((node) => reader(node)));
        const proof = assembleProof(inclusionProofNodes(index, n), reader);
        const claim = { leafHash: leafHash(Uint8Array.of(1)), index, size: n, proof, root };
        expect(verifyInclusion(claim).ok).toBe(true);
        for (const distance of [1n, 2n, 3n, 256n, 512n, 1024n]) {
          refused(verifyInclusion({ ...claim, index: index + distance }));
          refused(verifyInclusion({ ...claim, index: index - distance }));
        }
      }),
    );
  });

  it('are exact for old and new heads', () => {
    fc.assert(
      fc.property(size, size, size, (a, b, pick) => {
        const [oldSize, newSize] = a < b ? [a, b] : [b, a];
        const reader = sparse(pick % oldSize);
        const rootAt = (n: bigint): Uint8Array => foldPeaks(rootNodes(n).map((node) => reader(node)));
        const [oldRoot, newRoot] = [rootAt(oldSize), rootAt(newSize)];
        const proof = consistencyProof(reader, oldSize, newSize);
        expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }).ok).toBe(true);
        const nodes = prefixProof(reader, oldSize, newSize);
        expect(nodes.length).toBeLessThanOrEqual(126);
        expect(verifyPrefixProof({ oldSize, newSize, newRoot, nodes })).toEqual({ ok: true, value: oldRoot });
      }),
    );
  });
});
