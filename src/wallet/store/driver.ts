/**
 * The one file that speaks to sqlite3. It turns callbacks into promises, SQLite's result codes into ours, and
 * refuses to load the native module under another Node than the one it was built for: that would end the
 * process without a word.
 */
import type * as Sqlite from 'sqlite3';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';

export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** An open database. Calls are carried out in the order in which they are made. */
export interface Database {
  /** Runs statements without parameters and results, separated by semicolons. */
  exec(sql: string): Promise<void>;
  /** Runs one statement. @returns the number of rows changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /** All rows that one statement gives. */
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Runs `work` in one transaction: all of it is kept or, when it throws, nothing. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const nodeMajor = '24';

const codes: Readonly<Record<string, StoreCode>> = {
  SQLITE_FULL: 'store-full',
  SQLITE_READONLY: 'store-read-only',
  SQLITE_BUSY: 'store-busy',
  SQLITE_LOCKED: 'store-busy',
  SQLITE_CORRUPT: 'store-corrupt',
  SQLITE_NOTADB: 'store-corrupt',
  SQLITE_CANTOPEN: 'store-cannot-open',
  SQLITE_PERM: 'store-cannot-open',
};

function storeError(error: Error): CountersignError<StoreCode> {
  const { code = '' } = error as { code?: string };
  return new CountersignError<StoreCode>(codes[code] ?? 'store-failed', error.message, { cause: error });
}

async function loadSqlite(): Promise<typeof Sqlite> {
  if (process.versions.node.split('.')[0] !== nodeMajor) {
    throw new CountersignError<StoreCode>(
      'store-driver',
      `this is Node ${process.versions.node}, not ${nodeMajor}`,
    );
  }
  try {
    return ((await import('sqlite3')) as unknown as { default: typeof Sqlite }).default;
  } catch (cause) {
    throw new CountersignError<StoreCode>('store-driver', undefined, { cause });
  }
}

/**
 * Opens a database file.
 * @param mode `create` makes the file when it is missing; `read` never writes to it.
 * @throws CountersignError with a `store-` code, as every call on the database does.
 */
export async function openDatabase(path: string, mode: 'create' | 'read'): Promise<Database> {
  const sqlite = await loadSqlite();
  const flags = mode === 'read' ? sqlite.OPEN_READONLY : sqlite.OPEN_READWRITE | sqlite.OPEN_CREATE;
  const handle = await new Promise<InstanceType<typeof sqlite.Database>>((resolve, reject) => {
    const opened = new sqlite.Database(path, flags, (error) => {
      if (error === null) resolve(opened);
      else reject(storeError(error));
    });
  });
  const settle =
    <T>(resolve: (value: T) => void, reject: (error: Error) => void, value: T) =>
    (error: Error | null): void => {
      if (error === null) resolve(value);
      else reject(storeError(error));
    };
  const database: Database = {
    exec: (sql) =>
      new Promise((resolve, reject) => {
        handle.exec(sql, settle(resolve, reject, undefined));
      }),
    run: (sql, ...values) =>
      new Promise((resolve, reject) => {
        handle.run(sql, values, function (this: { changes: number }, error: Error | null) {
          if (error === null) resolve(this.changes);
          else reject(storeError(error));
        });
      }),
    all: (sql, ...values) =>
      new Promise((resolve, reject) => {
        handle.all(sql, values, (error: Error | null, rows: Row[]) => {
          if (error === null) resolve(rows);
          else reject(storeError(error));
        });
      }),
    async transaction(work) {
      await database.exec('BEGIN IMMEDIATE');
      try {
        const value = await work();
        await database.exec('COMMIT');
        return value;
      } catch (error) {
        // A rollback that fails (a full disk rolls back by itself) must not hide what went wrong.
        await database.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    close: () =>
      new Promise((resolve, reject) => {
        handle.close(settle(resolve, reject, undefined));
      }),
  };
  return database;
}
