/**
 * The storage port of the firehose: named byte strings, most of them written once and never changed, as on a
 * disk or in an object store. Paths are those of the served files (`docs/spec/tiles.md`), with `/` between parts.
 */
export interface Storage {
  /** The bytes stored under `path`, or undefined. @throws CountersignError `firehose-storage` */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Stores `bytes` under `path`, replacing what was there, at once and for good: a reader sees the old bytes
   * or the new ones, never a part, and when this returns the new ones survive a loss of power.
   * @throws CountersignError `firehose-storage`
   */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Names directly inside a folder, sorted; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes what is stored under `path`; nothing happens when there is nothing. */
  remove(path: string): Promise<void>;
}
