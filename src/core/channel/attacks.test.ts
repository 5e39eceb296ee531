/** Attacks that must stay refused, each with its own code (`docs/spec/channels.md`). */
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
import { boxForTwo } from '../../../test/support/two-texts.ts';
import { concatBytes, fromUtf8, toHex, toUtf8 } from '../bytes.ts';
import { openBox } from '../crypto/sealed.ts';
import { parseCard, writeCard } from '../identity/card.ts';
import { signDraft } from '../record/envelope.ts';
import { verifyMessage } from '../record/message.ts';
import { draftFounding, readAnnouncement } from './announcement.ts';
import { resolveEpochs } from './chain.ts';
import type { DocumentContent } from './content.ts';
import { DocumentChecker, documentKeys, drawDocumentKey } from './document.ts';
import { openEpoch, openEpochBySecret } from './epoch.ts';
import { EpochKeys, messageBox } from './keys.ts';
import { openLetter, sealLetter } from './letter.ts';
import { channelId, sealedType } from './names.ts';
import { checkPart, draftPart, readPart } from './part.ts';
import { messageKeyOf, openByMessageKey, openMessage, readSealed } from './sealed.ts';
import type { SealedMessageOnRecord } from './sealed.ts';

const [ann, bob, cat, eve] = ['Ann', 'Bob', 'Cat', 'Eve'].map(person) as [Person, Person, Person, Person];
const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

/** A message of Ann's that she made without the rules: with the salt, commitment and box that are given. */
function forged(
  channel: TestChannel,
  change: Readonly<Record<string, string>>,
  data: Uint8Array,
  author = ann,
): SealedMessageOnRecord {
  const draft = channel.draft(author, 'anything');
  const head = { ...draft.head, body: { ...draft.head.body, ...change } };
  return value(readSealed(onRecord({ ...draft, head, data }, author)));
}

/** The bytes of a text, at their places from an offset on. */
function textAt(offset: number, text: string): Map<number, number> {
  return new Map([...toUtf8(text)].map((byte, i) => [offset + i, byte]));
}

describe('two texts under one box', () => {
  const channel = new TestChannel(ann, [ann, bob]);
  const open = channel.open(ann);
  const { epoch } = open;

  it('open for a secretbox alone; a disclosed message shows the one that was committed to, or none', () => {
    const context = { ...epoch.context, epoch: epoch.id, sender: ann.sign, payloadType: sealedType };
    const salt = bytes32('salt');
    const [mk1, mk2] = [open.messageKey(context, salt), bytes32('another message key')];
    const [k1, k2] = [messageBox(mk1, context, salt), messageBox(mk2, context, salt)];
    const box = boxForTwo(k1, k2, 256, textAt(32, 'price 100'), textAt(64, 'price 999'));
    // The attack itself works: it is the commitment that ends it.
    expect(fromUtf8(openBox(k1.key, k1.nonce, box)?.subarray(32, 41) ?? box)).toBe('price 100');
    expect(fromUtf8(openBox(k2.key, k2.nonce, box)?.subarray(64, 73) ?? box)).toBe('price 999');
    const message = forged(channel, { salt: toHex(salt), commitment: toHex(k1.commitment) }, box);
    expect(codeOf(openByMessageKey(epoch, message, mk2))).toBe('sealed-commitment');
    expect(codeOf(openByMessageKey(epoch, message, mk1))).toBe('sealed-box');
    const other = forged(channel, { salt: toHex(salt), commitment: toHex(k2.commitment) }, box);
    expect(codeOf(openMessage(open, other))).toBe('sealed-commitment');
    expect(codeOf(openByMessageKey(epoch, other, mk1))).toBe('sealed-commitment');
  });

  it('cannot be shown by disclosing another secret for the epoch', () => {
    const { announced, announcement } = epoch;
    const root = announcement.content.roster;
    const [e1, e2] = [open.secret, bytes32('another epoch secret')];
    const [r1, r2] = [e1, e2].map((secret) => new EpochKeys(secret).rosterBox(announced, root));
    if (r1 === undefined || r2 === undefined) expect.fail('no keys');
    const box = boxForTwo(r1, r2, 128, textAt(0, 'Ann and Bob'), textAt(32, 'Ann and Cat'));
    expect(openBox(r1.key, r1.nonce, box)).toBeDefined();
    expect(openBox(r2.key, r2.nonce, box)).toBeDefined();
    expect(codeOf(openEpochBySecret(epoch, e2))).toBe('channel-commitment');
    expect(codeOf(openEpochBySecret(epoch, e1))).toBe('ok');
  });

  it('cannot be shown by handing out another key for a document', () => {
    const context = { ...epoch.context, sender: ann.sign };
    const [d1, d2] = [bytes32('document key'), bytes32('another document key')];
    const [k1, k2] = [d1, d2].map((key) => documentKeys(key, context));
    if (k1 === undefined || k2 === undefined) expect.fail('no keys');
    const nonce = concatBytes(new Uint8Array(23), Uint8Array.of(1));
    const one = { key: k1.boxKey, nonce };
    const other = { key: k2.boxKey, nonce };
    const box = boxForTwo(one, other, 256, textAt(0, 'We pay 100.'), textAt(32, 'We pay 999.'));
    expect(openBox(one.key, nonce, box)).toBeDefined();
    expect(openBox(other.key, nonce, box)).toBeDefined();
    const { transaction } = channel;
    const draft = draftPart(originOf(ann, channel.ledger), transaction, { document: k1.name, first: 0 }, box);
    const part = value(readPart(onRecord(draft, ann)));
    const of = { ledger: channel.ledger, transaction, sender: ann.sign };
    expect(codeOf(checkPart(part, { ...of, document: k1.name }))).toBe('ok');
    expect(codeOf(checkPart(part, { ...of, document: k2.name }))).toBe('document-name');
    // Nor may a content that was already said be read in two ways: its hash is that of one file.
    const content: DocumentContent = {
      kind: 'document',
      hash: bytes32('hash of what was said'),
      key: d2,
      media: 'text/plain',
      name: 'Offer',
      size: 256,
    };
    const checker = new DocumentChecker(content, context);
    expect(codeOf(checker.push(box))).toBe('ok');
    expect(codeOf(checker.finish())).toBe('document-hash');
  });
});

describe('a message key', () => {
  const channel = new TestChannel(ann, [ann, bob]);
  const open = channel.open(bob);

  it('that is unrelated opens nothing', () => {
    const message = channel.say(ann, 'The price is 100.');
    for (const key of [bytes32('unrelated'), new Uint8Array(32), open.secret, new Uint8Array(31)]) {
      expect(codeOf(openByMessageKey(open.epoch, message, key))).toBe('sealed-commitment');
    }
  });

  it('of one message opens no other, of the same author, time and text even', () => {
    const [one, other] = [channel.say(ann, 'The price is 100.'), channel.say(ann, 'The price is 100.')];
    const key = messageKeyOf(open, one);
    expect(codeOf(openByMessageKey(open.epoch, one, key))).toBe('ok');
    expect(codeOf(openByMessageKey(open.epoch, other, key))).toBe('sealed-commitment');
  });
});

describe('replays', () => {
  const channel = new TestChannel(ann, [ann, bob, cat]);
  const message = channel.say(ann, 'I agree.');
  const signed = { leaf: message.message.leaf, data: message.message.data ?? new Uint8Array() };

  it('into the next epoch', () => {
    const later = new TestChannel(ann, [ann, bob, cat]);
    const said = later.say(ann, 'I agree.');
    later.change(ann, [ann, bob, cat]);
    expect(codeOf(openMessage(later.open(bob), said))).toBe('sealed-epoch');
    expect(codeOf(openMessage(later.open(bob, 0), said))).toBe('ok');
  });

  it('into another channel of the same transaction, and of another', () => {
    const other = new TestChannel(bob, [ann, bob, cat], 'other');
    expect(codeOf(openMessage(other.open(cat), message))).toBe('sealed-epoch');
    const salt = bytes32('second channel');
    const { ledger, transaction } = channel;
    const plan = {
      origin: originOf(bob, ledger),
      transaction,
      members: [ann, bob, cat],
      randomness: { localKey: bob.localKey, random: bytes32('r') },
    };
    const announcement = value(readAnnouncement(onRecord(draftFounding(plan, salt), bob)));
    const id = channelId(ledger, transaction, bob.sign, salt);
    const chain = value(resolveEpochs(id, [{ announcement, height: 1, index: 0 }], () => false));
    const beside = value(openEpoch(chain.epochs[0] ?? expect.fail('no epoch'), cat));
    expect(codeOf(openMessage(beside, message))).toBe('sealed-epoch');
  });

  it('into another ledger', () => {
    expect(codeOf(verifyMessage(signed.leaf, signed.data, bytes32('other ledger'), limits))).toBe(
      'head-ledger',
    );
    const foreign = new TestChannel(ann, [ann, bob, cat], 'channel', bytes32('other ledger'));
    expect(codeOf(openMessage(foreign.open(bob), message))).toBe('sealed-epoch');
    // Signed there by a member, with everything else as it was here.
    const draft = channel.draft(ann, 'I agree.');
    const moved = onRecord({ ...draft, head: { ...draft.head, ledger: bytes32('other ledger') } }, ann);
    expect(codeOf(openMessage(channel.open(bob), value(readSealed(moved))))).toBe('sealed-epoch');
  });

  it('under the name of another member, with the same box, salt and commitment', () => {
    const { commitment, salt } = message.body;
    const change = { commitment: toHex(commitment), salt: toHex(salt) };
    const swapped = forged(channel, change, signed.data, bob);
    expect(codeOf(openMessage(channel.open(cat), swapped))).toBe('sealed-commitment');
    const key = messageKeyOf(channel.open(cat), message);
    expect(codeOf(openByMessageKey(channel.open(cat).epoch, swapped, key))).toBe('sealed-commitment');
  });

  it('by someone who was given the secret of the epoch and is no member', () => {
    const draft = channel.draft(ann, 'I agree.');
    const { epoch, secret } = channel.open(ann);
    const context = { ...epoch.context, epoch: epoch.id, sender: eve.sign, payloadType: sealedType };
    const salt = bytes32('salt of Eve');
    const box = messageBox(new EpochKeys(secret).messageKey(context, salt), context, salt);
    const body = { ...draft.head.body, salt: toHex(salt), commitment: toHex(box.commitment) };
    const sent = onRecord({ ...draft, sender: eve.sign, head: { ...draft.head, body } }, eve);
    expect(codeOf(openMessage(channel.open(bob), value(readSealed(sent))))).toBe('sealed-sender');
  });
});

describe('a bad wrap', () => {
  it('to one member shuts out that member, who sees it, and changes nothing for anyone else', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const draft = channel.nextDraft(ann, [ann, bob, cat]);
    const before = channel.chain.epochs.length;
    const members = [ann, bob, cat].map(({ sign }) => toHex(sign)).sort();
    const at = 81 * members.indexOf(toHex(bob.sign));
    const data = draft.data.slice();
    data.set(bytes32('garbage'), at + 33);
    channel.place(onRecord({ ...draft, data }, ann));
    // The same epochs for everyone: that of the bad wrap is the current one for Bob too.
    expect(channel.chain.epochs).toHaveLength(before + 1);
    const current = channel.chain.current ?? expect.fail('no epoch');
    expect(codeOf(openEpoch(current, bob))).toBe('channel-wrap');
    for (const member of [ann, cat]) expect(codeOf(openEpoch(current, member))).toBe('ok');
    // Whoever else is a member brings Bob back.
    channel.change(cat, [ann, bob, cat]);
    expect(codeOf(openEpoch(channel.chain.current ?? current, bob))).toBe('ok');
  });
});

describe('an announcement that nobody can open', () => {
  it('is the current one all the same, so that nobody is led elsewhere; the others found a new channel', () => {
    const channel = new TestChannel(ann, [ann, bob, cat]);
    const draft = channel.nextDraft(bob, [ann, bob, cat]);
    const data = draft.data.map((byte, at) => (at % 81 > 32 && at < 3 * 81 ? byte ^ 1 : byte));
    const announcement = channel.place(onRecord({ ...draft, data }, bob));
    expect(channel.chain.current?.announcement).toBe(announcement);
    for (const member of [ann, bob, cat]) {
      const current = channel.chain.current ?? expect.fail('no epoch');
      expect(codeOf(openEpoch(current, member))).toBe('channel-wrap');
    }
    const fresh = new TestChannel(ann, [ann, cat], 'fresh');
    expect(codeOf(openMessage(fresh.open(cat), fresh.say(ann, 'Let us go on here.')))).toBe('ok');
  });

  it('cannot be got round by announcing once more on the epoch before', () => {
    const channel = new TestChannel(ann, [ann, bob, cat]);
    const mended = channel.nextDraft(ann, [ann, cat]);
    const draft = channel.nextDraft(bob, [ann, bob, cat]);
    channel.place(onRecord({ ...draft, data: new Uint8Array(draft.data.length).fill(1) }, bob));
    channel.place(onRecord(mended, ann));
    expect(channel.chain.outcomes.map((outcome) => outcome.void)).toEqual([
      undefined,
      undefined,
      'channel-void-sibling',
    ]);
  });
});

describe('X25519 keys of small order', () => {
  const small = new Uint8Array(32).fill(1, 0, 1);

  it('in a wrap, in a letter, on a card, in a roster', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const draft = channel.nextDraft(ann, [ann, bob]);
    const data = draft.data.slice();
    data.set(small, 1);
    channel.place(onRecord({ ...draft, data }, ann));
    expect(codeOf(openEpoch(channel.chain.current ?? expect.fail('no epoch'), bob))).toBe('channel-key');

    const context = { payloadType: 'a', ledger: channel.ledger, author: ann.sign };
    const randomness = { localKey: ann.localKey, random: bytes32('letter') };
    const letter = sealLetter(context, bob, toUtf8('hello'), randomness);
    letter.set(small, 1);
    expect(codeOf(openLetter(context, bob, letter))).toBe('letter-key');
    expect(() => sealLetter(context, { ...bob, encrypt: small }, toUtf8('hello'), randomness)).toThrow(
      RangeError,
    );

    const card = writeCard({ claims: {}, ...bob, ledger: channel.ledger, salt: bytes32('card') });
    const bad = toUtf8((fromUtf8(card) ?? '').replace(toHex(bob.encrypt), toHex(small)));
    expect(codeOf(parseCard(bad, channel.ledger))).toBe('card-key');
    const whole = new TestChannel(ann, [ann, bob]);
    expect(() => whole.nextDraft(ann, [ann, { ...bob, encrypt: small }])).toThrow(RangeError);
    expect(() => whole.nextDraft(ann, [ann, { ...bob, sign: new Uint8Array(32) }])).toThrow(RangeError);
  });
});

describe('a padding oracle', () => {
  it('learns nothing: every failure behind the commitment is the same value', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const open = channel.open(bob);
    const good = channel.say(ann, 'The price is 100.');
    const { commitment, salt } = good.body;
    const data = good.message.data ?? expect.fail('no data');
    const same = { commitment: toHex(commitment), salt: toHex(salt) };
    const probes = [0, 15, 16, 20, 60, 100, data.length - 1].map((at) =>
      data.with(at, (data[at] ?? 0) ^ 0x20),
    );
    const others = [concatBytes(data, new Uint8Array(256)), new Uint8Array(272), new Uint8Array(528)];
    for (const probe of [...probes, ...others]) {
      expect(openMessage(open, forged(channel, same, probe))).toEqual({ ok: false, code: 'sealed-box' });
    }
    expect(codeOf(openMessage(open, forged(channel, same, data)))).toBe('ok');
  });
});

describe('a cloned profile', () => {
  // The copy has the same local key and draws the same random bytes.
  const randomness = { localKey: ann.localKey, random: bytes32('drawn twice') };
  const xor = (a: Uint8Array, b: Uint8Array): string => toHex(a.map((byte, i) => byte ^ (b[i] ?? 0)));

  it('never seals two texts with one key stream', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const drafts = ['price 100', 'price 999'].map((text) => channel.draft(ann, text, randomness));
    const [one, other] = drafts.map(({ head }) => head.body['salt']);
    expect(one).not.toBe(other);
    const [a, b] = drafts.map(({ data }) => data.subarray(16));
    if (a === undefined || b === undefined) expect.fail('no data');
    // Equal key streams would leave zeros wherever the texts agree: almost everywhere.
    expect(xor(a, b)).not.toContain('00'.repeat(4));
    const again = channel.draft(ann, 'price 100', randomness);
    expect([again.head.body['salt'], toHex(again.data)]).toEqual([one, toHex(drafts[0]?.data ?? again.data)]);
  });

  it('never announces two rosters with one secret', () => {
    const salt = bytes32('salt');
    const { ledger, transaction } = new TestChannel(ann, [ann]);
    const secrets = [[ann, bob], [ann, cat], [ann]].map((members) => {
      const plan = { origin: originOf(ann, ledger), transaction, members, randomness };
      const announcement = value(readAnnouncement(onRecord(draftFounding(plan, salt), ann)));
      const id = channelId(ledger, transaction, ann.sign, salt);
      const chain = value(resolveEpochs(id, [{ announcement, height: 1, index: 0 }], () => false));
      return toHex(value(openEpoch(chain.epochs[0] ?? expect.fail('no epoch'), ann)).secret);
    });
    expect(new Set(secrets).size).toBe(3);
  });

  it('never seals two files, or letters to two people or of two texts, with one key', () => {
    const context = {
      ledger: bytes32('l'),
      transaction: bytes32('t'),
      channel: bytes32('c'),
      sender: ann.sign,
    };
    const files = [
      { hash: bytes32('one'), size: 5 },
      { hash: bytes32('two'), size: 5 },
      { hash: bytes32('one'), size: 6 },
    ];
    const keys = files.map((file) => toHex(drawDocumentKey(randomness, context, file)));
    expect(new Set(keys).size).toBe(3);
    const letterContext = { payloadType: 'a', ledger: context.ledger, author: ann.sign };
    const letters = (
      [
        [bob, 'hello'],
        [cat, 'hello'],
        [bob, 'other'],
      ] as const
    ).map(([to, text]) => toHex(sealLetter(letterContext, to, toUtf8(text), randomness).subarray(1, 33)));
    expect(new Set(letters).size).toBe(3);
  });
});

describe('whoever takes a signed message apart', () => {
  it('cannot change a byte of it: leaf and data are covered by the signature', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const { leaf, data } = signDraft(channel.draft(ann, 'The price is 100.'), ann.seed);
    const judge = (a: Uint8Array, b: Uint8Array): string =>
      codeOf(verifyMessage(a, b, channel.ledger, limits));
    expect(judge(leaf, data)).toBe('ok');
    for (let at = 0; at < leaf.length; at++) {
      expect(judge(leaf.with(at, (leaf[at] ?? 0) ^ 1), data), `leaf, byte ${at}`).not.toBe('ok');
    }
    for (let at = 0; at < data.length; at++) {
      expect(judge(leaf, data.with(at, (data[at] ?? 0) ^ 1)), `data, byte ${at}`).toBe('envelope-data');
    }
  });
});
