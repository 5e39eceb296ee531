import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { testEntry } from '../../../test/support/log.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import { edgeRoot, emptyEdge, growLog } from './edge.ts';
import { demandedTiles, formatEntryBundle, formatTile, tilePath } from './tiles.ts';

const count = 66_100;
const entries = Array.from({ length: count }, (_, i) => testEntry(i));
const leaves = entries.map(leafHash);

/** Content of a tile of the first `size` entries, from the leaves alone. */
function tileByDefinition(level: number, index: number, width: number): Uint8Array {
  const span = 256 ** level;
  const hashes = Array.from({ length: width }, (_, i) => {
    const start = (index * 256 + i) * span;
    return treeRoot(leaves.slice(start, start + span));
  });
  return formatTile(hashes);
}

describe('a log that grows', () => {
  it('has the root of its leaves, at every size', () => {
    let edge = emptyEdge;
    expect(edgeRoot(edge.levels)).toEqual(treeRoot([]));
    for (const entry of entries.slice(0, 530)) {
      edge = growLog(edge, [entry]).edge;
      expect(edgeRoot(edge.levels)).toEqual(treeRoot(leaves.slice(0, edge.size)));
    }
  });

  it('brings forth exactly the files that its sizes demand, with the right content', () => {
    const sizes = [1, 1, 3, 255, 256, 257, 600, 65_535, 65_536, 65_537, 65_792, count];
    const written = new Map<string, Uint8Array>();
    const demanded = new Set<string>();
    let edge = emptyEdge;
    for (const size of sizes) {
      const grown = growLog(edge, entries.slice(edge.size, size));
      edge = grown.edge;
      expect(edge.size).toBe(size);
      expect(edgeRoot(edge.levels)).toEqual(treeRoot(leaves.slice(0, size)));
      for (const { path, bytes } of grown.files) {
        expect([path, written.has(path)]).toEqual([path, false]);
        written.set(path, bytes);
      }
      for (const ref of demandedTiles(size)) {
        const path = tilePath(ref);
        if (demanded.has(path)) continue;
        demanded.add(path);
        const { level, index, width } = ref;
        const expected =
          level === 'entries'
            ? formatEntryBundle(entries.slice(index * 256, index * 256 + width))
            : tileByDefinition(level, index, width);
        expect([path, written.get(path)]).toEqual([path, expected]);
      }
    }
    expect([...written.keys()].sort()).toEqual([...demanded].sort());
  });

  it('leaves the edge that it grows from as it was', () => {
    const first = growLog(emptyEdge, entries.slice(0, 300)).edge;
    const before = edgeRoot(first.levels);
    growLog(first, entries.slice(300, 700));
    expect(edgeRoot(first.levels)).toEqual(before);
    expect(emptyEdge).toEqual({ size: 0, levels: [], entries: [] });
  });

  it('takes no entry above 65,535 bytes', () => {
    expect(growLog(emptyEdge, [new Uint8Array(65_535)]).edge.size).toBe(1);
    expect(() => growLog(emptyEdge, [new Uint8Array(65_536)])).toThrow(RangeError);
  });
});
