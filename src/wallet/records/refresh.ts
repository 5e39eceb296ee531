/** Bringing the copy of a ledger up to date from whichever of its addresses answers, and what that says of the outbox. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import { findLedger, type PinnedLedger } from '../ledgers.ts';
import { settleOutbox, type SettleReport } from '../outbox/settle.ts';
import { keepUp } from '../sync/keep-up.ts';
import type { SyncProgress } from '../sync/options.ts';
import type { Wallet } from '../wallet.ts';

const timeoutMs = 30_000;
const pollMs = 1000;

export interface RefreshOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Told of each address that did not do, where another one did or may. */
  readonly onSkipped?: (address: string, error: CountersignError) => void;
}

/** What the operator signed: no address can do better. */
const signed: readonly SyncCode[] = ['sync-fork', 'sync-extended', 'sync-invalid', 'sync-index'];

/** Whether another address of the ledger may do better. */
function isOfAddress(error: unknown): error is CountersignError {
  if (!(error instanceof CountersignError)) return false;
  const code = String(error.code);
  return code.startsWith('sync-') && !signed.some((known) => known === code);
}

/**
 * Synchronises a ledger and settles its outbox.
 * @returns the ledger as it stands now.
 * @throws CountersignError with a `sync-` code, that of the last address, or a `store-` code.
 */
export async function refresh(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: RefreshOptions = {},
): Promise<{ readonly pinned: PinnedLedger; readonly settled: SettleReport }> {
  const { id, idText } = pinned.joined.ledger;
  const [store, file] = [wallet.store, wallet.profile.storeFile];
  let failure: CountersignError | undefined;
  for (const endpoint of pinned.card.endpoints) {
    try {
      await keepUp({ store, file, ledger: id, endpoint, timeoutMs }, options);
      failure = undefined;
      break;
    } catch (error) {
      if (!isOfAddress(error)) throw error;
      failure = error;
      if (endpoint !== pinned.card.endpoints.at(-1)) options.onSkipped?.(endpoint, error);
    }
  }
  const now = await findLedger(wallet.database, idText);
  const settled = await settleOutbox(wallet.database, now.joined);
  if (failure !== undefined) throw failure;
  return { pinned: now, settled };
}

/** Waits, unless the signal comes first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/**
 * Synchronises until nothing that was accepted waits for its block any more, or the signal comes.
 * @returns the ledger as it stands then.
 * @throws CountersignError as {@link refresh}.
 */
export async function awaitBlocks(
  wallet: Wallet,
  pinned: PinnedLedger,
  signal: AbortSignal,
  onWaiting: (open: number) => void,
): Promise<PinnedLedger> {
  let now = pinned;
  for (;;) {
    now = (await refresh(wallet, now, { signal })).pinned;
    const [row] = await wallet.database.all(
      "SELECT count(*) AS open FROM outbox WHERE ledger = ? AND state = 'accepted'",
      now.joined.row,
    );
    const open = Number(row?.['open']);
    onWaiting(open);
    if (open === 0 || signal.aborted) return now;
    await pause(pollMs, signal);
  }
}
