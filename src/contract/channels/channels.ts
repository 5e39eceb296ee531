/** Private channels: conversations on the record that only their members read. */
import { z } from 'zod';
import { channel } from '../channel.ts';
import { channelErrors, channelIds, contactId, hash } from '../forms.ts';

/** How somebody stands in a channel; the words are those of the engine. */
export type PersonStanding = 'reads' | 'invited' | 'left' | 'removed' | 'unknown' | 'stranger';

export interface PersonView {
  /** The signing key: 64 hexadecimal digits. */
  readonly key: string;
  /** What the person here calls the contact whose key it is. */
  readonly name?: string;
  readonly isMe: boolean;
  readonly standing: PersonStanding;
}

export interface MemberView extends PersonView {
  /** The last part of the conversation that they hold the key of, counted from 1. */
  readonly lastPart: number;
  /** The key does not count any more: whoever holds it reads on, and cannot write. */
  readonly isKeyOver: boolean;
}

/** A code with its sentences. */
export interface SaidView {
  readonly code: string;
  readonly happened: string;
  readonly means: string;
  readonly next: string;
}

export interface ChannelAlarmView extends SaidView {
  /** Who it is about, or who says so. */
  readonly who?: PersonView;
}

export type OwnStandingView =
  'not on record' | 'invited' | 'reads' | 'left' | 'removed' | 'shut out' | 'stranger';

/** A channel in a list. */
export interface ChannelRowView {
  /** 64 hexadecimal digits each. */
  readonly transaction: string;
  readonly channel: string;
  /** What it is called among its members; absent while nobody told. */
  readonly name?: string;
  /** What the invitation said. */
  readonly note?: string;
  /** Who invited; absent for a channel of one's own. */
  readonly from?: PersonView;
  readonly standing: OwnStandingView;
  readonly members: number;
  readonly unread: number;
  /** What waits here to be sent, or to be in a block. */
  readonly waiting: number;
  readonly alarms: readonly ChannelAlarmView[];
}

export interface ChannelListView {
  /** At most 200, those of one transaction beside each other. */
  readonly channels: readonly ChannelRowView[];
  readonly total: number;
  /** Channels that could not be looked at, and why. */
  readonly unseen: readonly {
    readonly channel: string;
    readonly name?: string;
    readonly why: SaidView;
  }[];
}

/** What was said, in one message. */
export type ContentView =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'joined' | 'leave' }
  | { readonly kind: 'remove'; readonly people: readonly PersonView[] }
  | { readonly kind: 'read'; readonly messages: number }
  | { readonly kind: 'document'; readonly name: string; readonly size: number; readonly media: string }
  | { readonly kind: 'disclosed'; readonly scope: string; readonly to?: string }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'problem'; readonly why: SaidView };

interface EntryBase {
  /** The message's id: 64 hexadecimal digits. */
  readonly id: string;
  readonly height: number;
  readonly position: number;
  readonly author: PersonView;
  /** When its block was sealed: seconds since 1970. */
  readonly sealed: number;
  /** People whom it is about and who are not named here, because there are so many. */
  readonly more?: number;
}

/** Something in a conversation, in its place on the record. */
export type EntryView =
  | (EntryBase & {
      readonly kind: 'message';
      readonly content: ContentView;
      /** `before`, `after`: beside the part that it was sealed for; it agrees to nothing. */
      readonly standing: 'before' | 'current' | 'after';
      /** Who is no member any more and can read it. */
      readonly readableBy: readonly PersonView[];
    })
  /** Sealed for others, or wrongly. */
  | (EntryBase & {
      readonly kind: 'slot';
      readonly size: number;
      readonly hash: string;
      readonly why: SaidView;
    })
  | (EntryBase & {
      readonly kind: 'members';
      /** From 1; absent when the change has no effect. */
      readonly part?: number;
      readonly members: number;
      readonly added: readonly PersonView[];
      readonly removed: readonly PersonView[];
      readonly void?: SaidView;
    })
  /** Somebody says in public that a message does not open for them. */
  | (EntryBase & { readonly kind: 'notice'; readonly about: string });

/** What waits to be said. */
export interface WaitingView {
  readonly id: string;
  readonly what: 'found' | 'members' | 'renew' | 'invite' | 'say' | 'join' | 'notice';
  readonly state: 'draft' | 'queued' | 'accepted' | 'in-block' | 'refused' | 'broken';
  /** Of a text: its beginning. */
  readonly text?: string;
  readonly problem?: SaidView;
}

export interface PlaceView {
  readonly height: number;
  readonly position: number;
}

/** A page of a conversation. */
export interface ConversationView {
  readonly summary: ChannelRowView;
  readonly members: readonly MemberView[];
  /** Oldest first. */
  readonly entries: readonly EntryView[];
  /** Ask for what stands before it to see more. */
  readonly older?: PlaceView;
  readonly waiting: readonly WaitingView[];
}

/** One message as everybody will see it. */
export interface PublicMessageView {
  readonly what: WaitingView['what'];
  /** Of an invitation: whose inbox it goes to. */
  readonly to?: PersonView;
  /** The signing key that sends it. */
  readonly key: string;
  readonly type: string;
  /** Seconds since 1970; the time of sending may be later. */
  readonly time: number;
  /** Of what is sealed only the step. */
  readonly dataBytes: number;
  readonly messageBytes: number;
  readonly tags: readonly { readonly tag: string; readonly meaning: string }[];
  readonly members?: number;
}

/** What everybody will see of something, before it is done. */
export interface PublicPreviewView {
  readonly messages: readonly PublicMessageView[];
  /** Why it cannot be done, or not wholly. */
  readonly problem?: SaidView;
  /** Names of contacts with whom nobody compared safety numbers. */
  readonly unchecked: readonly string[];
  /** Of a removal: how many messages each keeps, by key. */
  readonly keeps: readonly { readonly who: PersonView; readonly messages: number }[];
}

const nothing = z.strictObject({});
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** One line, and nothing that cannot be seen. */
const line = z
  .string()
  .min(1)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
const contacts = z.array(contactId).max(100);

/** Something that a person does in a channel. */
const act = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('new'),
    name: line.max(200),
    contacts,
    note: line.max(1000).optional(),
    /** An existing transaction; a new one when left out. */
    transaction: hash.optional(),
  }),
  z.strictObject({ act: z.literal('join'), ...channelIds }),
  z.strictObject({ act: z.literal('post'), ...channelIds, text: z.string().min(1).max(65_536) }),
  z.strictObject({ act: z.literal('leave'), ...channelIds }),
  z.strictObject({
    act: z.literal('invite'),
    ...channelIds,
    contacts: contacts.min(1),
    note: line.max(1000).optional(),
  }),
  z.strictObject({ act: z.literal('remove'), ...channelIds, members: z.array(hash).min(1).max(100) }),
]);

/** What is done in a channel. */
export type ChannelAct = z.output<typeof act>;

const errors = [...channelErrors, 'follow', 'sync', 'contact', 'invite', 'letter'];

/** A text is long, and has quotation marks. */
const maxRequest = 524_288;

export const channelChannels = {
  'channels.list': channel<ChannelListView>()({ request: nothing, errors }),
  'channels.page': channel<ConversationView>()({
    request: z.strictObject({
      ...channelIds,
      before: z.strictObject({ height: count, position: count }).optional(),
      limit: z.number().int().min(1).max(50),
    }),
    errors,
  }),
  /** Keeps up to where a channel was read, on this machine only. */
  'channels.seen': channel<null>()({
    request: z.strictObject({ ...channelIds, height: count, position: count }),
    errors,
  }),
  /** What everybody will see. Nothing is kept, and nothing is sent. */
  'channels.preview': channel<PublicPreviewView>()({
    request: z.strictObject({ act }),
    errors,
    maxRequest,
  }),
  /** Does it: keeps it in line, sealed for this profile, and sends it as soon as that can be. */
  'channels.act': channel<{ readonly transaction: string; readonly channel: string }>()({
    request: z.strictObject({ act }),
    errors,
    maxRequest,
  }),
  /** Takes back what waits and is not sent. */
  'channels.discard': channel<null>()({
    request: z.strictObject({ ...channelIds, id: z.string().min(1).max(64) }),
    errors,
  }),
} as const;
