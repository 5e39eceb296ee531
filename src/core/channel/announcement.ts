/**
 * Announcements of epochs (`docs/spec/channels.md`, 'Announcement'): composing them, and reading what is public of them.
 * Whether one counts is decided in `chain.ts`, what is sealed in it is opened in `epoch.ts`.
 */
import { concatBytes, equalBytes, toHex } from '../bytes.ts';
import { label } from '../crypto/kdf.ts';
import { sealBox } from '../crypto/sealed.ts';
import { zeroize } from '../crypto/signature.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { arrayOf, hexOf, integerFrom, readObject } from '../encoding/members.ts';
import type { ChannelCode } from '../errors/channel.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { AnnouncementContext, Randomness } from './keys.ts';
import { announcementParts, drawSecret, EpochKeys } from './keys.ts';
import { channelId, epochType, transactionTag } from './names.ts';
import type { MemberProof, RosterMember } from './roster.ts';
import { maxMembers, orderedMembers, rosterBytes, rosterRoot } from './roster.ts';
import { sealWrap, wrapBytes } from './wrap.ts';

interface CommonContent {
  readonly channel: Uint8Array;
  /** Commitment to the secret. */
  readonly commitment: Uint8Array;
  /** How many members there are. */
  readonly members: number;
  /** The root over the roster. */
  readonly roster: Uint8Array;
  /** The tag of what is sealed in the epoch. */
  readonly tag: Uint8Array;
}

export interface FoundingContent extends CommonContent {
  readonly kind: 'founding';
  readonly salt: Uint8Array;
  readonly transaction: Uint8Array;
}

export interface SuccessorContent extends CommonContent {
  readonly kind: 'successor';
  /** The announcement of the epoch before. */
  readonly previous: Uint8Array;
  /** Shows the author in the roster of the epoch before. */
  readonly member: MemberProof;
}

export type AnnouncementContent = FoundingContent | SuccessorContent;

const token = Symbol('made by readAnnouncement');

/** Not exported: only {@link readAnnouncement} makes one. */
class ReadAnnouncement {
  readonly content: AnnouncementContent;
  readonly #message: VerifiedMessage;

  constructor(made: symbol, message: VerifiedMessage, content: AnnouncementContent) {
    if (made !== token) throw new TypeError('announcements are read by readAnnouncement');
    this.content = Object.freeze(content);
    this.#message = message;
    Object.freeze(this);
  }

  get message(): VerifiedMessage {
    return this.#message;
  }

  /** The name of the epoch. */
  get id(): Uint8Array {
    return this.#message.id;
  }

  get author(): Uint8Array {
    return this.#message.sender;
  }
}

/** An announcement whose public part holds by itself. */
export type Announcement = ReadAnnouncement;

/** How long the data of an announcement of so many members is. */
function announcementDataBytes(members: number): number {
  return members * (wrapBytes + 64) + 16;
}

const codes = { members: 'channel-members', value: 'channel-value' } as const;
const common = {
  channel: hexOf(32),
  commitment: hexOf(32),
  members: integerFrom(1, maxMembers),
  roster: hexOf(32),
  tag: hexOf(32),
};
const proofMembers = {
  encrypt: hexOf(32),
  index: integerFrom(0, maxMembers - 1),
  path: arrayOf(hexOf(32), 8),
  salt: hexOf(32),
};
const proofOf = (value: JsonValue): MemberProof | undefined => {
  const proof = readObject(value, codes, proofMembers);
  return proof.ok ? proof.value : undefined;
};

function readContent(body: JsonObject): Result<AnnouncementContent, ChannelCode> {
  if (Object.hasOwn(body, 'previous')) {
    const read = readObject(body, codes, { ...common, member: proofOf, previous: hexOf(32) });
    return read.ok ? ok({ kind: 'successor', ...read.value }) : read;
  }
  const read = readObject(body, codes, { ...common, salt: hexOf(32), transaction: hexOf(32) });
  return read.ok ? ok({ kind: 'founding', ...read.value }) : read;
}

/**
 * Reads the announcement that a message is.
 *
 * @returns undefined when the message is of another payload type, or of a version that is not known here.
 */
export function readAnnouncement(message: VerifiedMessage): Result<Announcement, ChannelCode> | undefined {
  const { head } = message;
  if (message.payloadType !== epochType || head.v !== 1) return undefined;
  const content = readContent(head.body);
  if (!content.ok) return content;
  const { channel, members, tag } = content.value;
  if (message.dataLength !== announcementDataBytes(members)) {
    return refuse('channel-data', `${message.dataLength} bytes for ${members} members`);
  }
  if (content.value.kind === 'founding') {
    const { salt, transaction } = content.value;
    const named = channelId(head.ledger, transaction, message.sender, salt);
    if (!equalBytes(named, channel)) return refuse('channel-founder');
    if (!hasTags(message, transactionTag(head.ledger, transaction)))
      return refuse('channel-tag', 'transaction');
  }
  if (!hasTags(message, tag)) return refuse('channel-tag', 'epoch');
  return ok(new ReadAnnouncement(token, message, content.value));
}

/** Whether a message carries all of these tags. */
export function hasTags(message: VerifiedMessage, ...needed: readonly Uint8Array[]): boolean {
  const { tags } = message.head;
  return needed.every((tag) => tags.some((carried) => equalBytes(carried, tag)));
}

/** What an announcement is made from: all of it follows from this. */
export interface AnnouncementPlan {
  readonly origin: DraftOrigin;
  readonly transaction: Uint8Array;
  readonly members: readonly RosterMember[];
  readonly randomness: Randomness;
}

/**
 * The announcement that founds a channel.
 *
 * @param salt 32 random bytes: with it {@link channelId} gives the id.
 * @throws RangeError when the members are no roster or the author is not among them.
 */
export function draftFounding(plan: AnnouncementPlan, salt: Uint8Array): Draft {
  const { origin, transaction } = plan;
  const { ledger, sender } = origin;
  const channel = channelId(ledger, transaction, sender, salt);
  const extra = { salt: toHex(salt), transaction: toHex(transaction) };
  return compose(plan, { ledger, transaction, channel, previous: undefined, author: sender }, extra, []);
}

/** What a new epoch follows on: `succeedEpoch` in `epoch.ts` takes it from the epoch that is open. */
export interface Predecessor {
  readonly channel: Uint8Array;
  readonly id: Uint8Array;
  readonly tag: Uint8Array;
  /** Shows the author in its roster. */
  readonly member: MemberProof;
}

/** An announcement that follows on another. @throws RangeError as {@link draftFounding}. */
export function draftSuccessor(plan: AnnouncementPlan, predecessor: Predecessor): Draft {
  const { ledger, sender } = plan.origin;
  const { channel, id, member, tag } = predecessor;
  const { transaction } = plan;
  const extra = {
    member: {
      encrypt: toHex(member.encrypt),
      index: member.index,
      path: member.path.map(toHex),
      salt: toHex(member.salt),
    },
    previous: toHex(id),
  };
  return compose(plan, { ledger, transaction, channel, previous: id, author: sender }, extra, [tag]);
}

function compose(
  { origin, members, randomness }: AnnouncementPlan,
  context: AnnouncementContext,
  extra: JsonObject,
  moreTags: readonly Uint8Array[],
): Draft {
  const ordered = orderedMembers(members);
  if (ordered === undefined) throw new RangeError('these members are no roster');
  if (!ordered.some(({ sign }) => equalBytes(sign, context.author))) {
    throw new RangeError('the author is a member');
  }
  const roster = rosterBytes(ordered);
  const material = concatBytes(label(...announcementParts(context)), roster);
  const secret = drawSecret(randomness, 'epoch', material);
  const keys = new EpochKeys(secret);
  const wraps = ordered.map((member) => {
    const forWrap = label(secret, member.sign, member.encrypt);
    const ephemeral = drawSecret(randomness, 'wrap', forWrap);
    const wrap = sealWrap(secret, context, member, ephemeral);
    zeroize(ephemeral, forWrap);
    return wrap;
  });
  const root = rosterRoot(ordered, keys, context);
  const { key, nonce } = keys.rosterBox(context, root);
  const tag = keys.tag(context);
  zeroize(secret);
  const body = {
    channel: toHex(context.channel),
    commitment: toHex(keys.commitment(context)),
    members: ordered.length,
    roster: toHex(root),
    tag: toHex(tag),
    ...extra,
  };
  const { ledger, nonce: messageNonce, sender, time } = origin;
  const tags = [transactionTag(ledger, context.transaction), tag, ...moreTags];
  return {
    payloadType: epochType,
    sender,
    head: { body, ledger, nonce: messageNonce, tags, time, v: 1 },
    data: concatBytes(...wraps, sealBox(key, nonce, roster)),
  };
}
