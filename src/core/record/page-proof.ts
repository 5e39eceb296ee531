/**
 * Proofs from pages (`docs/spec/blocks.md`, 'Pages'): a page of a file and the directories above it give the path of
 * each of its leaves to the root in the header, as the whole file would.
 */
import { equalBytes } from '../bytes.ts';
import type { PageCode } from '../errors/page.ts';
import { ok, refuse, type Result } from '../result.ts';
import { foldPeaks, inclusionProof, leafHash, nodeHash } from '../tree/merkle.ts';
import { type NodeId, rootNodes } from '../tree/nodes.ts';
import { tagLeafBytes } from './tag-groups.ts';

/** What the leaves of a file are: those of a tag index, each followed by its list, or those of a roll-up. */
export type LeafForm = 'index' | 'rollup';

const rollupLeafBytes = 48;
/** Where a leaf of the tag index has the number of messages. */
const countAt = 52;

/** Leaves that follow each other, cut apart and not read. Foreign input. */
export class CutLeaves {
  readonly #bytes: Uint8Array;
  /** Where each leaf begins, and where the last one and its list end. */
  readonly #starts: Uint32Array;
  readonly #leafBytes: number;

  private constructor(bytes: Uint8Array, starts: Uint32Array, leafBytes: number) {
    this.#bytes = bytes;
    this.#starts = starts;
    this.#leafBytes = leafBytes;
  }

  /**
   * Cuts leaves apart; what follows the last is passed over. Whether they are the right ones is for the root to say, and
   * what one of them says for whoever relies on it.
   */
  static cut(form: LeafForm, bytes: Uint8Array, count: number): Result<CutLeaves, PageCode> {
    const leafBytes = form === 'index' ? tagLeafBytes : rollupLeafBytes;
    const starts = new Uint32Array(count + 1);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const end = at + leafBytes;
      if (end > bytes.length) return refuse('page-length', `${i} leaves`);
      at = end + (form === 'index' ? 4 * view.getUint32(at + countAt) : 0);
      if (at > bytes.length) return refuse('page-length', `${i} leaves`);
      starts[i + 1] = at;
    }
    return ok(new CutLeaves(bytes, starts, leafBytes));
  }

  /** How many there are. */
  get count(): number {
    return this.#starts.length - 1;
  }

  /** A leaf: a view. */
  leaf(index: number): Uint8Array {
    const start = this.#starts[index] ?? 0;
    return this.#bytes.subarray(start, start + this.#leafBytes);
  }

  /** The list behind a leaf of a tag index, empty in a roll-up: a view. */
  list(index: number): Uint8Array {
    return this.#bytes.subarray((this.#starts[index] ?? 0) + this.#leafBytes, this.#starts[index + 1]);
  }

  /** The tag of a leaf: a view. */
  tag(index: number): Uint8Array {
    const start = this.#starts[index] ?? 0;
    return this.#bytes.subarray(start, start + 32);
  }

  /** The first leaf whose tag is not above that of the leaf before; undefined when they are in order. */
  unsorted(): number | undefined {
    for (let i = 1; i < this.count; i++) if (!this.#isAbove(i)) return i;
    return undefined;
  }

  #isAbove(index: number): boolean {
    const [before, here] = [this.#starts[index - 1] ?? 0, this.#starts[index] ?? 0];
    for (let at = 0; at < 32; at++) {
      const [low, high] = [this.#bytes[before + at] ?? 0, this.#bytes[here + at] ?? 0];
      if (low !== high) return low < high;
    }
    return false;
  }
}

/**
 * A tree over one page: of its leaves, or of the roots in the entries of a directory. All of it lies in one array, because
 * pages are kept for a while, and many small ones cost more than the hashes.
 */
export class PageTree {
  /** The hashes of all levels, one after the other, the lowest first. */
  readonly #hashes: Uint8Array;
  readonly #size: number;

  private constructor(size: number, hashOf: (index: number) => Uint8Array) {
    this.#size = size;
    this.#hashes = new Uint8Array(64 * size);
    for (let i = 0; i < size; i++) this.#hashes.set(hashOf(i), 32 * i);
    for (let below = 0, width = size; width > 1;) {
      const next = below + width;
      for (let i = 0; i < width >> 1; i++) {
        const left = this.#hash(below + 2 * i);
        this.#hashes.set(nodeHash(left, this.#hash(below + 2 * i + 1)), 32 * (next + i));
      }
      below = next;
      width >>= 1;
    }
  }

  /** @param count at least one leaf. @returns refused with `page-root` when they do not give the root. */
  static ofLeaves(
    count: number,
    leaf: (index: number) => Uint8Array,
    root: Uint8Array,
  ): Result<PageTree, PageCode> {
    const tree = new PageTree(count, (index) => leafHash(leaf(index)));
    const nodes = (node: NodeId): Uint8Array => tree.#node(node);
    return equalBytes(foldPeaks(rootNodes(count).map(nodes)), root) ? ok(tree) : refuse('page-root');
  }

  /** @param roots those of the entries of a page that was read. */
  static ofRoots(roots: readonly Uint8Array[]): PageTree {
    return new PageTree(roots.length, (index) => roots[index] ?? new Uint8Array(32));
  }

  /** The path of a leaf to the root of the page; such paths, one after the other upwards, are that to the root of the file. */
  path(index: number): readonly Uint8Array[] {
    return inclusionProof((node) => this.#node(node).slice(), index, this.#size);
  }

  #hash(at: number): Uint8Array {
    return this.#hashes.subarray(32 * at, 32 * (at + 1));
  }

  #node({ level, index }: NodeId): Uint8Array {
    let start = 0;
    for (let below = 0; below < level; below++) start += this.#size >> below;
    return this.#hash(start + Number(index));
  }
}
