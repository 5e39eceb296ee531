/**
 * A thread that synchronises one ledger and ends: it has its own connection to the database, so that nobody else waits
 * for it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { CountersignError } from '../../core/errors/family.ts';
import { startFurtherThread } from '../../engines/verification.ts';
import { httpReader } from '../../engines/http-reader.ts';
import { openStore } from '../store/open.ts';
import { RecordStore } from '../store/record-store.ts';
import type { ThreadMessage, ThreadSetup } from './background.ts';
import { threadedJudges } from './judges.ts';
import { syncLedger } from './sync.ts';

if (parentPort === null) throw new RangeError('not a thread that synchronises');
const port = parentPort;
const { file, ledger, endpoint, timeoutMs, threads, engine } = workerData as ThreadSetup;
const tell = (message: ThreadMessage): void => {
  port.postMessage(message);
};

/**
 * Pages of the database are kept in memory up to so many KiB, and written back when so many pages wait. What is sorted
 * is public, and may be more than memory holds.
 */
const settings = 'PRAGMA cache_size = -24576; PRAGMA wal_autocheckpoint = 8192; PRAGMA temp_store = FILE;';

const stop = new AbortController();
// There is nothing else that it could be told: see ThreadRequest.
port.on('message', () => {
  stop.abort();
});

async function run(): Promise<void> {
  const database = await openStore(file);
  const store = new RecordStore(database);
  const joined = await store.joined(ledger);
  // They start while this thread does. Nobody starts it for a few messages.
  const judges =
    joined === undefined || threads === 0 ? undefined : threadedJudges(joined.ledger, engine, threads);
  try {
    await startFurtherThread(engine);
    await database.exec(settings);
    const report = await syncLedger(store, ledger, httpReader(new URL(endpoint), timeoutMs), {
      address: endpoint,
      signal: stop.signal,
      onProgress: (progress) => {
        tell({ kind: 'progress', progress });
      },
      ...(judges === undefined ? { threads: 0 } : { judges }),
    });
    tell({ kind: 'done', report });
  } finally {
    await judges?.close();
    await database.close();
  }
}

run()
  .catch((error: unknown) => {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError;
    tell({ kind: 'failed', code, ...(detail === undefined ? {} : { detail }) });
  })
  .finally(() => {
    port.close();
  });
