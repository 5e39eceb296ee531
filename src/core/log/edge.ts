/**
 * The right edge of a log: the hashes of its tiles that are not full. It is all that is needed to compute the
 * root and to append; see `docs/spec/tiles.md`.
 */
import { foldPeaks, leafHash, treeRoot } from '../tree/merkle.ts';
import {
  edgeTiles,
  formatEntryBundle,
  formatTile,
  fullWidth,
  hashesAtLevel,
  maxEntryLength,
  tilePath,
  type TileRef,
} from './tiles.ts';

/** Hashes of the last tile of each level, from level 0 up; 0 to 255 of each, none where all tiles are full. */
export type EdgeHashes = readonly (readonly Uint8Array[])[];

/** What must be kept of a log to append to it. */
export interface LogEdge {
  readonly size: number;
  readonly levels: EdgeHashes;
  /** Entries of the last bundle, 0 to 255. */
  readonly entries: readonly Uint8Array[];
}

/** A file of the log that an append brought forth. Files never change: a path is written once. */
export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The edge of the log without entries. */
export const emptyEdge: LogEdge = { size: 0, levels: [], entries: [] };

/** The root of the tree with this edge (RFC 6962). */
export function edgeRoot(levels: EdgeHashes): Uint8Array {
  const peaks: Uint8Array[] = [];
  for (const hashes of [...levels].reverse()) {
    let at = 0;
    for (let span = fullWidth / 2; span >= 1; span /= 2) {
      if ((hashes.length & span) === 0) continue;
      peaks.push(treeRoot(hashes.slice(at, at + span)));
      at += span;
    }
  }
  return foldPeaks(peaks);
}

/** Grows level by level while entries are appended, and notes each tile that becomes full. */
class Growth {
  readonly levels: Uint8Array[][];
  readonly files: LogFile[] = [];
  entries: Uint8Array[];
  size: number;

  constructor(edge: LogEdge) {
    this.levels = edge.levels.map((hashes) => [...hashes]);
    this.entries = [...edge.entries];
    this.size = edge.size;
  }

  append(entry: Uint8Array): void {
    if (entry.length > maxEntryLength) throw new RangeError(`an entry of ${entry.length} bytes`);
    this.entries.push(entry);
    this.size++;
    if (this.entries.length === fullWidth) {
      this.put({ level: 'entries', index: this.size / fullWidth - 1, width: fullWidth });
      this.entries = [];
    }
    let hash = leafHash(entry);
    for (let level = 0; ; level++) {
      const hashes = (this.levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length < fullWidth) break;
      this.put({ level, index: hashesAtLevel(this.size, level) / fullWidth - 1, width: fullWidth });
      hash = treeRoot(hashes);
      this.levels[level] = [];
    }
  }

  /** Writes the tile or bundle as it is now. */
  put(ref: TileRef): void {
    const { level } = ref;
    const bytes =
      level === 'entries' ? formatEntryBundle(this.entries) : formatTile(this.levels[level] ?? []);
    this.files.push({ path: tilePath(ref), bytes });
  }
}

/**
 * Appends entries to a log.
 *
 * @returns the new edge and every file that a log of the new size has and one of the old size has not: first the
 *   full tiles and bundles as they fill, then the partial ones at the end.
 * @throws RangeError on an entry above 65,535 bytes.
 */
export function growLog(
  edge: LogEdge,
  entries: readonly Uint8Array[],
): { readonly edge: LogEdge; readonly files: readonly LogFile[] } {
  const growth = new Growth(edge);
  for (const entry of entries) growth.append(entry);
  const { size } = growth;
  for (const ref of edgeTiles(size)) {
    if (hashesAtLevel(size, ref.level) === hashesAtLevel(edge.size, ref.level)) continue;
    if (ref.level === 0) growth.put({ ...ref, level: 'entries' });
    growth.put(ref);
  }
  return { edge: { size, levels: growth.levels, entries: growth.entries }, files: growth.files };
}
