import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { identityHistory } from '../../src/core/identity/history.ts';
import type { PlacedStatement } from '../../src/core/identity/key-states.ts';
import { keysToSearch } from '../../src/core/identity/search.ts';
import { namedKeys, readKeyStatement } from '../../src/core/identity/statement.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import { startEngines } from '../../src/engines/start.ts';
import { good, hex, vectors } from './support.ts';

interface KeyVector {
  readonly name: string;
  readonly key: string;
  readonly since: number | null;
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
};

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

function placed({ height, index, leaf }: { height: number; index: number; leaf: string }): PlacedStatement {
  const message = good(verifyMessage(hex(leaf), new Uint8Array(0), hex(file.ledger), limits));
  const statement = readKeyStatement(message);
  if (statement === undefined) throw new Error('not taken for a statement about a key');
  return { height, index, statement: good(statement) };
}

/** The verdict that the runs state for a position. */
function stated(verdicts: KeyVector['verdicts'], height: number, index: number): string | undefined {
  return verdicts.findLast(([h, i]) => h < height || (h === height && i <= index))?.[2];
}

/** All keys that the search for `key` takes, asking again until no key is new. */
function searched(key: Uint8Array, all: readonly PlacedStatement[]): readonly string[] {
  let keys: readonly string[] = [toHex(key)];
  for (;;) {
    const names = (one: PlacedStatement) =>
      namedKeys(one.statement.content).some((named) => keys.includes(toHex(named)));
    const more = keysToSearch(key, all.filter(names)).map(toHex);
    if (more.length === keys.length) return [...more].sort();
    keys = more;
  }
}

beforeAll(startEngines);

describe('histories of keys of the second implementation', () => {
  it.each(file.histories)('$name', ({ statements, heights, indices, keys }) => {
    const all = statements.map(placed);
    const history = identityHistory([...all].reverse());
    const effects = new Map(
      history.outcomes.map((one) => [`${one.height} ${one.index}`, one.void ?? 'counts']),
    );
    for (const { height, index, effect } of statements) {
      expect(`${height} ${index} ${effects.get(`${height} ${index}`) ?? ''}`).toBe(
        `${height} ${index} ${effect}`,
      );
    }
    for (const { name, key, since, verdicts, identity, search } of keys) {
      for (const at of heights.flatMap((height) => indices.map((index) => ({ height, index })))) {
        const found = history.keyVerdictAt(hex(key), at);
        expect(found.status, `${name} at ${at.height} ${at.index}`).toBe(
          stated(verdicts, at.height, at.index),
        );
        expect(found.compromisedSince ?? null).toBe(since);
      }
      const of = history.identityOf(hex(key));
      expect(of?.keys.map(({ sign }) => toHex(sign))).toEqual(identity?.keys);
      if (of !== undefined && identity !== undefined) {
        expect(of.current === undefined ? null : toHex(of.current.sign)).toBe(identity.current);
        expect(toHex(of.recovery)).toBe(identity.recovery);
      }
      expect(searched(hex(key), all), `search for ${name}`).toEqual(search);
    }
  });
});
