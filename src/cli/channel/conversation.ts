/** A conversation in lines and as JSON. Whoever is no member any more is told apart in every line of theirs. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Content } from '../../core/channel/content.ts';
import type { ChannelPerson } from '../../wallet/channels/people.ts';
import type { ConversationEntry, EpochEntry, MessageEntry } from '../../wallet/channels/conversation.ts';
import type { PendingDraft } from '../../wallet/channels/pending.ts';
import { utc } from '../records/show.ts';
import { counted, nameOf, short, statusMarks } from './words.ts';

function who(person: ChannelPerson): string {
  return `${nameOf(person)}${statusMarks[person.status]}`;
}

const list = (people: readonly ChannelPerson[]): string => people.map(nameOf).join(', ');

/** What was said, as lines: the first goes behind the name. */
function contentLines(entry: MessageEntry): readonly string[] {
  const { about, content, contentType, problem } = entry;
  if (problem !== undefined) return [`says something that is not of its form [${problem}]`];
  if (content === undefined)
    return [`says something of a type that this version does not know: ${contentType}`];
  return content.kind === 'remove' ? [`removed ${list(about)}`] : saidLines(content);
}

/** What a content says, as lines. */
export function saidLines(content: Content): readonly string[] {
  switch (content.kind) {
    case 'text':
      return content.text.split('\n');
    case 'joined':
      return ['joined, and holds the key'];
    case 'leave':
      return ['left'];
    case 'remove':
      return [`removed ${content.members.map(short).join(', ')}`];
    case 'read':
      return [`could read ${counted(content.messages.length, 'message')}`];
    case 'document':
      return [`document "${content.name}", ${content.size} bytes, ${content.media}`];
    case 'disclosed': {
      const to = content.to === undefined ? 'with a file' : `to key ${short(content.to)}`;
      return [`disclosed ${to}: ${content.scope}`];
    }
  }
}

function epochLine(entry: EpochEntry): string {
  const { added, epoch, members, removed, void: reason } = entry;
  if (reason !== undefined) return `tried to change the members, without effect [${reason}]`;
  const size = counted(members, 'member');
  if (epoch === 0) {
    const others = added.filter(({ sign }) => !equalBytes(sign, entry.author.sign));
    if (added.length === 0) return `founded the channel with ${size}`;
    return others.length === 0 ? 'founded the channel' : `founded the channel with ${list(others)}`;
  }
  const came = added.length > 0 ? [`came: ${list(added)}`] : [];
  const went = removed.length > 0 ? [`REMOVED: ${list(removed)}`] : [];
  const changes = [...came, ...went];
  return `changed the members, ${size} now${changes.length > 0 ? `; ${changes.join('; ')}` : ''}`;
}

function standingLines({ readableBy, standing }: MessageEntry): readonly string[] {
  if (standing === 'after') {
    const them = readableBy.length > 0 ? list(readableBy) : 'members who were removed';
    return [`sealed for the earlier members after they had changed: readable by ${them}; agrees to nothing`];
  }
  return standing === 'before'
    ? ['stands before the change of members that it belongs to; agrees to nothing']
    : [];
}

function bodyLines(entry: ConversationEntry): readonly string[] {
  switch (entry.kind) {
    case 'message':
      return [...contentLines(entry), ...standingLines(entry).map((line) => `! ${line}`)];
    case 'slot': {
      const what = `${entry.slot.size} bytes, ${short(entry.slot.hash)}`;
      // The usual case: the epoch is one that this profile is no member of.
      if (entry.code === 'channel-wrap') return [`[sealed for others: ${what}]`];
      return [`[does not open for you: ${what}, ${entry.code}]`];
    }
    case 'epoch':
      return [epochLine(entry)];
    case 'notice':
      return [`says in public that they cannot open ${short(entry.about)}`];
  }
}

/** One entry: place, time and author, and what it says below each other. */
export function entryLines(entry: ConversationEntry): readonly string[] {
  const { author, height, position, sealed } = entry;
  const [first = '', ...more] = bodyLines(entry);
  const head = `${`${height}.${position}`.padEnd(7)} ${utc(sealed)}  ${who(author)}`;
  const isSpoken = entry.kind === 'message' && entry.content?.kind === 'text';
  return [`${head}${isSpoken ? ':' : ''} ${first}`, ...more.map((line) => `          ${line}`)];
}

/** What waits, in a line. */
export function pendingLine({ draft, state }: PendingDraft): string {
  const { intent, problem } = draft;
  const what = {
    found: 'the channel itself',
    members: 'a change of members',
    renew: 'a new key for the members',
    invite: 'an invitation',
    say: 'something to be said',
    join: 'that you joined',
    notice: 'that you cannot open something',
  }[intent.kind];
  const how: Readonly<Record<PendingDraft['state'], string>> = {
    draft: 'kept here, not sealed yet',
    queued: 'sealed, not sent yet',
    accepted: 'promised by the operator',
    'in-block': 'in a block',
    refused: 'refused by the operator',
    broken: 'promised by the operator and not recorded',
  };
  const told = problem === undefined ? how[state] : `cannot be done [${problem}]`;
  return `waits   ${draft.id.slice(0, 8)}  ${what}: ${told}`;
}

function personJson({ isMe, name, sign, status }: ChannelPerson): Record<string, unknown> {
  return {
    sign: toHex(sign),
    ...(name === undefined ? {} : { name }),
    ...(isMe ? { me: true } : {}),
    status,
  };
}

/** A content as members of JSON. */
export function contentJson(content: Content | undefined): Record<string, unknown> {
  if (content === undefined) return {};
  // The key of a document opens it: it is asked for by the verb that exports one, and printed by none.
  const hidden = new Set(['kind', 'key']);
  const members = Object.entries(content).filter(([name]) => !hidden.has(name));
  const told = members.map(([name, value]: [string, unknown]) => {
    if (value instanceof Uint8Array) return [name, toHex(value)];
    return [name, Array.isArray(value) ? value.map((one) => toHex(one as Uint8Array)) : value];
  });
  return { says: content.kind, ...(Object.fromEntries(told) as Record<string, unknown>) };
}

/** An entry as JSON, in the form of the command line. */
export function entryJson(entry: ConversationEntry): Record<string, unknown> {
  const { author, height, id, kind, position, sealed, time } = entry;
  const base = {
    kind,
    message: toHex(id),
    height,
    position,
    sealed: utc(sealed),
    written: utc(time),
    author: personJson(author),
  };
  switch (entry.kind) {
    case 'message': {
      const { contentType, epoch, problem, readableBy, standing } = entry;
      const fault = problem === undefined ? {} : { problem };
      const readers = readableBy.map(personJson);
      return {
        ...base,
        epoch,
        standing,
        type: contentType,
        ...contentJson(entry.content),
        ...fault,
        readers,
      };
    }
    case 'slot': {
      const { code, epoch, slot } = entry;
      return { ...base, epoch, dataBytes: slot.size, sha256: toHex(slot.hash), code };
    }
    case 'epoch': {
      const { added, epoch, members, removed, void: reason } = entry;
      const changes = { members, added: added.map(personJson), removed: removed.map(personJson) };
      return {
        ...base,
        ...(epoch === undefined ? {} : { epoch }),
        ...changes,
        ...(reason === undefined ? {} : { void: reason }),
      };
    }
    case 'notice':
      return { ...base, about: toHex(entry.about) };
  }
}

/** What waits as JSON. */
export function pendingJson({ draft, state }: PendingDraft): Record<string, unknown> {
  const { id, intent, problem, sent } = draft;
  const message = sent === undefined ? {} : { message: toHex(sent) };
  return { id, for: intent.kind, state, ...message, ...(problem === undefined ? {} : { problem }) };
}
