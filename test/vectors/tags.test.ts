import { describe, expect, it } from 'vitest';
import { fromBase64, toHex } from '../../src/core/bytes.ts';
import type { RollupLevel } from '../../src/core/record/rollup.ts';
import { parseRollupLeaf, rollupCommitment, writeRollupLeaf } from '../../src/core/record/rollup.ts';
import {
  buildTagIndex,
  parseTagLeaf,
  parseTagList,
  writeTagLeaf,
  writeTagList,
} from '../../src/core/record/tag-index.ts';
import { composeTagIndexFile, parseTagIndexFile } from '../../src/core/record/tag-index-file.ts';
import { MemoryState } from '../../src/core/record/memory-state.ts';
import type { CommittedIndex } from '../../src/core/record/tag-proof.ts';
import { IndexProver, verifyAbsence, verifyPresence } from '../../src/core/record/tag-proof.ts';
import type { Sweep } from './support.ts';
import { good, hex, sweepDifferences, vectors, verdict } from './support.ts';

interface Case {
  readonly name: string;
  readonly code: string;
  readonly height: number;
}

interface Commitment {
  readonly count: number;
  readonly root: string;
}

interface PresenceVector {
  readonly index: number;
  readonly leaf: string;
  readonly path: readonly string[];
}

interface AbsenceCase extends Case {
  readonly index: Commitment;
  readonly tag: string;
  readonly proof: { readonly left?: PresenceVector; readonly right?: PresenceVector };
}

const file = vectors('tags') as {
  readonly leaves: readonly {
    readonly name: string;
    readonly height: number;
    readonly leaf: string;
    readonly tag: string;
    readonly previous: number | null;
    readonly total: number;
    readonly own: number | null;
    readonly count: number;
    readonly hash: string;
  }[];
  readonly refusedLeaves: readonly (Case & { readonly leaf: string })[];
  readonly lists: readonly {
    readonly name: string;
    readonly height: number;
    readonly leaf: string;
    readonly list: string;
    readonly indices: readonly number[];
  }[];
  readonly refusedLists: readonly (Case & { readonly leaf: string; readonly list: string })[];
  readonly files: readonly (Case & { readonly file: string; readonly index: Commitment })[];
  readonly rollupLeaves: readonly {
    readonly name: string;
    readonly height: number;
    readonly level: RollupLevel;
    readonly leaf: string;
    readonly tag: string;
    readonly last: number;
    readonly total: number;
  }[];
  readonly refusedRollupLeaves: readonly (Case & { readonly level: RollupLevel; readonly leaf: string })[];
  readonly indexes: readonly {
    readonly name: string;
    readonly height: number;
    readonly messages: readonly { readonly id: string; readonly tags: readonly string[] }[];
    readonly file: string;
    readonly leaves: readonly string[];
    readonly count: number;
    readonly root: string;
  }[];
  readonly presences: readonly (Case & {
    readonly index: Commitment;
    readonly tag: string;
    readonly proof: PresenceVector;
  })[];
  readonly absences: readonly AbsenceCase[];
  readonly rollupAbsences: readonly AbsenceCase[];
  readonly changed: readonly {
    readonly name: string;
    readonly height: number;
    readonly leaf: string;
    readonly sweep: Sweep;
  }[];
};

function presenceOf({ index, leaf, path }: PresenceVector) {
  const bytes = fromBase64(leaf);
  if (bytes === undefined) throw new Error('no base64');
  return { index, leaf: bytes, path: path.map(hex) };
}

function absenceOf({ proof: { left, right } }: AbsenceCase) {
  return {
    ...(left === undefined ? {} : { left: presenceOf(left) }),
    ...(right === undefined ? {} : { right: presenceOf(right) }),
  };
}

function committed<Leaf extends { readonly tag: Uint8Array }>(
  { count, root }: Commitment,
  parse: CommittedIndex<Leaf>['parse'],
): CommittedIndex<Leaf> {
  return { count, root: hex(root), parse };
}

describe('leaves of the second implementation', () => {
  it.each(file.leaves)('reads and writes an index leaf: $name', ({ leaf, height, ...vector }) => {
    const parts = {
      tag: hex(vector.tag),
      previous: vector.previous ?? undefined,
      total: vector.total,
      own: vector.own ?? undefined,
      count: vector.count,
      listHash: hex(vector.hash),
    };
    expect(good(parseTagLeaf(hex(leaf), height))).toEqual(parts);
    expect(toHex(writeTagLeaf(parts))).toBe(leaf);
  });

  it.each(file.refusedLeaves)('refuses an index leaf with $code: $name', ({ leaf, height, code }) => {
    expect(verdict(parseTagLeaf(hex(leaf), height))).toBe(code);
  });

  it.each(file.lists)('reads and writes a list: $name', ({ leaf, height, list, indices }) => {
    expect(good(parseTagList(hex(list), good(parseTagLeaf(hex(leaf), height))))).toEqual(indices);
    expect(toHex(writeTagList(indices))).toBe(list);
  });

  it.each(file.refusedLists)('refuses a list with $code: $name', ({ leaf, height, list, code }) => {
    expect(verdict(parseTagList(hex(list), good(parseTagLeaf(hex(leaf), height))))).toBe(code);
  });

  it.each(file.rollupLeaves)(
    'reads and writes a roll-up leaf: $name',
    ({ leaf, height, level, ...vector }) => {
      const parts = { tag: hex(vector.tag), height: vector.last, total: vector.total };
      expect(good(parseRollupLeaf(hex(leaf), height, level))).toEqual(parts);
      expect(toHex(writeRollupLeaf(parts))).toBe(leaf);
    },
  );

  it.each(file.refusedRollupLeaves)(
    'refuses a roll-up leaf with $code: $name',
    ({ leaf, height, level, code }) => {
      expect(verdict(parseRollupLeaf(hex(leaf), height, level))).toBe(code);
    },
  );

  it.each(file.changed)('judges every changed byte: $name', ({ name, leaf, height, sweep }) => {
    const judge = (bytes: Uint8Array): string =>
      verdict(name === 'index leaf' ? parseTagLeaf(bytes, height) : parseRollupLeaf(bytes, height, 1));
    expect(sweepDifferences(hex(leaf), sweep, judge)).toEqual([]);
  });
});

describe('indexes of the second implementation', () => {
  it('builds the same indexes, block after block', () => {
    const state = new MemoryState();
    for (const { height, messages, file: bytes, leaves, count, root } of file.indexes) {
      const carriers = messages.map(({ id, tags }) => ({ id: hex(id), head: { tags: tags.map(hex) } }));
      const index = buildTagIndex(carriers, (tag) => state.previous(tag));
      expect(index.leaves.map(toHex)).toEqual(leaves);
      expect({ count: index.count, root: toHex(index.root) }).toEqual({ count, root });
      expect(toHex(composeTagIndexFile(index.entries))).toBe(bytes);
      state.apply(height, index);
    }
  });

  it.each(file.files)('judges an index file as $code: $name', ({ code, height, file: bytes, index }) => {
    const header = { height, tags: { count: index.count, root: hex(index.root) } };
    expect(verdict(parseTagIndexFile(hex(bytes), header))).toBe(code);
  });

  it.each(file.presences)('judges a presence as $code: $name', ({ code, height, index, tag, proof }) => {
    const found = verifyPresence(
      committed(index, (leaf) => parseTagLeaf(leaf, height)),
      hex(tag),
      presenceOf(proof),
    );
    expect(verdict(found)).toBe(code);
  });

  it.each(file.absences)('judges an absence as $code: $name', (vector) => {
    const index = committed(vector.index, (leaf) => parseTagLeaf(leaf, vector.height));
    expect(verdict(verifyAbsence(index, hex(vector.tag), absenceOf(vector)))).toBe(vector.code);
  });

  it.each(file.rollupAbsences)('judges an absence from a roll-up as $code: $name', (vector) => {
    const index = committed(vector.index, (leaf) => parseRollupLeaf(leaf, vector.height, 1));
    expect(verdict(verifyAbsence(index, hex(vector.tag), absenceOf(vector)))).toBe(vector.code);
  });

  it('makes the same proofs of presence and absence', () => {
    const sizes = new Set(file.presences.map(({ index }) => index.count));
    for (const size of sizes) {
      const present = file.presences.filter(({ code, index }) => code === 'ok' && index.count === size);
      const prover = new IndexProver(present.map(({ proof }) => presenceOf(proof).leaf));
      for (const { tag, proof } of present) {
        expect(prover.lookup(hex(tag))).toEqual({ found: true, presence: presenceOf(proof) });
      }
      for (const vector of file.absences) {
        if (vector.code !== 'ok' || vector.index.count !== size) continue;
        expect(prover.lookup(hex(vector.tag))).toEqual({ found: false, absence: absenceOf(vector) });
      }
    }
    expect(sizes.size).toBeGreaterThan(2);
  });

  it('commits to roll-ups alike', () => {
    const vector = file.rollupAbsences.find(({ code, index }) => code === 'ok' && index.count === 1);
    const leaf = vector === undefined ? undefined : (absenceOf(vector).left ?? absenceOf(vector).right)?.leaf;
    if (vector === undefined || leaf === undefined) throw new Error('no roll-up of one leaf');
    const { count, root } = rollupCommitment([good(parseRollupLeaf(leaf, vector.height, 1))]);
    expect({ count, root: toHex(root) }).toEqual(vector.index);
  });
});
