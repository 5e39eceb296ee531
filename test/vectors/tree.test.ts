import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  prefixProof,
  treeNodes,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  verifyPrefixProof,
} from '../../src/core/tree/merkle.ts';
import { hex, vectors, verdict } from './support.ts';

interface Case {
  readonly name: string;
  readonly code: string;
}

const file = vectors('tree') as {
  readonly leaves: readonly string[];
  readonly roots: readonly { readonly size: number; readonly root: string }[];
  readonly inclusions: readonly (Case & {
    readonly leaf: string;
    readonly index: string;
    readonly size: string;
    readonly proof: readonly string[];
    readonly root: string;
  })[];
  readonly consistencies: readonly (Case & {
    readonly old: string;
    readonly new: string;
    readonly oldRoot: string;
    readonly newRoot: string;
    readonly proof: readonly string[];
  })[];
  readonly prefixes: readonly (Case & {
    readonly old: string;
    readonly new: string;
    readonly newRoot: string;
    readonly hashes: readonly string[];
    readonly result?: string;
  })[];
};

const leaves = file.leaves.map((leaf) => leafHash(hex(leaf)));
const nodes = treeNodes(leaves);

/** Whether the proof is about the tree of the file, so that it can be made as well. */
function isOfTheFile(vector: { readonly name: string; readonly code: string }, size: string): boolean {
  return vector.code === 'ok' && BigInt(size) <= leaves.length && /^\d+ (?:of|to) \d+$/.test(vector.name);
}

describe('trees of the second implementation', () => {
  it.each(file.roots)('gives the root of $size leaves', ({ size, root }) => {
    expect(toHex(treeRoot(leaves.slice(0, size)))).toBe(root);
  });

  it.each(file.inclusions)('judges an inclusion proof as $code: $name', (vector) => {
    const { leaf, index, size, proof, root } = vector;
    const claim = {
      leafHash: hex(leaf),
      index: BigInt(index),
      size: BigInt(size),
      proof: proof.map(hex),
      root: hex(root),
    };
    expect(verdict(verifyInclusion(claim))).toBe(vector.code);
    if (isOfTheFile(vector, size)) {
      expect(inclusionProof(nodes, Number(index), Number(size)).map(toHex)).toEqual(proof);
    }
  });

  it.each(file.consistencies)('judges a consistency proof as $code: $name', (vector) => {
    const { proof, oldRoot, newRoot } = vector;
    const sizes = { oldSize: BigInt(vector.old), newSize: BigInt(vector.new) };
    const claim = { ...sizes, oldRoot: hex(oldRoot), newRoot: hex(newRoot), proof: proof.map(hex) };
    expect(verdict(verifyConsistency(claim))).toBe(vector.code);
    if (isOfTheFile(vector, vector.new)) {
      expect(consistencyProof(nodes, Number(vector.old), Number(vector.new)).map(toHex)).toEqual(proof);
    }
  });

  it.each(file.prefixes)('judges a prefix proof as $code: $name', (vector) => {
    const sizes = { oldSize: BigInt(vector.old), newSize: BigInt(vector.new) };
    const found = verifyPrefixProof({
      ...sizes,
      newRoot: hex(vector.newRoot),
      nodes: vector.hashes.map(hex),
    });
    expect(verdict(found)).toBe(vector.code);
    if (found.ok) expect(toHex(found.value)).toBe(vector.result);
    if (isOfTheFile(vector, vector.new)) {
      expect(prefixProof(nodes, Number(vector.old), Number(vector.new)).map(toHex)).toEqual(vector.hashes);
    }
  });
});
