/** Histories of keys, and their verdicts, in the short form in which tests read them: places are `height/index`. */
import { toHex } from '../../src/core/bytes.ts';
import type { IdentityHistory } from '../../src/core/identity/history.ts';
import { identityHistory } from '../../src/core/identity/history.ts';
import type { PlacedStatement } from '../../src/core/identity/key-states.ts';
import { KeySearch } from '../../src/core/identity/search.ts';
import type { KeyStatement } from '../../src/core/identity/statement.ts';
import { namedKeys } from '../../src/core/identity/statement.ts';
import type { Result } from '../../src/core/result.ts';
import type { Signer } from './key-statements.ts';
import { ledger } from './key-statements.ts';

function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.detail ?? ''}`);
  return result.value;
}

/** The history of statements of the tests' ledger. */
export function historyOfPlaced(
  placed: readonly PlacedStatement[],
  of: Uint8Array = ledger,
): IdentityHistory {
  return good(identityHistory(of, placed));
}

/** The history of statements by place. */
export function historyOf(placed: Readonly<Record<string, KeyStatement>>): IdentityHistory {
  return historyOfPlaced(
    Object.entries(placed).map(([place, statement]) => {
      const [height = 0, index = 0] = place.split('/').map(Number);
      return { height, index, statement };
    }),
  );
}

/** Searches tag by tag, as a client does; what is found under a tag comes from these statements. */
export function searched(
  key: Uint8Array,
  statements: readonly PlacedStatement[],
  of: Uint8Array = ledger,
): KeySearch {
  const byKey = new Map<string, PlacedStatement[]>();
  for (const placed of statements) {
    for (const name of namedKeys(placed.statement.content).map(toHex)) {
      byKey.set(name, [...(byKey.get(name) ?? []), placed]);
    }
  }
  const search = new KeySearch(of, key);
  for (let [next] = search.open; next !== undefined; [next] = search.open) {
    good(search.take(next, byKey.get(toHex(next)) ?? []));
  }
  return search;
}

/** The verdict on a key. */
export function verdictAt(history: IdentityHistory, { key }: Signer, place: string): string {
  const [height = 0, index = 0] = place.split('/').map(Number);
  return history.keyVerdictAt(key, { height, index }).status;
}

/** What became of the statements, by place. */
export const outcomes = (history: IdentityHistory): Record<string, string> =>
  Object.fromEntries(
    history.outcomes.map(({ height, index, void: reason }) => [`${height}/${index}`, reason ?? 'counts']),
  );
