/** Synchronising in a thread of its own: the caller's event loop and its connection to the database stay free. */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { ed25519EngineName } from '../../core/crypto/signature.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncProgress, SyncReport } from './options.ts';

/** What a synchronisation in a thread is made with. */
export interface ThreadTask {
  /** The database of the profile; its layout is up to date. */
  readonly file: string;
  /** The ledger's id. */
  readonly ledger: Uint8Array;
  /** Where the ledger's `checkpoint` lies. */
  readonly endpoint: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How many further threads judge messages: as many as there are processors by default. */
  readonly threads?: number;
}

/** What the thread is made with. */
export interface ThreadSetup extends ThreadTask {
  /** The engine for signatures that is in use in a thread of this process. */
  readonly engine: string;
}

/** What the thread is told: to stop after what is in hand. */
export type ThreadRequest = 'stop';

/** What the thread says. */
export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: SyncProgress }
  | { readonly kind: 'done'; readonly report: SyncReport }
  | { readonly kind: 'failed'; readonly code: string; readonly detail?: string };

/** Memory of the thread for short-lived objects, in MiB: what a batch needs is to be forgotten before it grows old. */
const maxYoungGenerationSizeMb = 12;

/**
 * Brings the copy of a joined ledger up to an endpoint's head, like `syncLedger`, in another thread.
 * @throws CountersignError as `syncLedger` does.
 */
export async function syncInThread(
  task: ThreadTask,
  options: { readonly onProgress?: (progress: SyncProgress) => void; readonly signal?: AbortSignal } = {},
): Promise<SyncReport> {
  // Every processor is at work: threads that help to collect a megabyte are waited for longer than that takes.
  setFlagsFromString('--no-parallel-scavenge');
  const thread = new Worker(new URL('./sync-thread.ts', import.meta.url), {
    workerData: { ...task, engine: ed25519EngineName() } satisfies ThreadSetup,
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  const stop = (): void => {
    thread.postMessage('stop' satisfies ThreadRequest);
  };
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  let last: ThreadMessage | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      thread.on('message', (message: ThreadMessage) => {
        if (message.kind === 'progress') options.onProgress?.(message.progress);
        else last = message;
      });
      thread.on('error', reject);
      thread.on('exit', () => {
        resolve();
      });
    });
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await thread.terminate();
  }
  if (last?.kind === 'done') return last.report;
  if (last?.kind === 'failed') throw new CountersignError(last.code, last.detail);
  throw new Error('the synchronising thread ended without a word');
}
