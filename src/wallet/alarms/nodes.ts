/**
 * Hashes of the block log's tree as an address serves them, for proofs about what it serves. Nothing of them is believed:
 * a proof made from wrong ones does not verify.
 */
import type { LogReader } from '../../core/log/audit-port.ts';
import { demandedTile, fullWidth, hashLength, parseTile, tilePath } from '../../core/log/tiles.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash, type NodeReader, treeRoot } from '../../core/tree/merkle.ts';
import type { NodeId } from '../../core/tree/nodes.ts';
import { fetchEntries, fetchFile, stop } from '../sync/fetch.ts';
import type { Looking } from './finding.ts';

/** Where nodes come from. */
type Source = Pick<Looking, 'reader' | 'signal'>;

/** Levels of the tree that one level of tiles spans. */
const tileLevels = 8;

function keyOf({ level, index }: NodeId): string {
  return `${level}/${index}`;
}

function readerOf(hashes: ReadonlyMap<string, Uint8Array>): NodeReader {
  return (id) => {
    const hash = hashes.get(keyOf(id));
    if (hash === undefined) throw new RangeError(`node ${keyOf(id)} was not asked for`);
    return hash;
  };
}

/** The hashes of a tile in a log of this size. @throws CountersignError with a `sync-` code */
async function fetchTile(
  reader: LogReader,
  size: number,
  level: number,
  index: number,
): Promise<readonly Uint8Array[]> {
  const ref = demandedTile(size, level, index);
  if (ref === undefined) throw new RangeError(`no tile ${index} of level ${level} in a log of ${size}`);
  for (const width of new Set([ref.width, fullWidth])) {
    const bytes = await fetchFile(reader, tilePath({ ...ref, width }), fullWidth * hashLength);
    const hashes = bytes && parseTile(bytes, width);
    if (hashes?.ok === true) return hashes.value;
  }
  throw stop('sync-withheld', tilePath(ref));
}

/** Nodes from the tiles: a few files, however long the log is. */
async function fromTiles({ reader }: Source, size: number, wanted: readonly NodeId[]): Promise<NodeReader> {
  const tiles = new Map<string, readonly Uint8Array[]>();
  const hashes = new Map<string, Uint8Array>();
  for (const id of wanted) {
    const level = Math.floor(id.level / tileLevels);
    const width = 2 ** (id.level % tileLevels);
    const first = Number(id.index) * width;
    const index = Math.floor(first / fullWidth);
    const name = `${level}/${index}`;
    const tile = tiles.get(name) ?? (await fetchTile(reader, size, level, index));
    tiles.set(name, tile);
    const from = first - index * fullWidth;
    hashes.set(keyOf(id), treeRoot(tile.slice(from, from + width)));
  }
  return readerOf(hashes);
}

/** The same from all entries, for an address that hides its tiles: a synchronisation does without them. */
async function fromEntries(
  { reader, signal }: Source,
  size: number,
  wanted: readonly NodeId[],
): Promise<NodeReader> {
  const open = wanted.map((id) => ({
    id,
    from: Number(id.index) * 2 ** id.level,
    tree: new IncrementalTree(),
  }));
  for (let index = 0; index * fullWidth < size; index++) {
    if (signal?.aborted === true) throw stop('sync-withheld', 'stopped');
    for (const [i, entry] of (await fetchEntries(reader, size, index)).entries()) {
      const at = index * fullWidth + i;
      const hash = leafHash(entry);
      for (const { id, from, tree } of open) {
        if (at >= from && at < from + 2 ** id.level) tree.append(hash);
      }
    }
  }
  return readerOf(new Map(open.map(({ id, tree }) => [keyOf(id), tree.root()])));
}

/** What nodes show; `shown` is undefined when they are the signed ones and show that there is nothing to be shown. */
export interface Decided<T> {
  readonly shown: T | undefined;
}

/**
 * Decides something by nodes of the log of this size: by its tiles and, when these are not the signed ones, by its entries,
 * all of which have to be fetched for it.
 * @param decide gives undefined when the nodes are not those of the signed head.
 */
export async function shownByNodes<T>(
  source: Source,
  size: number,
  wanted: readonly NodeId[],
  decide: (read: NodeReader) => Decided<T> | undefined,
): Promise<T | undefined> {
  for (const nodes of [fromTiles, fromEntries]) {
    try {
      const decided = decide(await nodes(source, size, wanted));
      if (decided !== undefined) return decided.shown;
    } catch (error) {
      if (!isOfAddress(error)) throw error;
    }
  }
  return undefined;
}

function isOfAddress(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('sync-');
}
