/**
 * Which messages of a block carry which tags, in the order of the tag index (`docs/spec/tags.md`): all of an index that
 * does not depend on the blocks below. It lies in a few flat arrays, because a block has up to half a million tags and
 * they travel between threads.
 */
import { copyBytes, moveBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { TreeCommitment } from './header.ts';

/** 2^32 - 1: no message of the block has this id. */
export const noIndex = 0xffff_ffff;

/** Bytes of a leaf of the index, and of a tag or a hash. */
export const tagLeafBytes = 88;
const hashBytes = 32;

/** More than a block's messages can carry together, ids included. */
const maxPlaces = 2 ** 20;

/** What the index needs of a message; a verified message is one. */
export interface TagCarrier {
  readonly id: Uint8Array;
  readonly head: { readonly tags: readonly Uint8Array[] };
}

/** The newest block that had a tag, and how many messages had it up to and including that block. */
export interface TagLink {
  readonly height: number;
  readonly total: number;
}

/** The distinct tags of a block's messages, their ids among them. Group i is that of the i-th tag in byte order. */
export interface TagGroups {
  /** How many groups there are. */
  readonly count: number;
  /** Their tags, 32 bytes each. */
  readonly tags: Uint8Array;
  /** Index of the first message whose id is the tag; {@link noIndex} where none is. */
  readonly own: Uint32Array;
  /** Where in `indices` each group begins; one more at the end. */
  readonly starts: Uint32Array;
  /** Indices of the messages that carry the tag, ascending within each group. */
  readonly indices: Uint32Array;
  /** SHA-256 of the list of each group, 32 bytes each. */
  readonly listHashes: Uint8Array;
  /** The first message whose id a message before it has; undefined when all ids differ. */
  readonly repeated: number | undefined;
}

/**
 * Collects what messages carry, message by message, and groups it. Nothing of a message is kept but its tags. One
 * collector does for any number of blocks, one after the other: making its lists anew takes longer than filling them.
 */
export class TagCollector {
  /** What was carried so far, ids and tags of messages in order, 32 bytes each. */
  #tags = new Uint8Array();
  /** By which message each was carried. */
  #message = new Uint32Array();
  /** 1 for ids. */
  #own = new Uint8Array();
  /** What is sorted. */
  #keys = new Float64Array();
  #places = new Uint32Array();
  #length = 0;
  #messages = 0;

  /** Forgets everything. */
  clear(): void {
    this.#length = 0;
    this.#messages = 0;
  }

  /** Adds the next message. @throws RangeError when there are more tags than any block holds. */
  add(id: Uint8Array, tags: readonly Uint8Array[]): void {
    this.#add(id, 1);
    for (const tag of tags) this.#add(tag, 0);
    this.#messages++;
  }

  #add(tag: Uint8Array, own: 0 | 1): void {
    const at = this.#length++;
    if (at + 1 >= maxPlaces) throw new RangeError(`${at + 1} tags`);
    if (at >= this.#own.length) this.#grow();
    this.#tags.set(tag, hashBytes * at);
    this.#message[at] = this.#messages;
    this.#own[at] = own;
  }

  #grow(): void {
    const length = Math.max(64, 2 * this.#own.length);
    const [tags, message, own] = [this.#tags, this.#message, this.#own];
    this.#tags = new Uint8Array(hashBytes * length);
    this.#message = new Uint32Array(length);
    this.#own = new Uint8Array(length);
    this.#tags.set(tags);
    this.#message.set(message);
    this.#own.set(own);
    this.#keys = new Float64Array(length);
    this.#places = new Uint32Array(length);
  }

  /** The first four bytes of a tag as a number. */
  #prefix(at: number): number {
    const [tags, from] = [this.#tags, hashBytes * at];
    const [a = 0, b = 0, c = 0, d = 0] = [tags[from], tags[from + 1], tags[from + 2], tags[from + 3]];
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Order of two tags. */
  #compare(a: number, b: number): number {
    const tags = this.#tags;
    for (let i = 0; i < hashBytes; i++) {
      const difference = (tags[hashBytes * a + i] ?? 0) - (tags[hashBytes * b + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Places in ascending order of their tags, and of their messages where tags are equal. */
  #sorted(): Uint32Array {
    // The first four bytes of the tag and the place in one number: sorted natively, and nearly always decided by it. A
    // block has less than 2^20 places.
    const count = this.#length;
    const keys = this.#keys.subarray(0, count);
    for (let at = 0; at < count; at++) keys[at] = this.#prefix(at) * maxPlaces + at;
    keys.sort();
    const places = this.#places;
    for (let i = 0; i < count; i++) places[i] = (keys[i] ?? 0) % maxPlaces;
    for (let from = 0; from < count;) {
      let to = from + 1;
      const first = Math.floor((keys[from] ?? 0) / maxPlaces);
      while (to < count && Math.floor((keys[to] ?? 0) / maxPlaces) === first) to++;
      if (to > from + 1) places.subarray(from, to).sort((a, b) => this.#compare(a, b) || a - b);
      from = to;
    }
    return places;
  }

  /** The groups of all that was added. */
  groups(): TagGroups {
    const length = this.#length;
    const places = this.#sorted();
    const indices = new Uint32Array(length);
    const starts = new Uint32Array(length + 1);
    const own = new Uint32Array(length).fill(noIndex);
    let count = 0;
    let repeated: number | undefined;
    for (let i = 0; i < length; i++) {
      const place = places[i] ?? 0;
      const index = this.#message[place] ?? 0;
      if (i === 0 || this.#compare(places[i - 1] ?? 0, place) !== 0) starts[count++] = i;
      indices[i] = index;
      if (this.#own[place] !== 1) continue;
      if (own[count - 1] === noIndex) own[count - 1] = index;
      else repeated = Math.min(repeated ?? index, index);
    }
    starts[count] = length;
    const tags = new Uint8Array(hashBytes * count);
    for (let i = 0; i < count; i++) {
      moveBytes(this.#tags, hashBytes * (places[starts[i] ?? 0] ?? 0), hashBytes, tags, hashBytes * i);
    }
    const groups = { count, tags, own: own.slice(0, count), starts: starts.slice(0, count + 1) };
    return { ...groups, indices, listHashes: hashLists(groups.starts, indices), repeated };
  }
}

/** Groups what these messages, in order, carry. @throws RangeError when there are more than any block holds. */
export function groupTags(messages: readonly TagCarrier[]): TagGroups {
  const collector = new TagCollector();
  for (const { id, head } of messages) collector.add(id, head.tags);
  return collector.groups();
}

/** The tag of a group: a view. */
export function tagOf(groups: TagGroups, group: number): Uint8Array {
  return groups.tags.subarray(hashBytes * group, hashBytes * (group + 1));
}

/** The distinct tags that these messages carry, their ids among them, ascending: those whose links are needed. */
export function distinctTags(messages: readonly TagCarrier[]): readonly Uint8Array[] {
  const groups = groupTags(messages);
  return Array.from({ length: groups.count }, (_, group) => copyBytes(tagOf(groups, group)));
}

/** The list of a group as it is hashed and served. */
export function listBytes(indices: Iterable<number>, count: number): Uint8Array {
  const list = new Uint8Array(4 * count);
  let at = 0;
  for (const index of indices) {
    list[at++] = index >>> 24;
    list[at++] = index >>> 16;
    list[at++] = index >>> 8;
    list[at++] = index;
  }
  return list;
}

/** The hashes of lists of one index, by index: most lists are such, and all blocks have the same ones. */
const singles: Uint8Array[] = [];

function hashLists(starts: Uint32Array, indices: Uint32Array): Uint8Array {
  const count = starts.length - 1;
  const hashes = new Uint8Array(hashBytes * count);
  for (let group = 0; group < count; group++) {
    const [from = 0, to = 0] = [starts[group], starts[group + 1]];
    const hash = to === from + 1 ? singleHash(indices[from] ?? 0) : hashOf(indices.subarray(from, to));
    hashes.set(hash, hashBytes * group);
  }
  return hashes;
}

function hashOf(list: Uint32Array): Uint8Array {
  return sha256(listBytes(list, list.length));
}

function singleHash(index: number): Uint8Array {
  return (singles[index] ??= hashOf(Uint32Array.of(index)));
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

function putUint64(bytes: Uint8Array, at: number, value: number): void {
  putUint32(bytes, at, Math.floor(value / 2 ** 32));
  putUint32(bytes, at + 4, value % 2 ** 32);
}

/** How many messages of the block carry the tag of a group. */
export function countOf(groups: TagGroups, group: number): number {
  return (groups.starts[group + 1] ?? 0) - (groups.starts[group] ?? 0);
}

/**
 * Writes the leaf of a group.
 * @param link the newest block below that had the tag.
 * @param leaf where it is written to: {@link tagLeafBytes} bytes.
 */
export function writeGroupLeaf(
  groups: TagGroups,
  group: number,
  link: TagLink | undefined,
  leaf: Uint8Array,
): void {
  const count = countOf(groups, group);
  moveBytes(groups.tags, hashBytes * group, hashBytes, leaf, 0);
  if (link === undefined) leaf.fill(0xff, 32, 40);
  else putUint64(leaf, 32, link.height);
  putUint64(leaf, 40, (link?.total ?? 0) + count);
  putUint32(leaf, 48, groups.own[group] ?? noIndex);
  putUint32(leaf, 52, count);
  moveBytes(groups.listHashes, hashBytes * group, hashBytes, leaf, 56);
}

/**
 * Number of leaves and root of the index with these groups.
 * @param link the newest block below that had the tag of a group.
 */
export function commitGroups(
  groups: TagGroups,
  link: (group: number) => TagLink | undefined,
): TreeCommitment {
  return { count: groups.count, root: treeRoot(groupHashes(groups, link)) };
}

function* groupHashes(
  groups: TagGroups,
  link: (group: number) => TagLink | undefined,
): Generator<Uint8Array> {
  const leaf = new Uint8Array(tagLeafBytes);
  for (let group = 0; group < groups.count; group++) {
    writeGroupLeaf(groups, group, link(group), leaf);
    yield leafHash(leaf);
  }
}
