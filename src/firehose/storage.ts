/**
 * The storage port of the firehose: named byte strings, most of them written once and never changed, as on a
 * disk or in an object store, and a few that grow. Paths are those of the served files (`docs/spec/tiles.md`,
 * `docs/spec/blocks.md`), with `/` between parts; a part begins with a lower-case letter or a digit and goes on with
 * these and dots.
 */
import type { Readable } from 'node:stream';

/** Something stored, to be read piece by piece. */
export interface StoredFile {
  /** Of the whole file, in bytes. */
  readonly length: number;
  /** Exactly the bytes that were asked for. Whoever does not read them to the end destroys the stream. */
  readonly bytes: Readable;
}

/** From `start` to before `end`, in bytes. What lies beyond the end of a file is left out. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Something stored, to be read anywhere: as it was when it was opened, whatever is stored under its path later. */
export interface RandomReader {
  /** In bytes. */
  readonly length: number;
  /** Fewer than `length` bytes where the file ends before. @throws CountersignError `firehose-storage` */
  readAt(start: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file that grows at its end, for one writer. */
export interface GrowingFile {
  /**
   * Adds bytes. When this returns they survive a loss of power, and so does all before them. Calls follow each other:
   * the next one is made when the one before has ended.
   * @throws CountersignError `firehose-storage`: then any beginning of the bytes may be there, also in a later start.
   */
  append(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What is written: at once, or piece by piece when it is too much to hold. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

export interface Storage {
  /** The bytes stored under `path`, or undefined. @throws CountersignError `firehose-storage` */
  read(path: string): Promise<Uint8Array | undefined>;
  /** As `read`, for what may be too long to hold in memory for every reader; with a range only that part. */
  open(path: string, range?: Range): Promise<StoredFile | undefined>;
  /** As `read`, for what is read here and there. */
  openAnywhere(path: string): Promise<RandomReader | undefined>;
  /**
   * Stores `content` under `path`, replacing what was there, at once and for good: a reader sees the old bytes
   * or the new ones, never a part, and when this returns the new ones survive a loss of power.
   * @throws CountersignError `firehose-storage`: then either the old bytes are stored or the new ones; and what the
   *   content throws: then the old ones.
   */
  write(path: string, content: Content): Promise<void>;
  /**
   * Begins an empty file under `path`, where there is none yet; its name is there for good when this returns. What an
   * interrupted `append` left is read like any other file.
   * @throws as `write`, and `firehose-storage` when there is something under the path.
   */
  grow(path: string): Promise<GrowingFile>;
  /** Names directly inside a folder, sorted; none when there is no such folder. @throws as `read` */
  list(folder: string): Promise<readonly string[]>;
  /** Removes what is stored under `path`; nothing happens when there is nothing. @throws as `write` */
  remove(path: string): Promise<void>;
}

/** Everything that a firehose keeps of one ledger. */
export interface FirehoseStorage {
  /** What anyone may read: the record. */
  readonly public: Storage;
  /** What nobody else may read: keys, messages that stand in no block yet, what was promised. */
  readonly private: Storage;
  /**
   * Takes the ledger for one writer, until it is released or the process ends in whatever way: two writers would
   * sign two different records. Removes what interrupted writes left behind.
   * @returns what releases it.
   * @throws CountersignError `firehose-in-use`, `firehose-storage`
   */
  claim(): Promise<() => Promise<void>>;
}
