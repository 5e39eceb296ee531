/**
 * Synchronising for a program that has other things to do: what is little is done in this thread, because making
 * another takes longer, and what is much in a thread of its own.
 */
import { httpReader } from '../../engines/http-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { syncInThread } from './background.ts';
import type { SyncProgress, SyncReport } from './options.ts';
import { syncLedger } from './sync.ts';

/** What takes a few hundredths of a second. */
const little = { headers: 64, messages: 128 };

/** What is brought up to date, and from where. */
export interface KeptUp {
  readonly store: RecordStore;
  /** The database in which `store` lies. */
  readonly file: string;
  /** The ledger's id. */
  readonly ledger: Uint8Array;
  /** Where the ledger's `checkpoint` lies. */
  readonly endpoint: string;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Brings the copy of a joined ledger up to an endpoint's head, as `syncLedger` does.
 * @throws CountersignError as `syncLedger` does.
 */
export async function keepUp(
  { store, file, ledger, endpoint, timeoutMs }: KeptUp,
  options: { readonly onProgress?: (progress: SyncProgress) => void; readonly signal?: AbortSignal } = {},
): Promise<SyncReport> {
  const reader = httpReader(new URL(endpoint), timeoutMs);
  const report = await syncLedger(store, ledger, reader, { ...options, atMost: little, address: endpoint });
  return report.isTooMuch ? syncInThread({ file, ledger, endpoint, timeoutMs }, options) : report;
}
