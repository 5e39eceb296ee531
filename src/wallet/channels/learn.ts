/**
 * Which channels this identity belongs to, from its words and the record alone: invitations under the inbox tags of its
 * keys, and announcements that founded a channel in its name. A profile that was restored learns them again.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { readAnnouncement } from '../../core/channel/announcement.ts';
import { type Invitation, openInvitation } from '../../core/channel/invitation.ts';
import { epochType, inboxTag, invitationType, transactionTag } from '../../core/channel/names.ts';
import { hexOf, integerFrom, readObject } from '../../core/encoding/members.ts';
import { type Place, withData } from '../explorer/copy.ts';
import { messagesWithIdFrom } from '../explorer/look-up.ts';
import { idsOfMessages } from '../explorer/search.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';
import type { Wallet } from '../wallet.ts';
import { coveredUpTo } from './covered.ts';
import { leavesUnder } from './leaves.ts';
import { type ChannelIds, epochsIn, isOfOneChannel, type LocalEpoch } from './open.ts';
import { type OwnMember, ownMembers } from './own-members.ts';
import { channelName, channelRow, invitationNote, keepChannel, rowCodes } from './rows.ts';

/** The data of the longest invitation: its letter, padded. */
const maxLetterBytes = 16_384;

/** Invitations that wait for more of the record: strangers may write as many as they like. */
const mostUnknown = 1000;

const oldestFirst = { order: 'oldest first' } as const;

/** An invitation that opened, and that the record does not tell yet whether it is one. */
interface Found extends ChannelIds, Pick<Invitation, 'name' | 'note'> {
  readonly ledger: Uint8Array;
  /** The epoch that it says has a key for us. */
  readonly epoch: Uint8Array;
  /** The Ed25519 key that sent it. */
  readonly from: Uint8Array;
}

const waiting = new PrivateTable<Found>({
  kind: 'channel-invitation',
  maxBytes: 16_384,
  keyOf: ({ channel, epoch, from, transaction }) => [transaction, channel, epoch, from].map(toHex).join('/'),
  write: ({ channel, epoch, from, ledger, name, note, transaction }) => ({
    channel: toHex(channel),
    epoch: toHex(epoch),
    from: toHex(from),
    ledger: toHex(ledger),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    transaction: toHex(transaction),
  }),
  read(json) {
    const ids = { channel: hexOf(32), ledger: hexOf(32), transaction: hexOf(32) };
    const texts = { name: channelName, note: invitationNote };
    const row = readObject(json, rowCodes, { ...ids, epoch: hexOf(32), from: hexOf(32) }, texts);
    return row.ok ? row.value : undefined;
  },
});

/** Transactions that invitations name and of which not everything is here yet: a copy that follows asks for them. */
export async function transactionsAwaited(
  rows: PrivateRows,
  ledger: Uint8Array,
): Promise<readonly Uint8Array[]> {
  const found = (await waiting.all(rows)).filter((one) => equalBytes(one.ledger, ledger));
  return found.map(({ transaction }) => transaction);
}

/** How far the letters to one of one's own keys were looked through: anybody can write to it, as much as they like. */
interface InboxRow {
  readonly key: Uint8Array;
  readonly upTo: Place;
}

const count = integerFrom(-1, Number.MAX_SAFE_INTEGER);
const inboxes = new PrivateTable<InboxRow>({
  kind: 'channel-inbox',
  maxBytes: 512,
  keyOf: ({ key }) => toHex(key),
  write: ({ key, upTo }) => ({ height: upTo.height, key: toHex(key), position: upTo.position }),
  read(json) {
    const row = readObject(json, rowCodes, { height: count, key: hexOf(32), position: count });
    if (!row.ok) return undefined;
    const { height, key, position } = row.value;
    return { key, upTo: { height, position } };
  },
});

/** The invitations that open for one of one's own keys, those only that were not looked at before. */
async function* invitationsTo(wallet: Wallet, joined: JoinedLedger, me: OwnMember): AsyncGenerator<Found> {
  const vault = await wallet.unlock();
  const rows = await wallet.privateRows();
  const { id: ledger } = joined.ledger;
  const filter = { tag: inboxTag(ledger, me.sign), types: [invitationType] };
  const covered = await coveredUpTo(wallet.database, joined, filter.tag);
  const start = (await inboxes.get(rows, toHex(me.sign)))?.upTo ?? { height: -1, position: -1 };
  let upTo = start;
  for await (const leaf of leavesUnder(wallet.database, joined, filter, { ...oldestFirst, from: start })) {
    if (leaf.height < covered) upTo = { height: leaf.height, position: leaf.position };
    if (leaf.message.dataLength > maxLetterBytes) continue;
    const { message } = await withData(wallet.database, joined, leaf);
    const opened = vault.withMemberKeys(ledger, me.index, (keys) => openInvitation(message, keys));
    if (opened?.ok !== true) continue;
    yield { ...opened.value, ledger, from: message.sender };
  }
  if (upTo !== start) await inboxes.put(rows, { key: me.sign, upTo });
}

/** The channels that one of one's own keys founded. */
async function* foundedBy(wallet: Wallet, joined: JoinedLedger, me: OwnMember): AsyncGenerator<ChannelIds> {
  const { database } = wallet;
  for (const id of await idsOfMessages(database, joined, { sender: me.sign, type: epochType })) {
    const [found] = await messagesWithIdFrom(database, joined, toHex(id));
    const announcement = found && readAnnouncement(found.message);
    const content = announcement?.ok === true ? announcement.value.content : undefined;
    if (content?.kind !== 'founding') continue;
    yield { channel: content.channel, transaction: content.transaction };
  }
}

/**
 * Whether an invitation is one: the epoch that it names counts, opens for us, and has its sender as a member. Anybody can
 * write that somebody is invited somewhere, and what it is called.
 */
async function judge(
  wallet: Wallet,
  joined: JoinedLedger,
  found: Found,
): Promise<'is one' | 'is none' | 'open'> {
  let epochs: readonly LocalEpoch[];
  try {
    epochs = await epochsIn(wallet, joined, found);
  } catch (error) {
    if (isOfOneChannel(error)) return error.code === 'follow-tag' ? 'open' : 'is none';
    throw error;
  }
  const local = epochs.find(({ epoch }) => equalBytes(epoch.id, found.epoch));
  if (local === undefined) {
    const tag = transactionTag(joined.ledger.id, found.transaction);
    const isAllHere = (await coveredUpTo(wallet.database, joined, tag)) >= joined.size;
    return isAllHere ? 'is none' : 'open';
  }
  const isMutual = local.me !== undefined && local.opened.ok && local.opened.value.hasMember(found.from);
  return isMutual ? 'is one' : 'is none';
}

/** Takes up an invitation: the channel keeps the name that it has here. @returns whether it is a new channel. */
async function take(rows: PrivateRows, found: Found, now: number): Promise<boolean> {
  const { channel, from, ledger, note, transaction } = found;
  const row = await channelRow(rows, ledger, transaction, channel);
  const name = row?.name ?? found.name;
  await keepChannel(rows, {
    ...(row ?? { ledger, transaction, channel, added: now }),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    from,
  });
  return row === undefined;
}

/**
 * Looks for channels that are not known here yet, and for news of those that are, and keeps them.
 * @param now seconds since 1970.
 * @returns how many are new.
 * @throws CountersignError `vault-watch-only`, or as `Wallet.unlock`.
 */
export async function learnChannels(
  wallet: Wallet,
  { joined }: Pick<PinnedLedger, 'joined'>,
  now: number,
): Promise<number> {
  const rows = await wallet.privateRows();
  const { id: ledger } = joined.ledger;
  let fresh = 0;
  const looked = async (found: Found): Promise<boolean> => {
    const verdict = await judge(wallet, joined, found);
    if (verdict === 'is one' && (await take(rows, found, now))) fresh++;
    return verdict !== 'open';
  };
  const before = (await waiting.all(rows)).filter((one) => equalBytes(one.ledger, ledger));
  for (const found of before) if (await looked(found)) await waiting.forget(rows, found);
  for (const me of await ownMembers(wallet, joined)) {
    for await (const ids of foundedBy(wallet, joined, me)) {
      if ((await channelRow(rows, ledger, ids.transaction, ids.channel)) !== undefined) continue;
      await keepChannel(rows, { ...ids, ledger, from: me.sign, added: now });
      fresh++;
    }
    let room = mostUnknown - before.length;
    for await (const found of invitationsTo(wallet, joined, me)) {
      if ((await looked(found)) || room-- <= 0) continue;
      await waiting.put(rows, found);
    }
  }
  return fresh;
}
