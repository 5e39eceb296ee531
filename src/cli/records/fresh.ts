/** A ledger as its firehose has it now, or, when that cannot be had, as it is here. */
import { CountersignError } from '../../core/errors/family.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { refresh } from '../../wallet/records/refresh.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Terminal } from '../output.ts';
import { progressLine } from './progress.ts';

/** What an address may get over; anything else says that the record itself is not in order. */
const passing: readonly string[] = ['sync-unreachable', 'sync-failing', 'sync-withheld'];

/**
 * Synchronises, and goes on with what is here when no address answers.
 * @throws CountersignError as {@link refresh}, for everything that does not pass by itself.
 */
export async function refreshIfPossible(
  wallet: Wallet,
  pinned: PinnedLedger,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PinnedLedger> {
  try {
    const { pinned: now } = await refresh(wallet, pinned, {
      signal,
      onProgress: (progress) => {
        terminal.progress(progressLine(progress));
      },
    });
    return now;
  } catch (error) {
    if (!(error instanceof CountersignError && passing.includes(String(error.code)))) throw error;
    return pinned;
  } finally {
    terminal.progress('');
  }
}
