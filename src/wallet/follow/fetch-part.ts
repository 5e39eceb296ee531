/** Fetching files and parts of files of blocks from an endpoint: bounded, a few at a time. */
import type { LogCode } from '../../core/errors/log.ts';
import type { PartReader } from '../../core/log/audit-port.ts';
import type { Result } from '../../core/result.ts';
import { codeFor, stop } from '../sync/fetch.ts';

/** Bytes on their way at the same time. One part may be longer. */
const inFlightBytes = 33_554_432;

/** Lets so many through at the same time, and so many bytes. */
class Gate {
  readonly #width: number;
  #count = 0;
  #bytes = 0;
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  async through<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((enter) => this.#waiting.push({ bytes, enter }));
    } else this.#take(bytes);
    try {
      return await work();
    } finally {
      this.#count--;
      this.#bytes -= bytes;
      for (
        let next = this.#waiting[0];
        next !== undefined && this.#fits(next.bytes);
        [next] = this.#waiting
      ) {
        this.#waiting.shift();
        this.#take(next.bytes);
        next.enter();
      }
    }
  }

  #fits(bytes: number): boolean {
    return this.#count === 0 || (this.#count < this.#width && this.#bytes + bytes <= inFlightBytes);
  }

  #take(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
  }
}

export class PartFetcher {
  readonly #reader: PartReader;
  readonly #gate: Gate;

  constructor(reader: PartReader) {
    this.#reader = reader;
    this.#gate = new Gate(Math.max(1, reader.readAhead));
  }

  /**
   * A whole file.
   * @throws CountersignError `sync-withheld` when there is none, `sync-oversized`, `sync-malformed`, `sync-unreachable`
   */
  whole(path: string, limit: number): Promise<Uint8Array> {
    return this.#fetch(path, limit, () => this.#reader.read(path, limit));
  }

  /** The bytes `from` to `to` of a file, fewer where it ends before. @throws as {@link whole} */
  part(path: string, from: number, to: number): Promise<Uint8Array> {
    return this.#fetch(path, to - from, () => this.#reader.readPart(path, from, to));
  }

  #fetch(
    path: string,
    bytes: number,
    read: () => Promise<Result<Uint8Array | undefined, LogCode>>,
  ): Promise<Uint8Array> {
    return this.#gate.through(bytes, async () => {
      const file = await read();
      if (file.ok && file.value !== undefined) return file.value;
      if (file.ok) throw stop('sync-withheld', path);
      throw stop(codeFor(file.code), `${path}: ${file.code}`);
    });
  }
}
