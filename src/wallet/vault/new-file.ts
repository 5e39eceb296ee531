/** Files that hold what must not be lost: whole or not at all, for their owner only, and there after a loss of power. */
import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Syncs a folder, so that a name in it survives. Windows cannot; there the file's own sync is all there is. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file beside `path` under a name of its own, lets `place` give it its name, and leaves nothing else behind. */
async function written(
  path: string,
  bytes: Uint8Array,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
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
  await syncFolder(folder);
}

/** What file systems without hard links (those of memory sticks, for example) answer to a link. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a finished file a name that must be free. A link, unlike a renaming, never replaces what has the name; where
 * there are no links the content is copied.
 * @throws NodeJS.ErrnoException, `EEXIST` when the name is taken.
 */
export async function nameNewFile(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!linkless.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
    const handle = await open(path, 'r+');
    await handle.sync().finally(() => handle.close());
  }
}

/**
 * Writes a file that must not exist yet.
 * @throws NodeJS.ErrnoException, `EEXIST` when the name is taken: what is there stays as it is.
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  await written(path, bytes, (temporary) => nameNewFile(temporary, path));
}

/** Writes a file in the place of the one that is there, at once. @throws NodeJS.ErrnoException */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await written(path, bytes, (temporary) => rename(temporary, path));
}
