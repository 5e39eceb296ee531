import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/wallet/store/driver.ts';
import { migrationsIn, openStore } from '../../src/wallet/store/open.ts';
import { noOrdinaryUser, runScriptAsUser, userFolder } from '../support/ordinary-user.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open: Database[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close().catch(() => undefined)));
});

function fresh(): string {
  return join(mkdtempSync(join(folder, 'profile-')), 'record.sqlite');
}

async function opened(...given: Parameters<typeof openStore>): Promise<Database> {
  const database = await openStore(...given);
  open.push(database);
  return database;
}

async function raw(path: string, mode: 'create' | 'read' = 'create'): Promise<Database> {
  const database = await openDatabase(path, mode);
  open.push(database);
  return database;
}

async function version(database: Database): Promise<unknown> {
  return (await database.all('PRAGMA user_version'))[0]?.['user_version'];
}

/** Runs work that must fail. @returns its code. */
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

const own = new URL('../../src/wallet/store/migrations/', import.meta.url);

describe('migrations', () => {
  it('are found by folder, numbered without gaps', async () => {
    const known = await migrationsIn(own);
    expect(known.map((migration) => migration.version)).toEqual(known.map((_, i) => i + 1));
    expect(known[0]?.name).toBe('0001-record.ts');
  });

  it('import nothing: a change elsewhere must not change what they do', () => {
    for (const name of readdirSync(own))
      expect(readFileSync(new URL(name, own), 'utf8')).not.toMatch(/^import|import\(/m);
  });

  it.each([[['0002-b.ts']], [['0001-a.ts', '0003-c.ts']], [['0001-a.ts', '0001-b.ts']]])(
    'are refused with a gap: %j',
    async (names) => {
      const place = mkdtempSync(join(folder, 'migrations-'));
      for (const name of [...names, 'notes.txt', '0009.ts'])
        writeFileSync(join(place, name), "export const up = '';");
      await expect(migrationsIn(pathToFileURL(`${place}/`))).rejects.toThrow(RangeError);
    },
  );

  it('make every table strict, with the settings that keep data whole', async () => {
    const database = await opened(fresh());
    const tables = await database.all('PRAGMA table_list');
    const ours = tables.filter(({ name }) => !String(name).startsWith('sqlite_'));
    expect(ours.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['block', 'ledger', 'message', 'tag', 'tagged']),
    );
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
    const setting = async (name: string): Promise<unknown> =>
      Object.values((await database.all(`PRAGMA ${name}`))[0] ?? {})[0];
    expect(await setting('journal_mode')).toBe('wal');
    expect(await setting('synchronous')).toBe(2);
    expect(await setting('foreign_keys')).toBe(1);
    expect(await setting('secure_delete')).toBe(1);
    expect(await setting('temp_store')).toBe(2);
    expect(await setting('trusted_schema')).toBe(0);
    expect(await version(database)).toBe((await migrationsIn(own)).length);
  });

  it('leave no copy of a new file, and nothing to do for the next one who opens it', async () => {
    const path = fresh();
    for (let i = 0; i < 3; i++) await (await openStore(path)).close();
    expect(readdirSync(join(path, '..'))).toEqual(['record.sqlite']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('make one database when several processes open it at once', async () => {
    const path = fresh();
    const script = `const { openStore } = await import(process.argv[1]);
      const database = await openStore(process.argv[2]);
      console.log((await database.all('PRAGMA user_version'))[0].user_version);`;
    const module = join(import.meta.dirname, '../../src/wallet/store/open.ts');
    const runs = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, module, path]),
      ),
    );
    const newest = (await migrationsIn(own)).length;
    expect(runs.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 4 }, () => `${newest}\n`));
  });
});

/** The number of a migration after all that there are. */
const next = readdirSync(own).length + 1;

describe('one more migration', () => {
  /** The own migrations and one more. */
  function withSecond(statements: string): URL {
    const place = mkdtempSync(join(folder, 'migrations-'));
    for (const name of readdirSync(own)) copyFileSync(new URL(name, own), join(place, name));
    writeFileSync(
      join(place, `${String(next).padStart(4, '0')}-next.ts`),
      `export const up = ${JSON.stringify(statements)};`,
    );
    return pathToFileURL(`${place}/`);
  }

  async function withRow(path: string): Promise<void> {
    const database = await openStore(path);
    await database.run(
      "INSERT INTO ledger (id, ledger_id, founding, endpoint, checkpoint, tree, size, filled) VALUES (1, x'00', x'00', 'here', NULL, x'', 0, 0)",
    );
    await database.close();
  }

  it('is applied over data, after a copy of the whole file was made', async () => {
    const path = fresh();
    await withRow(path);
    const database = await opened(
      path,
      withSecond("ALTER TABLE ledger ADD COLUMN more TEXT NOT NULL DEFAULT 'x'"),
    );
    expect(await version(database)).toBe(next);
    expect(await database.all('SELECT endpoint, more FROM ledger')).toEqual([
      { endpoint: 'here', more: 'x' },
    ]);
    const copy = await raw(`${path}.before-${next}`, 'read');
    expect(await version(copy)).toBe(next - 1);
    expect(await copy.all('SELECT endpoint FROM ledger')).toEqual([{ endpoint: 'here' }]);
    if (process.platform !== 'win32') expect(statSync(`${path}.before-${next}`).mode & 0o777).toBe(0o600);
  });

  it('copies what is only in the log beside the file too', async () => {
    const path = fresh();
    await withRow(path);
    const busy = await opened(path);
    await busy.run("UPDATE ledger SET endpoint = 'there'");
    await opened(path, withSecond('CREATE TABLE more (a INTEGER) STRICT'));
    const copy = await raw(`${path}.before-${next}`, 'read');
    expect(await copy.all('SELECT endpoint FROM ledger')).toEqual([{ endpoint: 'there' }]);
  });

  it('that fails changes nothing, and overwrites no copy when it is tried again', async () => {
    const path = fresh();
    await withRow(path);
    const bad = withSecond('CREATE TABLE more (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)');
    expect(await codeOf(openStore(path, bad))).toBe('store-failed');
    const database = await opened(path);
    expect(await version(database)).toBe(next - 1);
    expect(await database.all("SELECT name FROM sqlite_schema WHERE name = 'more'")).toEqual([]);
    expect(await codeOf(openStore(path, bad))).toBe('store-failed');
    expect(
      readdirSync(join(path, '..'))
        .filter((name) => name.includes('before'))
        .sort(),
    ).toEqual([`record.sqlite.before-${next}`, `record.sqlite.before-${next}.2`]);
  });
});

describe('a database that cannot be used', () => {
  it('from the future is left as it is', async () => {
    const path = fresh();
    const database = await openStore(path);
    await database.exec('PRAGMA user_version = 99');
    await database.close();
    const before = readFileSync(path);
    expect(await codeOf(openStore(path))).toBe('store-future');
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(join(path, '..'))).toEqual(['record.sqlite']);
  });

  it.each([
    ['text', 'This is not a database at all.'.repeat(10)],
    ['a short text', 'x'],
    ['the beginning of a database', 'SQLite format'],
    ['zeros', Buffer.alloc(8192)],
    ['half a database', undefined],
  ])('is left as it is when it is %s', async (_, content) => {
    const path = fresh();
    if (content === undefined) {
      await (await openStore(path)).close();
      writeFileSync(path, readFileSync(path).subarray(0, 5000));
    } else {
      writeFileSync(path, content);
    }
    const before = readFileSync(path);
    expect(await codeOf(openStore(path))).toBe('store-corrupt');
    expect(readFileSync(path)).toEqual(before);
  });

  it('cannot be opened where there is a folder, or none', async () => {
    const path = fresh();
    mkdirSync(path);
    expect(await codeOf(openStore(path))).toBe('store-cannot-open');
    expect(await codeOf(openStore(join(path, 'no', 'such', 'place')))).toBe('store-cannot-open');
    expect(existsSync(join(path, 'no'))).toBe(false);
  });

  it('is busy while another connection writes', async () => {
    const path = fresh();
    const [one, two] = [await opened(path), await opened(path)];
    await two.exec('PRAGMA busy_timeout = 100');
    await one.transaction(async (inside) => {
      await inside.exec('DELETE FROM ledger');
      expect(await codeOf(two.exec('DELETE FROM ledger'))).toBe('store-busy');
      expect(await two.all('SELECT count(*) AS n FROM ledger')).toEqual([{ n: 0 }]);
    });
    await two.exec('DELETE FROM ledger');
  });

  it('is full when there is no room', async () => {
    const database = await opened(fresh());
    await database.exec('PRAGMA max_page_count = 40');
    const fill = database.transaction(async (inside) => {
      await inside.run(
        "INSERT INTO ledger (id, ledger_id, founding, endpoint, checkpoint, tree, size, filled) VALUES (1, x'00', zeroblob(10000000), 'here', NULL, x'', 0, 0)",
      );
    });
    expect(await codeOf(fill)).toBe('store-full');
    expect(await database.all('SELECT count(*) AS n FROM ledger')).toEqual([{ n: 0 }]);
  });

  const why = noOrdinaryUser();
  it.skipIf(why !== undefined)(
    `says that file or folder may not be written${why === undefined ? '' : ` (skipped: ${why})`}`,
    () => {
      const place = userFolder('store-user');
      const script = `
        import { chmodSync } from 'node:fs';
        const { openStore } = await import(process.argv[1]);
        const codeOf = (work) => work.then((database) => database.close().then(() => 'done'), (error) => error.code);
        const path = process.argv[2] + '/record.sqlite';
        const write = async () => {
          const database = await openStore(path);
          try { await database.exec('DELETE FROM ledger'); } finally { await database.close(); }
        };
        console.log(await codeOf(openStore(path)));
        chmodSync(path, 0o400);
        console.log(await codeOf(write()));
        chmodSync(path, 0);
        console.log(await codeOf(write()));
        chmodSync(path, 0o600);
        chmodSync(process.argv[2], 0o500);
        console.log(await codeOf(write()));
        console.log(await codeOf(openStore(process.argv[2] + '/other.sqlite')));`;
      // The folder belongs to the user of the tests; one below it belongs to the user of the script.
      const make = "import { mkdirSync } from 'node:fs'; mkdirSync(process.argv[1]);";
      runScriptAsUser(make, join(place, 'own'));
      const run = runScriptAsUser(
        script,
        join(import.meta.dirname, '../../src/wallet/store/open.ts'),
        join(place, 'own'),
      );
      expect(run.stderr).toBe('');
      const [made, readOnly, unreadable, readOnlyFolder, newInReadOnly] = run.stdout.trim().split('\n');
      expect([made, readOnly, unreadable, newInReadOnly]).toEqual([
        'done',
        'store-read-only',
        'store-cannot-open',
        'store-read-only',
      ]);
      expect(readOnlyFolder).toBe('store-read-only');
      rmSync(place, { recursive: true });
    },
  );
});

describe('transactions', () => {
  async function withTable(): Promise<Database> {
    const database = await raw(fresh());
    await database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT');
    return database;
  }
  const all = async (database: Database): Promise<unknown[]> =>
    (await database.all('SELECT a FROM t ORDER BY a')).map(({ a }) => a);

  it('keep all of their work or nothing', async () => {
    const database = await withTable();
    await database.transaction(async (inside) => {
      await inside.run('INSERT INTO t VALUES (1)');
    });
    for (const statement of ['INSERT INTO t VALUES (1)', 'INSERT INTO nowhere VALUES (1)']) {
      const failed = database.transaction(async (inside) => {
        await inside.run('INSERT INTO t VALUES (2)');
        await inside.run(statement);
      });
      expect(await codeOf(failed)).toBe('store-failed');
    }
    const thrown = database.transaction(async (inside) => {
      await inside.run('INSERT INTO t VALUES (3)');
      throw new RangeError('a mistake');
    });
    await expect(thrown).rejects.toThrow(RangeError);
    expect(await all(database)).toEqual([1]);
  });

  it('have nothing of what others do on the same database', async () => {
    const database = await withTable();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const failed = database.transaction(async (inside) => {
      begin();
      await inside.run('INSERT INTO t VALUES (1)');
      await new Promise((next) => setTimeout(next, 30));
      throw new RangeError('undone');
    });
    await begun;
    const other = database.run('INSERT INTO t VALUES (2)');
    const second = database.transaction(async (inside) => {
      await inside.run('INSERT INTO t VALUES (3)');
    });
    await expect(failed).rejects.toThrow('undone');
    await Promise.all([other, second]);
    expect(await all(database)).toEqual([2, 3]);
  });

  it('do not wait for themselves: the mistake is said', async () => {
    const database = await withTable();
    for (const work of [
      () => database.run('INSERT INTO t VALUES (1)'),
      () => database.transaction(() => Promise.resolve()),
      () => database.close(),
    ]) {
      await expect(database.transaction<unknown>(work)).rejects.toThrow(RangeError);
    }
    let kept: (() => Promise<unknown>) | undefined;
    await database.transaction((inside) => {
      kept = () => inside.run('INSERT INTO t VALUES (1)');
      return Promise.resolve();
    });
    await expect(kept?.()).rejects.toThrow(RangeError);
    expect(await all(database)).toEqual([]);
  });

  it('end before the database is closed', async () => {
    const database = await withTable();
    const done = database.transaction(async (inside) => {
      await new Promise((next) => setTimeout(next, 20));
      await inside.run('INSERT INTO t VALUES (1)');
    });
    await Promise.all([done, database.close()]);
    expect(await codeOf(database.all('SELECT 1'))).toBe('store-failed');
  });
});
