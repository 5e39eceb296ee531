/**
 * A thread that synchronises one ledger and ends. The judges are started before all else is loaded, so that they get ready
 * meanwhile on other processors.
 */
import { workerData } from 'node:worker_threads';
import type { ThreadSetup } from './background.ts';
import { startJudges } from './judges.ts';

const setup = workerData as ThreadSetup;
// Nobody starts this thread for a few messages.
const judges = setup.threads === 0 ? undefined : startJudges(setup.engine, setup.threads);
try {
  const { runInThread } = await import('./run-in-thread.ts');
  await runInThread(setup, judges);
} finally {
  await judges?.close();
}
