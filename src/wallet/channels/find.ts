/** The channel that a person means. */
import { toHex } from '../../core/bytes.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import { channelRows, type ChannelRow } from './rows.ts';

/**
 * The channel that a person means.
 * @param given its whole name here, or at least 4 digits from the beginning of its id.
 * @throws CountersignError `channel-unknown`, `channel-ambiguous`
 */
export async function findChannel(
  wallet: Wallet,
  { joined }: PinnedLedger,
  given: string,
): Promise<ChannelRow> {
  const all = await channelRows(await wallet.privateRows(), joined.ledger.id);
  const byName = all.filter(({ name }) => name === given);
  const isId = /^[0-9a-f]{4,64}$/.test(given);
  const found =
    byName.length > 0 ? byName : all.filter(({ channel }) => isId && toHex(channel).startsWith(given));
  const [one] = found;
  if (one === undefined) throw new CountersignError<ChannelCode>('channel-unknown', given.slice(0, 100));
  if (found.length === 1) return one;
  const ids = found.map(({ channel }) => toHex(channel).slice(0, 12)).join(', ');
  throw new CountersignError<ChannelCode>('channel-ambiguous', ids.slice(0, 300));
}
