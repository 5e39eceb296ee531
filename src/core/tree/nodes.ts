/**
 * Where things are in an RFC 6962 tree. A **node** is the root of a perfect subtree: level l, index i covers the
 * leaves [i * 2^l, (i + 1) * 2^l). Every hash of every proof is either a node or the fold of a few nodes, so
 * this module says which nodes a proof needs, before anyone reads them from tiles, a database or memory.
 */

/** A leaf's index or a tree's size. Numbers must be exact integers; beyond 2^53 use a bigint. */
export type Count = number | bigint;

/** The largest tree size that is handled: 2^63 - 1. */
export const maxTreeSize = 2n ** 63n - 1n;

/** A node of the tree: the root of the perfect subtree over the leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeId {
  readonly level: number;
  readonly index: bigint;
}

/** For each hash of a proof, in order, the nodes it is folded from, left to right. */
export type ProofPlan = readonly (readonly NodeId[])[];

/** The count as a bigint, or undefined when it is not an exact integer from 0 to {@link maxTreeSize}. */
export function exactCount(value: Count): bigint | undefined {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return undefined;
  const exact = BigInt(value);
  return exact >= 0n && exact <= maxTreeSize ? exact : undefined;
}

function checked(value: Count, what: string): bigint {
  const exact = exactCount(value);
  if (exact === undefined) throw new RangeError(`${what} is not a whole number from 0 to 2^63 - 1`);
  return exact;
}

/** The number of binary digits of a positive value; 0 for 0. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** The number of one bits. */
export function bitCount(value: bigint): number {
  let count = 0;
  for (const digit of value.toString(2)) if (digit === '1') count++;
  return count;
}

function trailingZeros(value: bigint): number {
  return bitLength(value & -value) - 1;
}

/** The nodes that cover [start, end) with as few perfect subtrees as possible, left to right. */
export function coveringNodes(start: bigint, end: bigint): readonly NodeId[] {
  const nodes: NodeId[] = [];
  for (let at = start; at < end;) {
    const fits = bitLength(end - at) - 1;
    const level = at === 0n ? fits : Math.min(fits, trailingZeros(at));
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

/** The nodes whose fold is the root of a tree of `size` leaves. @throws RangeError on a wrong size. */
export function rootNodes(size: Count): readonly NodeId[] {
  return coveringNodes(0n, checked(size, 'size'));
}

/** The largest power of two below `width`, for width > 1: where RFC 6962 section 2.1 splits. */
function splitPoint(width: bigint): bigint {
  return 1n << BigInt(bitLength(width - 1n) - 1);
}

/**
 * The plan of the inclusion proof of leaf `index` in a tree of `size` leaves (RFC 6962 section 2.1.1).
 *
 * @throws RangeError when the index is not below the size.
 */
export function inclusionProofNodes(index: Count, size: Count): ProofPlan {
  const leaf = checked(index, 'index');
  let end = checked(size, 'size');
  if (leaf >= end) throw new RangeError(`no leaf ${leaf} in a tree of ${end}`);
  const plan: (readonly NodeId[])[] = [];
  for (let start = 0n; end - start > 1n;) {
    const middle = start + splitPoint(end - start);
    if (leaf < middle) {
      plan.push(coveringNodes(middle, end));
      end = middle;
    } else {
      plan.push(coveringNodes(start, middle));
      start = middle;
    }
  }
  return plan.reverse();
}

/**
 * The plan of the consistency proof between the trees of the first `oldSize` and the first `newSize` leaves
 * (RFC 6962 section 2.1.2). Empty when the sizes are equal or the old tree is empty.
 *
 * @throws RangeError when the old size is above the new one.
 */
export function consistencyProofNodes(oldSize: Count, newSize: Count): ProofPlan {
  const old = checked(oldSize, 'old size');
  let end = checked(newSize, 'new size');
  if (old > end) throw new RangeError(`old size ${old} is above new size ${end}`);
  if (old === 0n) return [];
  const plan: (readonly NodeId[])[] = [];
  let start = 0n;
  while (end !== old) {
    const middle = start + splitPoint(end - start);
    if (old <= middle) {
      plan.push(coveringNodes(middle, end));
      end = middle;
    } else {
      plan.push(coveringNodes(start, middle));
      start = middle;
    }
  }
  // Only when the old tree is a left part of every subtree on the way does the verifier hold this hash already.
  if (start > 0n) plan.push(coveringNodes(start, end));
  return plan.reverse();
}

/**
 * The nodes of the prefix proof: first those that cover [0, oldSize), then those that cover [oldSize, newSize).
 * See `docs/spec/tree.md`, 'Prefix proof'.
 *
 * @throws RangeError when the old size is above the new one.
 */
export function prefixProofNodes(oldSize: Count, newSize: Count): readonly NodeId[] {
  const old = checked(oldSize, 'old size');
  const end = checked(newSize, 'new size');
  if (old > end) throw new RangeError(`old size ${old} is above new size ${end}`);
  return [...coveringNodes(0n, old), ...coveringNodes(old, end)];
}
