import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncrementalTree } from './incremental.ts';
import { emptyRoot, leafHash, treeRoot } from './merkle.ts';

const leaves = Array.from({ length: 300 }, (_, i) => leafHash(Uint8Array.of(i, i >> 8)));

function grown(size: number): IncrementalTree {
  const tree = new IncrementalTree();
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree;
}

function restored(tree: IncrementalTree): IncrementalTree {
  const back = IncrementalTree.restore(tree.state());
  return back.ok ? back.value : expect.fail(back.code);
}

describe('a growing tree', () => {
  it('has at every size the root of all leaves at once', () => {
    const tree = new IncrementalTree();
    expect(tree.root()).toEqual(emptyRoot());
    leaves.forEach((leaf, i) => {
      tree.append(leaf);
      expect(tree.size).toBe(i + 1);
      expect(tree.root()).toEqual(treeRoot(leaves.slice(0, i + 1)));
    });
  });

  it('goes on from any saved state as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.nat(leaves.length), fc.nat(leaves.length), (a, b) => {
        const [stop, end] = a < b ? [a, b] : [b, a];
        const tree = restored(grown(stop));
        for (const leaf of leaves.slice(stop, end)) tree.append(leaf);
        expect(tree.size).toBe(end);
        expect(tree.root()).toEqual(treeRoot(leaves.slice(0, end)));
      }),
    );
  });

  it('keeps as many hashes as its size has one bits', () => {
    for (const [size, hashes] of Object.entries({ 0: 0, 1: 1, 2: 1, 3: 2, 7: 3, 8: 1, 255: 8, 256: 1 })) {
      expect(grown(Number(size)).state().peaks.length).toBe(hashes);
    }
  });

  it('shares no bytes with what it was given or what it gave', () => {
    const leaf = Uint8Array.from(leaves[0] ?? emptyRoot());
    const tree = new IncrementalTree();
    tree.append(leaf);
    leaf.fill(0);
    tree.root().fill(0);
    const state = tree.state();
    const copy = restored(tree);
    state.peaks[0]?.fill(0);
    expect(tree.root()).toEqual(leaves[0]);
    expect(copy.root()).toEqual(leaves[0]);
  });

  it('refuses a state that cannot be', () => {
    const state = grown(7).state();
    const refused = (changed: object): unknown => IncrementalTree.restore({ ...state, ...changed });
    expect(refused({})).toMatchObject({ ok: true });
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(refused({ size })).toMatchObject({ code: 'tree-size' });
    }
    for (const size of [0, 3, 6, 8, Number.MAX_SAFE_INTEGER]) {
      expect(refused({ size })).toMatchObject({ code: 'tree-state' });
    }
    expect(refused({ peaks: state.peaks.slice(1) })).toMatchObject({ code: 'tree-state' });
    expect(refused({ peaks: [...state.peaks, emptyRoot()] })).toMatchObject({ code: 'tree-state' });
    const short = state.peaks.with(1, new Uint8Array(31));
    expect(refused({ peaks: short })).toMatchObject({ code: 'tree-state' });
  });

  it('takes leaf hashes of 32 bytes only, and no more than a number can count', () => {
    const tree = grown(3);
    expect(() => {
      tree.append(new Uint8Array(31));
    }).toThrow(RangeError);
    expect(tree.root()).toEqual(treeRoot(leaves.slice(0, 3)));
    const peaks = Array.from({ length: 53 }, () => emptyRoot());
    const full = IncrementalTree.restore({ size: Number.MAX_SAFE_INTEGER, peaks });
    expect(() => {
      if (full.ok) full.value.append(emptyRoot());
    }).toThrow(RangeError);
  });
});
