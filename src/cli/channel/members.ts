/** Contacts and members that a person names. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type ChannelMember, channelMembers } from '../../wallet/channels/people.ts';
import { openChannel } from '../../wallet/channels/open.ts';
import type { ChannelRow } from '../../wallet/channels/rows.ts';
import { findContact, type KnownContact } from '../../wallet/contacts/contacts.ts';
import { learnKey } from '../../wallet/follow/choose.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/** The contacts of these names. @throws CountersignError `contact-unknown`, `contact-ambiguous` */
export async function contactsNamed(
  wallet: Wallet,
  pinned: PinnedLedger,
  names: readonly string[],
): Promise<readonly KnownContact[]> {
  const found: KnownContact[] = [];
  for (const name of names) {
    const { contact } = await findContact(wallet, name);
    await learnKey(wallet, pinned, contact.card.sign);
    const known = await findContact(wallet, name);
    if (!found.some((one) => one.contact.id === known.contact.id)) found.push(known);
  }
  return found;
}

/** What is to be thought of before contacts can read along. */
export function cautions(contacts: readonly KnownContact[]): readonly string[] {
  return contacts
    .filter(({ check }) => check === undefined)
    .map(
      ({ contact: { name } }) =>
        `You have not compared safety numbers with ${name}: countersign contact verify '${name}'`,
    );
}

/**
 * The members of a channel whom a person names, by the names of contacts or the beginning of keys.
 * @throws CountersignError `channel-no-such-member`
 */
export async function membersNamed(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  names: readonly string[],
): Promise<readonly ChannelMember[]> {
  const channel = await openChannel(wallet, pinned, row);
  const members = (await channelMembers(wallet, channel)).filter(({ status }) => status !== 'removed');
  return names.map((given) => {
    const isKey = /^[0-9a-f]{8,64}$/.test(given);
    const found =
      members.find(({ name }) => name === given) ??
      members.find(({ sign }) => isKey && toHex(sign).startsWith(given));
    if (found === undefined || found.isMe) {
      throw new CountersignError<ChannelCode>('channel-no-such-member', given.slice(0, 100));
    }
    return found;
  });
}

/** How many of the sealed messages of a channel someone can read, who was a member until an epoch. */
export async function readableUntil(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  member: ChannelMember,
): Promise<number> {
  const { channelMessages } = await import('../../wallet/channels/messages.ts');
  const channel = await openChannel(wallet, pinned, row);
  const theirs = channel.epochs.filter(({ opened }) => opened.ok && opened.value.hasMember(member.sign));
  let count = 0;
  for await (const message of channelMessages(wallet, channel, { order: 'oldest first' })) {
    if (message.opened.ok && theirs.some(({ epoch }) => equalBytes(epoch.id, message.epoch.id))) count++;
  }
  return count;
}
