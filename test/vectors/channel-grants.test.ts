import { beforeAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { draftGrant, openGrantMessage } from '../../src/core/channel/grant-message.ts';
import type { Grant } from '../../src/core/channel/grant.ts';
import { parseGrant, writeGrant } from '../../src/core/channel/grant.ts';
import {
  discloseEpoch,
  discloseMessage,
  openGrantedEpoch,
  openGrantedMessage,
} from '../../src/core/channel/granted.ts';
import { draftInvitation, openInvitation } from '../../src/core/channel/invitation.ts';
import { openLetter, sealLetter } from '../../src/core/channel/letter.ts';
import { invitationType } from '../../src/core/channel/names.ts';
import { draftUnreadable, readUnreadable } from '../../src/core/channel/notice.ts';
import {
  answerBytes,
  invitationLinkOf,
  parseAnswer,
  parseOpenInvitation,
  writeAnswer,
  writeOpenInvitation,
} from '../../src/core/channel/open-invitation.ts';
import { signMessage } from '../../src/core/crypto/signature.ts';
import { parseCard } from '../../src/core/identity/card.ts';
import { composeMessage } from '../../src/core/record/envelope.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cast, OnRecord } from './channel-support.ts';
import {
  chainOf,
  epochOf,
  keysOf,
  known,
  memberOf,
  messageOf,
  openedBy,
  personOf,
  sealedOf,
} from './channel-support.ts';
import type { PackedBytes, Sweep } from './support.ts';
import { good, hex, sweepDifferences, unpack, vectors, verdict } from './support.ts';

interface Named {
  readonly name: string;
  readonly code: string;
}

interface Sent extends OnRecord {
  readonly sender: string;
  readonly random: string;
  readonly nonce: string;
  readonly time: number;
}

interface RefusedToKey extends OnRecord, Named {
  readonly who: string;
  readonly absent: boolean;
}

interface Handed extends Named {
  readonly bytes: PackedBytes;
}

const file = vectors('channel-grants') as Cast & {
  readonly letters: readonly {
    readonly name: string;
    readonly plain: string;
    readonly random: string;
    readonly letter: string;
  }[];
  readonly refusedLetters: readonly (Named & {
    readonly type: string;
    readonly ledger: string;
    readonly author: string;
    readonly who: string;
    readonly letter: string;
  })[];
  readonly changedLetters: readonly { readonly letter: string; readonly sweep: Sweep }[];
  readonly invitations: readonly (Sent & {
    readonly name: string;
    readonly who: string;
    readonly epoch: number;
    readonly content: Readonly<Record<string, string>>;
  })[];
  readonly refusedInvitations: readonly RefusedToKey[];
  readonly openInvitations: readonly {
    readonly name: string;
    readonly bytes: string;
    readonly link: string;
    readonly note: string | null;
    readonly token: string;
    readonly card: string;
  }[];
  readonly refusedOpenInvitations: readonly Handed[];
  readonly answers: readonly {
    readonly seed: string;
    readonly card: string;
    readonly signed: string;
    readonly bytes: string;
    readonly link: string;
    readonly sweep: Sweep;
  }[];
  readonly refusedAnswers: readonly Handed[];
  readonly record: readonly (OnRecord & { readonly epoch: number })[];
  readonly grants: readonly { readonly scope: string; readonly bytes: string }[];
  readonly refusedGrants: readonly Handed[];
  readonly grantMessages: readonly (Sent & { readonly grant: string })[];
  readonly refusedGrantMessages: readonly RefusedToKey[];
  readonly notices: readonly (Omit<Sent, 'random'> & { readonly epoch: number; readonly message: string })[];
  readonly refusedNotices: readonly (OnRecord & Named)[];
};

const ledger = hex(file.ledger);
const letterContext = { payloadType: invitationType, ledger, author: hex(personOf(file, 'Ann').sign) };
const eve = keysOf(personOf(file, 'Eve'));

function originOf({ sender, nonce, time }: Omit<Sent, 'random'>) {
  return { ledger, sender: hex(personOf(file, sender).sign), nonce: hex(nonce), time };
}

function randomnessOf({ sender, random }: Sent) {
  return { localKey: hex(personOf(file, sender).local), random: hex(random) };
}

function texts(members: object): object {
  const entries = Object.entries(members).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Uint8Array ? toHex(value) : value,
  ]);
  return Object.fromEntries(entries) as object;
}

function grantOf(scope: string): Grant {
  const found = known(file.grants.find((grant) => grant.scope === scope));
  return good(parseGrant(hex(found.bytes), ledger));
}

beforeAll(startEngines);

describe('letters of the second implementation', () => {
  it.each(file.letters)('seals and opens: $name', ({ plain, random, letter }) => {
    const randomness = { localKey: hex(personOf(file, 'Ann').local), random: hex(random) };
    const sealed = sealLetter(letterContext, memberOf(personOf(file, 'Eve')), hex(plain), randomness);
    expect(toHex(sealed)).toBe(letter);
    expect(toHex(good(openLetter(letterContext, eve, sealed)))).toBe(plain);
  });

  it.each(file.refusedLetters)(
    'refuses with $code: $name',
    ({ type, ledger: of, author, who, letter, code }) => {
      const context = { payloadType: type, ledger: hex(of), author: hex(author) };
      expect(verdict(openLetter(context, keysOf(personOf(file, who)), hex(letter)))).toBe(code);
    },
  );

  it.each(file.changedLetters)('refuses every changed byte', ({ letter, sweep }) => {
    const judge = (changed: Uint8Array) => verdict(openLetter(letterContext, eve, changed));
    expect(sweepDifferences(hex(letter), sweep, judge)).toEqual([]);
  });
});

describe('invitations of the second implementation', () => {
  it.each(file.invitations)('invites: $name', (vector) => {
    const { name, note } = vector.content;
    const words = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
    const draft = draftInvitation(
      originOf(vector),
      openedBy(file, chainOf(file), vector.epoch, vector.sender),
      memberOf(personOf(file, vector.who)),
      words,
      randomnessOf(vector),
    );
    const message = messageOf(vector, file.ledger);
    expect(toHex(composeMessage(draft).id)).toBe(toHex(message.id));
    expect(texts(good(known(openInvitation(message, keysOf(personOf(file, vector.who))))))).toEqual(
      vector.content,
    );
  });

  it.each(file.refusedInvitations)('refuses with $code: $name', ({ code, who, absent, ...vector }) => {
    const message = messageOf(vector, file.ledger, absent);
    expect(verdict(known(openInvitation(message, keysOf(personOf(file, who)))))).toBe(code);
  });

  it.each(file.openInvitations)(
    'writes and reads an open one: $name',
    ({ bytes, link, note, token, card }) => {
      const invitation = good(parseOpenInvitation(hex(bytes), ledger));
      expect(invitation.card).toEqual(good(parseCard(hex(card), ledger)));
      expect(toHex(invitation.token)).toBe(token);
      expect(invitation.note ?? null).toBe(note);
      expect(toHex(writeOpenInvitation(invitation))).toBe(bytes);
      expect(invitationLinkOf(hex(bytes), 'invitation')).toBe(link);
      expect(good(parseOpenInvitation(toUtf8(` ${link}\n`), ledger))).toEqual(invitation);
    },
  );

  it.each(file.refusedOpenInvitations)('refuses an open one with $code: $name', ({ bytes, code }) => {
    expect(verdict(parseOpenInvitation(unpack(bytes), ledger))).toBe(code);
  });

  const invitation = good(parseOpenInvitation(hex(known(file.openInvitations[0]).bytes), ledger));

  it.each(file.answers)('answers', ({ seed, card, signed, bytes, link, sweep }) => {
    const own = good(parseCard(hex(card), ledger));
    expect(toHex(answerBytes(hex(card), invitation))).toBe(signed);
    const answer = writeAnswer(own, signMessage(hex(seed), hex(signed)), invitation.token);
    expect(toHex(answer)).toBe(bytes);
    expect(invitationLinkOf(answer, 'answer')).toBe(link);
    expect(good(parseAnswer(toUtf8(link), invitation)).card).toEqual(own);
    const judge = (changed: Uint8Array) => verdict(parseAnswer(changed, invitation));
    expect(sweepDifferences(answer, sweep, judge)).toEqual([]);
  });

  it.each(file.refusedAnswers)('refuses an answer with $code: $name', ({ bytes, code }) => {
    expect(verdict(parseAnswer(unpack(bytes), invitation))).toBe(code);
  });
});

describe('grants of the second implementation', () => {
  const chain = chainOf(file);

  it.each(file.grants)('reads and writes: $scope', ({ bytes }) => {
    const { content } = good(parseGrant(hex(bytes), ledger));
    expect(toHex(writeGrant(content))).toBe(bytes);
  });

  it.each(file.refusedGrants)('refuses with $code: $name', ({ bytes, code }) => {
    expect(verdict(parseGrant(unpack(bytes), ledger))).toBe(code);
  });

  it('are what members disclose', () => {
    const epochs = chain.epochs.map((_, i) => discloseEpoch(openedBy(file, chain, i, 'Ann')));
    const messages = file.record.map(({ epoch, ...vector }) =>
      good(discloseMessage(openedBy(file, chain, epoch, 'Ann'), good(sealedOf(vector, file.ledger)))),
    );
    const common = { ledger, transaction: hex(file.transaction) };
    const made = [
      writeGrant({ ...common, scope: 'channel', epochs, messages: [] }),
      writeGrant({ ...common, scope: 'period', epochs: [], messages, period: { from: 10, to: 20 } }),
    ];
    const expected = ['channel', 'period'].map((scope) => grantOf(scope).content);
    expect(made.map((bytes) => good(parseGrant(bytes, ledger)).content)).toEqual(expected);
  });

  it.each(file.grants)('open exactly what they list: $scope', ({ scope }) => {
    const grant = grantOf(scope);
    for (const { epoch, ...vector } of file.record) {
      const sealed = good(sealedOf(vector, file.ledger));
      const listed = grant.content.messages.some((one) => toHex(one.message) === toHex(sealed.message.id));
      const opened = openGrantedMessage(grant, epochOf(chain, epoch), sealed);
      expect(verdict(opened)).toBe(listed ? 'ok' : 'grant-not-covered');
    }
    for (const epoch of chain.epochs) {
      const listed = grant.content.epochs.find((one) => toHex(one.epoch) === toHex(epoch.id));
      const isHere = listed !== undefined && toHex(listed.channel) === file.channel;
      expect(verdict(openGrantedEpoch(grant, epoch))).toBe(isHere ? 'ok' : 'grant-not-covered');
    }
  });

  it.each(file.grantMessages)('go to a key', (vector) => {
    const draft = draftGrant(
      originOf(vector),
      hex(file.transaction),
      memberOf(personOf(file, 'Eve')),
      hex(vector.grant),
      randomnessOf(vector),
    );
    const message = messageOf(vector, file.ledger);
    expect(toHex(composeMessage(draft).id)).toBe(toHex(message.id));
    expect(good(known(openGrantMessage(message, eve))).content).toEqual(
      good(parseGrant(hex(vector.grant), ledger)).content,
    );
  });

  it.each(file.refusedGrantMessages)(
    'refuses a sent one with $code: $name',
    ({ code, who, absent, ...vector }) => {
      const message = messageOf(vector, file.ledger, absent);
      expect(verdict(known(openGrantMessage(message, keysOf(personOf(file, who)))))).toBe(code);
    },
  );
});

describe('unreadable notices of the second implementation', () => {
  it.each(file.notices)('composes and reads', (vector) => {
    const epoch = epochOf(chainOf(file), vector.epoch);
    const draft = draftUnreadable(originOf(vector), epoch, hex(vector.message));
    const message = messageOf(vector, file.ledger);
    expect(toHex(composeMessage(draft).id)).toBe(toHex(message.id));
    const notice = good(known(readUnreadable(message, hex(file.transaction))));
    expect(texts(notice)).toEqual({ epoch: toHex(epoch.id), message: vector.message });
  });

  it.each(file.refusedNotices)('refuses with $code: $name', (vector) => {
    const message = messageOf(vector, file.ledger);
    expect(verdict(known(readUnreadable(message, hex(file.transaction))))).toBe(vector.code);
  });
});
