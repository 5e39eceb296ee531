import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toUtf8 } from '../bytes.ts';
import {
  demandedTile,
  demandedTiles,
  edgeTiles,
  formatEntryBundle,
  formatTile,
  maxBundleLength,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  tilePath,
  type TileRef,
} from './tiles.ts';

const paths: readonly (readonly [string, TileRef])[] = [
  ['tile/0/000', { level: 0, index: 0, width: 256 }],
  ['tile/0/000.p/1', { level: 0, index: 0, width: 1 }],
  ['tile/63/999.p/255', { level: 63, index: 999, width: 255 }],
  ['tile/1/x001/000', { level: 1, index: 1000, width: 256 }],
  ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
  ['tile/entries/x001/x234/067.p/8', { level: 'entries', index: 1_234_067, width: 8 }],
  ['tile/entries/x035/x184/x372/x088/831', { level: 'entries', index: 35_184_372_088_831, width: 256 }],
];

describe('the path of a tile', () => {
  it.each(paths)('%s is written and read', (path, ref) => {
    expect(tilePath(ref)).toBe(path);
    expect(parseTilePath(path)).toEqual({ ok: true, value: ref });
  });

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    '/tile/0/000',
    'tile/0/000/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/a/000',
    'Tile/0/000',
    'tile/0/x000/000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/1000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/1000',
    'tile/0/000.p/1/2',
    'tile/0/x001.p/1',
    'tile/entry/000',
    'tile/0/000\n',
    'tile/0/../0/000',
    'tile/0/%300',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    'tile/0/x999/x999/x999/x999/x999/999',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toMatchObject({ ok: false, code: 'tile-path' });
  });

  it('comes back from every tile', () => {
    const ref = fc.record({
      level: fc.oneof(fc.nat(63), fc.constant('entries' as const)),
      index: fc.oneof(fc.nat(5000), fc.maxSafeNat()),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(ref, (value) => {
        expect(parseTilePath(tilePath(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('is not written for what is no tile', () => {
    const good = { level: 0, index: 0, width: 1 };
    for (const bad of [
      { ...good, level: 64 },
      { ...good, level: -1 },
      { ...good, level: 0.5 },
      { ...good, index: -1 },
      { ...good, index: 2 ** 53 },
      { ...good, width: 0 },
      { ...good, width: 257 },
    ]) {
      expect(() => tilePath(bad)).toThrow(RangeError);
    }
  });
});

/** What a size demands, by the definition: one hash of level l for every 256^l leaves. */
function demandedByDefinition(size: number): string[] {
  const paths: string[] = [];
  for (let level = 0; level <= 6; level++) {
    let hashes = 0;
    while ((hashes + 1) * 256 ** level <= size) hashes++;
    for (let index = 0; index * 256 < hashes; index++) {
      const width = Math.min(256, hashes - index * 256);
      paths.push(tilePath({ level, index, width }));
      if (level === 0) paths.push(tilePath({ level: 'entries', index, width }));
    }
  }
  return paths.sort();
}

describe('what a size demands', () => {
  it('is the example of C2SP tlog-tiles at size 70,000', () => {
    const all = [...demandedTiles(70_000)];
    const at = (level: number): TileRef[] => all.filter((ref) => ref.level === level);
    expect(at(0).filter(({ width }) => width === 256).length).toBe(273);
    expect(at(0).filter(({ width }) => width < 256)).toEqual([{ level: 0, index: 273, width: 112 }]);
    expect(at(1)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
    ]);
    expect(at(2)).toEqual([{ level: 2, index: 0, width: 1 }]);
    expect(all.length).toBe(274 + 2 + 1 + 274);
    expect([...demandedTiles(256)].map(tilePath)).toEqual([
      'tile/1/000.p/1',
      'tile/0/000',
      'tile/entries/000',
    ]);
    expect([...demandedTiles(0)]).toEqual([]);
  });

  it('is what the definition says, at every kind of size', () => {
    for (const size of [
      1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_792, 131_072, 131_073,
    ]) {
      expect([...demandedTiles(size)].map(tilePath).sort()).toEqual(demandedByDefinition(size));
    }
  });

  it('comes with each tile after the one that holds its root', () => {
    const seen = new Set<string>();
    for (const ref of demandedTiles(131_900)) {
      const { level, index } = ref;
      const above = level === 'entries' ? 0 : level + 1;
      const parent = demandedTile(131_900, above, level === 'entries' ? index : Math.floor(index / 256));
      if (parent !== undefined && (level === 'entries' || ref.width === 256)) {
        expect(seen.has(tilePath(parent))).toBe(true);
      }
      seen.add(tilePath(ref));
    }
  });

  it('has its edge in the tiles that are not full', () => {
    for (const size of [0, 1, 256, 257, 65_536, 70_000, 16_777_216, Number.MAX_SAFE_INTEGER]) {
      for (const ref of edgeTiles(size)) {
        expect(ref.width).toBeLessThan(256);
        expect(demandedTile(size, ref.level, ref.index)).toEqual(ref);
        expect(demandedTile(size, ref.level, ref.index + 1)).toBeUndefined();
      }
    }
    expect(edgeTiles(Number.MAX_SAFE_INTEGER).map(({ width }) => width)).toEqual([
      255, 255, 255, 255, 255, 255, 31,
    ]);
    expect(edgeTiles(256 ** 6)).toEqual([{ level: 6, index: 0, width: 1 }]);
  });

  it('does not exist for what is no size', () => {
    for (const bad of [-1, 0.5, 2 ** 53, NaN]) {
      expect(() => edgeTiles(bad)).toThrow(RangeError);
      expect(() => [...demandedTiles(bad)]).toThrow(RangeError);
    }
  });
});

describe('the content of a tile', () => {
  const hashes = Array.from({ length: 256 }, (_, i) => new Uint8Array(32).fill(i));

  it('is its hashes, one after the other', () => {
    for (const width of [1, 2, 255, 256]) {
      const bytes = formatTile(hashes.slice(0, width));
      expect(bytes.length).toBe(32 * width);
      expect(parseTile(bytes, width)).toEqual({ ok: true, value: hashes.slice(0, width) });
      for (const wrong of [bytes.subarray(1), concatBytes(bytes, Uint8Array.of(0)), new Uint8Array(0)]) {
        expect(parseTile(wrong, width)).toMatchObject({ ok: false, code: 'tile-length' });
      }
    }
    expect(() => formatTile([])).toThrow(RangeError);
    expect(() => formatTile([...hashes, new Uint8Array(32)])).toThrow(RangeError);
    expect(() => formatTile([new Uint8Array(31)])).toThrow(RangeError);
  });
});

describe('an entry bundle', () => {
  it('is its entries, each with its length', () => {
    const bytes = Uint8Array.of(0, 3, 1, 2, 3, 0, 0, 1, 0, ...new Uint8Array(256));
    const entries = [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(256)];
    expect(formatEntryBundle(entries)).toEqual(bytes);
    expect(parseEntryBundle(bytes, 3)).toEqual({ ok: true, value: entries });
  });

  it('holds exactly as many entries as it should, and nothing more', () => {
    const bytes = formatEntryBundle([toUtf8('one'), toUtf8('two')]);
    for (let end = 0; end < bytes.length; end++) {
      expect(parseEntryBundle(bytes.subarray(0, end), 2)).toMatchObject({
        ok: false,
        code: 'tile-bundle-malformed',
      });
    }
    for (const width of [1, 3]) {
      expect(parseEntryBundle(bytes, width)).toMatchObject({ ok: false, code: 'tile-bundle-malformed' });
    }
    expect(parseEntryBundle(concatBytes(bytes, Uint8Array.of(0)), 2).ok).toBe(false);
  });

  it('holds entries of up to 65,535 bytes, and up to 256 of them', () => {
    const longest = formatEntryBundle(Array.from({ length: 256 }, () => new Uint8Array(65_535)));
    expect(longest.length).toBe(maxBundleLength);
    expect(parseEntryBundle(longest, 256).ok).toBe(true);
    expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
    expect(() => formatEntryBundle([])).toThrow(RangeError);
    expect(() => formatEntryBundle(Array.from({ length: 257 }, () => new Uint8Array(0)))).toThrow(RangeError);
  });

  it('comes back as written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }),
        (entries) => {
          expect(parseEntryBundle(formatEntryBundle(entries), entries.length)).toEqual({
            ok: true,
            value: entries,
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});
