import { describe, expect, it } from 'vitest';
import { historyOf, outcomes, verdictAt as at } from '../../../test/support/key-histories.ts';
import type { Signer } from '../../../test/support/key-statements.ts';
import { announce, recover, revoke, rotate, signer } from '../../../test/support/key-statements.ts';

const [k1, k2, r1, r2, r3, thief] = [1, 2, 11, 12, 13, 66].map(signer) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];

describe('against a thief of the signing key', () => {
  it('who rotates first, the owner recovers; what stood in between stays as it was', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '5/0': rotate(k1, thief),
      '8/4': recover(k1, k2, r1, r2),
    });
    expect(outcomes(history)['8/4']).toBe('counts');
    expect(at(history, thief, '7/9')).toBe('valid');
    expect(at(history, thief, '8/0')).toBe('recovered');
    expect(at(history, k1, '8/9')).toBe('rotated');
    expect(['7/9', '8/0', '9/0'].map((place) => at(history, k2, place))).toEqual([
      'unannounced',
      'valid',
      'valid',
    ]);
    expect(history.identityOf(thief.key)?.current?.sign).toEqual(k2.key);
  });

  it('who rotates in the same block, before the owner: the recovery comes first', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '5/0': rotate(k1, thief),
      '5/1': recover(k1, k2, r1, r2),
    });
    expect(outcomes(history)).toMatchObject({ '5/0': 'identity-void-current', '5/1': 'counts' });
    expect(at(history, k1, '5/0')).toBe('recovered');
    expect(at(history, thief, '9/0')).toBe('unannounced');
    expect(at(history, k2, '5/0')).toBe('valid');
  });

  it('who rotates in the same block as the owner revokes: the revocation comes first', () => {
    for (const by of [k1, r1]) {
      const history = historyOf({ '1/0': announce(k1, r1), '5/0': rotate(k1, thief), '5/1': revoke(k1, by) });
      expect(outcomes(history)).toMatchObject({ '5/0': 'identity-void-current', '5/1': 'counts' });
      expect(at(history, k1, '5/0')).toBe('revoked');
      expect(history.identityOf(k1.key)?.current).toBe(undefined);
    }
  });

  it('who revokes the key out of spite, the owner goes on after a recovery', () => {
    const history = historyOf({ '1/0': announce(k1, r1), '5/0': revoke(k1), '6/0': recover(k1, k2, r1, r2) });
    expect(at(history, k1, '6/0')).toBe('revoked');
    expect(at(history, k2, '6/0')).toBe('valid');
    expect(
      outcomes(historyOf({ '1/0': announce(k1, r1), '5/0': revoke(k1), '6/0': rotate(k1, k2) }))['6/0'],
    ).toBe('identity-void-current');
  });

  it('who claims to be the recovery key, nothing happens', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '5/0': recover(k1, thief, r3, r2),
      '5/1': revoke(k1, r3),
      '5/2': revoke(k1, thief),
    });
    expect(outcomes(history)).toMatchObject({
      '5/0': 'identity-void-recovery',
      '5/1': 'identity-void-recovery',
      '5/2': 'identity-void-recovery',
    });
    expect(at(history, k1, '9/0')).toBe('valid');
    expect(at(history, thief, '9/0')).toBe('unannounced');
  });

  it('who announces the key again with a recovery key of their own, nothing happens', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/0': announce(k1, r3),
      '3/0': recover(k1, thief, r3, r2),
    });
    expect(outcomes(history)).toMatchObject({ '2/0': 'identity-void-used', '3/0': 'identity-void-recovery' });
  });

  it('who copies the recovery commitment, the owner of the recovery key names whom it is for', () => {
    const history = historyOf({
      '1/0': announce(k1, r1),
      '2/0': announce(thief, r1),
      '3/0': recover(k1, k2, r1, r2),
    });
    expect(at(history, thief, '9/0')).toBe('valid');
    expect(history.identityOf(thief.key)?.keys).toHaveLength(1);
    expect(at(history, k1, '3/0')).toBe('recovered');
  });
});
