/**
 * A conversation as a person sees it: what was said, who came and went, and in their places what is sealed for others or
 * has no effect. Plain data, newest part first, page by page.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { readAnnouncement } from '../../core/channel/announcement.ts';
import type { EpochStanding } from '../../core/channel/chain.ts';
import type { Content } from '../../core/channel/content.ts';
import { removedMembers } from '../../core/channel/membership.ts';
import { epochType, sealedType, transactionTag, unreadableType } from '../../core/channel/names.ts';
import { readUnreadable } from '../../core/channel/notice.ts';
import { type SealedSlot, sealedSlot } from '../../core/channel/slot.ts';
import { type FoundMessage, headerAt, type Place } from '../explorer/copy.ts';
import type { Wallet } from '../wallet.ts';
import { leavesUnder } from './leaves.ts';
import { type ChannelMessage, channelMessage } from './messages.ts';
import type { LocalChannel } from './open.ts';
import { type ChannelMember, type ChannelPerson, channelMembers, contactNames } from './people.ts';
import { type PendingDraft, pendingIn } from './pending.ts';

interface EntryBase extends Place {
  readonly id: Uint8Array;
  readonly author: ChannelPerson;
  /** When the author says it was written: seconds since 1970. */
  readonly time: number;
  /** When its block was sealed. */
  readonly sealed: number;
}

/** Something that was said, and opened. */
export interface MessageEntry extends EntryBase {
  readonly kind: 'message';
  /** The epoch for whose members it was sealed, counted from 0. */
  readonly epoch: number;
  /** `after`: it stands behind the next change of members; who was removed reads it, and what acts in it is void. */
  readonly standing: EpochStanding;
  /** Those who can read it although they are no members any more. */
  readonly readableBy: readonly ChannelPerson[];
  /** What it says; undefined for a type that is not known here, or when it is not of its form: see `problem`. */
  readonly content: Content | undefined;
  /** Whom it is about: those whom it says to remove. */
  readonly about: readonly ChannelPerson[];
  readonly contentType: string;
  readonly problem: string | undefined;
}

/** Something that does not open here: sealed for others, or wrongly. */
export interface SlotEntry extends EntryBase {
  readonly kind: 'slot';
  readonly slot: SealedSlot;
  readonly epoch: number;
  /** Why it does not open. */
  readonly code: string;
}

/** A change of members. */
export interface EpochEntry extends EntryBase {
  readonly kind: 'epoch';
  /** Counted from 0; undefined when it has no effect. */
  readonly epoch: number | undefined;
  readonly members: number;
  /** Who came and who went, where both epochs are open here. */
  readonly added: readonly ChannelPerson[];
  readonly removed: readonly ChannelPerson[];
  /** Why it has no effect: a code. */
  readonly void: string | undefined;
}

/** Someone's public word that something does not open for them. */
export interface NoticeEntry extends EntryBase {
  readonly kind: 'notice';
  readonly about: Uint8Array;
}

export type ConversationEntry = MessageEntry | SlotEntry | EpochEntry | NoticeEntry;

export interface Conversation {
  /** Oldest first. */
  readonly entries: readonly ConversationEntry[];
  /** Ask for what is before this place to see more; undefined when this is the beginning. */
  readonly older: Place | undefined;
  /** What waits to be said, in its order: behind the newest entry. */
  readonly pending: readonly PendingDraft[];
  readonly members: readonly ChannelMember[];
}

export interface ConversationPage {
  /** Entries at most. */
  readonly limit: number;
  /** Only what stands before this place. */
  readonly before?: Place;
}

/** What entries of one channel are made with. */
class Entries {
  readonly #wallet: Wallet;
  readonly #channel: LocalChannel;
  readonly #people: ReadonlyMap<string, ChannelMember>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #times = new Map<number, number>();

  constructor(
    wallet: Wallet,
    channel: LocalChannel,
    members: readonly ChannelMember[],
    names: ReadonlyMap<string, string>,
  ) {
    this.#wallet = wallet;
    this.#channel = channel;
    this.#people = new Map(members.map((member) => [toHex(member.sign), member]));
    this.#names = names;
  }

  person(sign: Uint8Array): ChannelPerson {
    const key = toHex(sign);
    const member = this.#people.get(key);
    if (member === undefined) return { sign, name: this.#names.get(key), isMe: false, status: 'stranger' };
    const { isMe, name, status } = member;
    return { sign, name, isMe, status };
  }

  /** The entry of a message of the transaction; undefined when it is none of this channel. */
  async entry(leaf: FoundMessage): Promise<ConversationEntry | undefined> {
    const { payloadType } = leaf.message;
    if (payloadType === sealedType) {
      const message = await channelMessage(this.#wallet, this.#channel, leaf);
      return message && this.#said(leaf, message);
    }
    return payloadType === epochType ? this.#epoch(leaf) : this.#notice(leaf);
  }

  async #base({ height, message, position }: FoundMessage): Promise<EntryBase> {
    const { joined } = this.#channel.pinned;
    const known = this.#times.get(height);
    const sealed = known ?? (await headerAt(this.#wallet.database, joined, height))?.time ?? 0;
    this.#times.set(height, sealed);
    const { head, id, sender } = message;
    return { height, position, id, author: this.person(sender), time: head.time, sealed };
  }

  async #said(leaf: FoundMessage, message: ChannelMessage): Promise<MessageEntry | SlotEntry> {
    const { content, epoch, opened, sealed, standing } = message;
    const base = await this.#base(leaf);
    if (!opened.ok) {
      const slot = sealedSlot(sealed, { height: leaf.height, index: leaf.position });
      return { ...base, kind: 'slot', slot, epoch: epoch.number, code: opened.code };
    }
    return {
      ...base,
      kind: 'message',
      epoch: epoch.number,
      standing,
      readableBy: this.#goneSince(epoch.number),
      content: content?.ok === true ? content.value : undefined,
      about:
        content?.ok === true && content.value.kind === 'remove'
          ? content.value.members.map((sign) => this.person(sign))
          : [],
      contentType: opened.value.contentType,
      problem: content?.ok === false ? content.code : undefined,
    };
  }

  /** Who was a member of an epoch and is none of the current one. */
  #goneSince(number: number): readonly ChannelPerson[] {
    const of = this.#channel.epochs[number]?.opened;
    const since = this.#channel.current?.opened;
    if (of?.ok !== true || since?.ok !== true) return [];
    return removedMembers(of.value, since.value).map(({ sign }) => this.person(sign));
  }

  async #epoch(leaf: FoundMessage): Promise<EpochEntry | undefined> {
    const read = readAnnouncement(leaf.message);
    const { channel, chain, epochs } = this.#channel;
    if (read?.ok !== true || !equalBytes(read.value.content.channel, channel)) return undefined;
    const { id } = leaf.message;
    const number = chain.epoch(id)?.number;
    const outcome = chain.outcomes.find(({ announcement }) => equalBytes(announcement.id, id));
    const [before, after] = number === undefined ? [] : [epochs[number - 1]?.opened, epochs[number]?.opened];
    const [then, now] = [before?.ok === true && before.value, after?.ok === true && after.value];
    const came = now === false || (then === false && number !== 0) ? [] : now.members;
    const people = (members: readonly { readonly sign: Uint8Array }[]): readonly ChannelPerson[] =>
      members.map(({ sign }) => this.person(sign));
    return {
      ...(await this.#base(leaf)),
      kind: 'epoch',
      epoch: number,
      members: read.value.content.members,
      added: people(came.filter(({ sign }) => then === false || !then.hasMember(sign))),
      removed: people(then === false || now === false ? [] : removedMembers(then, now)),
      void: outcome?.void,
    };
  }

  async #notice(leaf: FoundMessage): Promise<NoticeEntry | undefined> {
    const notice = readUnreadable(leaf.message, this.#channel.transaction);
    if (notice?.ok !== true || this.#channel.chain.epoch(notice.value.epoch) === undefined) return undefined;
    return { ...(await this.#base(leaf)), kind: 'notice', about: notice.value.message };
  }
}

/**
 * One page of a conversation.
 * @throws CountersignError with a `follow-` or `store-` code.
 */
export async function conversation(
  wallet: Wallet,
  channel: LocalChannel,
  { limit, before }: ConversationPage,
): Promise<Conversation> {
  const { pinned, transaction } = channel;
  const { joined } = pinned;
  const members = await channelMembers(wallet, channel);
  const made = new Entries(wallet, channel, members, await contactNames(wallet, joined.ledger.id));
  const tag = transactionTag(joined.ledger.id, transaction);
  const filter = { tag, types: [sealedType, epochType, unreadableType] };
  const range = { order: 'newest first', ...(before === undefined ? {} : { from: before }) } as const;
  const entries: ConversationEntry[] = [];
  let older: Place | undefined;
  for await (const leaf of leavesUnder(wallet.database, joined, filter, range)) {
    const entry = await made.entry(leaf);
    if (entry === undefined) continue;
    if (entries.length === limit) {
      const last = entries.at(-1);
      older = last && { height: last.height, position: last.position };
      break;
    }
    entries.push(entry);
  }
  return { entries: entries.reverse(), older, pending: await pendingIn(wallet, joined, channel), members };
}
