/** Bringing the copy of a ledger up to date from whichever of its addresses answers, and what that says of the outbox. */
import { setTimeout as sleep } from 'node:timers/promises';
import { httpReader } from '../../engines/http-reader.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { PartReader } from '../../core/log/audit-port.ts';
import { followLedger } from '../follow/follow.ts';
import { ownTags } from '../follow/own-tags.ts';
import { askIndexes } from '../follow/view.ts';
import { findLedger, type PinnedLedger } from '../ledgers.ts';
import { settleOutbox, type SettleReport } from '../outbox/settle.ts';
import { dropFollowed } from '../store/followed-store.ts';
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
  /** Whether all other addresses are looked at too, and not only until one does. */
  readonly compares?: boolean;
}

/** What the operator signed: no address can do better. */
const signed: readonly SyncCode[] = ['sync-fork', 'sync-extended', 'sync-invalid', 'sync-index'];
/** What an address sent in place of what is signed. */
const ofAddress: readonly FollowCode[] = ['follow-index', 'follow-pages', 'follow-body'];

/** Whether another address of the ledger may do better. */
function isOfAddress(error: unknown): error is CountersignError {
  if (!(error instanceof CountersignError)) return false;
  const code = String(error.code);
  if (ofAddress.some((known) => known === code)) return true;
  return code.startsWith('sync-') && !signed.some((known) => known === code);
}

/** Fetches from one address what the mode of the copy asks for. @returns what it was read with, when it follows. */
async function synchronise(
  wallet: Wallet,
  { joined }: PinnedLedger,
  endpoint: string,
  options: RefreshOptions,
): Promise<PartReader | undefined> {
  const { store } = wallet;
  const { id } = joined.ledger;
  if (joined.mode === 'follow') {
    const reader = httpReader(new URL(endpoint), timeoutMs);
    await followLedger(store, id, reader, ownTags(wallet), { ...options, address: endpoint });
    return reader;
  }
  const file = wallet.profile.storeFile;
  const { size, filled } = await keepUp({ store, file, ledger: id, endpoint, timeoutMs }, options);
  if (joined.followed > 0 && filled >= size) {
    const now = await wallet.ledger(id);
    await store.transaction(({ statements }) => dropFollowed(statements, now));
  }
  return undefined;
}

/**
 * Goes on at the other addresses, after one did: an operator who shows different people different records is found out where
 * both are looked at. One that fails or is behind says nothing.
 */
async function compareOthers(
  wallet: Wallet,
  pinned: PinnedLedger,
  used: string,
  options: RefreshOptions,
): Promise<void> {
  const { card, joined } = pinned;
  for (const endpoint of card.endpoints.filter((other) => other !== used)) {
    if (options.signal?.aborted === true) return;
    const now = await findLedger(wallet.database, joined.ledger.idText);
    await synchronise(wallet, now, endpoint, options).catch((error: unknown) => {
      if (!isOfAddress(error)) throw error;
      const isBehind = error.code === 'sync-stale' || error.code === 'sync-unreachable';
      if (!isBehind) options.onSkipped?.(endpoint, error);
    });
  }
}

/**
 * Synchronises a ledger, wholly or what is one's own of it, and settles its outbox.
 * @returns the ledger as it stands now.
 * @throws CountersignError with a `sync-` or `follow-` code, that of the last address, or a `store-` code.
 */
export async function refresh(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: RefreshOptions = {},
): Promise<{ readonly pinned: PinnedLedger; readonly settled: SettleReport }> {
  let failure: CountersignError | undefined;
  let used: PartReader | undefined;
  let endpoint = '';
  for (endpoint of pinned.card.endpoints) {
    try {
      used = await synchronise(wallet, pinned, endpoint, options);
      failure = undefined;
      break;
    } catch (error) {
      if (!isOfAddress(error)) throw error;
      failure = error;
      if (endpoint !== pinned.card.endpoints.at(-1)) options.onSkipped?.(endpoint, error);
    }
  }
  const { database } = wallet;
  if (failure === undefined && options.compares === true)
    await compareOthers(wallet, pinned, endpoint, options);
  const now = await findLedger(database, pinned.joined.ledger.idText);
  const elsewhere = used && askIndexes(database, now.joined, used);
  const settled = await settleOutbox(database, now.joined, elsewhere);
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
