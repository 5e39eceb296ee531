import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { Storage } from './storage.ts';

const pathForm = /^[a-z0-9.]+(\/[a-z0-9.]+)*$/;

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

function failure(error: unknown, path: string): CountersignError<FirehoseCode> {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new CountersignError<FirehoseCode>('firehose-storage', `${path}: ${code}`, { cause: error });
}

/** Files below one folder of one process: the default. */
export function embeddedStorage(root: string): Storage {
  const fileOf = (path: string): string => {
    if (!pathForm.test(path) || path.split('/').includes('..'))
      throw new RangeError(`not a storage path: ${path}`);
    return join(root, path);
  };
  const makeFolder = async (folder: string): Promise<void> => {
    const first = await mkdir(folder, { recursive: true });
    if (first === undefined) return;
    // The entries of all folders just made, up to the one that was there before.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  };
  return {
    async read(path) {
      try {
        return await readFile(fileOf(path));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw failure(error, path);
      }
    },
    async write(path, bytes) {
      const file = fileOf(path);
      const temporary = join(dirname(file), `.${randomBytes(8).toString('hex')}.new`);
      try {
        await makeFolder(dirname(file));
        const handle = await open(temporary, 'wx', 0o600);
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(temporary, file);
        await syncFolder(dirname(file));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw failure(error, path);
      }
    },
    async list(folder) {
      try {
        return (await readdir(fileOf(folder))).filter((name) => !name.startsWith('.')).sort();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw failure(error, folder);
      }
    },
    async remove(path) {
      try {
        await rm(fileOf(path), { force: true });
      } catch (error) {
        throw failure(error, path);
      }
    },
  };
}
