import { describe, expect, it } from 'vitest';
import { historyOfPlaced, searched } from '../../../test/support/key-histories.ts';
import type { Signer } from '../../../test/support/key-statements.ts';
import { announce, ledger, recover, revoke, rotate, signer } from '../../../test/support/key-statements.ts';
import { toHex, toUtf8, uintToBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { PlacedStatement } from './key-states.ts';
import { KeySearch, maxSearchKeys } from './search.ts';
import type { KeyStatement, StatementContent } from './statement.ts';
import { recoveryCommitment } from './statement.ts';

const [k1, k2, k3, r1, r2, stranger, strangers2] = [1, 2, 3, 11, 12, 66, 67].map(signer) as [
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
  Signer,
];

const placed = (statements: readonly KeyStatement[]): PlacedStatement[] =>
  statements.map((statement, index) => ({ height: 1, index, statement }));
const taken = (key: Signer, statements: readonly KeyStatement[]): string[] =>
  searched(key.key, placed(statements)).keys.map(toHex).sort();
const names = (...signers: readonly Signer[]): string[] => signers.map(({ key }) => toHex(key)).sort();

describe('the keys to search for a history', () => {
  it('begin with the key itself', () => {
    const search = new KeySearch(ledger, k1.key);
    expect(search.open).toEqual([k1.key]);
    expect(search.keys).toEqual([k1.key]);
    expect(taken(k1, [])).toEqual(names(k1));
  });

  it('lead back to the root and forward to the newest key, from any of them', () => {
    const statements = [announce(k1, r1), rotate(k1, k2), rotate(k2, k3)];
    for (const key of [k1, k2, k3]) expect(taken(key, statements)).toEqual(names(k1, k2, k3));
  });

  it('lead over recoveries, to the recovery keys too, whatever order they stand in', () => {
    const statements = [announce(k1, r1), recover(k1, k2, r1, r2), recover(k1, k3, r2, stranger)];
    for (const key of [k1, k2, k3]) {
      expect(taken(key, statements)).toEqual(names(k1, k2, k3, r1, r2));
      expect(taken(key, statements.toReversed())).toEqual(names(k1, k2, k3, r1, r2));
    }
  });

  it('do not follow what strangers post about a key', () => {
    const spam = [recover(k1, stranger, strangers2, r2), revoke(k1, stranger), revoke(k1, strangers2)];
    expect(taken(k1, [announce(k1, r1), ...spam])).toEqual(names(k1));
  });
});

describe('a search', () => {
  it('goes on tag by tag: what came early leads on when the commitment is found', () => {
    const search = new KeySearch(ledger, k2.key);
    const [back, root, recovery] = placed([rotate(k1, k2), announce(k1, r1), revoke(k2, r1)]);
    if (back === undefined || root === undefined || recovery === undefined) throw new Error('three');
    expect(search.take(k2.key, [back, recovery]).ok).toBe(true);
    expect(search.open).toEqual([k1.key]);
    expect(() => search.history()).toThrow('tags to be searched');
    expect(search.take(k1.key, [back, root]).ok).toBe(true);
    expect(search.open).toEqual([r1.key]);
    expect(search.take(r1.key, []).ok).toBe(true);
    expect(search.open).toEqual([]);
    const history = search.history();
    expect(history.ok && history.value.outcomes.map((one) => one.void)).toEqual([
      'identity-void-unknown',
      'identity-void-unknown',
      undefined,
    ]);
  });

  it('passes over what is under a tag and does not name the key', () => {
    const search = new KeySearch(ledger, k1.key);
    expect(search.take(k1.key, placed([announce(k2, r1), rotate(k2, k3)])).ok).toBe(true);
    const history = search.history();
    expect(search.keys).toEqual([k1.key]);
    expect(history.ok && history.value.outcomes).toEqual([]);
  });

  it('takes each tag once', () => {
    const search = new KeySearch(ledger, k1.key);
    expect(() => search.take(k2.key, [])).toThrow(RangeError);
    expect(search.take(k1.key, []).ok).toBe(true);
    expect(() => search.take(k1.key, [])).toThrow(RangeError);
  });

  it('gives no history of what is no one record', () => {
    const search = new KeySearch(new Uint8Array(32), k1.key);
    expect(search.take(k1.key, placed([announce(k1, r1)])).ok).toBe(true);
    expect(search.history()).toMatchObject({ code: 'identity-history-ledger' });
  });

  /** A statement as the rules see it, without its signatures: thousands of these are made in no time. */
  const unsigned = (sender: Uint8Array, content: StatementContent, number: number): PlacedStatement => {
    const id = sha256(uintToBytes(number, 4));
    const statement = { content, sender, message: { id, head: { ledger } } };
    // No signature is made: what is tested does not look at any.
    return { height: number, index: 0, statement: statement as unknown as KeyStatement };
  };
  const key = (role: string, number: number): Uint8Array => sha256(toUtf8(`${role} ${number}`));
  const rotation = (from: Uint8Array, sign: Uint8Array) =>
    ({ kind: 'rotation', card: from, encrypt: from, from, proof: from, sign }) as const;
  const root = { kind: 'announcement', card: key('a', 0), encrypt: key('a', 0), sign: key('k', 0) } as const;
  const first = unsigned(key('k', 0), { ...root, recovery: recoveryCommitment(key('r', 0)) }, 0);

  it('ends when it would take more than 4,096 keys, and not before', () => {
    const chain = [first];
    for (let i = 1; i <= maxSearchKeys; i++) {
      chain.push(unsigned(key('k', i - 1), rotation(key('k', i - 1), key('k', i)), i));
    }
    const search = searched(key('k', 0), chain.slice(0, maxSearchKeys));
    expect(search.keys).toHaveLength(maxSearchKeys);
    expect(search.history().ok).toBe(true);
    expect(() => searched(key('k', 0), chain)).toThrow('identity-history-too-long');
  });

  it('and its history take time in proportion to the statements, whatever order they are posted in', () => {
    // Each recovery names the root, so all come with its tag, the last one first.
    const recoveries = (n: number): PlacedStatement[] => [
      first,
      ...Array.from({ length: n }, (_, i) => {
        const recovery = recoveryCommitment(key('r', i + 1));
        return unsigned(key('r', i), { ...rotation(key('k', 0), key('n', i)), recovery }, n - i);
      }),
    ];
    const seconds = (n: number): number => {
      const all = recoveries(n);
      const start = performance.now();
      const search = new KeySearch(ledger, key('k', 0));
      expect(search.take(key('k', 0), all).ok).toBe(true);
      expect(search.keys).toHaveLength(2 * n + 1);
      expect(historyOfPlaced(all).outcomes).toHaveLength(n + 1);
      return (performance.now() - start) / 1000;
    };
    seconds(200);
    // Quadratic work took over a minute here.
    expect(seconds(2000)).toBeLessThan(3);
  });
});
