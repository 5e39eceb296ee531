import { copyBytes } from '../bytes.ts';
import type { TreeCode } from '../errors/tree.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { foldPeaks, nodeHash } from './merkle.ts';
import { bitCount } from './nodes.ts';

/** What {@link IncrementalTree} needs to go on later: the size and the perfect subtrees' roots, left to right. */
export interface TreeState {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

/** A tree that grows leaf by leaf and keeps at most 53 hashes: those of the perfect subtrees that cover it. */
export class IncrementalTree {
  #size = 0;
  readonly #peaks: Uint8Array[] = [];

  /** Goes on from a saved state. Refused with `tree-state` when number and length of the hashes do not fit the size. */
  static restore(state: TreeState): Result<IncrementalTree, TreeCode> {
    const { size, peaks } = state;
    if (!Number.isSafeInteger(size) || size < 0) return refuse('tree-size');
    if (peaks.length !== bitCount(BigInt(size)))
      return refuse('tree-state', `${peaks.length} hashes for ${size}`);
    const tree = new IncrementalTree();
    tree.#size = size;
    for (const peak of peaks) {
      if (peak.length !== 32) return refuse('tree-state', `a hash of ${peak.length} bytes`);
      tree.#peaks.push(Uint8Array.from(peak));
    }
    return ok(tree);
  }

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its 32-byte leaf hash. @throws RangeError on another length, and beyond 2^53 - 1 leaves. */
  append(leafHash: Uint8Array): void {
    if (leafHash.length !== 32) throw new RangeError(`a leaf hash has 32 bytes, not ${leafHash.length}`);
    if (this.#size === Number.MAX_SAFE_INTEGER) throw new RangeError('the tree is full');
    let hash = copyBytes(leafHash);
    // One peak per one bit of the size; adding a leaf carries like adding 1.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2)
      hash = nodeHash(this.#peaks.pop() ?? hash, hash);
    this.#peaks.push(hash);
    this.#size++;
  }

  /** The root of all leaves so far; a copy. */
  root(): Uint8Array {
    return copyBytes(foldPeaks(this.#peaks));
  }

  /** The state to save; a copy. */
  state(): TreeState {
    return { size: this.#size, peaks: this.#peaks.map((peak) => Uint8Array.from(peak)) };
  }
}
