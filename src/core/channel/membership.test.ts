import { describe, expect, it } from 'vitest';
import { codeOf, person, TestChannel, value } from '../../../test/support/channels.ts';
import { toHex } from '../bytes.ts';
import type { Joining } from './content.ts';
import { checkJoined, joinedContent } from './content.ts';
import { membersWithout, removedMembers, viewMembers } from './membership.ts';
import { openMessage } from './sealed.ts';
import type { Person } from '../../../test/support/channels.ts';

const [ann, bob, cat] = ['Ann', 'Bob', 'Cat'].map(person) as [Person, Person, Person];

/** The joining of a member, as the members see it. */
function join(channel: TestChannel, member: Person): Joining {
  const joined = channel.say(member, joinedContent(channel.open(member), member.sign));
  const open = channel.open(ann);
  return value(checkJoined(open, value(openMessage(open, joined))));
}

function statuses(
  channel: TestChannel,
  joinings: readonly Joining[],
  leavers: readonly Person[] = [],
): Readonly<Record<string, string>> {
  const gone = leavers.map(({ sign }) => sign);
  const names = new Map([ann, bob, cat].map(({ name, sign }) => [toHex(sign), name]));
  const view = viewMembers(channel.open(ann), joinings, gone);
  return Object.fromEntries(view.map(({ sign, status }) => [names.get(toHex(sign)) ?? '', status]));
}

describe('members', () => {
  it('are invited until they show that they hold the secret; the author reads at once', () => {
    const channel = new TestChannel(ann, [ann, bob, cat]);
    expect(statuses(channel, [])).toEqual({ Ann: 'reads', Bob: 'invited', Cat: 'invited' });
    expect(statuses(channel, [join(channel, bob)])).toEqual({ Ann: 'reads', Bob: 'reads', Cat: 'invited' });
  });

  it('show it anew in every epoch', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const before = join(channel, bob);
    channel.change(ann, [ann, bob, cat]);
    expect(statuses(channel, [before])).toEqual({ Ann: 'reads', Bob: 'invited', Cat: 'invited' });
  });

  it('who said that they leave have left, also if they had joined', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    expect(statuses(channel, [join(channel, bob)], [bob])).toEqual({ Ann: 'reads', Bob: 'left' });
  });

  it('who were removed are told apart, by comparing two epochs', () => {
    const channel = new TestChannel(ann, [ann, bob, cat]);
    const before = channel.open(ann);
    channel.change(ann, [ann, cat]);
    const now = channel.open(ann);
    expect(removedMembers(before, now).map(({ sign }) => sign)).toEqual([bob.sign]);
    expect(removedMembers(now, before)).toEqual([]);
    const rest = membersWithout(before, [bob.sign]).map(({ sign }) => toHex(sign));
    expect(rest).toEqual([ann, cat].map(({ sign }) => toHex(sign)).sort());
  });

  it('cannot join with the words of another or of another epoch', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const proofOfAnn = joinedContent(channel.open(bob), ann.sign);
    const open = channel.open(ann);
    const said = value(openMessage(open, channel.say(bob, proofOfAnn)));
    expect(codeOf(checkJoined(open, said))).toBe('content-proof');
    expect(checkJoined(open, value(openMessage(open, channel.say(bob, 'I am here'))))).toBeUndefined();
  });
});
