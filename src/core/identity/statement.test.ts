import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../test/support/key-statements.ts';
import {
  announcementDraft,
  card,
  ledger,
  revocationDraft,
  rotationDraft,
  send,
  signer,
  statementOf,
} from '../../../test/support/key-statements.ts';
import { concatBytes, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { signMessage } from '../crypto/signature.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import type { Draft } from '../record/envelope.ts';
import { consentBytes } from './consent.ts';
import { draftAnnouncement } from './draft.ts';
import { keyStatusTag, readKeyStatement, recoveryCommitment } from './statement.ts';

const [alice, bob, carol, recovery, next, mallory] = [1, 2, 3, 4, 5, 6].map(signer) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];

const announcement = announcementDraft(alice, recovery);
const rotation = rotationDraft(alice, bob);
const recovering = rotationDraft(alice, bob, { sender: recovery, next });
const revocation = revocationDraft(alice, alice);

function codeOf(draft: Draft, by: Signer): string {
  const result = readKeyStatement(send({ ...draft, sender: by.key }, by));
  return result === undefined ? 'other' : result.ok ? 'accepted' : result.code;
}
const withBody = (draft: Draft, change: JsonObject): Draft => ({
  ...draft,
  head: { ...draft.head, body: { ...draft.head.body, ...change } },
});
const without = (draft: Draft, name: string): Draft => {
  const members = Object.entries(draft.head.body).filter(([member]) => member !== name);
  return { ...draft, head: { ...draft.head, body: Object.fromEntries(members) } };
};
const withTags = (draft: Draft, tags: readonly Uint8Array[]): Draft => ({
  ...draft,
  head: { ...draft.head, tags },
});

describe('statements about keys', () => {
  it('are read as they were drafted', () => {
    const commitment = recoveryCommitment(recovery.key);
    expect(statementOf(send(announcement, alice)).content).toEqual({
      kind: 'announcement',
      card,
      encrypt: alice.encrypt,
      recovery: commitment,
      sign: alice.key,
    });
    const named = draftAnnouncement(
      { ledger, nonce: new Uint8Array(16), time: 1 },
      { card, encrypt: alice.encrypt, name: 'A public name', recovery: commitment, sign: alice.key },
    );
    expect(statementOf(send(named, alice)).content).toMatchObject({ name: 'A public name' });
    const { content, sender, message } = statementOf(send(rotation, alice));
    expect(content).toMatchObject({
      kind: 'rotation',
      card,
      encrypt: bob.encrypt,
      from: alice.key,
      sign: bob.key,
    });
    expect('recovery' in content).toBe(false);
    expect(sender).toEqual(alice.key);
    expect(message.payloadType).toBe('application/vnd.countersign.identity-rotate.v1');
    expect(statementOf(send(recovering, recovery)).content).toMatchObject({
      recovery: recoveryCommitment(next.key),
    });
    expect(statementOf(send(revocation, alice)).content).toEqual({
      kind: 'revocation',
      key: alice.key,
      reason: 'lost',
    });
    const since = revocationDraft(alice, alice, { reason: 'compromised', since: 77 });
    expect(statementOf(send(since, alice)).content).toMatchObject({ reason: 'compromised', since: 77 });
  });

  it('carry hashes in the form of the specification', () => {
    expect(keyStatusTag(alice.key)).toEqual(
      sha256(concatBytes(toUtf8('countersign/key-status/v1'), alice.key)),
    );
    expect(recoveryCommitment(alice.key)).toEqual(
      sha256(concatBytes(toUtf8('countersign/recovery/v1'), alice.key)),
    );
  });

  it('of another type or version are left to be shown raw', () => {
    expect(codeOf({ ...announcement, payloadType: 'application/json' }, alice)).toBe('other');
    expect(codeOf({ ...announcement, head: { ...announcement.head, v: 2, body: {} } }, alice)).toBe('other');
  });
});

const smallOrder = toHex(Uint8Array.of(1, ...new Uint8Array(31)));
const notCanonical = `ee${'ff'.repeat(30)}7f`;
const zeros = '00'.repeat(32);

describe('the form', () => {
  const drafts: readonly (readonly [string, Draft, Signer, readonly string[]])[] = [
    ['announcement', announcement, alice, ['card', 'encrypt', 'recovery', 'sign']],
    ['rotation', rotation, alice, ['card', 'encrypt', 'from', 'proof', 'sign']],
    ['recovery', recovering, recovery, ['card', 'encrypt', 'from', 'proof', 'recovery', 'sign']],
    ['revocation', revocation, alice, ['key', 'reason']],
  ];
  it.each(drafts)('of a sound %s is accepted', (_kind, draft, by) => {
    expect(codeOf(draft, by)).toBe('accepted');
  });

  it.each(drafts.flatMap(([kind, draft, by, names]) => names.map((name) => ({ kind, draft, by, name }))))(
    'of every $kind: $name is needed, and nothing else can stand there',
    ({ kind, draft, by, name }) => {
      // A recovery without `recovery` is in form an ordinary rotation, which its sender may not make.
      const missing = kind === 'recovery' && name === 'recovery' ? 'identity-sender' : 'identity-members';
      expect(codeOf(without(draft, name), by)).toBe(missing);
      const wrong: readonly JsonValue[] = [
        null,
        1,
        true,
        [],
        {},
        '',
        'AB'.repeat(32),
        'ab'.repeat(31),
        'ab'.repeat(33),
      ];
      for (const value of wrong)
        expect(codeOf(withBody(draft, { [name]: value }), by)).toBe('identity-value');
    },
  );

  it.each(drafts)('of every %s: unknown members are refused', (_kind, draft, by) => {
    expect(codeOf(withBody(draft, { extra: 1 }), by)).toBe('identity-members');
  });

  it('of a name: 1 to 100 characters without controls', () => {
    for (const name of ['A', 'Ω'.repeat(100), '😀'.repeat(100)]) {
      expect(codeOf(withBody(announcement, { name }), alice)).toBe('accepted');
    }
    for (const name of ['', 'a'.repeat(101), 'a\nb', 'a\u202eb', null, 5]) {
      expect(codeOf(withBody(announcement, { name }), alice)).toBe('identity-value');
    }
    expect(codeOf(withBody(rotation, { name: 'A' }), alice)).toBe('identity-members');
  });

  it('of a revocation: `since` only with `compromised`', () => {
    for (const reason of ['lost', 'retired', 'left', 'stolen', 5]) {
      expect(codeOf(withBody(revocation, { reason, since: 5 }), alice)).toBe('identity-members');
    }
    for (const reason of ['lost', 'retired', 'left', 'compromised']) {
      expect(codeOf(withBody(revocation, { reason }), alice)).toBe('accepted');
    }
    for (const since of [-1, '5', null, 253_402_300_800]) {
      expect(codeOf(withBody(revocation, { reason: 'compromised', since }), alice)).toBe('identity-value');
    }
  });

  it('of a proof: base64 of 64 bytes', () => {
    for (const length of [0, 63, 65, 96]) {
      expect(codeOf(withBody(rotation, { proof: toBase64(new Uint8Array(length)) }), alice)).toBe(
        'identity-value',
      );
    }
  });
});

describe('keys that give no security are refused', () => {
  it.each([
    ['sign', announcement, alice],
    ['sign', rotation, alice],
    ['from', rotation, alice],
    ['key', revocation, alice],
  ] as const)('as %s', (name, draft, by) => {
    for (const bad of [smallOrder, notCanonical, zeros, 'ff'.repeat(32)]) {
      expect(codeOf(withBody(draft, { [name]: bad }), by)).toBe('identity-key');
    }
  });

  it.each([announcement, rotation])('as encryption key', (draft) => {
    for (const bad of [zeros, smallOrder, `ed${'ff'.repeat(30)}7f`]) {
      expect(codeOf(withBody(draft, { encrypt: bad }), alice)).toBe('identity-key');
    }
  });
});

describe('tags', () => {
  it('of every named key are needed, others may be there', () => {
    const [a, b] = [keyStatusTag(alice.key), keyStatusTag(bob.key)];
    expect(codeOf(withTags(announcement, []), alice)).toBe('identity-tag');
    expect(codeOf(withTags(announcement, [b]), alice)).toBe('identity-tag');
    expect(codeOf(withTags(announcement, [a, b]), alice)).toBe('accepted');
    expect(codeOf(withTags(rotation, [a]), alice)).toBe('identity-tag');
    expect(codeOf(withTags(rotation, [b]), alice)).toBe('identity-tag');
    expect(codeOf(withTags(recovering, [a]), recovery)).toBe('identity-tag');
    expect(codeOf(withTags(recovering, [b]), recovery)).toBe('identity-tag');
    expect(codeOf(withTags(revocation, [b]), alice)).toBe('identity-tag');
  });
});

describe('the sender', () => {
  it('of an announcement is the key itself', () => {
    expect(codeOf(announcement, mallory)).toBe('identity-sender');
  });

  it('of an ordinary rotation is the old key, of a recovery another', () => {
    expect(codeOf(rotation, mallory)).toBe('identity-sender');
    expect(codeOf(rotation, bob)).toBe('identity-sender');
    expect(codeOf(recovering, alice)).toBe('identity-sender');
    expect(codeOf(rotationDraft(alice, recovery, { sender: recovery, next }), recovery)).toBe(
      'identity-sender',
    );
    const toItself = [keyStatusTag(alice.key)];
    expect(codeOf(withTags(rotationDraft(alice, alice), toItself), alice)).toBe('identity-sender');
    const recoverItself = withTags(rotationDraft(alice, alice, { sender: recovery, next }), toItself);
    expect(codeOf(recoverItself, recovery)).toBe('identity-sender');
  });

  it('of a revocation is not judged by the statement alone', () => {
    expect(codeOf(revocation, mallory)).toBe('accepted');
  });
});

describe('the recovery commitment', () => {
  it('names no key of the statement itself', () => {
    expect(codeOf(announcementDraft(alice, alice), alice)).toBe('identity-recovery');
    for (const own of [alice, bob, recovery]) {
      expect(codeOf(rotationDraft(alice, bob, { sender: recovery, next: own }), recovery)).toBe(
        'identity-recovery',
      );
    }
  });
});

describe('the consent of the new key', () => {
  const terms = {
    card,
    encrypt: bob.encrypt,
    from: alice.key,
    ledger,
    nonce: rotation.head.nonce,
    recovery: recoveryCommitment(next.key),
    sender: recovery.key,
    sign: bob.key,
  };

  it('is laid out as specified', () => {
    const hex = (
      name: 'card' | 'encrypt' | 'from' | 'ledger' | 'nonce' | 'recovery' | 'sender' | 'sign',
    ): string => `"${name}":"${toHex(terms[name])}"`;
    const body = toUtf8(
      `{${hex('card')},${hex('encrypt')},${hex('from')},${hex('ledger')},${hex('nonce')},${hex('recovery')},` +
        `${hex('sender')},${hex('sign')}}`,
    );
    const type = 'application/vnd.countersign.rotation-consent.v1';
    expect(consentBytes(terms)).toEqual(
      concatBytes(toUtf8(`DSSEv1 ${type.length} ${type} ${body.length} `), body),
    );
  });

  it('is refused when any byte of it changed', () => {
    const made = statementOf(send(rotation, alice)).content;
    const proof = made.kind === 'rotation' ? made.proof : new Uint8Array();
    for (let i = 0; i < 64; i++) {
      const changed = toBase64(proof.map((byte, at) => (at === i ? byte ^ 1 : byte)));
      expect(codeOf(withBody(rotation, { proof: changed }), alice)).toBe('identity-proof');
    }
  });

  it('is to these keys, this card, this message, this sender, this ledger', () => {
    const x = 'ab'.repeat(32);
    expect(codeOf(withBody(rotation, { card: x }), alice)).toBe('identity-proof');
    expect(codeOf(withBody(rotation, { encrypt: toHex(carol.encrypt) }), alice)).toBe('identity-proof');
    expect(
      codeOf({ ...rotation, head: { ...rotation.head, nonce: new Uint8Array(16).fill(1) } }, alice),
    ).toBe('identity-proof');
    expect(codeOf(withBody(recovering, { recovery: x }), recovery)).toBe('identity-proof');
    expect(codeOf(recovering, mallory)).toBe('identity-proof');
    const tags = [keyStatusTag(carol.key), keyStatusTag(alice.key), keyStatusTag(bob.key)];
    expect(codeOf(withTags(withBody(rotation, { sign: toHex(carol.key) }), tags), alice)).toBe(
      'identity-proof',
    );
    const fromCarol = withTags(withBody(rotation, { from: toHex(carol.key) }), tags);
    expect(codeOf(fromCarol, carol)).toBe('identity-proof');
    const elsewhere = signMessage(bob.seed, consentBytes({ ...terms, ledger: card }));
    expect(codeOf(withBody(recovering, { proof: toBase64(elsewhere) }), recovery)).toBe('identity-proof');
    const byAnother = signMessage(mallory.seed, consentBytes(terms));
    expect(codeOf(withBody(recovering, { proof: toBase64(byAnother) }), recovery)).toBe('identity-proof');
    const here = signMessage(bob.seed, consentBytes(terms));
    expect(codeOf(withBody(recovering, { proof: toBase64(here) }), recovery)).toBe('accepted');
  });
});
