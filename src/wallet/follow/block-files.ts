/** Leaves of tag indexes and roll-ups, and messages of bodies, with the proofs by which they are judged. */
import { compareBytes, equalBytes } from '../../core/bytes.ts';
import { type BodyPart, parseBody } from '../../core/record/body.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../../core/record/files.ts';
import type { IncludedHeader, MessageProof } from '../../core/record/log-headers.ts';
import { CutLeaves, type LeafForm, PageTree } from '../../core/record/page-proof.ts';
import { pageWidth } from '../../core/record/pages.ts';
import type { RollupLevel } from '../../core/record/rollup.ts';
import { tagLeafBytes } from '../../core/record/tag-groups.ts';
import type { Absence, Presence } from '../../core/record/tag-proof.ts';
import { stop } from '../sync/fetch.ts';
import type { PartFetcher } from './fetch-part.ts';
import { fail } from './finding.ts';
import type { FileSource } from './page-cache.ts';
import { type KnownPage, PagedFile } from './paged.ts';

/** What an index says about a tag, with the proof, and the list behind its leaf. Nothing of the leaf was read. */
export type Found =
  | { readonly found: true; readonly presence: Presence; readonly list: Uint8Array }
  | { readonly found: false; readonly absence: Absence };

const rollupLeafBytes = 48;
/** A message has so many tags at most, its id among them. */
const mostTags = 9;

interface LeafPage {
  readonly leaves: CutLeaves;
  readonly tree: PageTree;
  readonly above: readonly Uint8Array[];
  /** What it takes, in bytes. */
  readonly size: number;
}

/** What is to be said of two entries that stand in the wrong order. */
type Unsorted = (left: Presence, right: Presence) => Promise<Error>;

interface IndexParts {
  readonly source: FileSource;
  readonly file: PagedFile;
  readonly form: LeafForm;
  readonly count: number;
  readonly listBytes: number;
  readonly isUnsorted: Unsorted;
}

/** The tag index of a block, or a roll-up. */
export class IndexFile {
  readonly #source: FileSource;
  readonly #file: PagedFile;
  readonly #form: LeafForm;
  readonly #count: number;
  /** What the lists of a page can take, in bytes. */
  readonly #listBytes: number;
  readonly #isUnsorted: Unsorted;

  private constructor({ source, file, form, count, listBytes, isUnsorted }: IndexParts) {
    this.#source = source;
    this.#file = file;
    this.#form = form;
    this.#count = count;
    this.#listBytes = listBytes;
    this.#isUnsorted = isUnsorted;
  }

  /** @param isUnsorted what to say of entries that the operator signed in the wrong order. */
  static ofBlock(source: FileSource, header: IncludedHeader, isUnsorted: Unsorted): IndexFile {
    const { height, tags, messages } = header;
    const file = new PagedFile(source, tagIndexPath(height), tags, 'tags');
    const listBytes = 4 * mostTags * messages.count;
    return new IndexFile({ source, file, form: 'index', count: tags.count, listBytes, isUnsorted });
  }

  /** The roll-up to which this header commits. @throws RangeError when there is none. */
  static ofRollup(
    source: FileSource,
    header: IncludedHeader,
    level: RollupLevel,
    isUnsorted: Unsorted,
  ): IndexFile {
    const tree = header.rollups[level - 1];
    if (tree === undefined) throw new RangeError(`block ${header.height} has no roll-up of level ${level}`);
    const file = new PagedFile(source, rollupPath(header.height, level), tree, 'tags');
    return new IndexFile({ source, file, form: 'rollup', count: tree.count, listBytes: 0, isUnsorted });
  }

  /** What the index says about a tag. @throws CountersignError with a `follow-` or `sync-` code */
  async lookup(tag: Uint8Array): Promise<Found> {
    if (this.#count === 0) return { found: false, absence: {} };
    const number = await this.#file.find(tag);
    const page = await this.#page(number);
    const { leaves } = page;
    const at = firstNotBelow(leaves, tag);
    if (at < leaves.count && equalBytes(leaves.tag(at), tag)) {
      return { found: true, presence: presenceIn(page, number, at), list: leaves.list(at).slice() };
    }
    const left = at > 0 ? { left: presenceIn(page, number, at - 1) } : {};
    if (at < leaves.count) return { found: false, absence: { ...left, right: presenceIn(page, number, at) } };
    if (number + 1 >= this.#file.pages) return { found: false, absence: left };
    const next = await this.#page(number + 1);
    return { found: false, absence: { ...left, right: presenceIn(next, number + 1, 0) } };
  }

  #page(number: number): Promise<LeafPage> {
    const name = `${this.#file.path} ${number}`;
    return this.#source.cache.page(
      name,
      () => this.#fetchPage(number),
      ({ size }) => size,
    );
  }

  async #fetchPage(number: number): Promise<LeafPage> {
    const known = await this.#file.page(number);
    const bytes = await this.#bytes(number, known);
    const { path } = this.#file;
    const cut = CutLeaves.cut(this.#form, bytes, known.count);
    if (!cut.ok) throw stop('sync-malformed', `${path}: ${cut.code}`);
    const leaves = cut.value;
    const tree = PageTree.ofLeaves(leaves.count, (i) => leaves.leaf(i), known.root);
    if (!tree.ok) throw fail('follow-index', `${path}: ${tree.code}`);
    if (known.entry?.tag !== undefined && !equalBytes(leaves.tag(0), known.entry.tag)) {
      throw fail('follow-pages', `${path}: page-tag`);
    }
    const size = bytes.length + 64 * leaves.count;
    const page = { leaves, tree: tree.value, above: known.above, size };
    const wrong = leaves.unsorted();
    if (wrong === undefined) return page;
    throw await this.#isUnsorted(presenceIn(page, number, wrong - 1), presenceIn(page, number, wrong));
  }

  #bytes(number: number, { entry, count }: KnownPage): Promise<Uint8Array> {
    const { path } = this.#file;
    const isIndex = this.#form === 'index';
    const most = count * (isIndex ? tagLeafBytes : rollupLeafBytes) + this.#listBytes;
    if (entry === undefined) return this.#source.fetcher.whole(path, most);
    // All leaves of a roll-up have one length: what the directory says of their places need not be relied on.
    const from = isIndex ? entry.offset : number * pageWidth * rollupLeafBytes;
    const to = isIndex ? (entry.end ?? from + most) : from + most;
    if (to - from > most) throw fail('follow-pages', `${path}: a page of ${to - from} bytes`);
    return this.#source.fetcher.part(path, from, to);
  }
}

/** The index of the first leaf whose tag is not below this one. */
function firstNotBelow(leaves: CutLeaves, tag: Uint8Array): number {
  let [from, to] = [0, leaves.count];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compareBytes(leaves.tag(middle), tag) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function presenceIn({ leaves, tree, above }: LeafPage, page: number, at: number): Presence {
  return { index: page * pageWidth + at, leaf: leaves.leaf(at).slice(), path: [...tree.path(at), ...above] };
}

/** A message as it lies in its body, with the way to the root of the messages. Foreign input. */
export interface FoundPart extends BodyPart {
  readonly proof: MessageProof;
}

/** The body of a block. */
export class BodyFile {
  readonly #fetcher: PartFetcher;
  readonly #file: PagedFile;
  readonly #header: IncludedHeader;
  readonly #pages = new Map<number, Promise<BodyPage>>();

  constructor(source: FileSource, header: IncludedHeader) {
    this.#fetcher = source.fetcher;
    this.#header = header;
    this.#file = new PagedFile(source, bodyPath(header.height), header.messages, 'messages');
  }

  /** The message at an index below the header's count. @throws CountersignError with a `follow-` or `sync-` code */
  async message(index: number): Promise<FoundPart> {
    const number = Math.floor(index / pageWidth);
    const page = this.#pages.get(number) ?? this.#fetchPage(number);
    this.#pages.set(number, page);
    const { parts, tree, above } = await page;
    const at = index % pageWidth;
    const part = parts[at];
    if (part === undefined) throw new RangeError(`no message ${index} in ${this.#file.path}`);
    // Copies: a page is not to be kept for one of its messages.
    const leaf = part.leaf.slice();
    return {
      leaf,
      data: part.data?.slice(),
      proof: { index, leaf, path: [...tree.path(at), ...above] },
    };
  }

  async #fetchPage(number: number): Promise<BodyPage> {
    const { count, root, above, entry } = await this.#file.page(number);
    const { path } = this.#file;
    const { size } = this.#header.body;
    const from = entry?.offset ?? 0;
    const to = entry?.end ?? size;
    if (to > size || from >= to) throw fail('follow-pages', `${path}: ${from} to ${to} of ${size} bytes`);
    const bytes =
      entry === undefined ? await this.#fetcher.whole(path, size) : await this.#fetcher.part(path, from, to);
    const parts = parseBody(bytes, { count, maxBytes: to - from });
    if (!parts.ok) throw stop('sync-malformed', `${path}: ${parts.code}`);
    const leafAt = (i: number): Uint8Array => parts.value[i]?.leaf ?? new Uint8Array();
    const tree = PageTree.ofLeaves(parts.value.length, leafAt, root);
    if (!tree.ok) throw fail('follow-body', `${path}: ${tree.code}`);
    return { parts: parts.value, tree: tree.value, above };
  }
}

interface BodyPage {
  readonly parts: readonly BodyPart[];
  readonly tree: PageTree;
  readonly above: readonly Uint8Array[];
}
