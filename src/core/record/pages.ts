/**
 * Pages (`docs/spec/blocks.md`, 'Pages'): how a reader takes a few leaves out of a long body, tag index or roll-up and
 * still checks them against the header. The directory of a file has one entry for each 256 leaves; that of a
 * long directory one for each 256 entries, and so on.
 */
import {
  ByteReader,
  compareBytes,
  concatBytes,
  copyBytes,
  equalBytes,
  joinBytes,
  uintToBytes,
} from '../bytes.ts';
import type { PageCode } from '../errors/page.ts';
import type { TagCode } from '../errors/tag.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { treeRoot } from '../tree/merkle.ts';
import { cutTagLeaves } from './tag-index-file.ts';
import type { TagEntry } from './tag-index.ts';

/** Leaves of a full page, and entries of a full page of a directory. */
export const pageWidth = 256;

/** One entry of a directory: a page of the file one order below. */
export interface PageEntry {
  /** Where the page begins in its file, in bytes. */
  readonly offset: number;
  /** RFC 6962 root over the leaves of the page, 32 bytes. */
  readonly root: Uint8Array;
  /** Tag of the page's first leaf; undefined in the directory of a body. */
  readonly tag: Uint8Array | undefined;
}

/** What the leaves of a file are: messages, or leaves with a tag in ascending order. */
export type PagedKind = 'messages' | 'tags';

/** Bytes of an entry. */
export function pageEntryBytes(kind: PagedKind): number {
  return kind === 'tags' ? 72 : 40;
}

/** How many directories a file with so many leaves has: none when they fit on one page. */
export function directoryCount(leaves: number): number {
  let orders = 0;
  for (let entries = leaves; entries > pageWidth; entries = Math.ceil(entries / pageWidth)) orders++;
  return orders;
}

/** How many entries the directory of an order has, from 1 up. */
export function directoryLength(leaves: number, order: number): number {
  return Math.ceil(leaves / pageWidth ** order);
}

/** A page that is being filled: hashes of its leaves, or roots of its entries. */
interface OpenPage {
  offset: number;
  tag: Uint8Array | undefined;
  hashes: Uint8Array[];
}

/** Makes the directories of a file while its leaves pass by. Holds 72 bytes for each 256 leaves. */
export class PageDirectories {
  readonly #kind: PagedKind;
  readonly #page: OpenPage = { offset: 0, tag: undefined, hashes: [] };
  readonly #entries: PageEntry[] = [];
  #length = 0;
  #leaves = 0;

  constructor(kind: PagedKind) {
    this.#kind = kind;
  }

  /**
   * Takes the next leaf.
   * @param hash its RFC 6962 leaf hash.
   * @param length how many bytes of the file it takes.
   * @param tag its tag, in a file of leaves with tags.
   */
  push(hash: Uint8Array, length: number, tag?: Uint8Array): void {
    const page = this.#page;
    if (page.hashes.length === pageWidth) this.#close();
    if (page.hashes.length === 0) {
      page.offset = this.#length;
      page.tag = tag && copyBytes(tag);
    }
    page.hashes.push(hash);
    this.#length += length;
    this.#leaves++;
  }

  #close(): void {
    const { offset, tag, hashes } = this.#page;
    this.#entries.push({ offset, root: treeRoot(hashes), tag });
    this.#page.hashes = [];
  }

  /** The directories, that of order 1 first; none when the file needs none. To be called once, after the last leaf. */
  finish(): readonly Uint8Array[] {
    if (this.#page.hashes.length > 0) this.#close();
    const directories: Uint8Array[] = [];
    let entries: readonly PageEntry[] = this.#entries;
    for (let order = directoryCount(this.#leaves); order > 0; order--) {
      directories.push(joinBytes(entries.map((entry) => writeEntry(entry, this.#kind))));
      entries = upper(entries, pageEntryBytes(this.#kind));
    }
    return directories;
  }
}

function writeEntry({ offset, root, tag }: PageEntry, kind: PagedKind): Uint8Array {
  const parts = [uintToBytes(offset, 8), root];
  if (kind === 'tags') parts.push(tag ?? new Uint8Array(32));
  return concatBytes(...parts);
}

/** The entries one order above. */
function upper(entries: readonly PageEntry[], entryBytes: number): readonly PageEntry[] {
  return Array.from({ length: Math.ceil(entries.length / pageWidth) }, (_, i) => {
    const page = entries.slice(i * pageWidth, (i + 1) * pageWidth);
    return {
      offset: i * pageWidth * entryBytes,
      root: treeRoot(page.map(({ root }) => root)),
      tag: page[0]?.tag,
    };
  });
}

/** What is known of a page of a directory before it is fetched. */
export interface ExpectedPage {
  readonly kind: PagedKind;
  /** How many entries it has: 1 to 256. */
  readonly count: number;
  /** The root in the entry above; for the whole of the highest directory that of the header. */
  readonly root: Uint8Array;
}

/** Reads a page of a directory, or the whole of the highest one. */
export function parsePageEntries(
  bytes: Uint8Array,
  { kind, count, root }: ExpectedPage,
): Result<readonly PageEntry[], PageCode> {
  if (bytes.length !== count * pageEntryBytes(kind)) return refuse('page-length', `${bytes.length} bytes`);
  const reader = new ByteReader(bytes);
  const entries: PageEntry[] = [];
  for (let i = 0; i < count; i++) {
    const offset = Number(reader.uint64() ?? 0n);
    const entryRoot = reader.take(32) ?? new Uint8Array();
    const tag = kind === 'tags' ? reader.take(32) : undefined;
    const before = entries.at(-1);
    const isAbove =
      before === undefined ||
      (offset > before.offset && (tag === undefined || compareBytes(before.tag ?? tag, tag) < 0));
    if (!isAbove || offset > Number.MAX_SAFE_INTEGER) return refuse('page-order', `entry ${i}`);
    entries.push({ offset, root: entryRoot, tag });
  }
  const isRoot = equalBytes(treeRoot(entries.map((entry) => entry.root)), root);
  return isRoot ? ok(entries) : refuse('page-root');
}

/** The index of the only page that can hold a tag; undefined when the tag is below all of them. */
export function pageOfTag(entries: readonly PageEntry[], tag: Uint8Array): number | undefined {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(entries[middle]?.tag ?? tag, tag) <= 0) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : low - 1;
}

/**
 * Reads a page of the tag index of the block at `height`: all its leaves, checked against the directory's entry.
 * @param count how many leaves it has: 256, or fewer on the last page.
 */
export function parseTagPage(
  bytes: Uint8Array,
  height: number,
  entry: PageEntry,
  count: number,
): Result<readonly TagEntry[], PageCode | TagCode> {
  const cut = cutTagLeaves(bytes, height, count);
  if (!cut.ok) return cut;
  const { entries, hashes } = cut.value;
  if (entries.length !== count) return refuse('page-length', `${entries.length} leaves`);
  if (!equalBytes(treeRoot(hashes), entry.root)) return refuse('page-root');
  const first = entries[0];
  return first !== undefined && entry.tag !== undefined && equalBytes(first.tag, entry.tag)
    ? ok(entries)
    : refuse('page-tag');
}
