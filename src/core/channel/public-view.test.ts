import { describe, expect, it } from 'vitest';
import { originOf, person, TestChannel } from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { fromUtf8, toHex } from '../bytes.ts';
import { composeMessage } from '../record/envelope.ts';
import { draftInvitation } from './invitation.ts';
import { inboxTag, sealedType } from './names.ts';
import { channelTagMeanings, publicView } from './public-view.ts';

const [ann, bob] = ['Ann', 'Bob'].map(person) as [Person, Person];
const channel = new TestChannel(ann, [ann, bob]);

describe('what the public will see', () => {
  it('is read from the bytes that will be signed: key, time, type, size, tags, body', () => {
    const draft = channel.draft(ann, 'The price is 100.');
    const unsigned = composeMessage(draft);
    const view = publicView(unsigned, channelTagMeanings(channel.chain));
    expect(view).toMatchObject({
      payloadType: sealedType,
      sender: ann.sign,
      time: draft.head.time,
      dataBytes: 272,
      messageBytes: 1 + sealedType.length + unsigned.body.length + 64 + 272,
      body: draft.head.body,
    });
    expect(view.tags.map(({ meaning }) => meaning).sort()).toEqual(['epoch', 'transaction']);
    expect(Object.keys(view.body).sort()).toEqual(['commitment', 'epoch', 'salt']);
  });

  it('leaves out no tag that it does not know', () => {
    const unsigned = composeMessage(channel.draft(ann, 'hello'));
    expect(publicView(unsigned, new Map()).tags.map(({ meaning }) => meaning)).toEqual(['other', 'other']);
    expect(publicView(unsigned, new Map()).tags).toHaveLength(2);
  });

  it('names the invited by their inbox tag, and nothing of the channel', () => {
    const open = channel.open(ann);
    const randomness = { localKey: ann.localKey, random: new Uint8Array(32) };
    const draft = draftInvitation(originOf(ann, channel.ledger), open, bob, { note: 'Join us' }, randomness);
    const unsigned = composeMessage(draft);
    const view = publicView(unsigned, new Map([[toHex(inboxTag(channel.ledger, bob.sign)), 'inbox']]));
    expect(view.tags.map(({ meaning }) => meaning)).toEqual(['inbox']);
    expect(view.body).toEqual({});
    const everything = toHex(unsigned.body) + toHex(unsigned.data);
    for (const secret of [channel.channel, channel.transaction, open.epoch.id]) {
      expect(everything).not.toContain(toHex(secret));
      expect(fromUtf8(unsigned.body)?.includes(toHex(secret)) ?? false).toBe(false);
    }
  });

  it('has no word of what is sealed', () => {
    const unsigned = composeMessage(channel.draft(ann, 'canary-in-the-mine'));
    const everything =
      new TextDecoder('latin1').decode(unsigned.signedBytes) +
      new TextDecoder('latin1').decode(unsigned.data);
    expect(everything).not.toContain('canary');
  });
});
