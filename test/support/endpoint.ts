/** Endpoints of ledgers, honest and lying, in memory; and copies of ledgers in a database. */
import './fast-engines.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogCode } from '../../src/core/errors/log.ts';
import type { LogReader } from '../../src/core/log/audit-port.ts';
import { emptyEdge, growLog } from '../../src/core/log/edge.ts';
import { bodyPath } from '../../src/core/record/files.ts';
import { ok, refuse } from '../../src/core/result.ts';
import type { Database, Row } from '../../src/wallet/store/driver.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import type { TestLedger } from './ledger.ts';

/** The files of a ledger as far as a client needs them, as its operator (honest or not) serves them. */
export function filesOf(ledger: TestLedger): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([['checkpoint', ledger.checkpoint()]]);
  const entries = Array.from({ length: ledger.size }, (_, height) => ledger.at(height).entry);
  for (const { path, bytes } of growLog(emptyEdge, entries).files) files.set(path, bytes);
  for (let height = 1; height < ledger.size; height++) files.set(bodyPath(height), ledger.at(height).body);
  return files;
}

/** What a reader does with a path, in place of handing out the file. */
export type Answer = LogCode | 'throw' | undefined;

/** Reads these files; `answer` may refuse any of them. */
export function endpointOf(
  files: ReadonlyMap<string, Uint8Array>,
  answer: (path: string) => Answer | Promise<Answer> = () => undefined,
): LogReader {
  return {
    canList: false,
    readAhead: 1,
    list: () => Promise.resolve(ok(undefined)),
    read: async (path, limit) => {
      const instead = await answer(path);
      if (instead === 'throw') throw new TypeError('a mistake in the reader');
      if (instead !== undefined) return refuse(instead);
      const bytes = files.get(path);
      return bytes !== undefined && bytes.length > limit ? refuse('log-too-large') : ok(bytes?.slice());
    },
  };
}

/** A copy of a ledger in a database of its own. */
export interface TestCopy {
  readonly path: string;
  readonly database: Database;
  readonly store: RecordStore;
}

/** An empty copy below `folder`, or below a new one. */
export async function emptyCopy(folder = mkdtempSync(join(tmpdir(), 'copy-test-'))): Promise<TestCopy> {
  const path = join(mkdtempSync(join(folder, 'profile-')), 'record.sqlite');
  const database = await openStore(path);
  return { path, database, store: new RecordStore(database) };
}

const tables = ['ledger', 'incoming', 'block', 'message', 'message_key', 'tag', 'tagged'] as const;

function plain(row: Row): Readonly<Record<string, unknown>> {
  const values = Object.entries(row).map(([name, value]) => {
    return [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value];
  });
  return Object.fromEntries(values) as Readonly<Record<string, unknown>>;
}

/** Everything that the copy holds of the record, row for row. */
export async function contentOf(database: Database): Promise<Readonly<Record<string, unknown>>> {
  const content: Record<string, unknown> = {};
  for (const table of tables)
    content[table] = (await database.all(`SELECT * FROM ${table} ORDER BY 1, 2`)).map(plain);
  return content;
}
