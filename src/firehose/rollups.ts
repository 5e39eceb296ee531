/**
 * Roll-ups, made from the files of the record and not from memory: a span of 256 blocks can hold many millions of tags.
 * A roll-up of level 1 is merged from the tag indexes of its blocks, one of level 2 from roll-ups of level 1. Every file
 * is checked against its header while it is read, because nothing false may ever be signed.
 */
import { equalBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { LogFile } from '../core/log/edge.ts';
import { pagesPath, rollupPath, tagIndexPath } from '../core/record/files.ts';
import { type BlockHeader, rollupCount, type TreeCommitment } from '../core/record/header.ts';
import { PageDirectories } from '../core/record/pages.ts';
import { type RollupLevel, spanOf } from '../core/record/rollup.ts';
import { tagLeafBytes } from '../core/record/tag-groups.ts';
import { IncrementalTree } from '../core/tree/incremental.ts';
import { leafHash } from '../core/tree/merkle.ts';
import { type BlockLog, headersFrom } from './block-log.ts';
import type { Storage } from './storage.ts';

/** Bytes of a leaf of a roll-up: tag, height, total. */
const rollupBytes = 48;
const tagBytes = 32;
/** Leaves that leave at once. */
const pieceLeaves = 4096;

/** A file whose leaves become part of a roll-up, and what its header says of it. */
export interface Source {
  readonly path: string;
  readonly height: number;
  readonly commitment: TreeCommitment;
  /** A tag index, whose leaves have lists behind them, or a roll-up. */
  readonly kind: 'index' | 'rollup';
}

/** Goes through the leaves of one file, each as the 48 bytes that it has in a roll-up. */
class LeafCursor {
  readonly #source: Source;
  readonly #storage: Storage;
  readonly #tree = new IncrementalTree();
  #pieces: AsyncIterator<Buffer> | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The leaf at hand; undefined at the end. */
  leaf: Buffer | undefined;
  /** The first six bytes of its tag as a number: decides nearly every comparison at once. */
  prefix = 0;

  constructor(storage: Storage, source: Source) {
    this.#storage = storage;
    this.#source = source;
  }

  #damaged(): CountersignError<FirehoseCode> {
    return new CountersignError<FirehoseCode>('firehose-damaged', this.#source.path);
  }

  /** Sees to it that so many bytes are here; false when the file ends before. */
  async #need(length: number): Promise<boolean> {
    while (this.#bytes.length - this.#at < length) {
      const next = await this.#pieces?.next();
      if (next === undefined || next.done === true) return false;
      this.#bytes = Buffer.concat([this.#bytes.subarray(this.#at), next.value]);
      this.#at = 0;
    }
    return true;
  }

  async open(): Promise<void> {
    const file = await this.#storage.open(this.#source.path);
    if (file === undefined) throw this.#damaged();
    this.#pieces = (file.bytes as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    await this.next();
  }

  /** Goes to the next leaf. At the end everything is checked. @throws CountersignError `firehose-damaged` */
  async next(): Promise<void> {
    const { kind, height, commitment } = this.#source;
    const length = kind === 'index' ? tagLeafBytes : rollupBytes;
    if (!(await this.#need(length))) {
      const isWhole = this.#bytes.length === this.#at && this.#tree.size === commitment.count;
      if (!isWhole || !equalBytes(this.#tree.root(), commitment.root)) throw this.#damaged();
      this.leaf = undefined;
      this.prefix = Infinity;
      return;
    }
    const leaf = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#tree.append(leafHash(leaf));
    this.prefix = leaf.readUIntBE(0, 6);
    if (kind === 'rollup') {
      this.leaf = leaf;
      return;
    }
    const own = Buffer.allocUnsafe(rollupBytes);
    leaf.copy(own, 0, 0, tagBytes);
    own.writeBigUInt64BE(BigInt(height), tagBytes);
    leaf.copy(own, 40, 40, 48);
    this.leaf = own;
    const list = 4 * leaf.readUInt32BE(52);
    if (!(await this.#need(list))) throw this.#damaged();
    this.#at += list;
  }

  /** Order of the leaves at hand by tag, and of one tag the newest first. */
  compare(other: LeafCursor): number {
    if (this.prefix !== other.prefix) return this.prefix - other.prefix;
    const [a, b] = [this.leaf, other.leaf];
    if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
    return a.compare(b, 0, tagBytes, 0, tagBytes) || b.compare(a, tagBytes, 40, tagBytes, 40);
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#pieces?.return?.();
  }
}

/** The cursor with the lowest leaf stands first: a binary heap. */
function sink(heap: LeafCursor[], place: number): void {
  for (let at = place; ;) {
    const left = 2 * at + 1;
    const [here, a, b] = [heap[at], heap[left], heap[left + 1]];
    if (here === undefined || a === undefined) return;
    const lower = b !== undefined && b.compare(a) < 0 ? left + 1 : left;
    const child = heap[lower];
    if (child === undefined || here.compare(child) <= 0) return;
    heap[at] = child;
    heap[lower] = here;
    at = lower;
  }
}

/** The leaves of a roll-up in order, in pieces of many. */
async function* mergeLeaves(storage: Storage, sources: readonly Source[]): AsyncGenerator<Buffer> {
  const heap = sources.map((source) => new LeafCursor(storage, source));
  try {
    for (const cursor of heap) await cursor.open();
    for (let at = heap.length - 1; at >= 0; at--) sink(heap, at);
    let leaves: Buffer[] = [];
    let before: Buffer | undefined;
    for (let first = heap[0]; first?.leaf !== undefined; first = heap[0]) {
      const { leaf } = first;
      // Of one tag the newest comes first; the others are left out.
      if (before?.compare(leaf, 0, tagBytes, 0, tagBytes) !== 0) leaves.push(leaf);
      before = leaf;
      await first.next();
      sink(heap, 0);
      if (leaves.length < pieceLeaves) continue;
      yield Buffer.concat(leaves);
      leaves = [];
    }
    yield Buffer.concat(leaves);
  } finally {
    for (const cursor of heap) await cursor.close();
  }
}

async function sourcesOf(storage: Storage, log: BlockLog, level: RollupLevel): Promise<Source[]> {
  const height = log.size;
  const sources: Source[] = [];
  const add = (path: string, header: BlockHeader, commitment: TreeCommitment | undefined): void => {
    const kind = level === 1 ? 'index' : 'rollup';
    if (commitment !== undefined) sources.push({ path, height: header.height, commitment, kind });
  };
  for await (const header of headersFrom(storage, log, height - spanOf(level))) {
    // Block 0 has no messages; a roll-up stands in the header above its span.
    if (level === 1 && header.height > 0) add(tagIndexPath(header.height), header, header.tags);
    const isAbove = header.height > height - spanOf(level) && header.rollups.length > 0;
    if (level === 2 && isAbove) add(rollupPath(header.height, 1), header, header.rollups[0]);
  }
  return sources;
}

/** Writes one roll-up with its directories. @throws CountersignError `firehose-damaged`, `firehose-storage` */
export async function writeRollup(
  storage: Storage,
  path: string,
  sources: readonly Source[],
): Promise<TreeCommitment> {
  const tree = new IncrementalTree();
  const pages = new PageDirectories('tags');
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const piece of mergeLeaves(storage, sources)) {
      for (let at = 0; at < piece.length; at += rollupBytes) {
        const leaf = piece.subarray(at, at + rollupBytes);
        const hash = leafHash(leaf);
        tree.append(hash);
        pages.push(hash, rollupBytes, leaf.subarray(0, tagBytes));
      }
      yield piece;
      // Others wait for the processor too.
      await new Promise(setImmediate);
    }
  }
  await storage.write(path, pass());
  for (const file of directoryFiles(path, pages)) await storage.write(file.path, file.bytes);
  return { count: tree.size, root: tree.root() };
}

/** The directories of a file, as files. */
export function directoryFiles(path: string, pages: PageDirectories): readonly LogFile[] {
  return pages.finish().map((bytes, i) => ({ path: pagesPath(i + 1, path), bytes }));
}

/**
 * Makes the roll-ups to which the header of the next block commits, and writes them: they follow from what was published
 * before, so they are the same whatever the block holds.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function writeRollups(storage: Storage, log: BlockLog): Promise<readonly TreeCommitment[]> {
  const height = log.size;
  const commitments: TreeCommitment[] = [];
  for (const level of ([1, 2] as const).slice(0, rollupCount(height))) {
    const sources = await sourcesOf(storage, log, level);
    const [below] = commitments;
    // The newest roll-up of level 1 has no header yet: it is the one just made.
    if (level === 2 && below !== undefined) {
      sources.push({ path: rollupPath(height, 1), height, commitment: below, kind: 'rollup' });
    }
    commitments.push(await writeRollup(storage, rollupPath(height, level), sources));
  }
  return commitments;
}
