/**
 * Long files of a block, read page by page (`docs/spec/blocks.md`, 'Pages'). The root in the header judges every
 * directory and every page; a short file is one page. Nobody is told which leaf is wanted.
 */
import { equalBytes } from '../../core/bytes.ts';
import { pagesPath } from '../../core/record/files.ts';
import type { TreeCommitment } from '../../core/record/header.ts';
import { PageTree } from '../../core/record/page-proof.ts';
import {
  directoryCount,
  directoryLength,
  type PagedKind,
  type PageEntry,
  pageEntryBytes,
  pageOfTag,
  pageWidth,
  parsePageEntries,
} from '../../core/record/pages.ts';
import { fail } from './finding.ts';
import type { FileSource } from './page-cache.ts';

type Path = readonly Uint8Array[];

/** What an entry of a directory takes in memory, more or less, with its part of the tree. */
const directoryEntryBytes = 512;

/** A page of a directory, read. */
interface DirectoryPage {
  readonly entries: readonly PageEntry[];
  readonly tree: PageTree;
  /** From the root of this page to the root of the file. */
  readonly above: Path;
}

/** A page of the file itself: what is known of it before it is fetched. */
export interface KnownPage {
  /** How many leaves it has. */
  readonly count: number;
  readonly root: Uint8Array;
  /** From its root to the root of the file. */
  readonly above: Path;
  /** Where it lies in the file; undefined when it is the whole file. */
  readonly entry: (PageEntry & { readonly end: number | undefined }) | undefined;
}

/** The directories of one file. */
export class PagedFile {
  readonly path: string;
  readonly #source: FileSource;
  readonly #tree: TreeCommitment;
  readonly #kind: PagedKind;
  readonly #orders: number;

  /** @param tree of the leaves, from a verified header. */
  constructor(source: FileSource, path: string, tree: TreeCommitment, kind: PagedKind) {
    this.#source = source;
    this.path = path;
    this.#tree = tree;
    this.#kind = kind;
    this.#orders = directoryCount(tree.count);
  }

  /** How many pages the file has. */
  get pages(): number {
    return Math.max(1, directoryLength(this.#tree.count, 1));
  }

  /** What is known of a page. @throws CountersignError `follow-pages`, and as {@link PartFetcher.whole} */
  async page(number: number): Promise<KnownPage> {
    const { count, root } = this.#tree;
    if (this.#orders === 0) return { count, root, above: [], entry: undefined };
    const { entry, above } = await this.#entry(1, number);
    const next = number + 1;
    const end =
      next < this.pages
        ? (await this.#directory(1, Math.floor(next / pageWidth))).entries[next % pageWidth]
        : undefined;
    const known = { root: entry.root, above, entry: { ...entry, end: end?.offset } };
    return { ...known, count: Math.min(pageWidth, count - number * pageWidth) };
  }

  /** The number of the only page that can hold a tag. @throws as {@link page} */
  async find(tag: Uint8Array): Promise<number> {
    let number = 0;
    for (let order = this.#orders; order > 0; order--) {
      const { entries } = await this.#directory(order, number);
      number = pageWidth * number + (pageOfTag(entries, tag) ?? 0);
    }
    return number;
  }

  async #entry(order: number, number: number): Promise<{ readonly entry: PageEntry; readonly above: Path }> {
    const { entries, tree, above } = await this.#directory(order, Math.floor(number / pageWidth));
    const at = number % pageWidth;
    const entry = entries[at];
    if (entry === undefined) throw new RangeError(`no page ${number} of ${this.path}`);
    return { entry, above: [...tree.path(at), ...above] };
  }

  #directory(order: number, number: number): Promise<DirectoryPage> {
    const name = `${pagesPath(order, this.path)} ${number}`;
    return this.#source.cache.page(
      name,
      () => this.#fetchDirectory(order, number),
      ({ entries }) => directoryEntryBytes * entries.length,
    );
  }

  async #fetchDirectory(order: number, number: number): Promise<DirectoryPage> {
    const path = pagesPath(order, this.path);
    const bytesOf = (entries: number): number => entries * pageEntryBytes(this.#kind);
    const length = directoryLength(this.#tree.count, order);
    const isHighest = order === this.#orders;
    const first = number * pageWidth;
    const count = isHighest ? length : Math.min(pageWidth, length - first);
    const upper = isHighest ? undefined : await this.#entry(order + 1, number);
    const bytes = isHighest
      ? await this.#source.fetcher.whole(path, bytesOf(count))
      : await this.#source.fetcher.part(path, bytesOf(first), bytesOf(first + count));
    const root = upper?.entry.root ?? this.#tree.root;
    const entries = parsePageEntries(bytes, { kind: this.#kind, count, root });
    if (!entries.ok) throw fail('follow-pages', `${path}: ${entries.code}`);
    const [begin, stated] = [entries.value[0]?.tag, upper?.entry.tag];
    if (begin !== undefined && stated !== undefined && !equalBytes(begin, stated)) {
      throw fail('follow-pages', `${path}: page-tag`);
    }
    const tree = PageTree.ofRoots(entries.value.map((entry) => entry.root));
    return { entries: entries.value, tree, above: upper?.above ?? [] };
  }
}
