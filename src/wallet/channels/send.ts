/** Sending what waits in channels until it stands in blocks: what follows on a change of members waits for its block. */
import { CountersignError } from '../../core/errors/family.ts';
import { findLedger, type PinnedLedger } from '../ledgers.ts';
import { pause, refresh } from '../records/refresh.ts';
import type { Wallet } from '../wallet.ts';
import { deliver, type DeliverReport } from './deliver.ts';
import { type ChannelDraft, openDrafts } from './drafts.ts';
import { learnChannels } from './learn.ts';

export interface SendOptions {
  /** Ends the wait; what waits stays. */
  readonly signal: AbortSignal;
  /** Told how many things wait, again and again. */
  readonly onWaiting?: (count: number) => void;
}

/** What became of what waited, and the ledger as it stands then. */
export interface SendEnd extends DeliverReport {
  readonly pinned: PinnedLedger;
}

const pollMs = 500;

/** What an address may get over: until then everything waits as it is. */
const passing: readonly string[] = ['sync-unreachable', 'sync-failing', 'sync-withheld'];

const now = (): number => Math.floor(Date.now() / 1000);

/**
 * Synchronises, seals and sends, until nothing waits that a block could help or the signal comes. Without a way to the
 * firehose nothing is sealed: it waits as drafts.
 * @throws CountersignError for everything that does not pass by itself.
 */
export async function sendChannels(
  wallet: Wallet,
  given: PinnedLedger,
  { signal, onWaiting }: SendOptions,
): Promise<SendEnd> {
  let pinned = given;
  const done: ChannelDraft[] = [];
  const { id: ledger, idText } = pinned.joined.ledger;
  for (;;) {
    try {
      ({ pinned } = await refresh(wallet, pinned, { signal }));
    } catch (failure) {
      if (!(failure instanceof CountersignError && passing.includes(String(failure.code)))) throw failure;
      const waiting = await openDrafts(await wallet.privateRows(), ledger);
      pinned = await findLedger(wallet.database, idText);
      return { pinned, done, waiting, needsBlock: false, failure };
    }
    await learnChannels(wallet, pinned, now());
    const report = await deliver(wallet, pinned, { now, when: 'at once', signal });
    done.push(...report.done);
    onWaiting?.(report.waiting.length);
    if (!report.needsBlock || signal.aborted) return { ...report, done, pinned };
    await pause(pollMs, signal);
  }
}
