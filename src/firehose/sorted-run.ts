/**
 * A sorted run: one immutable file of the index on disk. Tags ascending, each once:
 *
 *     pages      of 68 records (`tag-state.ts`) and the first 16 bytes of their SHA-256; the last may be shorter
 *     fences     the first 6 bytes of each page's first tag
 *     filter     a Bloom filter over the tags, or nothing when it would be too large
 *     trailer    u64 number of records, u32 bytes of the filter, SHA-256 of fences, filter and these 12 bytes
 *
 * In memory lie fences and filter: 0.1 and 1.25 bytes for each record.
 */
import { equalBytes } from '../core/bytes.ts';
import { sha256 } from '../core/crypto/sha256.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { Filter } from './filter.ts';
import type { RandomReader, Storage } from './storage.ts';
import { prefixOf, recordBytes, stateAt, tagBytes, type TagState } from './tag-state.ts';

const pageRecords = 68;
const checksumBytes = 16;
const pageBytes = pageRecords * recordBytes + checksumBytes;
const fenceBytes = 6;
const trailerBytes = 12 + 32;
/** Pages that are read or written at once where a whole run is: a quarter of a megabyte. */
const stride = 64;

function damaged(path: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', path);
}

/** The bytes of a run, piece by piece. */
export async function* composeRun(
  records: AsyncIterable<Buffer>,
  mostRecords: number,
): AsyncGenerator<Uint8Array> {
  const filter = Filter.forCount(mostRecords);
  const fences: Buffer[] = [];
  let count = 0;
  let held: Buffer[] = [];
  let heldRecords = 0;
  const pagesOf = (bytes: Buffer): Buffer => {
    const pages: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += pageRecords * recordBytes) {
      const page = bytes.subarray(at, at + pageRecords * recordBytes);
      fences.push(Buffer.from(page.subarray(0, fenceBytes)));
      pages.push(page, Buffer.from(sha256(page).subarray(0, checksumBytes)));
    }
    return Buffer.concat(pages);
  };
  // Records come in pieces of any number of them.
  for await (const piece of records) {
    for (let at = 0; at < piece.length; at += recordBytes) filter?.add(piece, at);
    count += piece.length / recordBytes;
    held.push(piece);
    heldRecords += piece.length / recordBytes;
    if (heldRecords < stride * pageRecords) continue;
    const whole = Buffer.concat(held);
    const cut = (heldRecords - (heldRecords % pageRecords)) * recordBytes;
    yield pagesOf(whole.subarray(0, cut));
    held = [Buffer.from(whole.subarray(cut))];
    heldRecords = (whole.length - cut) / recordBytes;
  }
  yield pagesOf(Buffer.concat(held));
  const bits = filter?.bytes ?? new Uint8Array();
  const numbers = Buffer.alloc(12);
  numbers.writeBigUInt64BE(BigInt(count));
  numbers.writeUInt32BE(bits.length, 8);
  const end = Buffer.concat([...fences, bits, numbers]);
  yield end;
  yield sha256(end);
}

/** A run that can be looked up. */
export class SortedRun {
  readonly path: string;
  /** Number of records. */
  readonly count: number;
  readonly #reader: RandomReader;
  readonly #fences: Float64Array;
  readonly #filter: Filter | undefined;
  #lastPage: { readonly index: number; readonly records: Buffer } | undefined;
  #users = 0;
  #isRetired = false;

  private constructor(
    path: string,
    reader: RandomReader,
    count: number,
    fences: Float64Array,
    filter: Filter | undefined,
  ) {
    this.path = path;
    this.#reader = reader;
    this.count = count;
    this.#fences = fences;
    this.#filter = filter;
  }

  /** @throws CountersignError `firehose-damaged` when it is not there or not sound, `firehose-storage` */
  static async open(storage: Storage, path: string): Promise<SortedRun> {
    const reader = await storage.openAnywhere(path);
    if (reader === undefined) throw damaged(path);
    try {
      const { length } = reader;
      const trailer = Buffer.from(await reader.readAt(length - trailerBytes, trailerBytes));
      if (length < trailerBytes || trailer.length < trailerBytes) throw damaged(path);
      const count = Number(trailer.readBigUInt64BE());
      const filterBytes = trailer.readUInt32BE(8);
      const pages = Math.ceil(count / pageRecords);
      const endBytes = pages * fenceBytes + filterBytes + 12;
      const start = count * recordBytes + pages * checksumBytes;
      if (start + endBytes + 32 !== length) throw damaged(path);
      const end = Buffer.from(await reader.readAt(start, endBytes));
      if (!equalBytes(sha256(end), trailer.subarray(12))) throw damaged(path);
      const fences = Float64Array.from({ length: pages }, (_, i) => prefixOf(end, i * fenceBytes));
      const bits = end.subarray(pages * fenceBytes, end.length - 12);
      return new SortedRun(path, reader, count, fences, filterBytes === 0 ? undefined : new Filter(bits));
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** False when the tag is certainly not there. */
  mayHold(tag: Uint8Array): boolean {
    return this.#filter?.mayHold(tag) ?? true;
  }

  /** What the run says of a tag. @throws CountersignError `firehose-damaged`, `firehose-storage` */
  async find(tag: Uint8Array): Promise<TagState | undefined> {
    const wanted = Buffer.from(tag.buffer, tag.byteOffset, tag.length);
    const page = await this.#using(() => this.#pageFor(wanted));
    if (page === undefined) return undefined;
    let [low, high] = [0, page.length / recordBytes];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * recordBytes;
      const order = wanted.compare(page, at, at + tagBytes);
      if (order === 0) return stateAt(page, at);
      if (order > 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  /** The only page that can hold a tag. */
  async #pageFor(tag: Buffer): Promise<Buffer | undefined> {
    const prefix = prefixOf(tag, 0);
    // Pages whose fence is the prefix, and the one before them: nearly always one page alone.
    let low = Math.max(0, this.#countBelow(prefix) - 1);
    let high = this.#countBelow(prefix + 1) - 1;
    if (high < 0) return undefined;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const page = await this.#page(middle);
      if (page.compare(tag, 0, tagBytes, 0, tagBytes) <= 0) low = middle;
      else high = middle - 1;
    }
    return this.#page(low);
  }

  /** How many fences are below a prefix. */
  #countBelow(prefix: number): number {
    let [low, high] = [0, this.#fences.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#fences[middle] ?? 0) < prefix) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #page(index: number): Promise<Buffer> {
    if (this.#lastPage?.index === index) return this.#lastPage.records;
    const [records = Buffer.alloc(0)] = await this.#pages(index, 1);
    this.#lastPage = { index, records };
    return records;
  }

  /** The records of some pages that follow each other. */
  async #pages(index: number, most: number): Promise<readonly Buffer[]> {
    const start = index * pageBytes;
    const end = Math.min(
      (index + most) * pageBytes,
      this.count * recordBytes + this.#fences.length * checksumBytes,
    );
    const bytes = Buffer.from(await this.#reader.readAt(start, end - start));
    const pages: Buffer[] = [];
    for (let at = 0; at < end - start; at += pageBytes) {
      const page = bytes.subarray(at, at + pageBytes);
      const records = page.subarray(0, -checksumBytes);
      const isSound = equalBytes(sha256(records).subarray(0, checksumBytes), page.subarray(-checksumBytes));
      if (!isSound || records.length % recordBytes !== 0) throw damaged(this.path);
      pages.push(records);
    }
    return pages;
  }

  /** All records in order, in pieces of many. @throws as {@link find} */
  async *records(): AsyncGenerator<Buffer> {
    for (let index = 0; index < this.#fences.length; index += stride) {
      yield Buffer.concat(await this.#using(() => this.#pages(index, stride)));
    }
  }

  async #using<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      this.#closeWhenUnused();
    }
  }

  /** Whether it was closed: then it must not be read, and another run holds what it held. */
  get isClosed(): boolean {
    return this.#isRetired && this.#users === 0;
  }

  /** Closes the run as soon as nobody reads in it. */
  retire(): void {
    this.#isRetired = true;
    this.#closeWhenUnused();
  }

  #closeWhenUnused(): void {
    if (this.isClosed) void this.#reader.close().catch(() => undefined);
  }
}
