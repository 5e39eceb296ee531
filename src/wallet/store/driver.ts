/**
 * The one file that speaks to sqlite3. It turns callbacks into promises, SQLite's result codes into ours, keeps
 * transactions apart from everything else on the same connection, and refuses to load the native module under another
 * Node than the one it was built for: that would end the process without a word.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type * as Sqlite from 'sqlite3';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';

export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

/** What runs statements. Calls are carried out in the order in which they are made. */
export interface Statements {
  /** Runs statements without parameters and results, separated by semicolons. */
  readonly exec: (sql: string) => Promise<void>;
  /** Runs one statement. @returns the number of rows changed. */
  readonly run: (sql: string, ...values: readonly SqlValue[]) => Promise<number>;
  /** All rows that one statement gives. */
  readonly all: (sql: string, ...values: readonly SqlValue[]) => Promise<readonly Row[]>;
}

/** An open database. Every call may throw a CountersignError with a `store-` code. */
export interface Database extends Statements {
  /**
   * Runs `work` in one transaction: all of it is kept or, when it throws, nothing. Only what goes through the statements
   * that `work` is given belongs to it; all other calls on this database wait until it is over.
   * @throws RangeError when `work` itself calls on this database: it would wait for itself.
   */
  transaction<T>(work: (inside: Statements) => Promise<T>): Promise<T>;
  /** Closes it, after what was called before. */
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
  SQLITE_IOERR: 'store-disk',
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

/** The statements of a connection as promises. */
function statementsOf(handle: Sqlite.Database): Statements {
  return {
    exec: (sql) =>
      new Promise((resolve, reject) => {
        handle.exec(sql, (error) => {
          if (error === null) resolve();
          else reject(storeError(error));
        });
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
  };
}

async function runTransaction<T>(raw: Statements, work: (inside: Statements) => Promise<T>): Promise<T> {
  let isOver = false;
  const during = <A extends readonly unknown[], R>(call: (...given: A) => Promise<R>) => {
    return (...given: A): Promise<R> =>
      isOver ? Promise.reject(new RangeError('the transaction is over')) : call(...given);
  };
  await raw.exec('BEGIN IMMEDIATE');
  try {
    const value = await work({ exec: during(raw.exec), run: during(raw.run), all: during(raw.all) });
    isOver = true;
    await raw.exec('COMMIT');
    return value;
  } catch (error) {
    isOver = true;
    // A rollback that fails (a full disk rolls back by itself) must not hide what went wrong.
    await raw.exec('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Calls one after the other; a transaction is one call. */
function inTurns(raw: Statements, close: () => Promise<void>): Database {
  const current = new AsyncLocalStorage<true>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (current.getStore() === true)
      return Promise.reject(new RangeError('inside a transaction only its own statements may be used'));
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    exec: (sql) => inTurn(() => raw.exec(sql)),
    run: (sql, ...values) => inTurn(() => raw.run(sql, ...values)),
    all: (sql, ...values) => inTurn(() => raw.all(sql, ...values)),
    transaction: (work) => inTurn(() => current.run(true, () => runTransaction(raw, work))),
    close: () => inTurn(close),
  };
}

/**
 * Opens a database file.
 * @param mode `create` makes the file when it is missing; `read` never writes to it.
 * @throws CountersignError with a `store-` code.
 */
export async function openDatabase(path: string, mode: 'create' | 'read'): Promise<Database> {
  const sqlite = await loadSqlite();
  const flags = mode === 'read' ? sqlite.OPEN_READONLY : sqlite.OPEN_READWRITE | sqlite.OPEN_CREATE;
  const handle = await new Promise<Sqlite.Database>((resolve, reject) => {
    const opened = new sqlite.Database(path, flags, (error) => {
      if (error === null) resolve(opened);
      else reject(storeError(error));
    });
  });
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => {
      handle.close((error) => {
        if (error === null) resolve();
        else reject(storeError(error));
      });
    });
  return inTurns(statementsOf(handle), close);
}
