import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { identityHistory } from '../../src/core/identity/history.ts';
import type { PlacedStatement } from '../../src/core/identity/key-states.ts';
import { readKeyStatement } from '../../src/core/identity/statement.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import { startEngines } from '../../src/engines/start.ts';
import { searched } from '../support/key-histories.ts';
import { good, hex, vectors } from './support.ts';

interface KeyVector {
  readonly name: string;
  readonly key: string;
  /** `[height, index, since, by, endedBefore]` in the order in which they took effect. */
  readonly claims: readonly (readonly [number, number, number, string, boolean])[];
  /** `[height, index, verdict]`: from there on in the grid of positions, up to the next. */
  readonly verdicts: readonly (readonly [number, number, string])[];
  readonly identity?: {
    readonly keys: readonly string[];
    readonly current: string | null;
    readonly recovery: string;
  };
  readonly search: readonly string[];
}

const file = vectors('histories') as {
  readonly ledger: string;
  readonly histories: readonly {
    readonly name: string;
    readonly statements: readonly {
      readonly height: number;
      readonly index: number;
      readonly effect: string;
      readonly leaf: string;
    }[];
    readonly heights: readonly number[];
    readonly indices: readonly number[];
    readonly keys: readonly KeyVector[];
  }[];
  readonly refusedHistories: readonly {
    readonly name: string;
    readonly code: string;
    readonly statements: readonly Placed[];
  }[];
};

interface Placed {
  readonly height: number;
  readonly index: number;
  readonly leaf: string;
  readonly ledger?: string;
}

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

function placed({ height, index, leaf, ledger = file.ledger }: Placed): PlacedStatement {
  const message = good(verifyMessage(hex(leaf), new Uint8Array(0), hex(ledger), limits));
  const statement = readKeyStatement(message);
  if (statement === undefined) throw new Error('not taken for a statement about a key');
  return { height, index, statement: good(statement) };
}

/** The verdict that the runs state for a position. */
function stated(verdicts: KeyVector['verdicts'], height: number, index: number): string | undefined {
  return verdicts.findLast(([h, i]) => h < height || (h === height && i <= index))?.[2];
}

beforeAll(startEngines);

describe('histories of keys of the second implementation', () => {
  it.each(file.histories)('$name', ({ statements, heights, indices, keys }) => {
    const all = statements.map(placed);
    const history = good(identityHistory(hex(file.ledger), [...all].reverse()));
    const effects = new Map(
      history.outcomes.map((one) => [`${one.height} ${one.index}`, one.void ?? 'counts']),
    );
    for (const { height, index, effect } of statements) {
      expect(`${height} ${index} ${effects.get(`${height} ${index}`) ?? 'repeated'}`).toBe(
        `${height} ${index} ${effect}`,
      );
    }
    for (const { name, key, claims, verdicts, identity, search } of keys) {
      for (const at of heights.flatMap((height) => indices.map((index) => ({ height, index })))) {
        const found = history.keyVerdictAt(hex(key), at);
        expect(found.status, `${name} at ${at.height} ${at.index}`).toBe(
          stated(verdicts, at.height, at.index),
        );
        expect(
          found.claims.map(({ since, claimedAt, by, endedBefore }) => [
            claimedAt.height,
            claimedAt.index,
            since,
            by,
            endedBefore,
          ]),
        ).toEqual(claims);
      }
      const of = history.identityOf(hex(key));
      expect(of?.keys.map(({ sign }) => toHex(sign))).toEqual(identity?.keys);
      if (of !== undefined && identity !== undefined) {
        expect(of.current === undefined ? null : toHex(of.current.sign)).toBe(identity.current);
        expect(toHex(of.recovery)).toBe(identity.recovery);
      }
      const made = searched(hex(key), all, hex(file.ledger));
      expect(made.keys.map(toHex).sort(), `search for ${name}`).toEqual(search);
    }
  });

  it.each(file.refusedHistories)('refused as a whole: $name', ({ code, statements }) => {
    const history = identityHistory(hex(file.ledger), statements.map(placed));
    expect(history).toMatchObject({ ok: false, code });
  });
});
