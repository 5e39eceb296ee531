/**
 * Proofs from pages (`docs/spec/blocks.md`, 'Pages'): a page of a file and the directories above it give the path of
 * each of its leaves to the root in the header, as the whole file would.
 */
import { equalBytes } from '../bytes.ts';
import type { PageCode } from '../errors/page.ts';
import { ok, refuse, type Result } from '../result.ts';
import { foldPeaks, inclusionProof, leafHash, type NodeReader, treeNodes } from '../tree/merkle.ts';
import { rootNodes } from '../tree/nodes.ts';
import { tagLeafBytes } from './tag-groups.ts';

/** What the leaves of a file are: those of a tag index, each followed by its list, or those of a roll-up. */
export type LeafForm = 'index' | 'rollup';

const rollupLeafBytes = 48;
/** Where a leaf of the tag index has the number of messages. */
const countAt = 52;

/** A leaf as it lies in its file. Foreign input: nothing of it was read. */
export interface PageLeaf {
  readonly leaf: Uint8Array;
  /** The list behind a leaf of a tag index; empty in a roll-up. */
  readonly list: Uint8Array;
}

/**
 * Cuts leaves apart that follow each other, without reading them; what follows the last is passed over. Whether they are
 * the right ones is for the root to say, and what one of them says for whoever relies on it.
 */
export function cutLeaves(
  form: LeafForm,
  bytes: Uint8Array,
  count: number,
): Result<readonly PageLeaf[], PageCode> {
  const leaves: PageLeaf[] = [];
  const length = form === 'index' ? tagLeafBytes : rollupLeafBytes;
  for (let at = 0; leaves.length < count;) {
    const end = at + length;
    const leaf = bytes.subarray(at, end);
    const listed = form === 'index' && leaf.length === length ? uint32At(leaf, countAt) : 0;
    at = end + 4 * listed;
    if (at > bytes.length) return refuse('page-length', `${leaves.length} leaves`);
    leaves.push({ leaf, list: bytes.subarray(end, at) });
  }
  return ok(leaves);
}

function uint32At(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** A tree over one page: of its leaves, or of the roots in the entries of a directory. */
export class PageTree {
  readonly #nodes: NodeReader;
  readonly #size: number;

  private constructor(hashes: readonly Uint8Array[]) {
    this.#nodes = treeNodes(hashes);
    this.#size = hashes.length;
  }

  /** @param leaves at least one. @returns refused with `page-root` when they do not give the root. */
  static ofLeaves(leaves: readonly Uint8Array[], root: Uint8Array): Result<PageTree, PageCode> {
    const tree = new PageTree(leaves.map(leafHash));
    return equalBytes(foldPeaks(rootNodes(leaves.length).map(tree.#nodes)), root)
      ? ok(tree)
      : refuse('page-root');
  }

  /** @param roots those of the entries of a page that was read. */
  static ofRoots(roots: readonly Uint8Array[]): PageTree {
    return new PageTree(roots);
  }

  /** The path of a leaf to the root of the page; such paths, one after the other upwards, are that to the root of the file. */
  path(index: number): readonly Uint8Array[] {
    return inclusionProof(this.#nodes, index, this.#size);
  }
}
