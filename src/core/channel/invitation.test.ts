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
import { toHex, toUtf8 } from '../bytes.ts';
import { signMessage } from '../crypto/signature.ts';
import type { ContactCard } from '../identity/card.ts';
import { writeCard } from '../identity/card.ts';
import { checkJoined, joinedContent } from './content.ts';
import { openEpoch } from './epoch.ts';
import { draftInvitation, openInvitation } from './invitation.ts';
import {
  answerBytes,
  invitationLinkOf,
  parseAnswer,
  parseOpenInvitation,
  writeAnswer,
  writeOpenInvitation,
} from './open-invitation.ts';
import { openMessage } from './sealed.ts';

const [ann, bob, eve] = ['Ann', 'Bob', 'Eve'].map(person) as [Person, Person, Person];

function cardOf({ encrypt, name, sign }: Person, ledger: Uint8Array): ContactCard {
  return { claims: { name }, encrypt, ledger, salt: bytes32(`${name} card`), sign };
}

function invite(channel: TestChannel, who: Person) {
  const randomness = { localKey: ann.localKey, random: bytes32('invite') };
  return onRecord(
    draftInvitation(originOf(ann, channel.ledger), channel.open(ann), who, { name: 'Sale' }, randomness),
    ann,
  );
}

describe('inviting someone who has a key', () => {
  it('leads to the epoch that wraps its secret for them, where they join', () => {
    const channel = new TestChannel(ann, [ann]);
    channel.change(ann, [ann, bob]);
    const message = invite(channel, bob);
    const invitation = value(openInvitation(message, bob));
    expect(invitation).toEqual({
      channel: channel.channel,
      epoch: channel.chain.current?.id,
      name: 'Sale',
      transaction: channel.transaction,
    });
    const open = value(openEpoch(channel.chain.epoch(invitation.epoch) ?? expect.fail('no epoch'), bob));
    const joined = channel.say(bob, joinedContent(open, bob.sign));
    expect(
      value(checkJoined(channel.open(ann), value(openMessage(channel.open(ann), joined)))).member,
    ).toEqual(bob.sign);
    expect(codeOf(openInvitation(message, eve))).toBe('invite-tag');
  });

  it('is not done before they are members, and holds no secret by itself', () => {
    const channel = new TestChannel(ann, [ann]);
    expect(() => invite(channel, bob)).toThrow(RangeError);
    channel.change(ann, [ann, bob]);
    expect(() => invite(channel, { ...bob, encrypt: eve.encrypt })).toThrow(RangeError);
    const invitation = value(openInvitation(invite(channel, bob), bob));
    const secret = toHex(channel.open(ann).secret);
    expect(
      Object.values(invitation).map((part: unknown) => (part instanceof Uint8Array ? toHex(part) : part)),
    ).not.toContain(secret);
  });
});

describe('inviting someone who has no key yet', () => {
  const channel = new TestChannel(ann, [ann]);
  const { ledger } = channel;
  const invitation = { card: cardOf(ann, ledger), note: 'Join us', token: bytes32('token') };

  it('goes out, comes back as a card, and only then anything is sealed', () => {
    const link = invitationLinkOf(writeOpenInvitation(invitation), 'invitation');
    const received = value(parseOpenInvitation(toUtf8(link), ledger));
    expect(received).toEqual(invitation);
    const card = cardOf(bob, ledger);
    const proof = signMessage(bob.seed, answerBytes(writeCard(card), received));
    const answer = invitationLinkOf(writeAnswer(card, proof, received.token), 'answer');
    const accepted = value(parseAnswer(toUtf8(answer), invitation));
    expect(accepted.card).toEqual(card);
    channel.change(ann, [ann, { ...bob, sign: accepted.card.sign, encrypt: accepted.card.encrypt }]);
    expect(codeOf(openEpoch(channel.chain.current ?? expect.fail('no epoch'), bob))).toBe('ok');
  });

  it('tells nothing of any channel', () => {
    const text = new TextDecoder().decode(writeOpenInvitation(invitation));
    for (const id of [channel.channel, channel.transaction, channel.open(ann).secret]) {
      expect(text).not.toContain(toHex(id));
    }
  });

  it('cannot be answered with the card of another, or for another invitation', () => {
    const card = cardOf(bob, ledger);
    const stolen = signMessage(eve.seed, answerBytes(writeCard(card), invitation));
    expect(codeOf(parseAnswer(writeAnswer(card, stolen, invitation.token), invitation))).toBe(
      'invite-signature',
    );
    const proof = signMessage(bob.seed, answerBytes(writeCard(card), invitation));
    const answer = writeAnswer(card, proof, invitation.token);
    expect(codeOf(parseAnswer(answer, { ...invitation, token: bytes32('other') }))).toBe('invite-token');
    const byEve = { ...invitation, card: cardOf(eve, ledger) };
    expect(codeOf(parseAnswer(answer, byEve))).toBe('invite-signature');
  });

  it('that no reader accepts is not written', () => {
    expect(() => writeOpenInvitation({ ...invitation, note: '' })).toThrow(RangeError);
    expect(() => writeOpenInvitation({ ...invitation, token: new Uint8Array(31) })).toThrow(RangeError);
  });
});
