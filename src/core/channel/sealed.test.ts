import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import {
  bytes32,
  codeOf,
  onRecord,
  originOf,
  person,
  TestChannel,
  value,
} from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { toHex } from '../bytes.ts';
import { EpochKeys, messageBox } from './keys.ts';
import type { MessageContext } from './keys.ts';
import { draftMessage, messageKeyOf, openByMessageKey, openMessage, readSealed } from './sealed.ts';

const [ann, bob, cat] = ['Ann', 'Bob', 'Cat'].map(person) as [Person, Person, Person];
const channel = new TestChannel(ann, [ann, bob]);

describe('a sealed message', () => {
  it('opens to what was sealed, for every member and by its key', () => {
    const open = channel.open(bob);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.stringMatching(/^[a-z0-9][a-z0-9._+/-]{0,126}$/),
        (content, contentType) => {
          const sealed = channel.say(ann, { contentType, content });
          const byKey = openByMessageKey(open.epoch, sealed, messageKeyOf(open, sealed));
          for (const opened of [value(openMessage(open, sealed)), value(byKey)]) {
            expect([opened.contentType, opened.content]).toEqual([contentType, content]);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('says by what it was opened: the epoch, or a key that shows less', () => {
    const open = channel.open(bob);
    const sealed = channel.say(ann, 'hello');
    expect(value(openMessage(open, sealed)).openedBy).toBe('epoch');
    expect(value(openByMessageKey(open.epoch, sealed, messageKeyOf(open, sealed))).openedBy).toBe(
      'message-key',
    );
  });

  it('cannot be changed after it was opened', () => {
    const opened = value(openMessage(channel.open(bob), channel.say(ann, 'hello')));
    const before = opened.content;
    opened.content.fill(0);
    expect(opened.content).toEqual(before);
    expect(Object.isFrozen(opened)).toBe(true);
  });

  it('is sealed by members for the members as they are now, or not at all', () => {
    const changing = new TestChannel(ann, [ann, bob]);
    const before = changing.open(bob);
    const said = changing.say(bob, 'before');
    changing.change(ann, [ann, cat]);
    const plan = (author: Person) => ({
      origin: originOf(author, changing.ledger),
      plain: { contentType: 'a', content: new Uint8Array() },
      randomness: { localKey: author.localKey, random: bytes32('plan') },
    });
    expect(codeOf(draftMessage(changing.chain, before, plan(bob)))).toBe('channel-not-current');
    expect(codeOf(draftMessage(changing.chain, changing.open(ann), plan(bob)))).toBe('channel-not-member');
    // The removed member still reads what was said to them, and nothing that was said since.
    expect(codeOf(openMessage(before, said))).toBe('ok');
    expect(codeOf(openMessage(before, changing.say(cat, 'after')))).toBe('sealed-epoch');
  });

  it('has at most 14,680,064 bytes of padded plaintext', () => {
    const plan = (length: number) => ({
      origin: originOf(ann, channel.ledger),
      plain: { contentType: 'a', content: new Uint8Array(length) },
      randomness: { localKey: ann.localKey, random: bytes32('long') },
    });
    const open = channel.open(ann);
    const longest = value(draftMessage(channel.chain, open, plan(14_680_064 - 6)));
    expect(longest.data).toHaveLength(14_680_064 + 16);
    const opened = value(openMessage(open, value(readSealed(onRecord(longest, ann)))));
    expect(opened.content).toHaveLength(14_680_058);
    expect(() => draftMessage(channel.chain, open, plan(14_680_064 - 5))).toThrow(RangeError);
    expect(() =>
      draftMessage(channel.chain, open, {
        ...plan(1),
        plain: { contentType: 'A', content: new Uint8Array() },
      }),
    ).toThrow(RangeError);
  });

  it('carries the tags that are asked for besides those it needs', () => {
    const tag = bytes32('cited');
    const plan = {
      origin: originOf(ann, channel.ledger),
      plain: { contentType: 'a', content: new Uint8Array() },
      randomness: { localKey: ann.localKey, random: bytes32('tags') },
      tags: [tag],
    };
    const draft = value(draftMessage(channel.chain, channel.open(ann), plan));
    const sealed = value(readSealed(onRecord(draft, ann)));
    expect(sealed.message.head.tags.map(toHex)).toContain(toHex(tag));
    expect(codeOf(openMessage(channel.open(bob), sealed))).toBe('ok');
  });
});

describe('the keys of a message', () => {
  it('differ when any part of what they are bound to does', () => {
    const keys = new EpochKeys(bytes32('secret'));
    const context: MessageContext = {
      ledger: bytes32('ledger'),
      transaction: bytes32('transaction'),
      channel: bytes32('channel'),
      epoch: bytes32('epoch'),
      sender: bytes32('sender'),
      payloadType: 'type',
    };
    const salt = bytes32('salt');
    const variants: readonly (readonly [MessageContext, Uint8Array])[] = [
      [context, salt],
      [context, bytes32('other')],
      ...(['ledger', 'transaction', 'channel', 'epoch', 'sender'] as const).map(
        (name) => [{ ...context, [name]: bytes32('other') }, salt] as const,
      ),
      [{ ...context, payloadType: 'typ' }, salt],
      [{ ...context, ledger: context.transaction, transaction: context.ledger }, salt],
    ];
    const all = variants.flatMap(([bound, salted]) => {
      const own = messageBox(keys.messageKey(bound, salted), bound, salted);
      const shared = messageBox(bytes32('one key'), bound, salted);
      return [own, shared].flatMap(({ key, nonce, commitment }) => [key, nonce, commitment].map(toHex));
    });
    expect(new Set(all).size).toBe(all.length);
  });
});
