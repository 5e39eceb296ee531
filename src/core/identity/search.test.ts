import { describe, expect, it } from 'vitest';
import type { Signer } from '../../../test/support/key-statements.ts';
import { announce, recover, revoke, rotate, signer } from '../../../test/support/key-statements.ts';
import { toHex } from '../bytes.ts';
import { keysToSearch } from './search.ts';
import type { KeyStatement } from './statement.ts';

const [k1, k2, k3, r1, r2, stranger, strangers2] = [1, 2, 3, 11, 12, 66, 67].map(signer) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];

function searched(key: Signer, statements: readonly KeyStatement[]): string[] {
  const placed = statements.map((statement, index) => ({ height: 1, index, statement }));
  return keysToSearch(key.key, placed).map(toHex).sort();
}
const names = (...signers: readonly Signer[]): string[] => signers.map(({ key }) => toHex(key)).sort();

describe('the keys to search for a history', () => {
  it('begin with the key itself', () => {
    expect(searched(k1, [])).toEqual(names(k1));
  });

  it('lead back to the root and forward to the newest key, from any of them', () => {
    const statements = [announce(k1, r1), rotate(k1, k2), rotate(k2, k3)];
    for (const key of [k1, k2, k3]) expect(searched(key, statements)).toEqual(names(k1, k2, k3));
  });

  it('lead over recoveries, to the recovery keys too', () => {
    const statements = [announce(k1, r1), recover(k1, k2, r1, r2), recover(k2, k3, r2, stranger)];
    for (const key of [k1, k2, k3]) expect(searched(key, statements)).toEqual(names(k1, k2, k3, r1, r2));
  });

  it('grow tag by tag: a statement that is not found yet leads on when it is', () => {
    expect(searched(k2, [rotate(k1, k2)])).toEqual(names(k1, k2));
    expect(searched(k2, [rotate(k1, k2), announce(k1, r1), revoke(k1, r1)])).toEqual(names(k1, k2, r1));
  });

  it('do not follow what strangers post about a key', () => {
    const spam = [recover(k1, stranger, strangers2, r2), revoke(k1, stranger), revoke(k1, strangers2)];
    expect(searched(k1, [announce(k1, r1), ...spam])).toEqual(names(k1));
  });
});
