/**
 * The Merkle tree of RFC 6962 section 2.1: hashes, roots, proofs and their verification. Specified in
 * `docs/spec/tree.md`. Sizes and indices are exact up to 2^63 - 1.
 */
import { concatBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { TreeCode } from '../errors/tree.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Count, NodeId, ProofPlan } from './nodes.ts';
import {
  bitCount,
  bitLength,
  consistencyProofNodes,
  coveringNodes,
  exactCount,
  inclusionProofNodes,
  prefixProofNodes,
} from './nodes.ts';

/** 0x00 || data of a usual leaf. Like {@link nodeInput} kept, because allocating it takes as long as hashing it. */
const leafInput = new Uint8Array(4096);

/** The 32-byte hash of a leaf: SHA-256(0x00 || data). */
export function leafHash(data: Uint8Array): Uint8Array {
  if (data.length >= leafInput.length) return sha256(concatBytes(Uint8Array.of(0), data));
  leafInput.set(data, 1);
  return sha256(leafInput.subarray(0, data.length + 1));
}

/** 0x01 || left || right. */
const nodeInput = new Uint8Array(65);
nodeInput[0] = 1;

/**
 * The 32-byte hash of an inner node: SHA-256(0x01 || left || right).
 *
 * @throws RangeError when a part is not 32 bytes.
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== 32 || right.length !== 32)
    throw new RangeError('the parts of a node have 32 bytes each');
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return sha256(nodeInput);
}

/** The root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** Gives the hash of a node; for a leaf (level 0) its leaf hash. */
export type NodeReader = (node: NodeId) => Uint8Array;

/** The root over the perfect subtrees that cover [0, size), given left to right, each smaller than the one before. */
export function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  let root = peaks.at(-1);
  if (root === undefined) return emptyRoot();
  for (let i = peaks.length - 2; i >= 0; i--) root = nodeHash(peaks[i] ?? root, root);
  return root;
}

/** The root of the tree over these leaf hashes, in order. */
export function treeRoot(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const peaks: Uint8Array[] = [];
  let size = 0;
  for (const leaf of leafHashes) {
    let hash = leaf;
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(peaks.pop() ?? hash, hash);
    peaks.push(hash);
    size++;
  }
  return foldPeaks(peaks);
}

/**
 * All perfect subtrees over these leaf hashes, computed once, for many proofs from one tree.
 *
 * @returns a reader that throws RangeError for a node outside.
 */
export function treeNodes(leafHashes: readonly Uint8Array[]): NodeReader {
  const levels: (readonly Uint8Array[])[] = [leafHashes];
  for (let below = leafHashes; below.length > 1;) {
    const level: Uint8Array[] = [];
    for (let i = 1; i < below.length; i += 2) {
      const [left, right] = [below[i - 1], below[i]];
      if (left !== undefined && right !== undefined) level.push(nodeHash(left, right));
    }
    levels.push(level);
    below = level;
  }
  return ({ level, index }) => {
    const hash = levels[level]?.[Number(index)];
    if (hash === undefined) throw new RangeError(`no node at level ${level}, index ${index}`);
    return hash;
  };
}

/** The hashes of a proof whose plan is `plan`, in order. What the reader throws passes through. */
export function assembleProof(plan: ProofPlan, read: NodeReader): Uint8Array[] {
  return plan.map((nodes) => foldPeaks(nodes.map((node) => read(node))));
}

/** The inclusion proof of leaf `index` in the tree of the first `size` leaves. @throws RangeError when not below. */
export function inclusionProof(read: NodeReader, index: Count, size: Count): Uint8Array[] {
  return assembleProof(inclusionProofNodes(index, size), read);
}

/** The consistency proof from the first `oldSize` to the first `newSize` leaves. @throws RangeError when reversed. */
export function consistencyProof(read: NodeReader, oldSize: Count, newSize: Count): Uint8Array[] {
  return assembleProof(consistencyProofNodes(oldSize, newSize), read);
}

/** The prefix proof for {@link verifyPrefixProof}. @throws RangeError when the old size is above the new one. */
export function prefixProof(read: NodeReader, oldSize: Count, newSize: Count): Uint8Array[] {
  return prefixProofNodes(oldSize, newSize).map((node) => read(node));
}

const done: Result<void, never> = ok(undefined);

function allHashes(...lists: readonly (readonly Uint8Array[])[]): boolean {
  return lists.every((list) => list.every((hash) => hash.length === 32));
}

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: Count;
  readonly size: Count;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** How many hashes an inclusion proof has: one for each step from the leaf to the root. */
function inclusionLength(index: bigint, size: bigint): number {
  const inner = bitLength(index ^ (size - 1n));
  return inner + bitCount(index >> BigInt(inner));
}

/** Whether the leaf stands at `index` in the tree of `size` leaves with this root (RFC 6962 section 2.1.1). */
export function verifyInclusion(claim: InclusionClaim): Result<void, TreeCode> {
  const size = exactCount(claim.size);
  const index = exactCount(claim.index);
  if (size === undefined) return refuse('tree-size');
  if (index === undefined || index >= size) return refuse('tree-index', `${claim.index} of ${size}`);
  if (claim.proof.length !== inclusionLength(index, size)) return refuse('tree-proof-length');
  if (!allHashes([claim.leafHash, claim.root], claim.proof)) return refuse('tree-hash-length');
  let hash = claim.leafHash;
  let at = index;
  let last = size - 1n;
  for (const sibling of claim.proof) {
    // The last node of a level without a right neighbour has its sibling further up: rise to where it is.
    while ((at & 1n) === 0n && at === last && at > 0n) {
      at >>= 1n;
      last >>= 1n;
    }
    hash = (at & 1n) === 1n ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    at >>= 1n;
    last >>= 1n;
  }
  return equalBytes(hash, claim.root) ? done : refuse('tree-root');
}

export interface ConsistencyClaim {
  readonly oldSize: Count;
  readonly oldRoot: Uint8Array;
  readonly newSize: Count;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether the new tree begins with all leaves of the old one (RFC 6962 section 2.1.2). From size 0 there is
 * nothing to prove: the proof is empty and the old root that of the empty tree.
 */
export function verifyConsistency(claim: ConsistencyClaim): Result<void, TreeCode> {
  const oldSize = exactCount(claim.oldSize);
  const newSize = exactCount(claim.newSize);
  if (oldSize === undefined || newSize === undefined) return refuse('tree-size');
  if (oldSize > newSize) return refuse('tree-sizes-order', `${oldSize} before ${newSize}`);
  const plan = consistencyProofNodes(oldSize, newSize);
  if (claim.proof.length !== plan.length) return refuse('tree-proof-length');
  if (!allHashes([claim.oldRoot, claim.newRoot], claim.proof)) return refuse('tree-hash-length');
  if (oldSize === 0n && !equalBytes(claim.oldRoot, emptyRoot())) return refuse('tree-old-root');
  if (newSize === 0n && !equalBytes(claim.newRoot, emptyRoot())) return refuse('tree-root');
  if (oldSize === newSize) return equalBytes(claim.oldRoot, claim.newRoot) ? done : refuse('tree-old-root');
  if (oldSize === 0n) return done;
  const { oldRoot, newRoot } = rootsFromConsistency(oldSize, newSize, claim.oldRoot, claim.proof);
  if (!equalBytes(newRoot, claim.newRoot)) return refuse('tree-root');
  return equalBytes(oldRoot, claim.oldRoot) ? done : refuse('tree-old-root');
}

/** Both roots as the proof gives them, 0 < oldSize < newSize, the proof of the right length. */
function rootsFromConsistency(
  oldSize: bigint,
  newSize: bigint,
  claimedOldRoot: Uint8Array,
  proof: readonly Uint8Array[],
): { oldRoot: Uint8Array; newRoot: Uint8Array } {
  let at = oldSize - 1n;
  let last = newSize - 1n;
  while ((at & 1n) === 1n) {
    at >>= 1n;
    last >>= 1n;
  }
  // An old tree that is one perfect subtree is itself the node to start from; otherwise the proof brings it.
  const start = at === 0n ? claimedOldRoot : (proof[0] ?? claimedOldRoot);
  let oldRoot = start;
  let newRoot = start;
  for (const sibling of at === 0n ? proof : proof.slice(1)) {
    while ((at & 1n) === 0n && at === last && at > 0n) {
      at >>= 1n;
      last >>= 1n;
    }
    if ((at & 1n) === 1n) {
      oldRoot = nodeHash(sibling, oldRoot);
      newRoot = nodeHash(sibling, newRoot);
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return { oldRoot, newRoot };
}

export interface PrefixClaim {
  readonly oldSize: Count;
  readonly newSize: Count;
  readonly newRoot: Uint8Array;
  /** The hashes of {@link prefixProofNodes}, in order. */
  readonly nodes: readonly Uint8Array[];
}

/**
 * The root of the first `oldSize` leaves of the tree with this new root: recomputed from nodes that are bound to
 * the new root alone. Unlike a consistency proof it never takes the old root from anyone, so a signed head of
 * that size with another root contradicts the new head.
 */
export function verifyPrefixProof(claim: PrefixClaim): Result<Uint8Array, TreeCode> {
  const oldSize = exactCount(claim.oldSize);
  const newSize = exactCount(claim.newSize);
  if (oldSize === undefined || newSize === undefined) return refuse('tree-size');
  if (oldSize > newSize) return refuse('tree-sizes-order', `${oldSize} before ${newSize}`);
  const old = coveringNodes(0n, oldSize);
  const rest = coveringNodes(oldSize, newSize);
  if (claim.nodes.length !== old.length + rest.length) return refuse('tree-proof-length');
  if (!allHashes([claim.newRoot], claim.nodes)) return refuse('tree-hash-length');
  const oldPeaks = claim.nodes.slice(0, old.length);
  const peaks = [...oldPeaks];
  const levels = old.map((node) => node.level);
  rest.forEach(({ level }, i) => {
    let hash = claim.nodes[old.length + i] ?? claim.newRoot;
    for (; levels.at(-1) === level; level++) {
      levels.pop();
      hash = nodeHash(peaks.pop() ?? hash, hash);
    }
    levels.push(level);
    peaks.push(hash);
  });
  return equalBytes(foldPeaks(peaks), claim.newRoot) ? ok(foldPeaks(oldPeaks)) : refuse('tree-root');
}
