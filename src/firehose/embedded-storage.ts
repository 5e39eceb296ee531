/**
 * Storage in one folder of one machine: the default.
 *
 * Beside `public` and `private` lie `.lock`, which the one writer holds, and `.new`, in which files are written
 * before they get their name. All four are on one file system.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { FirehoseStorage, Storage, StoredFile } from './storage.ts';

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

function failure(error: unknown, path: string): CountersignError<FirehoseCode> {
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
  const first = await mkdir(folder, { recursive: true, mode });
  if (first === undefined) return;
  // The entries of all folders just made, up to the one that was there before.
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function writeDurably(file: string, temporary: string, bytes: Uint8Array, mode: number): Promise<void> {
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

async function openFile(file: string): Promise<StoredFile> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    // A file never grows: it is replaced as a whole, and this handle keeps the old one.
    return { length: size, bytes: handle.createReadStream({ highWaterMark: 262_144 }) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function storageIn(root: string, part: 'public' | 'private'): Storage {
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
    async open(path) {
      const file = fileOf(path);
      return unlessMissing(path, undefined, () => openFile(file));
    },
    async write(path, bytes) {
      const file = fileOf(path);
      const temporary = join(root, '.new', randomBytes(16).toString('hex'));
      try {
        await makeFolder(dirname(temporary), modes.private.folder);
        await makeFolder(dirname(file), folderMode);
        await writeDurably(file, temporary, bytes, fileMode);
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
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
    throw failure(error, '.lock');
  }
}

/** The ledger in this folder, which need not be there yet. */
export function embeddedStorage(root: string): FirehoseStorage {
  return {
    public: storageIn(root, 'public'),
    private: storageIn(root, 'private'),
    async claim() {
      try {
        await makeFolder(root, modes.public.folder);
      } catch (error) {
        throw failure(error, '.');
      }
      const held = lock(join(root, '.lock'));
      try {
        await rm(join(root, '.new'), { recursive: true, force: true });
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
