/**
 * Proofs that a tag is, or is not, in an index that a header commits to (`docs/spec/tags.md`): the tag index of a
 * block, or a roll-up over many. Number of leaves and root come from the header, never from a proof.
 */
import { compareBytes, equalBytes } from '../bytes.ts';
import type { AbsenceCode } from '../errors/absence.ts';
import type { RollupCode } from '../errors/rollup.ts';
import type { TagCode } from '../errors/tag.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { NodeReader } from '../tree/merkle.ts';
import { inclusionProof, leafHash, treeNodes, verifyInclusion } from '../tree/merkle.ts';
import type { TreeCommitment } from './header.ts';
import type { IncludedHeader } from './log-headers.ts';
import type { RollupLeaf, RollupLevel } from './rollup.ts';
import { parseRollupLeaf } from './rollup.ts';
import type { TagLeaf } from './tag-index.ts';
import { parseTagLeaf } from './tag-index.ts';

/** A leaf of an index with its place and the way to the root. Foreign input. */
export interface Presence {
  /** Position of the leaf in the index. */
  readonly index: number;
  readonly leaf: Uint8Array;
  /** RFC 6962 inclusion path. */
  readonly path: readonly Uint8Array[];
}

/** The neighbours between which a tag would stand. Foreign input. */
export interface Absence {
  /** The leaf below the tag; left out when the tag lies before the first leaf. */
  readonly left?: Presence;
  /** The leaf above the tag; left out when the tag lies after the last leaf. */
  readonly right?: Presence;
}

/** Codes of a proof of presence. */
export type PresenceCode = TagCode | RollupCode;

/** An index that a header commits to, and how its leaves are read. */
export interface CommittedIndex<Leaf extends { readonly tag: Uint8Array }> extends TreeCommitment {
  parse(leaf: Uint8Array): Result<Leaf, PresenceCode>;
}

/** The tag index of the block with this header. */
export function tagIndexOf(header: IncludedHeader): CommittedIndex<TagLeaf> {
  return { ...header.tags, parse: (leaf) => parseTagLeaf(leaf, header.height) };
}

/** The roll-up of this level to which this header commits; undefined when it commits to none. */
export function rollupOf(header: IncludedHeader, level: RollupLevel): CommittedIndex<RollupLeaf> | undefined {
  const commitment = header.rollups[level - 1];
  if (commitment === undefined) return undefined;
  return { ...commitment, parse: (leaf) => parseRollupLeaf(leaf, header.height, level) };
}

/** Whether the leaf, whatever its bytes, stands at the position that the proof names. */
export function verifyEntry(
  tree: TreeCommitment,
  { index, leaf, path }: Presence,
): Result<void, 'tag-proof'> {
  const claim = { leafHash: leafHash(leaf), index, size: tree.count, proof: path, root: tree.root };
  const included = verifyInclusion(claim);
  return included.ok ? ok(undefined) : refuse('tag-proof', included.code);
}

/** Verifies that the leaf is sound and stands where the proof says, whatever its tag, and reads it. */
export function readEntry<Leaf extends { readonly tag: Uint8Array }>(
  index: CommittedIndex<Leaf>,
  entry: Presence,
): Result<Leaf, PresenceCode> {
  const leaf = index.parse(entry.leaf);
  if (!leaf.ok) return leaf;
  const included = verifyEntry(index, entry);
  return included.ok ? leaf : included;
}

/** Verifies that the index has a leaf of this tag, and reads it. */
export function verifyPresence<Leaf extends { readonly tag: Uint8Array }>(
  index: CommittedIndex<Leaf>,
  tag: Uint8Array,
  presence: Presence,
): Result<Leaf, PresenceCode> {
  const leaf = index.parse(presence.leaf);
  if (!leaf.ok) return leaf;
  if (!equalBytes(leaf.value.tag, tag)) return refuse('tag-other');
  const included = verifyEntry(index, presence);
  return included.ok ? leaf : included;
}

/** Verifies that the index, if it is in order, has no leaf of this tag. */
export function verifyAbsence(
  index: CommittedIndex<{ readonly tag: Uint8Array }>,
  tag: Uint8Array,
  { left, right }: Absence,
): Result<void, PresenceCode | AbsenceCode> {
  // Before the first leaf stands position -1 and after the last one `count`: then all cases are one.
  const leftAt = left?.index ?? -1;
  const rightAt = right?.index ?? index.count;
  if (rightAt !== leftAt + 1) return refuse('absence-gap', `${leftAt} and ${rightAt} of ${index.count}`);
  if (left !== undefined) {
    const leaf = readEntry(index, left);
    if (!leaf.ok) return leaf;
    if (right === undefined) return below(leaf.value.tag, tag);
  }
  if (right === undefined) return ok(undefined);
  const leaf = readEntry(index, right);
  if (!leaf.ok) return leaf;
  const leftTag = left?.leaf.subarray(0, 32);
  const first = leftTag === undefined ? ok(undefined) : below(leftTag, tag);
  return first.ok ? below(tag, leaf.value.tag) : first;
}

function below(lower: Uint8Array, upper: Uint8Array): Result<void, AbsenceCode> {
  return compareBytes(lower, upper) < 0 ? ok(undefined) : refuse('absence-order');
}

/** What an index says about a tag, with the proof. */
export type Lookup =
  | { readonly found: true; readonly presence: Presence }
  | { readonly found: false; readonly absence: Absence };

/** Makes proofs from all the leaves of an index. */
export class IndexProver {
  readonly #leaves: readonly Uint8Array[];
  readonly #nodes: NodeReader;

  /** @param leaves those of the index, in its order. */
  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves;
    this.#nodes = treeNodes(leaves.map(leafHash));
  }

  /** The leaf at this position. @throws RangeError when there is none. */
  entry(index: number): Presence {
    const leaf = this.#leaves[index];
    if (leaf === undefined) throw new RangeError(`no leaf at ${index}`);
    return { index, leaf, path: inclusionProof(this.#nodes, index, this.#leaves.length) };
  }

  /** The proof of presence or absence of a tag. The leaves must be in order. */
  lookup(tag: Uint8Array): Lookup {
    let from = 0;
    let to = this.#leaves.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const order = compareBytes(this.#leaves[middle]?.subarray(0, 32) ?? tag, tag);
      if (order === 0) return { found: true, presence: this.entry(middle) };
      if (order < 0) from = middle + 1;
      else to = middle;
    }
    const left = from > 0 ? { left: this.entry(from - 1) } : {};
    const right = from < this.#leaves.length ? { right: this.entry(from) } : {};
    return { found: false, absence: { ...left, ...right } };
  }
}
