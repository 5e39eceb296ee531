/**
 * The part of an audit that binds the right edge to the signed root. When it does not fit, it finds out which
 * file is to blame: every tile is also computed from what lies below it.
 */
import { equalBytes } from '../bytes.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { Head } from './audit-heads.ts';
import type { AuditRun } from './audit-run.ts';
import { edgeRoot, type EdgeHashes } from './edge.ts';
import { edgeTiles, fullWidth, parseEntryBundle, parseTile, type TileRef } from './tiles.ts';

type Hashes = readonly Uint8Array[];

/** A tile of the edge: `hashes` are the first `width` of the file at `path`. */
interface EdgeTile {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  readonly path: string;
  readonly hashes: Hashes;
}

/** Reads the hashes of a tile, checked for nothing but its length. A failure is recorded if `record` says so. */
async function readTile(
  run: AuditRun,
  ref: TileRef,
  record: boolean,
): Promise<{ readonly path: string; readonly hashes: Hashes } | undefined> {
  const found = await run.find(ref);
  if (!found.ok) {
    if (record) run.fail(found.code, found.path, found.detail);
    return undefined;
  }
  const { path, bytes, width } = found.value;
  const hashes = parseTile(bytes, width);
  if (!hashes.ok) {
    if (record) run.fail(hashes.code, path, hashes.detail);
    return undefined;
  }
  return { path, hashes: hashes.value.slice(0, ref.width) };
}

function levelsOf(edge: readonly EdgeTile[]): EdgeHashes {
  const levels: Hashes[] = [];
  for (const { level, hashes } of edge) {
    while (levels.length < level) levels.push([]);
    levels[level] = hashes;
  }
  return levels;
}

/**
 * Reads the tiles of the right edge and checks them against the head's root.
 *
 * @returns their hashes by level, or undefined when one is missing or they do not give the root; that is recorded.
 */
export async function verifiedEdge(run: AuditRun, top: Head): Promise<EdgeHashes | undefined> {
  const demanded = edgeTiles(top.checkpoint.size);
  const edge: EdgeTile[] = [];
  for (const ref of demanded) {
    const tile = await readTile(run, ref, true);
    if (tile !== undefined) edge.push({ ...ref, ...tile });
  }
  if (edge.length < demanded.length) return undefined;
  const levels = levelsOf(edge);
  if (equalBytes(edgeRoot(levels), top.checkpoint.root)) return levels;
  await blame(run, top, edge);
  return undefined;
}

/** What a tile of the edge should hold by the files below it; undefined when one of those cannot be read. */
async function computedFromBelow(run: AuditRun, tile: EdgeTile): Promise<Hashes | undefined> {
  if (tile.level === 0) {
    const found = await run.find({ ...tile, level: 'entries' });
    const entries = found.ok ? parseEntryBundle(found.value.bytes, found.value.width) : found;
    return entries.ok ? entries.value.slice(0, tile.width).map(leafHash) : undefined;
  }
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < tile.width; i++) {
    const child = { level: tile.level - 1, index: tile.index * fullWidth + i, width: fullWidth };
    const below = await readTile(run, child, false);
    if (below === undefined) return undefined;
    hashes.push(treeRoot(below.hashes));
  }
  return hashes;
}

function sameHashes(a: Hashes, b: Hashes): boolean {
  return a.length === b.length && a.every((hash, i) => equalBytes(hash, b[i] ?? new Uint8Array(0)));
}

/** Records which file keeps the edge from giving the signed root. */
async function blame(run: AuditRun, top: Head, edge: readonly EdgeTile[]): Promise<void> {
  const gives = (tiles: readonly EdgeTile[]): boolean =>
    equalBytes(edgeRoot(levelsOf(tiles)), top.checkpoint.root);
  const mended = await Promise.all(
    edge.map(async (tile) => ({ ...tile, hashes: (await computedFromBelow(run, tile)) ?? tile.hashes })),
  );
  const differing = edge.filter((tile, i) => !sameHashes(tile.hashes, mended[i]?.hashes ?? []));
  if (differing.length === 0) {
    run.fail('log-root-mismatch', top.path);
    return;
  }
  // One bad tile is by far the likeliest: the one whose replacement alone gives the root. Otherwise all that differ.
  const culprit = differing.find(({ level }) =>
    gives(edge.map((tile, i) => (tile.level === level ? (mended[i] ?? tile) : tile))),
  );
  for (const { path } of culprit === undefined ? differing : [culprit]) run.fail('log-tile-mismatch', path);
}
