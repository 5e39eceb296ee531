/** Opening something of a channel to somebody who is no member, and looking at what was opened to oneself. */
import { z } from 'zod';
import { channel } from '../channel.ts';
import { channelErrors, channelIds, chosen, contactId, hash } from '../forms.ts';
import type { ContentView, PersonView, PublicPreviewView, SaidView } from './channels.ts';

/** A message that a disclosure opens. */
export interface DisclosedMessageView {
  /** The message's id: 64 hexadecimal digits. */
  readonly id: string;
  readonly channel: string;
  readonly height: number;
  readonly position: number;
  readonly author: PersonView;
  /** When its author says that it was written: seconds since 1970. */
  readonly time: number;
  readonly content: ContentView;
}

/** What a disclosure would open, and what everybody will see of it. */
export interface DisclosurePlanView {
  /** SHA-256 of what would be handed out: what is confirmed is this and nothing else. */
  readonly grant: string;
  readonly messages: number;
  readonly documents: number;
  /** The newest of them, newest first; at most fifty. */
  readonly newest: readonly DisclosedMessageView[];
  /** Of how many parts of its channels the key is not known here: they stay closed. */
  readonly closedParts: number;
  /** The members of one of its channels get a new key before it is handed out. */
  readonly renews: boolean;
  /** What is told in each of its channels before anything is handed out: at most forty messages, and how many more. */
  readonly told: PublicPreviewView;
  readonly toldMore: number;
  /** Of the sealed letter that carries it, when it is sent to a key. */
  readonly letterBytes: number;
}

/** A disclosure that was begun and not handed out yet. */
export interface WaitingDisclosureView {
  readonly grant: string;
  readonly to?: PersonView;
  readonly file?: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** A part of a conversation that a disclosure opens, or why it does not. */
export interface GrantPartView {
  readonly channel: string;
  /** From 1; absent when the copy has not what began it. */
  readonly part?: number;
  /** At most ten, and how many more. */
  readonly members: readonly PersonView[];
  readonly more: number;
  readonly problem?: SaidView;
}

/** A message of a disclosure, judged against the record. */
export interface GrantMessageView extends DisclosedMessageView {
  readonly problem?: SaidView;
  /** By its own key: it shows what its author committed to, not that the members could read it. */
  readonly isAlone: boolean;
  readonly standing: 'before' | 'current' | 'after';
}

/** What a disclosure opens here. */
export interface GrantView {
  readonly scope: string;
  readonly transaction: string;
  /** At most fifty; of all of them: how many there are, and how many did not open. */
  readonly parts: readonly GrantPartView[];
  readonly allParts: number;
  readonly closedParts: number;
  /** At most a hundred, in the order of the record. */
  readonly messages: readonly GrantMessageView[];
  readonly total: number;
  /** Of all of them: how many did not open. */
  readonly closed: number;
  /** What it lists and the copy on this machine has not. */
  readonly absent: number;
}

/** A disclosure that was sent to this identity. */
export interface ReceivedGrantView {
  /** The message's id. */
  readonly id: string;
  readonly from: PersonView;
  /** Seconds since 1970. */
  readonly time: number;
  /** Absent when it does not open. */
  readonly scope?: string;
  readonly problem?: SaidView;
}

/** What is to be opened. */
const target = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('message'), message: hash }),
  /** The part that is current when left out; from 1. */
  z.strictObject({ scope: z.literal('epoch'), part: z.number().int().min(1).max(1_000_000).optional() }),
  z.strictObject({ scope: z.literal('channel') }),
  z.strictObject({ scope: z.literal('transaction') }),
]);
export type DisclosureTargetRequest = z.output<typeof target>;

const errors = [
  ...channelErrors,
  'follow',
  'sync',
  'contact',
  'letter',
  'disclose',
  'grant',
  'json',
  'receipt',
];

export const disclosureChannels = {
  /** What would open, exactly. Nothing is kept, and nothing is handed out. */
  'disclosure.plan': channel<DisclosurePlanView>()({
    request: z.strictObject({ ...channelIds, target }),
    errors,
  }),
  /**
   * Begins it: told in the channel first, handed out once the record shows that. For a file it asks for a folder.
   * `grant` is what was looked at; false when no folder was chosen.
   */
  'disclosure.begin': channel<boolean>()({
    request: z.strictObject({ ...channelIds, target, grant: hash, contact: contactId.optional() }),
    errors,
  }),
  /** Those that wait for the record, at most a hundred. */
  'disclosure.waiting': channel<readonly WaitingDisclosureView[]>()({
    request: z.strictObject(channelIds),
    errors,
  }),
  /** What was sent to this identity over the record, newest first; at most a hundred. */
  'grants.list': channel<readonly ReceivedGrantView[]>()({ request: z.strictObject({}), errors }),
  /** Opens one: a file that was chosen, or a message that was sent to this identity. */
  'grants.open': channel<GrantView>()({
    request: z.union([z.strictObject({ chosen }), z.strictObject({ message: hash })]),
    errors,
  }),
} as const;
