/** How channels and the people in them are told. */
import { toHex } from '../../core/bytes.ts';
import type { ChannelPerson, OwnStanding, PersonStatus } from '../../wallet/channels/people.ts';

/** The beginning of an id or key, as it is shown beside a name. */
export function short(id: Uint8Array): string {
  return toHex(id).slice(0, 12);
}

/** What a channel is called: its name here, or the beginning of its id. */
export function channelTitle({
  name,
  channel,
}: {
  readonly name?: string | undefined;
  readonly channel: Uint8Array;
}): string {
  return name === undefined ? `channel ${short(channel)}` : `${name} (${short(channel)})`;
}

/** How someone stands, in a few words. */
export const statusWords: Readonly<Record<PersonStatus, string>> = {
  reads: 'reads: showed that they hold the key',
  invited: 'invited: has not shown yet that they can read',
  left: 'LEFT: said that they go, and reads on until the members change',
  removed: 'REMOVED: reads what was sealed until then, and nothing since',
  unknown: 'was a member when you could last read',
  stranger: 'no member',
};

/** The same in brackets behind a name, where it is anything but a member who reads. */
export const statusMarks: Readonly<Record<PersonStatus, string>> = {
  reads: '',
  invited: '',
  left: ' (LEFT)',
  removed: ' (REMOVED)',
  unknown: '',
  stranger: ' (NO MEMBER)',
};

export const standingWords: Readonly<Record<OwnStanding, string>> = {
  'not on record': 'not on the record yet',
  invited: 'you are invited: countersign channel join',
  reads: 'you are a member',
  left: 'you said that you leave',
  removed: 'you are NO MEMBER any more',
  'shut out': 'you CANNOT READ it: its key does not open for you',
  stranger: 'you are no member',
};

/** Someone as this profile knows them: by the name it gave them, else by their key. */
export function nameOf({ isMe, name, sign }: Pick<ChannelPerson, 'isMe' | 'name' | 'sign'>): string {
  return isMe ? 'you' : (name ?? `key ${short(sign)}`);
}

/** So many of something. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
