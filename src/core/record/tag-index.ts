/**
 * The tag index of a block (`docs/spec/tags.md`): one leaf for every distinct tag, in order, with the messages that
 * carry it and the link to the block that had it before.
 */
import { ByteReader, concatBytes, copyBytes, equalBytes, uintToBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { TagCode } from '../errors/tag.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import { maxBlockMessages } from './founding.ts';
import type { TreeCommitment } from './header.ts';
import type { TagCarrier, TagLink } from './tag-groups.ts';
import { groupTags, listBytes, noIndex, tagLeafBytes, tagOf, writeGroupLeaf } from './tag-groups.ts';

/** 2^64 - 1: no block before had this tag. */
const noHeight = 2n ** 64n - 1n;

/** A leaf of the tag index: all of it has one length, however many messages carry the tag. */
export interface TagLeaf {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** Height of the previous block with this tag. */
  readonly previous: number | undefined;
  /** Messages with this tag in all blocks up to and including this one. */
  readonly total: number;
  /** Index of the first message of the block whose id is the tag: the message itself, not one that names it. */
  readonly own: number | undefined;
  /** Messages with this tag in this block. */
  readonly count: number;
  /** SHA-256 of the list of their indices: 32 bytes. */
  readonly listHash: Uint8Array;
}

/** A leaf with its list. */
export interface TagEntry extends TagLeaf {
  /** Indices of the messages of the block that carry the tag, ascending. */
  readonly indices: readonly number[];
}

/** Reads a leaf of the index of the block at `height`. */
export function parseTagLeaf(bytes: Uint8Array, height: number): Result<TagLeaf, TagCode> {
  const reader = new ByteReader(bytes);
  const tag = reader.take(32);
  const previous = reader.uint64();
  const total = reader.uint64();
  const own = reader.uint(4);
  const count = reader.uint(4);
  const listHash = reader.take(32);
  if (tag === undefined || previous === undefined || total === undefined) return refuse('tag-length');
  if (own === undefined || count === undefined || listHash === undefined || reader.remaining > 0) {
    return refuse('tag-length', `${bytes.length} bytes`);
  }
  if (count === 0 || count > maxBlockMessages) return refuse('tag-count', `${count} messages`);
  if (previous !== noHeight && previous >= BigInt(height)) {
    return refuse('tag-previous', `${previous} before ${height}`);
  }
  const earlier = total - BigInt(count);
  if (
    total > BigInt(Number.MAX_SAFE_INTEGER) ||
    earlier < 0n ||
    (previous === noHeight) !== (earlier === 0n)
  ) {
    return refuse('tag-total', `${total} with ${count} here`);
  }
  return ok({
    tag: copyBytes(tag),
    previous: previous === noHeight ? undefined : Number(previous),
    total: Number(total),
    own: own === noIndex ? undefined : own,
    count,
    listHash: copyBytes(listHash),
  });
}

/** Reads the list of a leaf: the indices of the messages that carry its tag. */
export function parseTagList(bytes: Uint8Array, leaf: TagLeaf): Result<readonly number[], TagCode> {
  if (!equalBytes(sha256(bytes), leaf.listHash)) return refuse('tag-list', `${bytes.length} bytes`);
  if (bytes.length !== 4 * leaf.count)
    return refuse('tag-count', `${bytes.length} bytes for ${leaf.count} messages`);
  const reader = new ByteReader(bytes);
  const indices: number[] = [];
  for (let i = 0; i < leaf.count; i++) {
    const index = reader.uint(4) ?? noIndex;
    if (i > 0 && index <= (indices[i - 1] ?? 0)) return refuse('tag-order', `${index} at ${i}`);
    indices.push(index);
  }
  if (leaf.own !== undefined && !indices.includes(leaf.own)) {
    return refuse('tag-own', `${leaf.own} is not listed`);
  }
  return ok(indices);
}

/** Writes a leaf. @throws RangeError when a number does not fit. */
export function writeTagLeaf(leaf: TagLeaf): Uint8Array {
  return concatBytes(
    leaf.tag,
    uintToBytes(leaf.previous ?? noHeight, 8),
    uintToBytes(leaf.total, 8),
    uintToBytes(leaf.own ?? noIndex, 4),
    uintToBytes(leaf.count, 4),
    leaf.listHash,
  );
}

/** Writes a list. @throws RangeError when an index does not fit. */
export function writeTagList(indices: readonly number[]): Uint8Array {
  if (indices.some((index) => !(Number.isInteger(index) && index >= 0 && index <= noIndex)))
    throw new RangeError('an index does not fit 4 bytes');
  return listBytes(indices, indices.length);
}

/** The index of one block. */
export interface TagIndex extends TreeCommitment {
  /** Ascending by tag. */
  readonly entries: readonly TagEntry[];
  /** The bytes of the entries, in the same order: the leaves of the tree. */
  readonly leaves: readonly Uint8Array[];
}

/**
 * The index of a block with these messages, in order.
 *
 * @param previous the newest block below this one that had a tag, with its running total.
 */
export function buildTagIndex(
  messages: readonly TagCarrier[],
  previous: (tag: Uint8Array) => TagLink | undefined,
): TagIndex {
  const groups = groupTags(messages);
  const entries: TagEntry[] = [];
  const leaves: Uint8Array[] = [];
  for (let group = 0; group < groups.count; group++) {
    const tag = copyBytes(tagOf(groups, group));
    const link = previous(tag);
    const indices = [...groups.indices.subarray(groups.starts[group], groups.starts[group + 1])];
    const own = groups.own[group];
    const leaf = new Uint8Array(tagLeafBytes);
    writeGroupLeaf(groups, group, link, leaf);
    leaves.push(leaf);
    entries.push({
      tag,
      previous: link?.height,
      total: (link?.total ?? 0) + indices.length,
      own: own === noIndex ? undefined : own,
      count: indices.length,
      listHash: leaf.slice(56),
      indices,
    });
  }
  return { entries, leaves, count: leaves.length, root: treeRoot(leaves.map(leafHash)) };
}
