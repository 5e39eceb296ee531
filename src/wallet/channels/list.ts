/** The channels of this profile, each with what a list shows of it. Plain data. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Place } from '../explorer/copy.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import { type ChannelAlarm, channelAlarms } from './alarms.ts';
import { channelMessages } from './messages.ts';
import { type ChannelIds, isOfOneChannel, type LocalChannel, openChannel } from './open.ts';
import { channelMembers, contactNames, type OwnStanding, ownStanding } from './people.ts';
import { pendingIn } from './pending.ts';
import { type ChannelRow, channelRows, keepChannel } from './rows.ts';

/** Unread messages are counted up to here. */
export const mostUnread = 1000;

export interface ChannelSummary extends ChannelIds {
  readonly ledger: Uint8Array;
  /** What it is called here. */
  readonly name: string | undefined;
  readonly note: string | undefined;
  /** The Ed25519 key of who invited; one's own for a channel that one founded. */
  readonly from: Uint8Array;
  /** What this profile calls them; undefined for oneself, and for whoever is no contact. */
  readonly fromName: string | undefined;
  /** When it was first seen here: seconds since 1970. */
  readonly added: number;
  readonly standing: OwnStanding;
  /** How often its members changed, and once more. */
  readonly epochs: number;
  /** Members of the current epoch: public. */
  readonly members: number;
  /** What others said since it was last read, at most {@link mostUnread}. */
  readonly unread: number;
  /** What waits here to be sent, or to be in a block. */
  readonly waiting: number;
  readonly alarms: readonly ChannelAlarm[];
}

/** Kinds that say nothing to a reader: who joined and who could read. */
const silent: readonly string[] = ['joined', 'read'];

async function unreadIn(wallet: Wallet, channel: LocalChannel, { read }: ChannelRow): Promise<number> {
  let count = 0;
  const mine = channel.epochs.flatMap(({ me }) => (me === undefined ? [] : [me.sign]));
  const range = { order: 'oldest first', ...(read === undefined ? {} : { from: read }) } as const;
  for await (const { content, opened, sealed } of channelMessages(wallet, channel, range)) {
    const { sender } = sealed.message;
    const isSilent = content?.ok === true && silent.includes(content.value.kind);
    if (!opened.ok || isSilent || mine.some((key) => equalBytes(key, sender))) continue;
    count++;
    if (count === mostUnread) break;
  }
  return count;
}

/** What a list shows of one channel. @throws CountersignError with a `channel-` or `store-` code. */
export async function summaryOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  channel: LocalChannel,
): Promise<ChannelSummary> {
  const pending = await pendingIn(wallet, pinned.joined, row);
  const standing = await ownStanding(wallet, channel);
  const members = await channelMembers(wallet, channel);
  const drafts = pending.map(({ draft }) => draft);
  const { ledger, transaction, channel: id, name, note, from, added } = row;
  return {
    ledger,
    transaction,
    channel: id,
    name,
    note,
    from,
    fromName: (await contactNames(wallet, ledger)).get(toHex(from)),
    added,
    standing,
    epochs: channel.epochs.length,
    members: channel.current?.epoch.announcement.content.members ?? 0,
    unread: await unreadIn(wallet, channel, row),
    waiting: pending.length,
    alarms: await channelAlarms(wallet, channel, members, standing, drafts),
  };
}

/** Keeps up to where a channel was read, on this machine only. It never goes back. */
export async function markRead(wallet: Wallet, row: ChannelRow, { height, position }: Place): Promise<void> {
  const { read } = row;
  const isFurther =
    read === undefined || height > read.height || (height === read.height && position > read.position);
  if (isFurther) await keepChannel(await wallet.privateRows(), { ...row, read: { height, position } });
}

/** A channel that could not be looked at: its code says why, and what to do. */
export interface UnseenChannel extends ChannelIds {
  readonly name: string | undefined;
  readonly code: string;
}

/** The channels of a profile on one ledger. */
export interface ChannelList {
  readonly channels: readonly ChannelSummary[];
  /** Those of which the copy does not hold enough yet, or that do not hold together. */
  readonly unseen: readonly UnseenChannel[];
}

/**
 * The channels of this profile on a ledger, the earliest first. Invitations into channels that are not on the record are
 * left out: anybody can write one. Call `learnChannels` before.
 */
export async function listChannels(wallet: Wallet, pinned: PinnedLedger): Promise<ChannelList> {
  const channels: ChannelSummary[] = [];
  const unseen: UnseenChannel[] = [];
  for (const row of await channelRows(await wallet.privateRows(), pinned.joined.ledger.id)) {
    try {
      const summary = await summaryOf(wallet, pinned, row, await openChannel(wallet, pinned, row));
      const { standing, waiting } = summary;
      const isMine = standing !== 'stranger' && (standing !== 'not on record' || waiting > 0);
      if (isMine) channels.push(summary);
    } catch (error) {
      if (!isOfOneChannel(error)) throw error;
      const { transaction, channel, name } = row;
      unseen.push({ transaction, channel, name, code: error.code });
    }
  }
  return { channels, unseen };
}
