import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../test/support/key-statements.ts';
import {
  historyOf,
  historyOfPlaced,
  outcomes,
  verdictAt as at,
} from '../../../test/support/key-histories.ts';
import { announce, ledger, recover, revoke, rotate, signer } from '../../../test/support/key-statements.ts';
import { identityHistory } from './history.ts';
import { recoveryCommitment } from './statement.ts';

const [k1, k2, k3, k4, r1, r2, r3, thief] = [1, 2, 3, 4, 11, 12, 13, 66].map(signer) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];

describe('an announced key', () => {
  it('is valid from its announcement on, in the same block too', () => {
    const history = historyOf({ '5/3': announce(k1, r1) });
    expect(at(history, k1, '5/2')).toBe('unannounced');
    expect(at(history, k1, '5/3')).toBe('valid');
    expect(at(history, k1, '5/4')).toBe('valid');
    expect(at(history, k1, '4/9')).toBe('unannounced');
    expect(at(history, k1, '9007199254740991/0')).toBe('valid');
    expect(at(history, k2, '9/0')).toBe('unannounced');
    expect(at(history, r1, '9/0')).toBe('unannounced');
  });

  it('founds one identity: later announcements of it are void', () => {
    const again = announce(k1, r2, { nonce: 1 });
    const history = historyOf({ '5/3': announce(k1, r1), '6/0': again });
    expect(outcomes(history)).toEqual({ '5/3': 'counts', '6/0': 'identity-void-used' });
    expect(history.identityOf(k1.key)?.recovery).toEqual(recoveryCommitment(r1.key));
    expect(outcomes(historyOf({ '5/3': again, '5/2': announce(k1, r1) }))['5/2']).toBe('counts');
  });

  it('cannot be announced when it joined another identity before', () => {
    const history = historyOf({ '1/0': announce(k1, r1), '2/0': rotate(k1, k2), '3/0': announce(k2, r2) });
    expect(outcomes(history)['3/0']).toBe('identity-void-used');
    expect(history.identityOf(k2.key)?.keys).toHaveLength(2);
  });
});

describe('an ordinary rotation', () => {
  it('hands over at its own place: the old key is valid up to it, the new one from it', () => {
    const history = historyOf({ '1/0': announce(k1, r1), '4/2': rotate(k1, k2) });
    expect(['4/1', '4/2', '4/3', '5/0'].map((place) => at(history, k1, place))).toEqual([
      'valid',
      'valid',
      'rotated',
      'rotated',
    ]);
    expect(['4/1', '4/2', '4/3'].map((place) => at(history, k2, place))).toEqual([
      'unannounced',
      'valid',
      'valid',
    ]);
    expect(history.keyVerdictAt(k1.key, { height: 9, index: 0 }).endedAt).toEqual({ height: 4, index: 2 });
  });

  it('is made by the current key only, once', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/0': rotate(k1, k2),
      '2/1': rotate(k1, k3),
      '3/0': rotate(k2, k4),
      '4/0': rotate(thief, k3, { nonce: 3 }),
    });
    expect(outcomes(history)).toMatchObject({ '2/1': 'identity-void-current', '3/0': 'counts' });
    expect(outcomes(history)['4/0']).toBe('identity-void-unknown');
    expect(history.identityOf(k1.key)?.current?.sign).toEqual(k4.key);
  });

  it('goes to a fresh key: not one used before, even in vain, nor a revoked one, nor the recovery key', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '1/1': announce(k2, r2),
      '2/0': rotate(k1, k2),
      '2/1': revoke(k3),
      '2/2': rotate(k1, k3),
      '2/3': rotate(k1, r1),
      '2/4': rotate(thief, k4),
      '2/5': rotate(k1, k4),
    });
    expect(outcomes(history)).toMatchObject({
      '2/0': 'identity-void-used',
      '2/2': 'identity-void-revoked',
      '2/3': 'identity-void-commitment',
      '2/4': 'identity-void-unknown',
      '2/5': 'identity-void-used',
    });
    expect(at(history, k1, '3/0')).toBe('valid');
    expect(history.identityOf(k2.key)?.keys).toHaveLength(1);
  });
});

describe('a revocation', () => {
  it('holds from the start of its block and never reaches back', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '5/7': revoke(k1, r1, { reason: 'compromised', since: 12 }),
    });
    expect(history.keyVerdictAt(k1.key, { height: 4, index: 99 })).toEqual({
      status: 'valid',
      claims: [{ since: 12, claimedAt: { height: 5, index: 7 }, by: 'recovery', endedBefore: false }],
    });
    expect(history.keyVerdictAt(k1.key, { height: 5, index: 0 })).toEqual({
      status: 'revoked',
      endedAt: { height: 5, index: 7 },
      claims: [{ since: 12, claimedAt: { height: 5, index: 7 }, by: 'recovery', endedBefore: false }],
    });
  });

  it('by the key itself holds for a key that was never announced, and for good', () => {
    const history = historyOf({
      '2/0': revoke(k1),
      '3/0': announce(k1, r1),
      '3/1': announce(k2, r1),
      '4/0': rotate(k2, k1),
    });
    expect(at(history, k1, '1/9')).toBe('unannounced');
    expect(at(history, k1, '2/0')).toBe('revoked');
    expect(outcomes(history)).toMatchObject({
      '2/0': 'counts',
      '3/0': 'identity-void-revoked',
      '4/0': 'identity-void-used',
    });
    expect(at(history, k1, '9/0')).toBe('revoked');
  });

  it('comes before the announcement of its block', () => {
    const history = historyOf({ '2/0': announce(k1, r1), '2/1': revoke(k1) });
    expect(outcomes(history)).toEqual({ '2/1': 'counts', '2/0': 'identity-void-revoked' });
  });

  it('of a key by a stranger, or of a key in no identity by anybody else, is void', () => {
    const history = historyOf({ '1/0': announce(k1, r1), '2/0': revoke(k1, k2), '2/1': revoke(k3, r1) });
    expect(outcomes(history)).toMatchObject({
      '2/0': 'identity-void-recovery',
      '2/1': 'identity-void-unknown',
    });
  });

  it('of a past key adds its claim and leaves the verdict its name', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/0': rotate(k1, k2),
      '5/0': revoke(k1, r1, { reason: 'compromised', since: 70 }),
      '6/0': revoke(k1, k1, { reason: 'compromised', since: 60 }),
      '7/0': revoke(k1, k1, { reason: 'compromised', since: 65 }),
    });
    expect(history.keyVerdictAt(k1.key, { height: 9, index: 0 })).toEqual({
      status: 'rotated',
      endedAt: { height: 2, index: 0 },
      claims: [
        { since: 70, claimedAt: { height: 5, index: 0 }, by: 'recovery', endedBefore: true },
        { since: 60, claimedAt: { height: 6, index: 0 }, by: 'key', endedBefore: true },
        { since: 65, claimedAt: { height: 7, index: 0 }, by: 'key', endedBefore: true },
      ],
    });
    expect(at(history, k2, '9/0')).toBe('valid');
  });

  it('of the recovery key by itself takes its power', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/0': revoke(r1),
      '3/0': recover(k1, k2, r1, r2),
      '3/1': revoke(k1, r1),
    });
    expect(outcomes(history)).toMatchObject({
      '2/0': 'counts',
      '3/0': 'identity-void-recovery',
      '3/1': 'identity-void-recovery',
    });
    expect(at(history, r1, '2/0')).toBe('revoked');
  });
});

describe('a recovery', () => {
  it('may start from any key of the identity, past or current', () => {
    for (const from of [k1, k2]) {
      const history = historyOf({
        '1/0': announce(k1, r1),
        '2/0': rotate(k1, k2),
        '3/0': recover(from, k3, r1, r2),
      });
      expect([k1, k2, k3].map((key) => at(history, key, '3/0'))).toEqual(['rotated', 'recovered', 'valid']);
    }
  });

  it('happens once for each recovery key', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '3/0': recover(k1, k2, r1, r2),
      '3/1': recover(k1, k3, r1, r3),
      '4/0': recover(k2, k4, r1, r3),
    });
    expect(outcomes(history)).toMatchObject({
      '3/0': 'counts',
      '3/1': 'identity-void-recovery',
      '4/0': 'identity-void-recovery',
    });
    expect(history.identityOf(k1.key)?.recovery).toEqual(recoveryCommitment(r2.key));
  });

  it('can follow another, in the same block too', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '3/0': recover(k1, k2, r1, r2),
      '3/1': recover(k2, k3, r2, r3),
    });
    expect([k1, k2, k3].map((key) => at(history, key, '3/0'))).toEqual(['recovered', 'recovered', 'valid']);
  });

  it('never goes back to a recovery key or makes one of an ordinary key', () => {
    const back = historyOf({
      '1/0': announce(k1, r1),
      '3/0': recover(k1, k2, r1, r2),
      '4/0': recover(k2, k3, r2, r1),
    });
    expect(outcomes(back)['4/0']).toBe('identity-void-commitment');
    const ordinary = historyOf({
      '1/0': announce(k1, r1),
      '2/0': rotate(k1, k2),
      '3/0': recover(k2, k3, r1, k1),
    });
    expect(outcomes(ordinary)['3/0']).toBe('identity-void-commitment');
    const asSigner = historyOf({
      '1/0': announce(k1, r1),
      '3/0': recover(k1, k2, r1, r2),
      '4/0': recover(k2, r1, r2, r3),
      '5/0': rotate(k2, r2),
    });
    expect(outcomes(asSigner)).toMatchObject({
      '4/0': 'identity-void-commitment',
      '5/0': 'identity-void-commitment',
    });
  });

  it('before the announcement, even of the same block, is void', () => {
    const history = historyOf({ '1/0': announce(k1, r1), '1/1': recover(k1, k2, r1, r2) });
    expect(outcomes(history)).toEqual({ '1/1': 'identity-void-unknown', '1/0': 'counts' });
  });

  it('to a key that its holder revokes in the same block never makes it valid', () => {
    const later = historyOf({ '1/0': announce(k1, r1), '3/0': recover(k1, k2, r1, r2), '3/1': revoke(k2) });
    expect(outcomes(later)['3/0']).toBe('counts');
    expect(at(later, k2, '3/0')).toBe('revoked');
    expect(later.identityOf(k2.key)?.current).toBe(undefined);
    const earlier = historyOf({ '1/0': announce(k1, r1), '3/1': recover(k1, k2, r1, r2), '3/0': revoke(k2) });
    expect(outcomes(earlier)['3/1']).toBe('identity-void-revoked');
    expect(at(earlier, k1, '4/0')).toBe('valid');
  });
});

describe('the history', () => {
  it('does not depend on the order in which statements are handed over', () => {
    const placed = {
      '1/0': announce(k1, r1),
      '5/0': rotate(k1, thief),
      '5/1': recover(k1, k2, r1, r2),
      '6/0': rotate(k2, k3),
    };
    const reversed = Object.fromEntries(Object.entries(placed).reverse());
    expect(historyOf(reversed).outcomes).toEqual(historyOf(placed).outcomes);
  });

  it('counts a message at its first place only', () => {
    const rotation = rotate(k1, k2);
    const history = historyOf({ '2/0': rotation, '1/0': announce(k1, r1), '3/0': rotation, '1/1': rotation });
    expect(outcomes(history)).toEqual({ '1/0': 'counts', '1/1': 'counts' });
  });

  it('tells a claim of the key while it held from one after its end, whoever ended it', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '4/0': revoke(k1, k1, { reason: 'compromised', since: 50 }),
      '5/0': revoke(k1, k1, { reason: 'compromised', since: 40 }),
      '6/0': recover(k1, k2, r1, r2),
      '7/0': revoke(k1, k3, { reason: 'compromised', since: 1 }),
      '8/0': revoke(k3, k3, { reason: 'compromised', since: 2 }),
    });
    const claims = (key: Signer) =>
      history
        .keyVerdictAt(key.key, { height: 2, index: 0 })
        .claims.map(({ since, by, endedBefore }) => [since, by, endedBefore]);
    expect(claims(k1)).toEqual([
      [50, 'key', false],
      [40, 'key', true],
    ]);
    expect(claims(k2)).toEqual([]);
    expect(claims(k3)).toEqual([[2, 'key', false]]);
  });

  it('refuses what is no one record: two messages in one place, or another ledger', () => {
    const one = { height: 1, index: 0, statement: announce(k1, r1) };
    const two = { height: 1, index: 0, statement: announce(k2, r1) };
    const place = { ok: false, code: 'identity-history-place', detail: 'block 1, message 0' };
    expect(identityHistory(ledger, [one, two])).toEqual(place);
    expect(identityHistory(ledger, [two, { ...one, index: 1 }, one])).toEqual(place);
    expect(historyOfPlaced([one, one]).outcomes).toHaveLength(1);
    expect(identityHistory(new Uint8Array(32), [one, two])).toMatchObject({
      code: 'identity-history-ledger',
    });
    expect(identityHistory(new Uint8Array(32), []).ok).toBe(true);
  });

  it('shows an identity with the keys as they joined', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/3': rotate(k1, k2),
      '3/1': recover(k1, k3, r1, r2),
    });
    const identity = history.identityOf(k2.key);
    expect(identity?.keys.map(({ sign, joinedAt }) => [sign, joinedAt])).toEqual([
      [k1.key, { height: 1, index: 0 }],
      [k2.key, { height: 2, index: 3 }],
      [k3.key, { height: 3, index: 1 }],
    ]);
    expect(identity?.current).toMatchObject({ sign: k3.key, encrypt: k3.encrypt });
    expect(history.identityOf(r1.key)).toBe(undefined);
  });
});
