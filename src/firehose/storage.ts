/**
 * The storage port of the firehose: named byte strings, most of them written once and never changed, as on a
 * disk or in an object store. Paths are those of the served files (`docs/spec/tiles.md`, `docs/spec/blocks.md`), with
 * `/` between parts; a part begins with a lower-case letter or a digit and goes on with these and dots.
 */
import type { Readable } from 'node:stream';

/** Something stored, to be read piece by piece. */
export interface StoredFile {
  /** In bytes. */
  readonly length: number;
  /** Exactly `length` bytes. Whoever does not read them to the end destroys the stream. */
  readonly bytes: Readable;
}

export interface Storage {
  /** The bytes stored under `path`, or undefined. @throws CountersignError `firehose-storage` */
  read(path: string): Promise<Uint8Array | undefined>;
  /** As `read`, for what may be too long to hold in memory for every reader. */
  open(path: string): Promise<StoredFile | undefined>;
  /**
   * Stores `bytes` under `path`, replacing what was there, at once and for good: a reader sees the old bytes
   * or the new ones, never a part, and when this returns the new ones survive a loss of power.
   * @throws CountersignError `firehose-storage`: then either the old bytes are stored or the new ones.
   */
  write(path: string, bytes: Uint8Array): Promise<void>;
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
