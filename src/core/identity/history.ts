/**
 * The history of keys (`docs/spec/identities.md`, 'History of a key'): one pure function from the statements of the
 * record to which key was valid where.
 */
import { equalBytes, toHex } from '../bytes.ts';
import type { IdentityCode } from '../errors/identity.ts';
import { ok, refuse, type Refusal, type Result } from '../result.ts';
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
 */
export function inEffectOrder(statements: readonly PlacedStatement[]): readonly PlacedStatement[] {
  const inBlockOrder = [...statements].sort((a, b) => a.height - b.height || a.index - b.index);
  const firstPlaces = new Map<string, PlacedStatement>();
  for (const placed of inBlockOrder) {
    const id = toHex(placed.statement.message.id);
    if (!firstPlaces.has(id)) firstPlaces.set(id, placed);
  }
  return [...firstPlaces.values()].sort(
    (a, b) => a.height - b.height || Number(comesFirst(b)) - Number(comesFirst(a)) || a.index - b.index,
  );
}

/** What speaks against statements as those of one record. */
function faultOf(
  ledger: Uint8Array,
  statements: readonly PlacedStatement[],
): Refusal<IdentityCode> | undefined {
  const foreign = statements.find(({ statement }) => !equalBytes(statement.message.head.ledger, ledger));
  if (foreign !== undefined) return refuse('identity-history-ledger', placeOf(foreign));
  const places = new Map<string, string>();
  for (const placed of statements) {
    const place = placeOf(placed);
    const id = toHex(placed.statement.message.id);
    if ((places.get(place) ?? id) !== id) return refuse('identity-history-place', place);
    places.set(place, id);
  }
  return undefined;
}

function placeOf({ height, index }: Position): string {
  return `block ${height}, message ${index}`;
}

/**
 * The history that statements of the record give, whatever order they are handed over in. The work grows with their
 * number, whatever they say.
 *
 * @param ledger the id of the ledger whose record they are of.
 * @param statements all statements of the keys in question (see `search.ts`), up to the block as of which the history
 *   is asked.
 * @returns refused when a statement is of another ledger, or when two different messages claim the same place.
 */
export function identityHistory(
  ledger: Uint8Array,
  statements: readonly PlacedStatement[],
): Result<IdentityHistory, IdentityCode> {
  const fault = faultOf(ledger, statements);
  if (fault !== undefined) return fault;
  const states = new KeyStates();
  for (const placed of inEffectOrder(statements)) states.apply(placed);
  return ok(states);
}
