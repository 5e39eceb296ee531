/**
 * Which channels this identity belongs to, from its words and the record alone: invitations under the inbox tags of its
 * keys, and announcements that founded a channel in its name. A profile that was restored learns them again.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { readAnnouncement } from '../../core/channel/announcement.ts';
import { type Invitation, openInvitation } from '../../core/channel/invitation.ts';
import { epochType, inboxTag, invitationType } from '../../core/channel/names.ts';
import { hexOf, integerFrom, readObject } from '../../core/encoding/members.ts';
import type { Place } from '../explorer/copy.ts';
import { idsOfMessages, messagesWithIdFrom } from '../explorer/search.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { PrivateTable } from '../vault/private-table.ts';
import type { Wallet } from '../wallet.ts';
import { coveredUpTo } from './covered.ts';
import { leavesUnder, withData } from './leaves.ts';
import { type OwnMember, ownMembers } from './own-members.ts';
import { type ChannelRow, channelRows, keepChannel, rowCodes } from './rows.ts';

/** The data of the longest invitation: its letter, padded. */
const maxLetterBytes = 16_384;

/** Channels that strangers may have this profile look for at a time, before any of them was found on the record. */
const mostUnknown = 1000;

const oldestFirst = { order: 'oldest first' } as const;

interface Found extends Pick<ChannelRow, 'transaction' | 'channel' | 'from'> {
  readonly texts: Pick<Invitation, 'name' | 'note'>;
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
    const { channel, transaction, name, note } = opened.value;
    const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
    yield { channel, transaction, from: message.sender, texts };
  }
  if (upTo !== start) await inboxes.put(rows, { key: me.sign, upTo });
}

/** The channels that one of one's own keys founded. */
async function* foundedBy(wallet: Wallet, joined: JoinedLedger, me: OwnMember): AsyncGenerator<Found> {
  const { database } = wallet;
  for (const id of await idsOfMessages(database, joined, { sender: me.sign, type: epochType })) {
    const [found] = await messagesWithIdFrom(database, joined, toHex(id));
    const announcement = found && readAnnouncement(found.message);
    if (announcement?.ok !== true) continue;
    const { content } = announcement.value;
    if (content.kind !== 'founding') continue;
    yield { channel: content.channel, transaction: content.transaction, from: me.sign, texts: {} };
  }
}

/**
 * Looks for channels that are not known here yet, and keeps them.
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
  const known = new Map<string, ChannelRow>();
  const nameOf = ({ transaction, channel }: Pick<Found, 'transaction' | 'channel'>): string =>
    toHex(transaction) + toHex(channel);
  for (const row of await channelRows(rows, ledger)) known.set(nameOf(row), row);
  const before = known.size;
  const take = async ({ texts, ...found }: Found, isOwn: boolean): Promise<void> => {
    const row = known.get(nameOf(found));
    // Who founded a channel named it for themself; what others call it does not change that.
    const isNamed = row !== undefined && (row.name !== undefined || texts.name === undefined);
    if (isNamed || (row !== undefined && !(isOwn && equalBytes(row.from, found.from)))) return;
    if (row === undefined && !isOwn && known.size - before >= mostUnknown) return;
    const kept = row === undefined ? { ...found, ...texts, ledger, added: now } : { ...row, ...texts };
    known.set(nameOf(found), kept);
    await keepChannel(rows, kept);
  };
  for (const me of await ownMembers(wallet, joined)) {
    for await (const found of foundedBy(wallet, joined, me)) await take(found, true);
    for await (const found of invitationsTo(wallet, joined, me)) {
      await take(found, equalBytes(found.from, me.sign));
    }
  }
  return known.size - before;
}
