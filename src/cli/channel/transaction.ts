/** The transaction that a person means. */
import { fromHex } from '../../core/bytes.ts';
import { findChannel } from '../../wallet/channels/find.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/**
 * The id of a transaction: given in full, or that of a channel that this profile knows.
 * @throws CountersignError `channel-unknown`, `channel-ambiguous`
 */
export async function transactionNamed(
  wallet: Wallet,
  pinned: PinnedLedger,
  given: string,
): Promise<Uint8Array> {
  const id = fromHex(given, 32);
  if (id === undefined) return (await findChannel(wallet, pinned, given)).transaction;
  const channel = await findChannel(wallet, pinned, given).catch(() => undefined);
  return channel?.transaction ?? id;
}
