import { access, chmod, constants, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { equalBytes, toUtf8 } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { type Database, openDatabase, type Statements } from './driver.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly load: () => Promise<string>;
}

const folder = new URL('./migrations/', import.meta.url);

/**
 * The migrations in a folder: `0001-name.ts` (bundled: `.js`), numbered from 1 without gaps; each exports its
 * statements as `up`.
 * @throws RangeError when the numbers have a gap.
 */
export async function migrationsIn(place: URL): Promise<readonly Migration[]> {
  const names = (await readdir(place)).filter((name) => /^\d{4}-[a-z0-9-]+\.[jt]s$/.test(name)).sort();
  return names.map((name, i) => {
    const version = Number(name.slice(0, 4));
    if (version !== i + 1) throw new RangeError(`migration ${name} is not number ${i + 1}`);
    const load = async (): Promise<string> =>
      ((await import(/* @vite-ignore */ new URL(name, place).href)) as { readonly up: string }).up;
    return { version, name, load };
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** What a file system says when a new file cannot be made. */
const fileCodes: Readonly<Record<string, StoreCode>> = {
  EDQUOT: 'store-full',
  EIO: 'store-disk',
  ENOSPC: 'store-full',
  EROFS: 'store-read-only',
};

function failure(cause: unknown): CountersignError<StoreCode> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new CountersignError<StoreCode>(fileCodes[code] ?? 'store-cannot-open', code, { cause });
}

/** Makes the file, readable by its owner only; SQLite gives the files beside it the same permissions. */
async function makeFile(path: string): Promise<void> {
  try {
    await (await open(path, 'ax', 0o600)).close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') await checkFile(path);
    else if (code === 'EACCES' && (await exists(dirname(path))))
      throw new CountersignError<StoreCode>('store-read-only', code, { cause: error });
    else throw failure(error);
  }
}

/** Refuses what is no database. SQLite alone would take a short file of another kind for an empty database. */
async function checkFile(path: string): Promise<void> {
  const start = new Uint8Array(16);
  let length: number;
  try {
    const handle = await open(path, 'r');
    length = await handle
      .read(start)
      .then(({ bytesRead }) => bytesRead)
      .finally(() => handle.close());
  } catch (error) {
    throw failure(error);
  }
  const isDatabase = equalBytes(start, toUtf8('SQLite format 3\0'));
  if (length > 0 && !isDatabase) throw new CountersignError<StoreCode>('store-corrupt', 'not a database');
}

async function versionOf(statements: Statements): Promise<number> {
  return Number((await statements.all('PRAGMA user_version'))[0]?.['user_version']);
}

/** Which layout a database has, and which one is this version's: the numbers of their newest migrations. */
export async function storeVersion(
  database: Statements,
): Promise<{ readonly here: number; readonly newest: number }> {
  return { here: await versionOf(database), newest: (await migrationsIn(folder)).length };
}

/** A copy of the whole database beside it, under a name that is not taken: nothing is overwritten. */
async function backUp(database: Database, path: string, version: number): Promise<void> {
  let copy = `${path}.before-${version}`;
  for (let n = 2; await exists(copy); n++) copy = `${path}.before-${version}.${n}`;
  try {
    await database.run('VACUUM INTO ?', copy);
    await chmod(copy, 0o600);
  } catch (error) {
    // Half a copy is none, and takes the room that is lacking.
    await rm(copy, { force: true });
    throw error;
  }
}

async function migrate(database: Database, path: string, known: readonly Migration[]): Promise<void> {
  const version = await versionOf(database);
  if (version > known.length) throw new CountersignError<StoreCode>('store-future', `version ${version}`);
  await database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; ' +
      'PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;',
  );
  const due = known.slice(version);
  if (due[0] !== undefined && version > 0) await backUp(database, path, due[0].version);
  for (const migration of due) {
    const up = await migration.load();
    await database.transaction(async (inside) => {
      // Another process may have been quicker.
      if ((await versionOf(inside)) >= migration.version) return;
      await inside.exec(`${up}; PRAGMA user_version = ${migration.version.toString()};`);
    });
  }
}

/** SQLite cannot open the log that it lays beside a database, and says no more, where the folder may not be written. */
async function plainer(path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CountersignError && error.code === 'store-cannot-open')) return error;
  const isWritable = await access(dirname(path), constants.W_OK).then(
    () => true,
    () => false,
  );
  return isWritable
    ? error
    : new CountersignError<StoreCode>('store-read-only', error.detail, { cause: error });
}

/**
 * Opens a profile's database and brings it to this version's layout: each migration in one transaction, after
 * a copy of the file beside it. A database from the future is refused untouched.
 * @param migrations where they lie: another folder only in tests.
 * @throws CountersignError with a `store-` code.
 */
export async function openStore(path: string, migrations: URL = folder): Promise<Database> {
  const known = await migrationsIn(migrations);
  await makeFile(path);
  const database = await openDatabase(path, 'create');
  try {
    await database.exec('PRAGMA busy_timeout = 3000');
    await migrate(database, path, known);
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw await plainer(path, error);
  }
}
