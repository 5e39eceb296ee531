/**
 * Which epochs a channel has (`docs/spec/channels.md`, 'Resolution'): a function of its announcements in block order and
 * of public bytes alone, so that member, newcomer, outsider and auditor get the same answer.
 */
import { compareBytes, equalBytes, toHex } from '../bytes.ts';
import type { ChannelCode } from '../errors/channel.ts';
import type { Position } from '../identity/key-states.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Announcement, SuccessorContent } from './announcement.ts';
import { hasTags } from './announcement.ts';
import type { AnnouncementContext } from './keys.ts';
import type { ChannelContext } from './names.ts';
import { transactionTag } from './names.ts';
import { isMember } from './roster.ts';

/** An announcement at the first inclusion of its id. */
export interface PlacedAnnouncement extends Position {
  readonly announcement: Announcement;
}

export type ChannelVoidCode = Extract<ChannelCode, `channel-void-${string}`>;

/** What became of an announcement: it counts, or it is void for a reason. */
export interface AnnouncementOutcome extends PlacedAnnouncement {
  readonly void?: ChannelVoidCode;
}

/** Where a message stands to the epoch that it names. */
export type EpochStanding = 'before' | 'current' | 'after';

const token = Symbol('made by resolveEpochs');

interface EpochParts {
  readonly announcement: Announcement;
  readonly context: ChannelContext;
  readonly number: number;
  readonly begins: Position;
}

/** Not exported: only {@link resolveEpochs} makes one. */
class ResolvedEpoch {
  readonly announcement: Announcement;
  readonly context: ChannelContext;
  /** 0 for the first. */
  readonly number: number;
  /** Where its announcement stands. */
  readonly begins: Position;
  /** What every message that is sealed in it carries: the tag of the transaction and its own. */
  readonly tags: readonly [Uint8Array, Uint8Array];

  constructor(made: symbol, { announcement, context, number, begins }: EpochParts) {
    if (made !== token) throw new TypeError('epochs are resolved by resolveEpochs');
    this.announcement = announcement;
    this.context = context;
    this.number = number;
    this.begins = begins;
    this.tags = [transactionTag(context.ledger, context.transaction), announcement.content.tag];
    Object.freeze(this);
  }

  get id(): Uint8Array {
    return this.announcement.id;
  }

  /** What the secrets of its announcement are bound to. */
  get announced(): AnnouncementContext {
    const { author, content } = this.announcement;
    const previous = content.kind === 'successor' ? content.previous : undefined;
    return { ...this.context, previous, author };
  }
}

/** An epoch whose announcement counts. */
export type ChainEpoch = ResolvedEpoch;

/** Not exported: only {@link resolveEpochs} makes one. */
class ResolvedChain {
  /** In the order in which they began. */
  readonly epochs: readonly ChainEpoch[];
  /** Every announcement with what became of it, in block order. */
  readonly outcomes: readonly AnnouncementOutcome[];
  readonly #byId: ReadonlyMap<string, ChainEpoch>;

  constructor(made: symbol, epochs: readonly ChainEpoch[], outcomes: readonly AnnouncementOutcome[]) {
    if (made !== token) throw new TypeError('channels are resolved by resolveEpochs');
    this.epochs = Object.freeze(epochs);
    this.outcomes = Object.freeze(outcomes);
    this.#byId = new Map(epochs.map((epoch) => [toHex(epoch.id), epoch]));
    Object.freeze(this);
  }

  /** The epoch in which one seals now; undefined when nothing founded the channel. */
  get current(): ChainEpoch | undefined {
    return this.epochs.at(-1);
  }

  /** The epoch with this name, if its announcement counts. */
  epoch(id: Uint8Array): ChainEpoch | undefined {
    return this.#byId.get(toHex(id));
  }

  /** The epoch in force right before a place; undefined before the first. */
  currentAt(at: Position): ChainEpoch | undefined {
    return this.epochs.findLast((epoch) => isBefore(epoch.begins, at));
  }

  /** Where a place stands to an epoch. @throws RangeError when it is none of this channel. */
  standing(epoch: ChainEpoch, at: Position): EpochStanding {
    if (this.epoch(epoch.id) === undefined) throw new RangeError('an epoch of another channel');
    if (!isBefore(epoch.begins, at)) return 'before';
    const next = this.epochs[epoch.number + 1];
    return next === undefined || isBefore(at, next.begins) ? 'current' : 'after';
  }

  /** Whether what acts may do so in a message at this place: if not, it is void. */
  mayAct(epoch: ChainEpoch, at: Position): Result<void, ChannelVoidCode> {
    const standing = this.standing(epoch, at);
    return standing === 'current' ? ok(undefined) : refuse(`channel-void-${standing}`);
  }
}

/** All epochs of a channel. */
export type Chain = ResolvedChain;

function isBefore(a: Position, b: Position): boolean {
  return a.height < b.height || (a.height === b.height && a.index < b.index);
}

/**
 * Resolves the epochs of a channel.
 *
 * @param channel the id.
 * @param placed all its announcements that a block's tag index lists, each at the first inclusion of its id, in any order.
 * @param hasEnded whether the history of a key says that it had ended at a place.
 */
export function resolveEpochs(
  channel: Uint8Array,
  placed: readonly PlacedAnnouncement[],
  hasEnded: (key: Uint8Array, at: Position) => boolean,
): Result<Chain, ChannelCode> {
  const ledger = placed[0]?.announcement.message.head.ledger;
  for (const { announcement } of placed) {
    const { content, message } = announcement;
    if (!equalBytes(content.channel, channel)) return refuse('channel-other', 'channel');
    if (ledger === undefined || !equalBytes(message.head.ledger, ledger))
      return refuse('channel-other', 'ledger');
  }
  const ordered = [...placed].sort((a, b) => a.height - b.height || a.index - b.index);
  for (const [i, { announcement, height, index }] of ordered.entries()) {
    const before = ordered[i - 1];
    if (before?.height === height && before.index === index) {
      if (compareBytes(before.announcement.id, announcement.id) !== 0) return refuse('channel-place');
    }
  }
  const epochs: ChainEpoch[] = [];
  const counted = new Set<string>();
  const outcomes: AnnouncementOutcome[] = [];
  for (const { announcement, height, index } of ordered) {
    const place = { height, index };
    const reason =
      voidReason(announcement, epochs.at(-1), counted) ?? keyReason(announcement, place, hasEnded);
    outcomes.push({ announcement, ...place, ...(reason === undefined ? {} : { void: reason }) });
    if (reason !== undefined) continue;
    epochs.push(nextEpoch(announcement, epochs.at(-1), place, epochs.length));
    counted.add(toHex(announcement.id));
  }
  return ok(new ResolvedChain(token, epochs, outcomes));
}

function voidReason(
  announcement: Announcement,
  current: ChainEpoch | undefined,
  counted: ReadonlySet<string>,
): ChannelVoidCode | undefined {
  const { content } = announcement;
  if (content.kind === 'founding') return current === undefined ? undefined : 'channel-void-sibling';
  if (!counted.has(toHex(content.previous))) return 'channel-void-unknown';
  if (current === undefined || !equalBytes(current.id, content.previous)) return 'channel-void-sibling';
  return successionReason(announcement, content, current);
}

function successionReason(
  announcement: Announcement,
  content: SuccessorContent,
  { announcement: previous, context }: ChainEpoch,
): ChannelVoidCode | undefined {
  const { author, message } = announcement;
  const { members: size, roster: root, tag } = previous.content;
  if (!isMember(author, content.member, context, { size, root })) return 'channel-void-author';
  const carried = hasTags(message, transactionTag(context.ledger, context.transaction), tag);
  return carried ? undefined : 'channel-void-tag';
}

function keyReason(
  { author }: Announcement,
  at: Position,
  hasEnded: (key: Uint8Array, at: Position) => boolean,
): ChannelVoidCode | undefined {
  return hasEnded(author, at) ? 'channel-void-key' : undefined;
}

function nextEpoch(
  announcement: Announcement,
  before: ChainEpoch | undefined,
  begins: Position,
  number: number,
): ChainEpoch {
  const { content, message } = announcement;
  const context = before?.context ?? {
    ledger: message.head.ledger,
    transaction: content.kind === 'founding' ? content.transaction : new Uint8Array(),
    channel: content.channel,
  };
  return new ResolvedEpoch(token, { announcement, context, number, begins });
}
