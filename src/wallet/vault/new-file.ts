import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What file systems without links say. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** Gives a file a second name that must be free. @throws NodeJS.ErrnoException, `EEXIST` when it is not. */
async function giveName(file: string, path: string): Promise<void> {
  try {
    await link(file, path);
  } catch (error) {
    if (!noLinks.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(file, path, constants.COPYFILE_EXCL);
  }
}

/** Makes what is stored at a path survive a loss of power. Windows cannot open folders and needs no such call. */
async function sync(path: string, kind: 'file' | 'folder'): Promise<void> {
  if (kind === 'folder' && process.platform === 'win32') return;
  const handle = await open(path, kind === 'file' ? 'r+' : 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file that must not exist yet, readable by its owner only, and returns when it survives a loss of
 * power. Whatever happens, the whole file is there under its name or nothing is: a part is never seen, and after an error
 * nothing is left.
 * @throws NodeJS.ErrnoException, `EEXIST` when something has that name already: it is left as it is.
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.new`);
  let isNamed = false;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveName(temporary, path);
    isNamed = true;
    await sync(path, 'file');
    await sync(dirname(path), 'folder');
  } catch (error) {
    if (isNamed) await rm(path, { force: true });
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
