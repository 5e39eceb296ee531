/** Storage of a firehose in memory, which can be told to fail: the double beside the embedded storage. */
import { Readable } from 'node:stream';
import { CountersignError } from '../../src/core/errors/family.ts';
import type { FirehoseCode } from '../../src/core/errors/firehose.ts';
import type { FirehoseStorage, Storage } from '../../src/firehose/storage.ts';

/** A write or a removal. */
export interface Change {
  readonly kind: 'write' | 'remove';
  /** With `public/` or `private/` before it. */
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

/** How a change fails: without effect, or with it. Both end in the same error. */
export type Fault = 'not done' | 'done but errored';

export class MemoryStorage implements FirehoseStorage {
  readonly files: Map<string, Uint8Array>;
  /** Every change that took effect, in order. */
  readonly changes: Change[] = [];
  /** Asked before every change and every reading; an answer makes it fail. */
  faultAt: ((kind: Change['kind'] | 'read', path: string) => Fault | undefined) | undefined;
  #isClaimed = false;

  constructor(files: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.files = new Map(files);
  }

  get public(): Storage {
    return this.#part('public/');
  }

  get private(): Storage {
    return this.#part('private/');
  }

  /** The public files, by the paths under which they are served. */
  publicFiles(): Map<string, Uint8Array> {
    const found = [...this.files].filter(([path]) => path.startsWith('public/'));
    return new Map(found.map(([path, bytes]) => [path.slice('public/'.length), bytes]));
  }

  claim(): Promise<() => Promise<void>> {
    if (this.#isClaimed) return Promise.reject(new CountersignError<FirehoseCode>('firehose-in-use'));
    this.#isClaimed = true;
    return Promise.resolve(() => {
      this.#isClaimed = false;
      return Promise.resolve();
    });
  }

  async #read(path: string): Promise<Uint8Array | undefined> {
    await Promise.resolve();
    if (this.faultAt?.('read', path) !== undefined) throw failure(path);
    return this.files.get(path)?.slice();
  }

  async #change(change: Change): Promise<void> {
    await Promise.resolve();
    const fault = this.faultAt?.(change.kind, change.path);
    if (fault !== 'not done') {
      if (change.bytes === undefined) this.files.delete(change.path);
      else this.files.set(change.path, change.bytes);
      this.changes.push(change);
    }
    if (fault !== undefined) throw failure(change.path);
  }

  #part(prefix: string): Storage {
    const full = (path: string): string => {
      if (!/^[a-z0-9][a-z0-9.]*(\/[a-z0-9][a-z0-9.]*)*$/.test(path)) throw new RangeError(path);
      return prefix + path;
    };
    return {
      read: async (path) => this.#read(full(path)),
      open: async (path) => {
        const bytes = await this.#read(full(path));
        return bytes && { length: bytes.length, bytes: Readable.from(Buffer.from(bytes)) };
      },
      write: async (path, bytes) =>
        this.#change({ kind: 'write', path: full(path), bytes: Uint8Array.from(bytes) }),
      remove: async (path) => this.#change({ kind: 'remove', path: full(path), bytes: undefined }),
      list: async (folder) => {
        const start = `${full(folder)}/`;
        await Promise.resolve();
        const names = [...this.files.keys()].filter((path) => path.startsWith(start));
        return [...new Set(names.map((path) => path.slice(start.length).split('/')[0] ?? ''))].sort();
      },
    };
  }
}

function failure(path: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-storage', `${path}: a fault was asked for`);
}
