import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOfPlaced, searched } from '../../../test/support/key-histories.ts';
import type { Signer } from '../../../test/support/key-statements.ts';
import { announce, recover, revoke, rotate, signer } from '../../../test/support/key-statements.ts';
import { toHex } from '../bytes.ts';
import type { PlacedStatement } from './key-states.ts';
import type { KeyStatement } from './statement.ts';
import { recoveryCommitment } from './statement.ts';

/** A statement that was judged, with all keys and commitments as text. */
interface Fact {
  readonly kind: 'announcement' | 'rotation' | 'recovery' | 'self-revocation' | 'revocation';
  readonly height: number;
  readonly index: number;
  readonly sender: string;
  readonly from: string;
  readonly sign: string;
  readonly key: string;
  readonly recovery: string;
  readonly since: number | undefined;
  readonly reason: string;
}

const commitment = (key: string): string =>
  toHex(recoveryCommitment(Uint8Array.from(Buffer.from(key, 'hex'))));

function factOf({ height, index, statement }: PlacedStatement): Fact {
  const { content } = statement;
  const sender = toHex(statement.sender);
  const nothing = {
    height,
    index,
    sender,
    from: '',
    sign: '',
    key: '',
    recovery: '',
    since: undefined,
    reason: '',
  };
  if (content.kind === 'announcement') {
    return { ...nothing, kind: content.kind, sign: toHex(content.sign), recovery: toHex(content.recovery) };
  }
  if (content.kind === 'revocation') {
    const key = toHex(content.key);
    const kind = key === sender ? 'self-revocation' : 'revocation';
    return { ...nothing, kind, key, since: content.since };
  }
  const [from, sign] = [toHex(content.from), toHex(content.sign)];
  if (content.recovery === undefined) return { ...nothing, kind: 'rotation', from, sign };
  return { ...nothing, kind: 'recovery', from, sign, recovery: toHex(content.recovery) };
}

/**
 * The rules of the specification as questions about a list of judged statements, each answered by looking through
 * the whole list again: slow, and without any state that could get out of step.
 */
class Model {
  readonly facts: Fact[] = [];

  constructor(statements: readonly PlacedStatement[]) {
    const first = (fact: Fact): number => (fact.kind === 'announcement' || fact.kind === 'rotation' ? 1 : 0);
    const order = statements
      .map(factOf)
      .sort((a, b) => a.height - b.height || first(a) - first(b) || a.index - b.index);
    for (const fact of order) this.facts.push({ ...fact, reason: this.reasonAgainst(fact) });
  }

  counted(): Fact[] {
    return this.facts.filter(({ reason }) => reason === '');
  }

  rootOf(key: string): string {
    const joining = this.counted().find(({ sign }) => sign !== '' && sign === key);
    if (joining === undefined) return '';
    return joining.kind === 'announcement' ? key : this.rootOf(joining.from);
  }

  keysOf(root: string): string[] {
    return this.counted().flatMap(({ sign }) => (sign !== '' && this.rootOf(sign) === root ? [sign] : []));
  }

  revoked(key: string): boolean {
    return this.counted().some((fact) => fact.key === key);
  }

  currentOf(root: string): string {
    const newest = this.keysOf(root).at(-1) ?? '';
    return this.revoked(newest) ? '' : newest;
  }

  commitmentsOf(root: string): string[] {
    return this.counted().flatMap(({ sign, recovery }) =>
      recovery !== '' && this.rootOf(sign) === root ? [recovery] : [],
    );
  }

  reasonAgainst(fact: Fact): string {
    if (fact.kind === 'self-revocation') return '';
    const root = this.rootOf(fact.kind === 'revocation' ? fact.key : fact.from);
    if (fact.kind !== 'announcement' && root === '') return 'identity-void-unknown';
    if (fact.kind === 'rotation' && this.currentOf(root) !== fact.from) return 'identity-void-current';
    if (fact.kind === 'recovery' || fact.kind === 'revocation') {
      const named = this.commitmentsOf(root).at(-1) === commitment(fact.sender);
      if (!named || this.revoked(fact.sender)) return 'identity-void-recovery';
    }
    if (fact.kind === 'revocation') return '';
    if (this.facts.some(({ sign }) => sign === fact.sign)) return 'identity-void-used';
    if (this.revoked(fact.sign)) return 'identity-void-revoked';
    const mixed =
      this.commitmentsOf(root).includes(commitment(fact.sign)) ||
      (fact.kind === 'recovery' &&
        [...this.commitmentsOf(root), ...this.keysOf(root).map(commitment)].includes(fact.recovery));
    return mixed ? 'identity-void-commitment' : '';
  }

  verdict(key: string, height: number, index: number): string {
    for (const [i, fact] of this.facts.entries()) {
      if (fact.reason !== '') continue;
      const before = new Model([]);
      before.facts.push(...this.facts.slice(0, i));
      const reached = fact.height <= height;
      if (fact.key === key) return reached ? 'revoked' : this.joined(key, height, index);
      if (fact.from === '' || before.currentOf(before.rootOf(fact.from)) !== key) continue;
      if (fact.kind === 'recovery') return reached ? 'recovered' : this.joined(key, height, index);
      const passed = fact.height < height || (fact.height === height && fact.index < index);
      return passed ? 'rotated' : this.joined(key, height, index);
    }
    return this.joined(key, height, index);
  }

  /** The claims on a key, each as `height/index since by whom [ended before]`. */
  claims(key: string): string[] {
    return this.facts.flatMap(({ kind, reason, since, ...fact }, i) => {
      if (reason !== '' || since === undefined || fact.key !== key) return [];
      const before = new Model([]);
      before.facts.push(...this.facts.slice(0, i));
      const ended = ['rotated', 'revoked', 'recovered'].includes(before.verdict(key, Infinity, 0));
      const by = kind === 'self-revocation' ? 'key' : 'recovery';
      return [`${fact.height}/${fact.index} ${since} ${by}${ended ? ' ended before' : ''}`];
    });
  }

  joined(key: string, height: number, index: number): string {
    const fact = this.counted().find(({ sign }) => sign === key);
    if (fact === undefined || fact.height > height) return 'unannounced';
    return fact.height === height && fact.kind !== 'recovery' && fact.index > index ? 'unannounced' : 'valid';
  }
}

const keys = [1, 2, 3, 4].map(signer);
const recoveryKeys = [11, 12, 13].map(signer);
const everyone = [...keys, ...recoveryKeys];

const made = new Map<string, KeyStatement | undefined>();

/** One of the statements that these few keys can make; undefined when it is refused by itself. */
function statement(kind: number, picks: readonly number[]): KeyStatement | undefined {
  const pick = (from: readonly Signer[], i: number): Signer =>
    from[(picks[i] ?? 0) % from.length] ?? signer(0);
  const [a, b, r, next] = [pick(everyone, 0), pick(everyone, 1), pick(recoveryKeys, 2), pick(everyone, 3)];
  const name = [kind, a, b, r, next]
    .map((part) => (typeof part === 'number' ? kind : part.seed[0]))
    .join(' ');
  if (!made.has(name)) {
    const nonce = picks[4] ?? 0;
    const compromised = { nonce, reason: 'compromised', since: (picks[3] ?? 0) + 1 } as const;
    const makers = [
      () => announce(a, r),
      () => rotate(a, b),
      () => recover(a, b, r, next),
      () => revoke(a, a, compromised),
      () => revoke(a, r, compromised),
    ];
    try {
      made.set(name, makers[kind]?.());
    } catch {
      made.set(name, undefined);
    }
  }
  return made.get(name);
}

// Keys with low numbers are picked more often, so that the statements concern each other.
const low = fc.constantFrom(0, 0, 1, 1, 2, 3);
const picks = fc.tuple(
  low,
  fc.constantFrom(0, 1, 1, 2, 2, 3, 4, 5),
  low,
  fc.constantFrom(0, 4, 5, 5, 6),
  fc.constant(0),
);
const someStatement = fc.tuple(fc.constantFrom(0, 1, 1, 1, 2, 2, 2, 3, 4), picks);
const place = fc.record({ height: fc.integer({ min: 1, max: 4 }), index: fc.nat(4) });
const worlds = fc
  .uniqueArray(fc.tuple(place, someStatement), {
    minLength: 4,
    maxLength: 14,
    size: 'max',
    selector: ([{ height, index }]) => height * 10 + index,
  })
  .map((entries): readonly PlacedStatement[] => {
    const placed = entries.flatMap(([where, [kind, picks]]) => {
      const made = statement(kind, picks);
      return made === undefined ? [] : [{ ...where, statement: made }];
    });
    const root = statement(0, [0, 0, 0, 0, 0]);
    return root === undefined ? placed : [{ height: 0, index: 0, statement: root }, ...placed];
  })
  .map((placed) => {
    // The same statement twice is one message; the model does not know that rule, which has a test of its own.
    const seen = new Set<string>();
    return placed.filter(
      ({ statement: { message } }) => !seen.has(toHex(message.id)) && seen.add(toHex(message.id)),
    );
  });

const places = [0, 1, 2, 3, 4, 5].flatMap((height) => [0, 1, 2, 3, 4, 5].map((index) => ({ height, index })));

describe('the history of keys, for any statements', () => {
  it('is that of the slow model', () => {
    const met = new Map<string, number>();
    const count = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);
    fc.assert(
      fc.property(worlds, (statements) => {
        const history = historyOfPlaced(statements);
        const model = new Model(statements);
        const outcomes = history.outcomes.map(({ height, index, void: reason = '' }) => ({
          height,
          index,
          reason,
        }));
        expect(outcomes).toEqual(model.facts.map(({ height, index, reason }) => ({ height, index, reason })));
        for (const { reason } of outcomes) count(reason);
        for (const { key } of everyone) {
          for (const at of places) {
            const { status } = history.keyVerdictAt(key, at);
            count(status);
            const expected = model.verdict(toHex(key), at.height, at.index);
            if (status !== expected) expect.fail(`${at.height}/${at.index}: ${status}, not ${expected}`);
          }
          const { claims } = history.keyVerdictAt(key, { height: 0, index: 0 });
          const shown = claims.map(
            ({ since, claimedAt, by, endedBefore }) =>
              `${claimedAt.height}/${claimedAt.index} ${since} ${by}${endedBefore ? ' ended before' : ''}`,
          );
          expect(shown).toEqual(model.claims(toHex(key)));
          for (const { by, endedBefore } of claims) count(`${by} ${String(endedBefore)}`);
        }
      }),
      { numRuns: 600 },
    );
    const claims = ['key true', 'key false', 'recovery true', 'recovery false'];
    const needed = [...claims, 'valid', 'unannounced', 'rotated', 'revoked', 'recovered', ''];
    const reasons = ['unknown', 'current', 'recovery', 'used', 'revoked', 'commitment'];
    for (const what of [...needed, ...reasons.map((reason) => `identity-void-${reason}`)]) {
      expect([what, (met.get(what) ?? 0) > 10]).toEqual([what, true]);
    }
  });

  it('needs only the statements that the search finds', () => {
    let left = 0;
    fc.assert(
      fc.property(worlds, fc.constantFrom(...everyone), (statements, { key }) => {
        const found = searched(key, statements).history();
        const all = historyOfPlaced(statements);
        if (!found.ok) expect.fail(found.code);
        const few = found.value;
        left += all.outcomes.length - few.outcomes.length;
        for (const at of places) expect(few.keyVerdictAt(key, at)).toEqual(all.keyVerdictAt(key, at));
      }),
      { numRuns: 600 },
    );
    expect(left).toBeGreaterThan(300);
  });
});
