/** Histories of keys, and their verdicts, in the short form in which tests read them: places are `height/index`. */
import type { IdentityHistory } from '../../src/core/identity/history.ts';
import { identityHistory } from '../../src/core/identity/history.ts';
import type { KeyStatement } from '../../src/core/identity/statement.ts';
import type { Signer } from './key-statements.ts';

/** The history of statements by place. */
export function historyOf(placed: Readonly<Record<string, KeyStatement>>): IdentityHistory {
  return identityHistory(
    Object.entries(placed).map(([place, statement]) => {
      const [height = 0, index = 0] = place.split('/').map(Number);
      return { height, index, statement };
    }),
  );
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
