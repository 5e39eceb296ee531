/** The channels that a disclosure of a whole transaction is about. */
import { equalBytes } from '../../core/bytes.ts';
import { type LocalChannel, openChannel } from '../channels/open.ts';
import { type ChannelRow, channelRows } from '../channels/rows.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';

/** All channels of a transaction that this profile can read something of. @throws CountersignError as `openChannel` */
export async function channelsOn(
  wallet: Wallet,
  pinned: PinnedLedger,
  { transaction }: ChannelRow,
): Promise<readonly LocalChannel[]> {
  const rows = await channelRows(await wallet.privateRows(), pinned.joined.ledger.id);
  const channels: LocalChannel[] = [];
  for (const row of rows.filter((one) => equalBytes(one.transaction, transaction))) {
    const channel = await openChannel(wallet, pinned, row);
    if (channel.epochs.some(({ opened }) => opened.ok)) channels.push(channel);
  }
  return channels;
}
