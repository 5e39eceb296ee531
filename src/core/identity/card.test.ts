import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../test/support/key-histories.ts';
import {
  announce,
  card as otherCommitment,
  ledger,
  send,
  signer,
  statementOf,
} from '../../../test/support/key-statements.ts';
import { concatBytes, fromUtf8, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { writeJson } from '../encoding/json.ts';
import type { ContactCard } from './card.ts';
import { cardCommitment, matchCard, parseCard, writeCard } from './card.ts';
import { draftAnnouncement } from './draft.ts';
import { recoveryCommitment } from './statement.ts';

const owner = signer(1);
const salt = new Uint8Array(32).fill(0x5a);
const card: ContactCard = {
  claims: { firm: 'Example & Co', name: 'An Owner', role: 'Buyer' },
  encrypt: owner.encrypt,
  ledger,
  salt,
  sign: owner.key,
};
const bytes = writeCard(card);
const json: JsonObject = {
  card: { ...card.claims },
  encrypt: toHex(card.encrypt),
  ledger: toHex(ledger),
  salt: toHex(salt),
  sign: toHex(card.sign),
  v: 1,
};
const codeOf = (value: JsonValue): string => {
  const result = parseCard(writeJson(value), ledger);
  return result.ok ? 'accepted' : result.code;
};

describe('a contact card', () => {
  it('is read as it was written', () => {
    expect(bytes).toEqual(writeJson(json));
    expect(parseCard(bytes, ledger)).toEqual({ ok: true, value: card });
    const bare = { ...card, claims: {} };
    expect(parseCard(writeCard(bare), ledger)).toEqual({ ok: true, value: bare });
  });

  it.each<[string, JsonValue]>([
    ['card-members', []],
    ['card-members', { ...json, extra: 1 }],
    ['card-members', { ...json, card: { name: 'A', title: 'B' } }],
    ['card-members', { ...json, card: { __proto__x: 'A' } }],
    ['card-value', { ...json, card: [] }],
    ['card-value', { ...json, card: { name: '' } }],
    ['card-value', { ...json, card: { name: 'x'.repeat(201) } }],
    ['card-value', { ...json, card: { role: 'a\u202eb' } }],
    ['card-value', { ...json, card: { firm: null } }],
    ['card-value', { ...json, v: 2 }],
    ['card-value', { ...json, salt: toHex(salt).slice(2) }],
    ['card-value', { ...json, sign: 'AB'.repeat(32), card: { extra: 1 } }],
    ['card-key', { ...json, sign: '00'.repeat(32) }],
    ['card-key', { ...json, encrypt: '00'.repeat(32) }],
    ['card-key', { ...json, ledger: 'ab'.repeat(32), sign: '00'.repeat(32) }],
    ['card-ledger', { ...json, ledger: 'ab'.repeat(32) }],
    ['accepted', { ...json, card: { name: '😀'.repeat(200) } }],
  ])('%s: %j', (code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it.each(Object.keys(json))('is refused without %s', (name) => {
    expect(codeOf(Object.fromEntries(Object.entries(json).filter(([member]) => member !== name)))).toBe(
      'card-members',
    );
    expect(codeOf({ ...json, [name]: null })).toBe('card-value');
  });

  it('is at most 4,096 bytes long and canonical', () => {
    expect(parseCard(new Uint8Array(4097), ledger)).toMatchObject({ code: 'json-too-long' });
    expect(parseCard(concatBytes(bytes, toUtf8('\n')), ledger)).toMatchObject({ code: 'json-syntax' });
  });

  it('that a reader would refuse is not written', () => {
    expect(() => writeCard({ ...card, claims: { name: '' } })).toThrow(RangeError);
    expect(() => writeCard({ ...card, salt: new Uint8Array(3) })).toThrow(RangeError);
    expect(() => cardCommitment({ ...card, salt: new Uint8Array(31) })).toThrow(RangeError);
  });
});

describe('the commitment to a card', () => {
  it('is over salt and claims, in the form of the specification', () => {
    const claims = toUtf8('{"firm":"Example & Co","name":"An Owner","role":"Buyer"}');
    expect(cardCommitment(card)).toEqual(sha256(concatBytes(toUtf8('countersign/card/v1'), salt, claims)));
  });

  it('holds the card to what its key announced', () => {
    const announced = statementOf(
      send(
        draftAnnouncement(
          { ledger, nonce: new Uint8Array(16), time: 1 },
          {
            card: cardCommitment(card),
            encrypt: owner.encrypt,
            recovery: recoveryCommitment(signer(2).key),
            sign: owner.key,
          },
        ),
        owner,
      ),
    );
    const key = historyOf({ '1/0': announced }).identityOf(owner.key)?.current;
    if (key === undefined) throw new Error('not announced');
    expect(matchCard(card, key)).toEqual({ ok: true, value: undefined });
    const refused = { ok: false, code: 'card-announced' };
    expect(matchCard({ ...card, claims: { ...card.claims, name: 'Another' } }, key)).toEqual(refused);
    expect(matchCard({ ...card, salt: new Uint8Array(32) }, key)).toEqual(refused);
    expect(matchCard({ ...card, encrypt: signer(3).encrypt }, key)).toEqual(refused);
    expect(matchCard({ ...card, sign: signer(3).key }, key)).toEqual(refused);
    const other = announce(owner, signer(2));
    const otherKey = historyOf({ '1/0': other }).identityOf(owner.key)?.current;
    expect(otherKey?.card).toEqual(otherCommitment);
    expect(otherKey && matchCard(card, otherKey)).toEqual(refused);
  });

  it('any single changed byte of a card is refused or breaks the match', () => {
    const key = { sign: owner.key, encrypt: owner.encrypt, card: cardCommitment(card) };
    for (let i = 0; i < bytes.length; i++) {
      for (const change of [1, 2, 32, 128]) {
        const read = parseCard(
          bytes.map((byte, at) => (at === i ? byte ^ change : byte)),
          ledger,
        );
        if (read.ok && matchCard(read.value, key).ok) expect.fail(`byte ${i} of ${fromUtf8(bytes) ?? ''}`);
      }
    }
  });
});
