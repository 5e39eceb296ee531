import { describe, expect, it } from 'vitest';
import { concatBytes, uintToBytes } from '../bytes.ts';
import { inclusionProof, leafHash, treeNodes, treeRoot } from '../tree/merkle.ts';
import { CutLeaves, PageTree } from './page-proof.ts';
import { pageWidth } from './pages.ts';

const leafOf = (i: number): Uint8Array => uintToBytes(i, 8);

/** An index leaf of zeros with so many messages, and its list. */
function entry(messages: number): Uint8Array {
  const leaf = new Uint8Array(88);
  leaf.set(uintToBytes(messages, 4), 52);
  return concatBytes(leaf, new Uint8Array(4 * messages));
}

describe('the tree over a page', () => {
  it.each([1, 2, 3, 5, 255, 256, 257, 511, 512, 513, 700])(
    'gives, with those above it, the path of every leaf of %i',
    (count) => {
      const hashes = Array.from({ length: count }, (_, i) => leafHash(leafOf(i)));
      const nodes = treeNodes(hashes);
      const roots: Uint8Array[] = [];
      for (let from = 0; from < count; from += pageWidth)
        roots.push(treeRoot(hashes.slice(from, from + pageWidth)));
      const upper = PageTree.ofRoots(roots);
      for (const index of new Set([0, 1, 254, 255, 256, 257, 511, 512, count - 2, count - 1])) {
        if (index < 0 || index >= count) continue;
        const number = Math.floor(index / pageWidth);
        const width = Math.min(pageWidth, count - number * pageWidth);
        const root = roots[number] ?? new Uint8Array();
        const page = PageTree.ofLeaves(width, (i) => leafOf(number * pageWidth + i), root);
        if (!page.ok) throw new Error(page.code);
        const path = [...page.value.path(index % pageWidth), ...upper.path(number)];
        expect(path).toEqual(inclusionProof(nodes, index, count));
      }
    },
  );

  it('is refused when its leaves do not give the root', () => {
    const root = treeRoot([leafHash(leafOf(0)), leafHash(leafOf(1))]);
    expect(PageTree.ofLeaves(2, leafOf, root).ok).toBe(true);
    expect(PageTree.ofLeaves(2, (i) => leafOf(i + 1), root)).toMatchObject({ code: 'page-root' });
    expect(PageTree.ofLeaves(1, leafOf, root)).toMatchObject({ code: 'page-root' });
  });
});

describe('leaves that follow each other', () => {
  it('are cut apart with their lists; what follows the last is passed over', () => {
    const bytes = concatBytes(entry(2), entry(1), entry(3), Uint8Array.of(9));
    const cut = CutLeaves.cut('index', bytes, 3);
    if (!cut.ok) throw new Error(cut.code);
    expect(cut.value.count).toBe(3);
    expect([0, 1, 2].map((i) => cut.value.list(i).length)).toEqual([8, 4, 12]);
    expect(concatBytes(cut.value.leaf(1), cut.value.list(1))).toEqual(entry(1));
    const rolled = CutLeaves.cut('rollup', bytes.subarray(0, 96), 2);
    expect(rolled.ok && rolled.value.leaf(1)).toEqual(bytes.subarray(48, 96));
    expect(rolled.ok && rolled.value.list(1)).toEqual(new Uint8Array());
  });

  it.each([
    ['in order', [1, 2, 256, 257, 65_536], undefined],
    ['one alone', [5], undefined],
    ['in another order', [1, 256, 2, 3], 2],
    ['with one twice', [1, 2, 3, 3], 3],
  ])('are %s', (_, tags, unsorted) => {
    // The tags differ in their last bytes only; the lists between them have several lengths.
    const leaves = tags.map((tag, i) => {
      const leaf = entry(i);
      leaf.set(uintToBytes(tag, 8), 24);
      return leaf;
    });
    const cut = CutLeaves.cut('index', concatBytes(...leaves), tags.length);
    expect(cut.ok && cut.value.unsorted()).toBe(unsorted);
  });

  it.each([
    ['end inside a leaf', concatBytes(entry(1), new Uint8Array(87)), 2],
    ['end inside a list', entry(2).subarray(0, 95), 1],
    ['name a list that no file can hold', entry(0).fill(255, 52, 56), 1],
    ['are too few', entry(1), 2],
  ])('are refused when they %s', (_, bytes, count) => {
    expect(CutLeaves.cut('index', bytes, count)).toMatchObject({ code: 'page-length' });
  });
});
