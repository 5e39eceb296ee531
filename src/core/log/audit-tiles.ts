/**
 * The part of an audit that goes through the whole log once, from left to right, with one tile of each level in
 * memory: each tile against the hash that the tile above holds for it, each bundle against its tile of leaf
 * hashes, each earlier head against the tree, each earlier partial file against its full one.
 */
import { concatBytes, equalBytes } from '../bytes.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { OtherHeads } from './audit-heads.ts';
import type { AuditProgress } from './audit-port.ts';
import { maxNamesInFolder, readInOrder, type AuditRun, type Found, type FoundOrNot } from './audit-run.ts';
import { edgeRoot, type EdgeHashes } from './edge.ts';
import {
  demandedTiles,
  fullWidth,
  hashesAtLevel,
  hashLength,
  maxBundleLength,
  parseEntryBundle,
  parseTile,
  tilePath,
  type TileRef,
} from './tiles.ts';

type Hashes = readonly Uint8Array[];

/** Goes through all tiles and bundles of a tree of `size` leaves whose `edge` fits the signed root. */
export async function auditTiles(
  run: AuditRun,
  size: number,
  edge: EdgeHashes,
  heads: OtherHeads,
  progress: AuditProgress,
): Promise<void> {
  const sweep = new Sweep(run, edge);
  const read = async (ref: TileRef): Promise<FoundOrNot | undefined> =>
    isEdge(ref) ? undefined : await run.find(ref);
  for await (const [ref, found] of readInOrder(demandedTiles(size), read, run.reader.readAhead)) {
    if (run.isOver) return;
    if (ref.level !== 'entries') {
      await sweep.takeTile(ref.level, ref, found);
      continue;
    }
    if (found !== undefined) await sweep.takeBundle(ref, found);
    const end = ref.index * fullWidth + ref.width;
    await heads.compareUpTo(end, (at) => sweep.rootAt(at));
    progress(end, size);
  }
}

/** Whether a reference is a tile of the edge, which was read and checked before. */
function isEdge(ref: TileRef): boolean {
  return ref.level !== 'entries' && ref.width < fullWidth;
}

class Sweep {
  readonly #run: AuditRun;
  readonly #edge: EdgeHashes;
  /** The verified tile of each level over the place where the sweep is; undefined below a bad tile. */
  readonly #over: (Hashes | undefined)[] = [];

  constructor(run: AuditRun, edge: EdgeHashes) {
    this.#run = run;
    this.#edge = edge;
  }

  async takeTile(level: number, ref: TileRef, found: FoundOrNot | undefined): Promise<void> {
    this.#run.counts.tiles++;
    const hashes = found === undefined ? this.#edge[level] : this.#verified(level, ref, found);
    this.#over[level] = hashes;
    if (hashes === undefined) return;
    const bytes = concatBytes(...hashes);
    await this.#checkEarlier(ref, (width) => bytes.subarray(0, width * hashLength));
  }

  /** The hashes of a full tile, checked against the tile above. A failure is recorded. */
  #verified(level: number, ref: TileRef, found: FoundOrNot): Hashes | undefined {
    if (!found.ok) {
      this.#run.fail(found.code, found.path, found.detail);
      return undefined;
    }
    const { path, bytes } = found.value;
    const hashes = parseTile(bytes, ref.width);
    if (!hashes.ok) {
      this.#run.fail(hashes.code, path, hashes.detail);
      return undefined;
    }
    // Without a good tile above nothing can be said about this one; that tile's failure is recorded already.
    const expected = this.#over[level + 1]?.[ref.index % fullWidth];
    if (expected === undefined) return undefined;
    if (equalBytes(treeRoot(hashes.value), expected)) return hashes.value;
    this.#run.fail('log-tile-mismatch', path);
    return undefined;
  }

  async takeBundle(ref: TileRef, found: FoundOrNot): Promise<void> {
    this.#run.counts.bundles++;
    if (!found.ok) {
      this.#run.fail(found.code, found.path, found.detail);
      return;
    }
    const { path, bytes, width }: Found = found.value;
    const entries = parseEntryBundle(bytes, width);
    if (!entries.ok) {
      this.#run.fail(entries.code, path, entries.detail);
      return;
    }
    const hashes = this.#over[0];
    if (hashes === undefined) return;
    const lengths = [0];
    for (const [i, entry] of entries.value.slice(0, ref.width).entries()) {
      if (!equalBytes(leafHash(entry), hashes[i] ?? new Uint8Array(0))) {
        this.#run.fail('log-bundle-mismatch', path, `entry ${ref.index * fullWidth + i}`);
        return;
      }
      lengths.push((lengths[i] ?? 0) + 2 + entry.length);
    }
    this.#run.counts.entries += ref.width;
    await this.#checkEarlier(ref, (earlier) => bytes.subarray(0, lengths[earlier] ?? 0));
  }

  /** Checks the partial files of earlier sizes that are still there: each is the beginning of what was verified. */
  async #checkEarlier(ref: TileRef, beginning: (width: number) => Uint8Array): Promise<void> {
    if (!this.#run.reader.canList) return;
    const folder = tilePath({ ...ref, width: 1 }).slice(0, -2);
    const listed = await this.#run.reader.list(folder, maxNamesInFolder);
    if (!listed.ok) {
      // Whatever stands there instead is noted with the other files that are no part of the log.
      if (listed.code !== 'log-not-a-folder') this.#run.fail(listed.code, folder, listed.detail);
      return;
    }
    const widths = (listed.value ?? []).map(({ name, kind }) =>
      kind === 'file' && /^[1-9][0-9]{0,2}$/.test(name) ? Number(name) : 0,
    );
    const limit = ref.level === 'entries' ? maxBundleLength : fullWidth * hashLength;
    for (const width of widths.sort((a, b) => a - b)) {
      if (width === 0 || width >= ref.width) continue;
      const path = tilePath({ ...ref, width });
      const bytes = await this.#run.readOptional(path, limit);
      if (bytes === undefined) continue;
      this.#run.counts.earlierPartials++;
      if (equalBytes(bytes, beginning(width))) continue;
      this.#run.fail(ref.level === 'entries' ? 'log-bundle-mismatch' : 'log-tile-mismatch', path);
    }
  }

  /** The root of the first `size` leaves, where the last of them is under the tiles now at hand. */
  rootAt(size: number): Uint8Array | undefined {
    const levels: Hashes[] = [];
    for (let level = 0; hashesAtLevel(size, level) > 0; level++) {
      const width = hashesAtLevel(size, level) % fullWidth;
      const hashes = width === 0 ? [] : this.#over[level]?.slice(0, width);
      if (hashes === undefined) return undefined;
      levels.push(hashes);
    }
    return edgeRoot(levels);
  }
}
