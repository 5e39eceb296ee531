/**
 * Storage in one folder of one machine: the default.
 *
 * Beside `public` and `private` lie `.lock`, which the one writer holds, and `.new`, in which files are written
 * before they get their name. All four are on one file system.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { CountersignError } from '../core/errors/family.ts';
import { makeFolders } from '../engines/folders.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type {
  Content,
  FirehoseStorage,
  GrowingFile,
  RandomReader,
  Range,
  Storage,
  StoredFile,
} from './storage.ts';

/** No part is empty, `.` or `..`, and none begins like the files of ours that have no path. */
const pathForm = /^[a-z0-9][a-z0-9.]*(\/[a-z0-9][a-z0-9.]*)*$/;

/** Who may read what is made: everyone, or the owner alone. */
const modes = {
  public: { folder: 0o755, file: 0o644 },
  private: { folder: 0o700, file: 0o600 },
} as const;

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? 'unknown error';
}

/** A fault of the disk under our code; whatever else went wrong (in content that is being made) as it is. */
function failure(error: unknown, path: string): unknown {
  if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') return error;
  return new CountersignError<FirehoseCode>('firehose-storage', `${path}: ${codeOf(error)}`, {
    cause: error,
  });
}

/** @throws CountersignError `firehose-storage`, unless there is nothing at the path: then it returns `nothing`. */
async function unlessMissing<T, N>(path: string, nothing: N, work: () => Promise<T>): Promise<T | N> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return nothing;
    throw failure(error, path);
  }
}

async function syncFolder(folder: string): Promise<void> {
  // A file is only there for good when its folder's entry is. Windows cannot open folders and needs no such call.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and all above it that are missing, for good. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  const first = await makeFolders(folder, mode);
  if (first === undefined) return;
  // The entries of all folders just made, up to the one that was there before.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Folders that are known to be there, so that they need not be made for every file. */
class Folders {
  readonly #known = new Set<string>();

  /** Makes a folder that is not known to be there. */
  async make(folder: string, mode: number): Promise<void> {
    if (this.#known.has(folder)) return;
    await makeFolder(folder, mode);
    if (this.#known.size >= 1000) this.#known.clear();
    this.#known.add(folder);
  }

  /** Somebody removed folders: nothing is known. */
  forget(): void {
    this.#known.clear();
  }
}

async function writeDurably(file: string, temporary: string, content: Content, mode: number): Promise<void> {
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

async function openFile(file: string, { start, end }: Range): Promise<StoredFile> {
  const handle = await open(file, 'r');
  try {
    const { size: length } = await handle.stat();
    const last = Math.min(end, length) - 1;
    if (last < start) {
      await handle.close();
      return { length, bytes: Readable.from([]) };
    }
    // A file that is served never grows: it is replaced as a whole, and this handle keeps the old one.
    return { length, bytes: handle.createReadStream({ highWaterMark: 65_536, start, end: last }) };
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}

async function readAt(
  handle: FileHandle,
  path: string,
  start: number,
  buffer: Uint8Array,
): Promise<Uint8Array> {
  try {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (error) {
    throw failure(error, path);
  }
}

async function openAnywhere(file: string, path: string): Promise<RandomReader> {
  const handle = await open(file, 'r');
  try {
    const { size: length } = await handle.stat();
    return {
      length,
      readAt: (start, wanted) =>
        readAt(handle, path, start, new Uint8Array(Math.max(0, Math.min(wanted, length - start)))),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function grow(file: string, path: string, mode: number): Promise<GrowingFile> {
  const handle = await open(file, 'ax', mode);
  try {
    await syncFolder(dirname(file));
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    async append(bytes) {
      try {
        await handle.writeFile(bytes);
        // Syncs the length too, because the data could not be read without it.
        await handle.datasync();
      } catch (error) {
        throw failure(error, path);
      }
    },
    close: () => handle.close(),
  };
}

function storageIn(root: string, part: 'public' | 'private', folders: Folders): Storage {
  const { file: fileMode, folder: folderMode } = modes[part];
  const fileOf = (path: string): string => {
    if (!pathForm.test(path)) throw new RangeError(`not a storage path: ${path}`);
    return join(root, part, path);
  };
  return {
    async read(path) {
      const file = fileOf(path);
      return unlessMissing(path, undefined, () => readFile(file));
    },
    async open(path, range = { start: 0, end: Infinity }) {
      const file = fileOf(path);
      return unlessMissing(path, undefined, () => openFile(file, range));
    },
    async openAnywhere(path) {
      const file = fileOf(path);
      return unlessMissing(path, undefined, () => openAnywhere(file, path));
    },
    async write(path, content) {
      const file = fileOf(path);
      const temporary = join(root, '.new', randomBytes(16).toString('hex'));
      try {
        await folders.make(dirname(temporary), modes.private.folder);
        await folders.make(dirname(file), folderMode);
        await writeDurably(file, temporary, content, fileMode);
      } catch (error) {
        folders.forget();
        await rm(temporary, { force: true }).catch(() => undefined);
        throw failure(error, path);
      }
    },
    async grow(path) {
      const file = fileOf(path);
      try {
        await folders.make(dirname(file), folderMode);
        return await grow(file, path, fileMode);
      } catch (error) {
        folders.forget();
        throw failure(error, path);
      }
    },
    async list(folder) {
      const file = fileOf(folder);
      return unlessMissing(folder, [], async () => (await readdir(file)).sort());
    },
    async remove(path) {
      const file = fileOf(path);
      await unlessMissing(path, undefined, () => rm(file));
    },
  };
}

/**
 * A lock that ends with the process, however it ends: SQLite's lock on an empty database, which the operating
 * system holds for us and which Node alone does not offer.
 */
function lock(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const busy = 5;
    if ((error as { errcode?: number }).errcode === busy)
      throw new CountersignError<FirehoseCode>('firehose-in-use');
    throw new CountersignError<FirehoseCode>('firehose-storage', `.lock: ${codeOf(error)}`, { cause: error });
  }
}

/** The ledger in this folder, which need not be there yet. */
export function embeddedStorage(root: string): FirehoseStorage {
  const folders = new Folders();
  return {
    public: storageIn(root, 'public', folders),
    private: storageIn(root, 'private', folders),
    async claim() {
      try {
        await makeFolder(root, modes.public.folder);
      } catch (error) {
        throw failure(error, '.');
      }
      const held = lock(join(root, '.lock'));
      try {
        await rm(join(root, '.new'), { recursive: true, force: true });
        folders.forget();
      } catch (error) {
        held.close();
        throw failure(error, '.new');
      }
      return () => {
        held.close();
        return Promise.resolve();
      };
    },
  };
}
