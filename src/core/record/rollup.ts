/**
 * The roll-up index (`docs/spec/tags.md`): for every tag of the last 256 (or 65,536) blocks the last of them that
 * had it. It makes a proof of absence over many blocks small.
 */
import { ByteReader, compareBytes, concatBytes, copyBytes, uintToBytes } from '../bytes.ts';
import type { RollupCode } from '../errors/rollup.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { IncrementalTree } from '../tree/incremental.ts';
import { leafHash } from '../tree/merkle.ts';
import type { TreeCommitment } from './header.ts';
import { rollupSpans } from './header.ts';

/** Level 1 sums up 256 blocks, level 2 sums up 65,536. */
export type RollupLevel = 1 | 2;

/** A leaf of a roll-up. */
export interface RollupLeaf {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** The last block of the span with this tag. */
  readonly height: number;
  /** The running total that the index of that block states. */
  readonly total: number;
}

/** How many blocks a roll-up of this level sums up. */
export function spanOf(level: RollupLevel): number {
  return rollupSpans[level - 1] ?? 0;
}

/** Reads a leaf of the roll-up of this level to which the header at `height` commits. */
export function parseRollupLeaf(
  bytes: Uint8Array,
  height: number,
  level: RollupLevel,
): Result<RollupLeaf, RollupCode> {
  const reader = new ByteReader(bytes);
  const tag = reader.take(32);
  const last = reader.uint64();
  const total = reader.uint64();
  if (tag === undefined || last === undefined || total === undefined || reader.remaining > 0) {
    return refuse('rollup-length', `${bytes.length} bytes`);
  }
  if (last >= BigInt(height) || last < BigInt(height - spanOf(level))) {
    return refuse('rollup-height', `${last} is not in the ${spanOf(level)} blocks below ${height}`);
  }
  if (total === 0n || total > BigInt(Number.MAX_SAFE_INTEGER)) return refuse('rollup-total', String(total));
  return ok({ tag: copyBytes(tag), height: Number(last), total: Number(total) });
}

/** Writes a leaf. @throws RangeError when a number does not fit. */
export function writeRollupLeaf(leaf: RollupLeaf): Uint8Array {
  return concatBytes(leaf.tag, uintToBytes(leaf.height, 8), uintToBytes(leaf.total, 8));
}

/** A roll-up that grows leaf by leaf, for leaves that do not come all at once. */
export class RollupTree {
  readonly #tree = new IncrementalTree();
  #last: Uint8Array | undefined;

  /** @throws RangeError when the tag is not above that of the leaf before. */
  append(leaf: RollupLeaf): void {
    if (this.#last !== undefined && compareBytes(this.#last, leaf.tag) >= 0)
      throw new RangeError('not ascending');
    this.#last = leaf.tag;
    this.#tree.append(leafHash(writeRollupLeaf(leaf)));
  }

  /** Count and root of what was appended so far. */
  commitment(): TreeCommitment {
    return { count: this.#tree.size, root: this.#tree.root() };
  }
}

/**
 * Count and root of the roll-up with these leaves. A roll-up can be larger than memory, so they are taken one by one.
 *
 * @param leaves ascending by tag, each tag once. @throws RangeError when they are not.
 */
export function rollupCommitment(leaves: Iterable<RollupLeaf>): TreeCommitment {
  const tree = new RollupTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.commitment();
}
