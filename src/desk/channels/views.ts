/** Channels as windows show them: plain data with the sentences of every code. */
import { toHex } from '../../core/bytes.ts';
import { readContent } from '../../core/channel/content.ts';
import { explain } from '../../core/errors/family.ts';
import type {
  ChannelAlarmView,
  ChannelRowView,
  ContentView,
  EntryView,
  MemberView,
  PersonView,
  PublicMessageView,
  SaidView,
  WaitingView,
} from '../../contract/channels/channels.ts';
import type { ChannelAlarm } from '../../wallet/channels/alarms.ts';
import type { ConversationEntry, MessageEntry } from '../../wallet/channels/conversation.ts';
import type { ChannelDraft } from '../../wallet/channels/drafts.ts';
import type { ChannelSummary } from '../../wallet/channels/list.ts';
import type { PendingDraft } from '../../wallet/channels/pending.ts';
import type { ChannelMember, ChannelPerson } from '../../wallet/channels/people.ts';
import type { PublicMessage } from '../../wallet/channels/public-preview.ts';

/** As much of a text as a page of a conversation shows. */
const shownCharacters = 8000;
/** As much of a text as stands beside what waits. */
const waitingCharacters = 300;
/** Alarms that a list names of one channel. */
const shownAlarms = 3;
/** People whom an entry names of each kind. */
const shownPeople = 20;

/** A code with its sentences. */
export function said(code: string): SaidView {
  const { happened = '', means = '', next = '' } = explain(code) ?? {};
  return { code, happened, means, next };
}

export function personView({ sign, name, isMe, status }: ChannelPerson): PersonView {
  return { key: toHex(sign), isMe, standing: status, ...(name === undefined ? {} : { name }) };
}

function few(people: readonly ChannelPerson[]): readonly PersonView[] {
  return people.slice(0, shownPeople).map(personView);
}

/** How many of these people are not named. */
function unnamed(...lists: readonly (readonly ChannelPerson[])[]): { readonly more?: number } {
  const more = lists.reduce((sum, { length }) => sum + Math.max(0, length - shownPeople), 0);
  return more === 0 ? {} : { more };
}

export function memberView(member: ChannelMember): MemberView {
  const isKeyOver = ['rotated', 'revoked', 'recovered'].includes(member.key);
  return { ...personView(member), lastPart: member.lastEpoch + 1, isKeyOver };
}

/** Someone of whom only the key is told. */
type Named = (key: Uint8Array) => PersonView;

function alarmView({ code, who }: ChannelAlarm, named: Named): ChannelAlarmView {
  return { ...said(code), ...(who === undefined ? {} : { who: named(who) }) };
}

/** @param named the person of a key. */
export function rowView(summary: ChannelSummary, named: Named): ChannelRowView {
  const { transaction, channel, name, note, from, standing, members, unread, waiting, alarms } = summary;
  const inviter = named(from);
  return {
    transaction: toHex(transaction),
    channel: toHex(channel),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    ...(inviter.isMe ? {} : { from: inviter }),
    standing,
    members,
    unread,
    waiting,
    alarms: alarms.slice(0, shownAlarms).map((alarm) => alarmView(alarm, named)),
  };
}

/** What was said, as far as a page shows it. */
export function contentView({
  about,
  content,
  contentType,
  problem,
}: Pick<MessageEntry, 'about' | 'content' | 'contentType' | 'problem'>): ContentView {
  if (problem !== undefined) return { kind: 'problem', why: said(problem) };
  if (content === undefined) return { kind: 'unknown', type: contentType.slice(0, 200) };
  switch (content.kind) {
    case 'text': {
      const { text } = content;
      return { kind: 'text', text: text.slice(0, shownCharacters), isCut: text.length > shownCharacters };
    }
    case 'joined':
    case 'leave':
      return { kind: content.kind };
    case 'remove':
      return { kind: 'remove', people: few(about) };
    case 'read':
      return { kind: 'read', messages: content.messages.length };
    case 'document': {
      const { name, size, media } = content;
      return { kind: 'document', name, size, media };
    }
    case 'disclosed': {
      const { scope, to } = content;
      return { kind: 'disclosed', scope, ...(to === undefined ? {} : { to: toHex(to) }) };
    }
  }
}

export function entryView(entry: ConversationEntry): EntryView {
  const { id, height, position, author, sealed } = entry;
  const base = { id: toHex(id), height, position, author: personView(author), sealed };
  switch (entry.kind) {
    case 'message': {
      const { standing } = entry;
      const readableBy = few(entry.readableBy);
      const more = unnamed(entry.readableBy, entry.about);
      return { ...base, ...more, kind: 'message', content: contentView(entry), standing, readableBy };
    }
    case 'slot': {
      const { slot, code } = entry;
      return { ...base, kind: 'slot', size: slot.size, hash: toHex(slot.hash), why: said(code) };
    }
    case 'epoch': {
      const { added, removed, members, epoch, void: reason } = entry;
      return {
        ...base,
        ...unnamed(added, removed),
        kind: 'members',
        members,
        added: few(added),
        removed: few(removed),
        ...(epoch === undefined ? {} : { part: epoch + 1 }),
        ...(reason === undefined ? {} : { void: said(reason) }),
      };
    }
    case 'notice':
      return { ...base, kind: 'notice', about: toHex(entry.about) };
  }
}

/** The beginning of a text that waits to be said. */
function textOf({ intent }: ChannelDraft): string | undefined {
  const content = intent.kind === 'say' ? readContent(intent) : undefined;
  return content?.ok === true && content.value.kind === 'text'
    ? content.value.text.slice(0, waitingCharacters)
    : undefined;
}

export function waitingView({ draft, state }: PendingDraft): WaitingView {
  const { id, intent, problem } = draft;
  const text = textOf(draft);
  return {
    id,
    what: intent.kind,
    state,
    ...(text === undefined ? {} : { text }),
    ...(problem === undefined ? {} : { problem: said(problem) }),
  };
}

export function publicView(message: PublicMessage, named: Named): PublicMessageView {
  const { body, dataBytes, for: what, messageBytes, payloadType, sender, tags, time, to } = message;
  const members = body['members'];
  return {
    what,
    key: toHex(sender),
    type: payloadType,
    time,
    dataBytes,
    messageBytes,
    tags: tags.map(({ tag, meaning }) => ({ tag: toHex(tag), meaning })),
    ...(to === undefined ? {} : { to: named(to) }),
    ...(typeof members === 'number' ? { members } : {}),
  };
}
