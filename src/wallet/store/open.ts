import { copyFile, readdir, stat } from 'node:fs/promises';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { type Database, openDatabase } from './driver.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly load: () => Promise<string>;
}

const folder = new URL('./migrations/', import.meta.url);

/** The migrations, found by folder: `0001-name.ts`, numbered from 1 without gaps. */
export async function migrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.ts$/.test(name)).sort();
  return names.map((name, i) => {
    const version = Number(name.slice(0, 4));
    if (version !== i + 1) throw new RangeError(`migration ${name} is not number ${i + 1}`);
    const load = async (): Promise<string> =>
      ((await import(new URL(name, folder).href)) as { readonly up: string }).up;
    return { version, name, load };
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Opens a profile's database and brings it to this version's layout: each migration in one transaction, after
 * a copy of the file beside it. A database from the future is refused untouched.
 * @throws CountersignError with a `store-` code.
 */
export async function openStore(path: string): Promise<Database> {
  const isNew = !(await exists(path));
  const database = await openDatabase(path, 'create');
  try {
    await database.exec('PRAGMA busy_timeout = 3000');
    const version = Number((await database.all('PRAGMA user_version'))[0]?.['user_version']);
    const known = await migrations();
    if (version > known.length) throw new CountersignError<StoreCode>('store-future', `version ${version}`);
    await database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; ' +
        'PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;',
    );
    const due = known.slice(version);
    if (due.length > 0 && !isNew) {
      await database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      await copyFile(path, `${path}.before-${version + 1}`);
    }
    for (const migration of due) {
      const up = await migration.load();
      await database.transaction(() =>
        database.exec(`${up}; PRAGMA user_version = ${migration.version.toString()};`),
      );
    }
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}
