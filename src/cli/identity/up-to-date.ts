/** The ledger on which an identity is about to speak of its keys. */
import { findLedger, type PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Terminal } from '../output.ts';
import { refreshIfPossible } from '../records/fresh.ts';
import { interruptible } from '../records/interrupt.ts';

/** Finds a joined ledger and fetches what is new: which key counts now stands in the record. */
export async function upToDate(
  wallet: Wallet,
  ledger: string | undefined,
  terminal: Terminal,
): Promise<PinnedLedger> {
  const pinned = await findLedger(wallet.database, ledger);
  return interruptible(terminal, (signal) => refreshIfPossible(wallet, pinned, terminal, signal));
}
