/** A copy of a profile's database for a backup: with the record, or with what only this profile has. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { Profile } from '../profile.ts';
import type { Database } from '../store/driver.ts';
import { followAnew } from '../store/followed-store.ts';
import { openStore } from '../store/open.ts';

/**
 * Tables that hold messages of the public record and what is computed from them: anybody can fetch them again. Everything
 * else is in every backup, block headers too: under the signed head they show afterwards whether the record that is
 * fetched again is the one that was there before.
 */
export const recordTables: ReadonlySet<string> = new Set([
  ...['incoming', 'message', 'message_key', 'tag', 'tagged', 'followed_message', 'followed_carried'],
]);

/** The tables of a database, without SQLite's own. */
export async function tablesOf(database: Database): Promise<readonly string[]> {
  const rows = await database.all(
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  return rows.map(({ name }) => {
    if (typeof name !== 'string' || !/^[a-z0-9_]+$/.test(name)) {
      throw new CountersignError<StoreCode>('store-corrupt', 'a name in the layout');
    }
    return name;
  });
}

const prefix = '.backup-';

/** Removes what a backup left behind that did not come to its end. */
async function clean(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const dayAgo = Date.now() - 86_400_000;
  for (const name of names) {
    const path = join(folder, name);
    const about = await stat(path).catch(() => undefined);
    if (about !== undefined && about.mtimeMs < dayAgo) await rm(path, { recursive: true, force: true });
  }
}

/** Makes the database one plain file, without a log beside it. */
async function settle(database: Database): Promise<void> {
  await database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;');
}

async function copyPrivate(source: string, target: string): Promise<void> {
  const database = await openStore(target);
  try {
    await database.exec('PRAGMA foreign_keys = OFF');
    await database.run('ATTACH DATABASE ? AS source', source);
    const tables = (await tablesOf(database)).filter((name) => !recordTables.has(name));
    await database.transaction(async (inside) => {
      for (const table of tables) {
        await inside.run(`INSERT INTO main."${table}" SELECT * FROM source."${table}"`);
      }
      // The copy holds no messages: they are fetched again, under the headers that it has.
      await inside.exec(`UPDATE main.ledger SET filled = 0; ${followAnew}`);
    });
    await database.exec('DETACH DATABASE source');
    await settle(database);
  } finally {
    await database.close();
  }
}

/**
 * Copies a profile's database, as of one moment, into a file of its own and hands it to `use`; afterwards the copy is
 * removed. Public bytes and sealed rows are all that is in it.
 */
export async function withDatabaseCopy<T>(
  profile: Profile,
  database: Database,
  hasRecord: boolean,
  use: (path: string, length: number) => Promise<T>,
): Promise<T> {
  await clean(profile.folder);
  const folder = await mkdtemp(join(profile.folder, prefix));
  try {
    const path = join(folder, 'record.sqlite');
    if (hasRecord) await database.run('VACUUM INTO ?', path);
    else await copyPrivate(profile.storeFile, path);
    return await use(path, (await stat(path)).size);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
