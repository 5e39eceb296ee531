/** What a person does in a channel, as a plan: the same for the look at what everybody will see and for the doing. */
import { fromHex, toHex } from '../../core/bytes.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { ContactCode } from '../../core/errors/contact.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { ChannelAct } from '../../contract/channels/channels.ts';
import {
  type ChannelPlan,
  knownChannel,
  membershipOf,
  planChannel,
  planInvitation,
  planJoin,
  planLeave,
  planPost,
  planRemoval,
} from '../../wallet/channels/actions.ts';
import { channelMessages } from '../../wallet/channels/messages.ts';
import { type ChannelIds, openChannel } from '../../wallet/channels/open.ts';
import { type ChannelMember, channelMembers } from '../../wallet/channels/people.ts';
import type { ChannelRow } from '../../wallet/channels/rows.ts';
import { type KnownContact, knownContacts } from '../../wallet/contacts/contacts.ts';
import { learnKey } from '../../wallet/follow/choose.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/** An id that the contract has parsed. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex, 32);
  if (bytes === undefined) throw new RangeError('not 32 bytes as hexadecimal digits');
  return bytes;
}

/** The ids of a channel, as the wallet has them. */
export function idsOf(given: { readonly transaction: string; readonly channel: string }): ChannelIds {
  return { transaction: bytesOf(given.transaction), channel: bytesOf(given.channel) };
}

/** Something to be done, and what is to be thought of before. */
export interface WantedAct {
  readonly plan: ChannelPlan;
  /** Names of contacts with whom nobody compared safety numbers. */
  readonly unchecked: readonly string[];
  /** Of a removal: how many messages each of them keeps. */
  readonly keeps: readonly { readonly member: ChannelMember; readonly messages: number }[];
}

async function chosenContacts(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: readonly string[],
): Promise<readonly KnownContact[]> {
  const find = async (id: string): Promise<KnownContact> => {
    const found = (await knownContacts(wallet)).find(({ contact }) => contact.id === id);
    if (found === undefined) throw new CountersignError<ContactCode>('contact-unknown');
    return found;
  };
  const found: KnownContact[] = [];
  for (const id of new Set(ids)) {
    // A copy that follows fetches what the record says of the key first.
    await learnKey(wallet, pinned, (await find(id)).contact.card.sign);
    found.push(await find(id));
  }
  return found;
}

function uncheckedOf(contacts: readonly KnownContact[]): readonly string[] {
  return contacts.filter(({ check }) => check === undefined).map(({ contact }) => contact.name);
}

/** The members to be removed, and how many messages each of them can read and keeps. */
async function keptBy(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  keys: readonly string[],
): Promise<WantedAct['keeps']> {
  const channel = await openChannel(wallet, pinned, row);
  const members = await channelMembers(wallet, channel);
  const counts = new Map<string, number>();
  const found = keys.map((key) => {
    const member = members.find(
      ({ sign, status, isMe }) => !isMe && status !== 'removed' && toHex(sign) === key,
    );
    if (member === undefined) throw new CountersignError<ChannelCode>('channel-no-such-member');
    return member;
  });
  for await (const { epoch, opened } of channelMessages(wallet, channel, { order: 'oldest first' })) {
    if (!opened.ok) continue;
    const local = channel.epochs[epoch.number]?.opened;
    for (const { sign } of found) {
      const key = toHex(sign);
      if (local?.ok === true && local.value.hasMember(sign)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return found.map((member) => ({ member, messages: counts.get(toHex(member.sign)) ?? 0 }));
}

/** @throws CountersignError `channel-text` when it cannot be said */
function said(row: ChannelRow, text: string): ChannelPlan {
  try {
    return planPost(row, { kind: 'text', text: text.replaceAll('\r\n', '\n').replace(/\n+$/, '') });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CountersignError<ChannelCode>('channel-text', undefined, { cause: error });
  }
}

/** The plan of an act. @throws CountersignError as the plans of `wallet/channels/actions.ts` do. */
export async function wantedAct(
  wallet: Wallet,
  pinned: PinnedLedger,
  act: ChannelAct,
  now: number,
): Promise<WantedAct> {
  const none = { unchecked: [], keeps: [] };
  if (act.act === 'new') {
    const contacts = await chosenContacts(wallet, pinned, act.contacts);
    const { add: members } = membershipOf({ ledger: pinned.joined.ledger.id }, contacts);
    const { name, note, transaction } = act;
    const more = {
      ...(note === undefined ? {} : { note }),
      ...(transaction === undefined ? {} : { transaction: bytesOf(transaction) }),
    };
    const plan = await planChannel(wallet, pinned, { name, members, ...more }, now);
    return { ...none, plan, unchecked: uncheckedOf(contacts) };
  }
  const row = await knownChannel(wallet, pinned, idsOf(act));
  switch (act.act) {
    case 'join':
      return { ...none, plan: planJoin(row) };
    case 'leave':
      return { ...none, plan: planLeave(row) };
    case 'post':
      return { ...none, plan: said(row, act.text) };
    case 'invite': {
      const contacts = await chosenContacts(wallet, pinned, act.contacts);
      const plan = await planInvitation(wallet, pinned, row, contacts, act.note);
      return { ...none, plan, unchecked: uncheckedOf(contacts) };
    }
    case 'remove':
      return {
        ...none,
        plan: planRemoval(row, act.members.map(bytesOf)),
        keeps: await keptBy(wallet, pinned, row, act.members),
      };
  }
}
