/**
 * Tiles: the files of a log, their names and their contents. Specified in `docs/spec/tiles.md`, after C2SP
 * tlog-tiles.
 */
import { ByteReader, concatBytes, uintToBytes } from '../bytes.ts';
import type { TileCode } from '../errors/tile.ts';
import { ok, refuse, type Result } from '../result.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const fullWidth = 256;
/** Bytes of a hash. */
export const hashLength = 32;
/** The largest entry, in bytes: its length is written in 16 bits. */
export const maxEntryLength = 65_535;
/** The largest entry bundle, in bytes. */
export const maxBundleLength = fullWidth * (2 + maxEntryLength);

/** Which file: the `index`-th tile of a level, or the `index`-th bundle of entries. */
export interface TileRef {
  /** 0 holds leaf hashes; each hash of level n + 1 is the root of a full tile of level n. */
  readonly level: number | 'entries';
  readonly index: number;
  /** How many hashes or entries: 256, or 1 to 255 for a partial one. */
  readonly width: number;
}

/** The highest level that a tree of at most 2^53 - 1 leaves has. */
const maxLevel = 6;

function checkRef({ level, index, width }: TileRef): void {
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= 63)) {
    throw new RangeError(`no level ${level}`);
  }
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`no tile ${index}`);
  if (!Number.isInteger(width) || width < 1 || width > fullWidth) throw new RangeError(`no width ${width}`);
}

/** The path of a tile or bundle below the log's prefix: `tile/0/x001/x234/067.p/8`. @throws RangeError */
export function tilePath(ref: TileRef): string {
  checkRef(ref);
  const digits = String(ref.index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/[0-9]{3}/g) ?? [];
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${ref.level}/${name}${ref.width === fullWidth ? '' : `.p/${ref.width}`}`;
}

const pathForm = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/;

/** Reads a path. Only what {@link tilePath} writes is one. */
export function parseTilePath(path: string): Result<TileRef, TileCode> {
  const match = pathForm.exec(path);
  if (match === null) return refuse('tile-path', path);
  const [, level = '', name = '', width] = match;
  const ref: TileRef = {
    level: level === 'entries' ? level : Number(level),
    index: Number(name.replace(/[x/]/g, '')),
    width: width === undefined ? fullWidth : Number(width),
  };
  const isOne =
    (ref.level === 'entries' || ref.level <= 63) &&
    Number.isSafeInteger(ref.index) &&
    ref.width >= 1 &&
    ref.width <= fullWidth;
  // Writing it again finds leading zeros, surplus groups, and '.p/256'.
  return isOne && tilePath(ref) === path ? ok(ref) : refuse('tile-path', path);
}

function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`no tree has ${size} leaves`);
}

/** How many hashes a level of tiles holds in a tree of `size` leaves: floor(size / 256^level). */
export function hashesAtLevel(size: number, level: number): number {
  checkSize(size);
  return Math.floor(size / fullWidth ** level);
}

/** The last tile of each level that is not full, from level 0 up; a level whose tiles are all full has none. */
export function edgeTiles(size: number): readonly (TileRef & { readonly level: number })[] {
  const edges: (TileRef & { readonly level: number })[] = [];
  for (let level = 0; level <= maxLevel; level++) {
    const hashes = hashesAtLevel(size, level);
    const width = hashes % fullWidth;
    if (width > 0) edges.push({ level, index: Math.floor(hashes / fullWidth), width });
  }
  return edges;
}

/** The tile or bundle at `index` as a tree of `size` leaves demands it, or undefined when it reaches not so far. */
export function demandedTile(size: number, level: number | 'entries', index: number): TileRef | undefined {
  const width = hashesAtLevel(size, level === 'entries' ? 0 : level) - index * fullWidth;
  return width <= 0 ? undefined : { level, index, width: Math.min(width, fullWidth) };
}

/**
 * Every file that a log of `size` entries must have, apart from its checkpoint: in an order in which each tile
 * comes after the tile that holds its root, and each bundle after its tile of leaf hashes.
 */
export function* demandedTiles(size: number): Generator<TileRef> {
  checkSize(size);
  const bundles = Math.ceil(size / fullWidth);
  for (let index = 0; index < bundles; index++) {
    // A tile of a higher level is due where its first leaf is.
    for (let level = maxLevel; level >= 0; level--) {
      const span = fullWidth ** level;
      const ref = index % span === 0 ? demandedTile(size, level, index / span) : undefined;
      if (ref !== undefined) yield ref;
    }
    const bundle = demandedTile(size, 'entries', index);
    if (bundle !== undefined) yield bundle;
  }
}

/** The hashes of a tile. @returns refused when the bytes are not exactly `width` hashes. */
export function parseTile(bytes: Uint8Array, width: number): Result<readonly Uint8Array[], TileCode> {
  if (bytes.length !== width * hashLength) {
    return refuse('tile-length', `${bytes.length} bytes for ${width} hashes`);
  }
  const hashes = Array.from({ length: width }, (_, i) =>
    bytes.subarray(i * hashLength, (i + 1) * hashLength),
  );
  return ok(hashes);
}

/** Writes a tile. @throws RangeError when it would be empty, too wide, or hold something that is not a hash. */
export function formatTile(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length < 1 || hashes.length > fullWidth) throw new RangeError(`no width ${hashes.length}`);
  if (hashes.some((hash) => hash.length !== hashLength)) throw new RangeError('a hash has 32 bytes');
  return concatBytes(...hashes);
}

/** The entries of a bundle, as views into it. @returns refused when the bytes are not exactly `width` entries. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Result<readonly Uint8Array[], TileCode> {
  const reader = new ByteReader(bytes);
  const entries: Uint8Array[] = [];
  for (let i = 0; i < width; i++) {
    const length = reader.uint(2);
    const entry = length === undefined ? undefined : reader.take(length);
    if (entry === undefined) return refuse('tile-bundle-malformed', `ends within entry ${i} of ${width}`);
    entries.push(entry);
  }
  if (reader.remaining > 0) {
    return refuse('tile-bundle-malformed', `${reader.remaining} bytes after ${width} entries`);
  }
  return ok(entries);
}

/** Writes a bundle. @throws RangeError when it would be empty or too wide, or an entry is above 65,535 bytes. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length < 1 || entries.length > fullWidth) throw new RangeError(`no width ${entries.length}`);
  return concatBytes(...entries.flatMap((entry) => [uintToBytes(entry.length, 2), entry]));
}
