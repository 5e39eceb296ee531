import { describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { edgeRoot, emptyEdge, growLog } from '../../src/core/log/edge.ts';
import {
  demandedTile,
  demandedTiles,
  edgeTiles,
  formatEntryBundle,
  formatTile,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  tilePath,
} from '../../src/core/log/tiles.ts';
import type { Cuts } from './support.ts';
import { cutDifferences, good, hex, vectors, verdict } from './support.ts';

type Level = number | 'entries';

const file = vectors('tiles') as {
  readonly paths: readonly {
    readonly level: Level;
    readonly n: number;
    readonly width: number;
    readonly path: string;
  }[];
  readonly refusedPaths: readonly { readonly code: string; readonly path: string }[];
  readonly demanded: readonly {
    readonly size: number;
    readonly files: readonly {
      readonly level: Level;
      readonly first: number;
      readonly last: number;
      readonly width: number;
    }[];
  }[];
  readonly bundles: readonly {
    readonly name: string;
    readonly width: number;
    readonly entries: readonly string[];
    readonly bundle: string;
  }[];
  readonly refusedBundles: readonly {
    readonly name: string;
    readonly code: string;
    readonly width: number;
    readonly bundle: string;
  }[];
  readonly prefixes: readonly { readonly bundle: string; readonly width: number; readonly cuts: Cuts }[];
  readonly tiles: readonly {
    readonly name: string;
    readonly code: string;
    readonly width: number;
    readonly tile: string;
  }[];
  readonly edges: readonly {
    readonly size: number;
    readonly root: string;
    readonly edge: readonly {
      readonly level: number;
      readonly n: number;
      readonly width: number;
      readonly hashes: readonly string[] | null;
    }[];
  }[];
};

const encoder = (entry: number): Uint8Array => toUtf8(String(entry));

describe('tiles of the second implementation', () => {
  it.each(file.paths)('writes and reads $path', ({ level, n, width, path }) => {
    expect(tilePath({ level, index: n, width })).toBe(path);
    expect(good(parseTilePath(path))).toEqual({ level, index: n, width });
  });

  it.each(file.refusedPaths)('refuses the path $path', ({ path, code }) => {
    expect(verdict(parseTilePath(path))).toBe(code);
  });

  it.each(file.demanded)('knows what the size $size demands', ({ size, files }) => {
    for (const { level, first, last, width } of files) {
      for (const index of [first, last])
        expect(demandedTile(size, level, index)).toEqual({ level, index, width });
    }
    for (const level of [0, 1, 2, 3, 4, 5, 6, 'entries'] as const) {
      const ends = files.filter((run) => run.level === level).map(({ last }) => last);
      expect(demandedTile(size, level, Math.max(-1, ...ends) + 1)).toBeUndefined();
    }
    if (size > 100_000) return;
    const expected = files.flatMap(({ level, first, last, width }) =>
      Array.from({ length: last - first + 1 }, (_, at) => tilePath({ level, index: first + at, width })),
    );
    expect([...demandedTiles(size)].map(tilePath).sort()).toEqual(expected.sort());
  });

  it.each(file.bundles)('writes and reads a bundle: $name', ({ width, entries, bundle }) => {
    expect(toHex(formatEntryBundle(entries.map(hex)))).toBe(bundle);
    expect(good(parseEntryBundle(hex(bundle), width)).map(toHex)).toEqual(entries);
  });

  it.each(file.refusedBundles)('refuses a bundle: $name', ({ width, bundle, code }) => {
    expect(verdict(parseEntryBundle(hex(bundle), width))).toBe(code);
  });

  it.each(file.prefixes)('refuses every prefix of a bundle', ({ width, bundle, cuts }) => {
    expect(cutDifferences(hex(bundle), cuts, (prefix) => verdict(parseEntryBundle(prefix, width)))).toEqual(
      [],
    );
  });

  it.each(file.tiles)('judges a tile as $code: $name', ({ width, tile, code }) => {
    const found = parseTile(hex(tile), width);
    expect(verdict(found)).toBe(code);
    if (found.ok) expect(toHex(formatTile(found.value))).toBe(tile);
  });

  it('grows a log to the same right edges and roots', () => {
    let edge = emptyEdge;
    for (const vector of file.edges) {
      const more = Array.from({ length: vector.size - edge.size }, (_, at) => encoder(edge.size + at));
      edge = growLog(edge, more).edge;
      expect(toHex(edgeRoot(edge.levels))).toBe(vector.root);
      const tiles = edgeTiles(vector.size).map(({ level, index, width }) => ({ level, n: index, width }));
      expect(tiles).toEqual(vector.edge.map(({ level, n, width }) => ({ level, n, width })));
      for (const { level, width, hashes } of vector.edge) {
        expect(edge.levels[level]).toHaveLength(width);
        if (hashes !== null) expect(edge.levels[level]?.map(toHex)).toEqual(hashes);
      }
    }
  });
});
