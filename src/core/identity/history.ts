/**
 * The history of keys (`docs/spec/identities.md`, 'History of a key'): one pure function from the statements of the
 * record to which key was valid where.
 */
import { toHex } from '../bytes.ts';
import type { Identity, KeyVerdict, Outcome, PlacedStatement, Position } from './key-states.ts';
import { KeyStates } from './key-states.ts';

export interface IdentityHistory {
  /** Every statement with what became of it, in the order in which they took effect. */
  readonly outcomes: readonly Outcome[];
  /**
   * How a key stands at the place of a message that it signed.
   *
   * @param at in a block not above the one as of which the statements were collected.
   */
  keyVerdictAt(key: Uint8Array, at: Position): KeyVerdict;
  /** The identity that a key belongs to after all statements, or undefined. */
  identityOf(key: Uint8Array): Identity | undefined;
}

/** Revocations and recoveries come before everything else in their block: a thief cannot outrun them. */
function comesFirst({ statement: { content } }: PlacedStatement): boolean {
  return content.kind === 'revocation' || (content.kind === 'rotation' && content.recovery !== undefined);
}

/**
 * Statements in the order in which they take effect: by block, inside a block revocations and recoveries first, then
 * by index. Of a message that stands in the record more than once only the first place is kept.
 *
 * @throws RangeError when two different messages claim the same place.
 */
export function inEffectOrder(statements: readonly PlacedStatement[]): readonly PlacedStatement[] {
  const inBlockOrder = [...statements].sort((a, b) => a.height - b.height || a.index - b.index);
  const firstPlaces = new Map<string, PlacedStatement>();
  const places = new Map<string, string>();
  for (const placed of inBlockOrder) {
    const id = toHex(placed.statement.message.id);
    const place = `${placed.height}/${placed.index}`;
    if ((places.get(place) ?? id) !== id) throw new RangeError(`two messages at ${place}`);
    places.set(place, id);
    if (!firstPlaces.has(id)) firstPlaces.set(id, placed);
  }
  return [...firstPlaces.values()].sort(
    (a, b) => a.height - b.height || Number(comesFirst(b)) - Number(comesFirst(a)) || a.index - b.index,
  );
}

/**
 * The history that statements of the record give, whatever order they are handed over in.
 *
 * @param statements all statements of the keys in question (see `search.ts`), up to the block as of which the history
 *   is asked.
 * @throws RangeError when two different messages claim the same place.
 */
export function identityHistory(statements: readonly PlacedStatement[]): IdentityHistory {
  const states = new KeyStates();
  for (const placed of inEffectOrder(statements)) states.apply(placed);
  return states;
}
