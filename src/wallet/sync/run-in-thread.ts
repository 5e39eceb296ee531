/** What a thread that synchronises does: it has its own connection to the database, so that nobody else waits for it. */
import { parentPort } from 'node:worker_threads';
import { CountersignError } from '../../core/errors/family.ts';
import { httpReader } from '../../engines/http-reader.ts';
import { startFurtherThread } from '../../engines/verification.ts';
import { openStore } from '../store/open.ts';
import { RecordStore } from '../store/record-store.ts';
import type { ThreadMessage, ThreadSetup } from './background.ts';
import type { JudgeThreads } from './judges.ts';
import type { SyncReport } from './options.ts';
import { syncLedger } from './sync.ts';

/**
 * Pages of the database are kept in memory up to so many KiB, and written back when so many pages wait. What is sorted
 * is public, and may be more than memory holds.
 */
const settings = 'PRAGMA cache_size = -24576; PRAGMA wal_autocheckpoint = 8192; PRAGMA temp_store = FILE;';

async function synchronise(
  { file, ledger, endpoint, timeoutMs, engine }: ThreadSetup,
  threads: JudgeThreads | undefined,
  tell: (message: ThreadMessage) => void,
  signal: AbortSignal,
): Promise<SyncReport> {
  const database = await openStore(file);
  try {
    const store = new RecordStore(database);
    const joined = await store.joined(ledger);
    await startFurtherThread(engine);
    await database.exec(settings);
    const isThreaded = joined !== undefined && threads !== undefined;
    return await syncLedger(store, ledger, httpReader(new URL(endpoint), timeoutMs), {
      address: endpoint,
      signal,
      onProgress: (progress) => {
        tell({ kind: 'progress', progress });
      },
      ...(isThreaded ? { judges: threads.judgesFor(joined.ledger) } : { threads: 0 }),
    });
  } finally {
    await database.close();
  }
}

/**
 * Synchronises as the thread was told, and tells how it went.
 * @param threads those that judge; undefined when this one does.
 */
export async function runInThread(setup: ThreadSetup, threads: JudgeThreads | undefined): Promise<void> {
  if (parentPort === null) throw new RangeError('not a thread that synchronises');
  const port = parentPort;
  const tell = (message: ThreadMessage): void => {
    port.postMessage(message);
  };
  const stop = new AbortController();
  // There is nothing else that it could be told: see ThreadRequest.
  port.on('message', () => {
    stop.abort();
  });
  try {
    tell({ kind: 'done', report: await synchronise(setup, threads, tell, stop.signal) });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError;
    tell({ kind: 'failed', code, ...(detail === undefined ? {} : { detail }) });
  } finally {
    port.close();
  }
}
