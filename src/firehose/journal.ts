/**
 * A write-ahead journal with group commit: entries that arrive while others are being synced share the next sync.
 *
 * It is a row of segments, `<folder>/<number>`, each a row of groups:
 *
 *     u32        bytes of the entries
 *     16 bytes   start of SHA-256 of the entries
 *     8 bytes    start of SHA-256 of the 20 bytes before
 *     entries    each: u32 length, bytes
 *
 * A group is begun only when the one before is durable, and a segment is left for good at the first failure. So
 * what is incomplete can only be the end of a segment, and was never acknowledged.
 */
import { ByteReader, equalBytes, joinBytes, uintToBytes } from '../core/bytes.ts';
import { sha256 } from '../core/crypto/sha256.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { GrowingFile, Storage } from './storage.ts';

/** A segment that is longer than this is followed by another, in bytes. */
const segmentBytes = 16_777_216;
/** A group takes no more entries beyond this, in bytes. */
const groupBytes = 4_194_304;
const headerBytes = 28;
/** Disks write whole sectors: what a loss of power left out is missing in pieces of this size, in bytes. */
const sectorBytes = 512;
/** A shorter run of zeros says nothing. */
const leastHole = 64;

function segmentPath(folder: string, number: number): string {
  return `${folder}/${String(number).padStart(12, '0')}`;
}

function groupOf(entries: readonly Uint8Array[]): Uint8Array {
  const body = joinBytes(entries.flatMap((entry) => [uintToBytes(entry.length, 4), entry]));
  const start = joinBytes([uintToBytes(body.length, 4), sha256(body).subarray(0, 16)]);
  return joinBytes([start, sha256(start).subarray(0, 8), body]);
}

/** Whether a sector of these bytes, which begin at `offset` of their file, was never written. */
function hasHole(bytes: Uint8Array, offset: number): boolean {
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + sectorBytes - ((offset + at) % sectorBytes));
    if (end - at >= leastHole && bytes.subarray(at, end).every((byte) => byte === 0)) return true;
    at = end;
  }
  return false;
}

/** The group at the start of these bytes, if it is whole. */
function readGroup(
  bytes: Uint8Array,
): { readonly entries: readonly Uint8Array[]; readonly length: number } | 'cut' | 'bad' {
  if (bytes.length < headerBytes) return 'cut';
  const isHeader = equalBytes(sha256(bytes.subarray(0, 20)).subarray(0, 8), bytes.subarray(20, headerBytes));
  if (!isHeader) return 'bad';
  const bodyLength = new ByteReader(bytes).uint(4) ?? 0;
  const length = headerBytes + bodyLength;
  if (bytes.length < length) return 'cut';
  const body = bytes.subarray(headerBytes, length);
  if (!equalBytes(sha256(body).subarray(0, 16), bytes.subarray(4, 20))) return 'bad';
  const reader = new ByteReader(body);
  const entries: Uint8Array[] = [];
  while (reader.remaining > 0) {
    const entry = reader.take(reader.uint(4) ?? Infinity);
    if (entry === undefined) return 'bad';
    entries.push(entry);
  }
  return { entries, length };
}

/**
 * The entries of one segment. An end that was cut off, or of which sectors were never written, was not acknowledged and
 * is left out.
 * @throws CountersignError `firehose-damaged` when anything else is wrong.
 */
function readSegment(bytes: Uint8Array, path: string): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = bytes.subarray(at);
    const group = readGroup(rest);
    if (typeof group === 'object') {
      entries.push(...group.entries);
      at += group.length;
      continue;
    }
    if (group === 'bad' && !hasHole(rest, at))
      throw new CountersignError<FirehoseCode>('firehose-damaged', `${path} at byte ${at}`);
    break;
  }
  return entries;
}

/** What an earlier life of the firehose left in its journal. */
export interface LeftEntries {
  /** In the order in which they were written. */
  readonly entries: readonly Uint8Array[];
  /** To be removed once the entries are safe elsewhere. */
  readonly paths: readonly string[];
}

/** A segment that is being written. */
interface Segment {
  readonly file: GrowingFile;
  readonly number: number;
  length: number;
}

/** An entry on its way. */
interface Waiting {
  readonly entry: Uint8Array;
  readonly resolve: (segment: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Begun by {@link Journal.open}; one per folder. */
export class Journal {
  readonly #storage: Storage;
  readonly #folder: string;
  readonly #queue: Waiting[] = [];
  /** How many entries of a segment are still needed. */
  readonly #needed = new Map<number, number>();
  #next: number;
  #current: Segment | undefined;
  #writing: Promise<void> | undefined;
  #groups = 0;

  private constructor(storage: Storage, folder: string, next: number) {
    this.#storage = storage;
    this.#folder = folder;
    this.#next = next;
  }

  /**
   * Reads what is left, and begins a journal after it.
   * @throws CountersignError `firehose-damaged`, `firehose-storage`
   */
  static async open(storage: Storage, folder: string): Promise<{ journal: Journal; left: LeftEntries }> {
    const entries: Uint8Array[] = [];
    const paths: string[] = [];
    let last = 0;
    for (const name of await storage.list(folder)) {
      const path = `${folder}/${name}`;
      last = /^[0-9]{12}$/.test(name) ? Number(name) : NaN;
      if (segmentPath(folder, last) !== path)
        throw new CountersignError<FirehoseCode>('firehose-damaged', path);
      for (const entry of readSegment((await storage.read(path)) ?? new Uint8Array(), path))
        entries.push(entry);
      paths.push(path);
    }
    return { journal: new Journal(storage, folder, last + 1), left: { entries, paths } };
  }

  /** How many groups were synced. */
  get groups(): number {
    return this.#groups;
  }

  /**
   * Makes an entry durable, with all others that come meanwhile.
   * @returns the segment in which it stands, to be given to {@link release} when the entry is needed no longer.
   * @throws CountersignError `firehose-storage`: then the entry may be there in a later start, or not.
   */
  append(entry: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ entry, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    // Whatever is handled in the same turn of the event loop goes into the first group.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      let length = 0;
      const count = this.#queue.findIndex(({ entry }) => (length += entry.length) > groupBytes) + 1;
      const group = this.#queue.splice(0, count === 0 ? this.#queue.length : count);
      try {
        const segment = await this.#appendGroup(group.map(({ entry }) => entry));
        for (const { resolve } of group) resolve(segment);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #appendGroup(entries: readonly Uint8Array[]): Promise<number> {
    this.#current ??= await this.#begin();
    const current = this.#current;
    const bytes = groupOf(entries);
    this.#count(current.number, entries.length);
    try {
      await current.file.append(bytes);
      this.#groups++;
      current.length += bytes.length;
    } catch (error) {
      this.#count(current.number, -entries.length);
      // What it holds now may be cut off: nothing may follow.
      await this.#leave();
      throw error;
    }
    if (current.length >= segmentBytes) await this.#leave();
    return current.number;
  }

  async #begin(): Promise<Segment> {
    const number = this.#next++;
    try {
      return { file: await this.#storage.grow(segmentPath(this.#folder, number)), number, length: 0 };
    } catch (error) {
      // It may be there all the same.
      this.#count(number, 0);
      throw error;
    }
  }

  #count(segment: number, change: number): void {
    this.#needed.set(segment, (this.#needed.get(segment) ?? 0) + change);
  }

  async #leave(): Promise<void> {
    const { file } = this.#current ?? {};
    this.#current = undefined;
    await file?.close().catch(() => undefined);
  }

  /** One entry of this segment is needed no longer. */
  release(segment: number): void {
    this.#count(segment, -1);
  }

  /**
   * Removes the segments of which nothing is needed.
   * @throws CountersignError `firehose-storage`: what could not be removed is tried again the next time.
   */
  async sweep(): Promise<void> {
    const current = this.#current?.number;
    if (current !== undefined && this.#needed.get(current) === 0 && this.#writing === undefined)
      await this.#leave();
    for (const [number, count] of this.#needed) {
      if (count > 0 || number === this.#current?.number) continue;
      await this.#storage.remove(segmentPath(this.#folder, number));
      this.#needed.delete(number);
    }
  }

  /** Waits until everything on its way is durable or failed, and ends. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#leave();
  }
}
