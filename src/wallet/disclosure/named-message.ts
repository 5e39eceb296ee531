/** The message of a channel that a person means. */
import { equalBytes } from '../../core/bytes.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { messagesWithIdFrom } from '../explorer/look-up.ts';
import type { Wallet } from '../wallet.ts';
import { type ChannelMessage, channelMessage, channelMessages } from '../channels/messages.ts';
import type { LocalChannel } from '../channels/open.ts';

async function atPlace(
  wallet: Wallet,
  channel: LocalChannel,
  height: number,
  position: number,
): Promise<ChannelMessage | undefined> {
  const range = { order: 'newest first', from: { height, position: position + 1 } } as const;
  for await (const message of channelMessages(wallet, channel, range)) {
    return message.height === height && message.position === position ? message : undefined;
  }
  return undefined;
}

async function withId(
  wallet: Wallet,
  channel: LocalChannel,
  digits: string,
): Promise<ChannelMessage | undefined> {
  const found = await messagesWithIdFrom(wallet.database, channel.pinned.joined, digits);
  const [only] = found;
  return only !== undefined && found.length === 1 ? channelMessage(wallet, channel, only) : undefined;
}

/**
 * The message of a channel that a person means.
 * @param given its place as `channel read` shows it, `1204.3`, or at least 8 digits from the beginning of its id.
 * @throws CountersignError `disclose-no-such-message`, or with a `store-` code.
 */
export async function messageNamed(
  wallet: Wallet,
  channel: LocalChannel,
  given: string,
): Promise<ChannelMessage> {
  const [, height, position] = /^(\d{1,15})\.(\d{1,9})$/.exec(given) ?? [];
  const isId = /^[0-9a-f]{8,64}$/.test(given);
  const found =
    height !== undefined && position !== undefined
      ? await atPlace(wallet, channel, Number(height), Number(position))
      : isId
        ? await withId(wallet, channel, given)
        : undefined;
  const isHere = channel.epochs.some(
    ({ epoch }) => found !== undefined && equalBytes(epoch.id, found.epoch.id),
  );
  if (found === undefined || !isHere)
    throw new CountersignError<DiscloseCode>('disclose-no-such-message', given.slice(0, 100));
  return found;
}
