/** Storage of a firehose in memory, which can be told to fail: the double beside the embedded storage. */
import { Readable } from 'node:stream';
import { concatBytes } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import type { FirehoseCode } from '../../src/core/errors/firehose.ts';
import type { FirehoseStorage, GrowingFile, RandomReader, Storage } from '../../src/firehose/storage.ts';

/** A change of what is stored: a file written as a whole or removed, one begun that grows, bytes added to it. */
export interface Change {
  readonly kind: 'write' | 'remove' | 'grow' | 'append';
  /** With `public/` or `private/` before it. */
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

/** How a change fails: without effect, with it, or (bytes added) with a part of it. All end in the same error. */
export type Fault = 'not done' | 'done but errored' | { readonly partly: number };

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
    const { kind, path, bytes } = change;
    const fault = this.faultAt?.(kind, path);
    if (fault !== 'not done') {
      // What is written as a whole is there as a whole or not at all.
      const part = typeof fault === 'object' && kind === 'append' ? bytes?.slice(0, fault.partly) : bytes;
      this.#apply(kind, path, part ?? new Uint8Array());
      this.changes.push(change);
    }
    if (fault !== undefined) throw failure(path);
  }

  #apply(kind: Change['kind'], path: string, bytes: Uint8Array): void {
    const before = this.files.get(path);
    if (kind === 'remove') this.files.delete(path);
    else if (kind === 'append') this.files.set(path, concatBytes(before ?? new Uint8Array(), bytes));
    else if (kind === 'grow' && before !== undefined) throw failure(path);
    else this.files.set(path, bytes);
  }

  async #grow(path: string): Promise<GrowingFile> {
    await this.#change({ kind: 'grow', path, bytes: new Uint8Array() });
    return {
      append: (bytes) => this.#change({ kind: 'append', path, bytes: Uint8Array.from(bytes) }),
      close: () => Promise.resolve(),
    };
  }

  async #openAnywhere(path: string): Promise<RandomReader | undefined> {
    const bytes = await this.#read(path);
    return (
      bytes && {
        length: bytes.length,
        readAt: async (start, length) => {
          if (this.faultAt?.('read', path) !== undefined) throw failure(path);
          return Promise.resolve(bytes.slice(start, start + length));
        },
        close: () => Promise.resolve(),
      }
    );
  }

  #part(prefix: string): Storage {
    const full = (path: string): string => {
      if (!/^[a-z0-9][a-z0-9.]*(\/[a-z0-9][a-z0-9.]*)*$/.test(path)) throw new RangeError(path);
      return prefix + path;
    };
    return {
      read: async (path) => this.#read(full(path)),
      open: async (path, range) => {
        const bytes = await this.#read(full(path));
        const wanted = bytes && Buffer.from(bytes.subarray(range?.start ?? 0, range?.end));
        return bytes && wanted && { length: bytes.length, bytes: Readable.from(wanted) };
      },
      openAnywhere: async (path) => this.#openAnywhere(full(path)),
      write: async (path, content) => {
        const name = full(path);
        const pieces: Uint8Array[] = [];
        if (content instanceof Uint8Array) pieces.push(content);
        else for await (const piece of content) pieces.push(Uint8Array.from(piece));
        return this.#change({ kind: 'write', path: name, bytes: concatBytes(...pieces) });
      },
      grow: async (path) => this.#grow(full(path)),
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
