/**
 * A database file that is damaged: read by nobody else while it is repaired, kept under another name afterwards, and its
 * old name given to the repaired one at one instant. At any moment there is a whole file under its name.
 */
import { lstat, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CountersignError } from '../../core/errors/family.ts';
import { type Database, openDatabase } from '../store/driver.ts';
import { nameNewFile, syncFolder } from '../vault/new-file.ts';
import { busyMs } from './quick.ts';

const prefix = '.repair-';

function isBusy(error: unknown): boolean {
  return error instanceof CountersignError && error.code === 'store-busy';
}

/**
 * Opens a damaged database so that no other process can use it until it is closed.
 * @throws CountersignError `store-busy` when another process does; with another `store-` code when it cannot be opened.
 */
export async function claimDamaged(path: string): Promise<Database> {
  const database = await openDatabase(path, 'create');
  try {
    await database.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA trusted_schema = OFF`);
    // Without a log beside it the file is all there is, and its lock holds everybody off.
    await database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    // What is too damaged for that is too damaged for any other process, too.
    if (!isBusy(error)) return database;
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** Removes what an interrupted repair left behind. */
async function clean(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const dayAgo = Date.now() - 86_400_000;
  for (const name of names) {
    const about = await stat(join(folder, name)).catch(() => undefined);
    if (about !== undefined && about.mtimeMs < dayAgo)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes a place beside a file where `work` can put another; afterwards the place is gone. */
export async function withPlaceBeside<T>(path: string, work: (file: string) => Promise<T>): Promise<T> {
  await clean(dirname(path));
  const folder = await mkdtemp(join(dirname(path), prefix));
  try {
    return await work(join(folder, basename(path)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function freeName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = `${path}.damaged-${n}`;
    const isTaken = await lstat(name).then(
      () => true,
      () => false,
    );
    if (!isTaken) return name;
  }
}

/**
 * Puts a repaired file in the place of a damaged one, which is kept beside it.
 * @returns the name under which the damaged one is kept.
 */
export async function replaceDamaged(path: string, repaired: string): Promise<string> {
  const kept = await freeName(path);
  await nameNewFile(path, kept);
  // A log of the damaged file that could not be merged into it would be taken for one of the new file.
  for (const end of ['-wal', '-shm']) await rename(path + end, kept + end).catch(() => undefined);
  await rename(repaired, path);
  await syncFolder(dirname(path));
  return kept;
}
