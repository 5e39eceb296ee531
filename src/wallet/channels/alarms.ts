/** What a person should look at in a channel: told as codes with what they are about, for any screen. */
import { transactionTag, unreadableType } from '../../core/channel/names.ts';
import { readUnreadable } from '../../core/channel/notice.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { Place } from '../explorer/copy.ts';
import type { Wallet } from '../wallet.ts';
import type { ChannelDraft } from './drafts.ts';
import { leavesUnder } from './leaves.ts';
import type { LocalChannel } from './open.ts';
import { type ChannelMember, type OwnStanding } from './people.ts';

export interface ChannelAlarm {
  /** What happened; its sentences are in the families of codes. */
  readonly code: string;
  /** The Ed25519 key of who it is about, or who says so. */
  readonly who?: Uint8Array;
  /** The message that it is about. */
  readonly message?: Uint8Array;
  /** Where that is said. */
  readonly place?: Place;
}

/** Notices that are told of one channel: anybody can post under the tag of a transaction. */
const mostNotices = 100;

/** Where a member says in public that something of the channel does not open for them. */
async function notices(wallet: Wallet, channel: LocalChannel): Promise<readonly ChannelAlarm[]> {
  const { chain, pinned, transaction } = channel;
  const { joined } = pinned;
  const filter = { tag: transactionTag(joined.ledger.id, transaction), types: [unreadableType] };
  const found: ChannelAlarm[] = [];
  for await (const leaf of leavesUnder(wallet.database, joined, filter, { order: 'newest first' })) {
    const notice = readUnreadable(leaf.message, transaction);
    if (notice?.ok !== true) continue;
    const epoch = chain.epoch(notice.value.epoch);
    const local = channel.epochs.find((one) => one.epoch === epoch);
    const { height, message, position } = leaf;
    // Only who was or claims to be sealed to can miss anything: of strangers nothing is told where the roster is known.
    if (local === undefined || (local.opened.ok && !local.opened.value.hasMember(message.sender))) continue;
    const code: ChannelCode = 'channel-unreadable';
    found.push({ code, who: message.sender, message: notice.value.message, place: { height, position } });
    if (found.length === mostNotices) break;
  }
  return found;
}

/**
 * Everything that a person should look at in a channel.
 * @param members of `channelMembers`. @param standing of `ownStanding`. @param drafts those of the channel.
 */
export async function channelAlarms(
  wallet: Wallet,
  channel: LocalChannel,
  members: readonly ChannelMember[],
  standing: OwnStanding,
  drafts: readonly ChannelDraft[],
): Promise<readonly ChannelAlarm[]> {
  const { current } = channel;
  const alarms: ChannelAlarm[] = [];
  const say = (code: ChannelCode, more: Omit<ChannelAlarm, 'code'> = {}): void => {
    alarms.push({ code, ...more });
  };
  if (standing === 'removed') say('channel-removed');
  if (standing === 'shut out' && current?.opened.ok === false) {
    alarms.push({
      code: current.opened.code,
      who: current.epoch.announcement.author,
      message: current.epoch.id,
    });
  }
  for (const { sign, status, key } of members) {
    const isOver = key === 'rotated' || key === 'revoked' || key === 'recovered';
    if (isOver && status !== 'removed') say('channel-member-ended', { who: sign });
    if (status === 'left') say('channel-member-left', { who: sign });
  }
  alarms.push(...(await notices(wallet, channel)));
  for (const { problem, sent } of drafts) {
    if (problem !== undefined && !alarms.some(({ code }) => code === problem))
      alarms.push({ code: problem, ...(sent === undefined ? {} : { message: sent }) });
  }
  return alarms;
}
