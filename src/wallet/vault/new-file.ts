/** Files that hold what must not be lost: whole or not there, for their owner only, and there after a loss of power. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What file systems without links say, those of memory sticks for example. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Makes what is stored at a path survive a loss of power. Windows cannot open folders and needs no such call. */
async function syncPath(path: string, kind: 'file' | 'folder'): Promise<void> {
  if (kind === 'folder' && process.platform === 'win32') return;
  const handle = await open(path, kind === 'file' ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  await syncPath(path, 'folder');
}

/** Gives a file a second name that must be free. @throws NodeJS.ErrnoException, `EEXIST` when it is not. */
async function giveName(file: string, path: string): Promise<void> {
  try {
    await link(file, path);
  } catch (error) {
    if (!noLinks.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(file, path, constants.COPYFILE_EXCL);
  }
}

/**
 * Gives a finished file, on the same disk, a name that must be free, and returns when both survive a loss of power.
 * @throws NodeJS.ErrnoException, `EEXIST` when something has that name already: it is left as it is.
 */
export async function nameNewFile(file: string, path: string): Promise<void> {
  let isNamed = false;
  try {
    await giveName(file, path);
    isNamed = true;
    await syncPath(path, 'file');
    await syncPath(dirname(path), 'folder');
  } catch (error) {
    if (isNamed) await rm(path, { force: true });
    throw error;
  }
}

/** Writes a file under a name of its own beside `path`, lets `place` give it its name, and leaves nothing else there. */
async function written(
  path: string,
  bytes: Uint8Array,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.new`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Writes a file that must not exist yet, readable by its owner only, and returns when it survives a loss of
 * power. Whatever happens, the whole file is there under its name or nothing is: a part is never seen, and after an error
 * nothing is left.
 * @throws NodeJS.ErrnoException, `EEXIST` when something has that name already: it is left as it is.
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  await written(path, bytes, (temporary) => nameNewFile(temporary, path));
}

/** Writes a file in the place of the one that is there, at once. @throws NodeJS.ErrnoException: the old one is there. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await written(path, bytes, async (temporary) => {
    await rename(temporary, path);
    await syncPath(dirname(path), 'folder');
  });
}
