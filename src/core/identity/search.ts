/** Which statements the history of one key needs (`docs/spec/identities.md`, 'Finding a history'). */
import { copyBytes, fromHex, toHex } from '../bytes.ts';
import type { IdentityCode } from '../errors/identity.ts';
import { ok, refuse, type Result } from '../result.ts';
import { identityHistory, inEffectOrder, type IdentityHistory } from './history.ts';
import type { PlacedStatement } from './key-states.ts';
import type { KeyStatement, Revocation, Rotation } from './statement.ts';
import { namedKeys, recoveryCommitment } from './statement.ts';

/** The most keys that a search takes: a rotation a day for eleven years. */
export const maxSearchKeys = 4096;

/** A recovery, or a revocation, which counts only if its sender is named by a commitment. */
interface ByRecovery {
  readonly sender: string;
  readonly content: Revocation | Rotation;
}

/**
 * The search for the history of one key, tag by tag. As long as there are `open` keys, find all statements under the
 * key-status tag of each, as of one block, and hand them over with `take`; then `history` gives the same verdict on
 * the key as that of the whole record. Each statement is looked at once, whatever order the tags are searched in.
 *
 *     const search = new KeySearch(ledger, key);
 *     for (let [next] = search.open; next !== undefined; [next] = search.open) {
 *       const taken = search.take(next, await statementsUnder(keyStatusTag(next)));
 *       if (!taken.ok) return taken;
 *     }
 *     return search.history();
 */
export class KeySearch {
  readonly #ledger: Uint8Array;
  /** All keys taken, in the order in which they were found; the first is the one in question. */
  readonly #taken = new Set<string>();
  /** Those of them whose tags are still to be searched. */
  readonly #open = new Set<string>();
  readonly #statements: PlacedStatement[] = [];
  /** The commitments that the identity has or had, as far as they were found. */
  readonly #commitments = new Set<string>();
  /** What no commitment found so far speaks for, by the commitment that would. */
  readonly #waiting = new Map<string, ByRecovery[]>();
  #tooLong = false;

  /** @param ledger the id of the ledger. @param key the Ed25519 key in question. */
  constructor(ledger: Uint8Array, key: Uint8Array) {
    this.#ledger = copyBytes(ledger);
    this.#add(toHex(key));
  }

  /** The keys whose tags are to be searched next. */
  get open(): readonly Uint8Array[] {
    return bytesOf(this.#open);
  }

  /** All keys taken so far, the one in question first. */
  get keys(): readonly Uint8Array[] {
    return bytesOf(this.#taken);
  }

  /**
   * Takes what was found for an open key.
   *
   * @param statements all statements under its key-status tag, up to the block as of which the history is asked;
   *   those that do not name it are passed over.
   * @returns refused with `identity-history-too-long` when the search would take more than {@link maxSearchKeys}.
   * @throws RangeError when the key is not open.
   */
  take(key: Uint8Array, statements: readonly PlacedStatement[]): Result<void, IdentityCode> {
    const name = toHex(key);
    if (!this.#open.delete(name)) throw new RangeError('not a key whose tag is to be searched');
    const naming = inEffectOrder(
      statements.filter(({ statement }) =>
        namedKeys(statement.content).some((named) => toHex(named) === name),
      ),
    );
    for (const placed of naming) this.#statements.push(placed);
    this.#followFirst(name, naming);
    for (const { statement } of naming) this.#follow(name, statement);
    return this.#verdict();
  }

  /**
   * The history of the key.
   *
   * @returns refused with `identity-history-too-long`, or as {@link identityHistory} refuses.
   * @throws RangeError while there are open keys.
   */
  history(): Result<IdentityHistory, IdentityCode> {
    const verdict = this.#verdict();
    if (!verdict.ok) return verdict;
    if (this.#open.size > 0) throw new RangeError('there are tags to be searched yet');
    return identityHistory(this.#ledger, this.#statements);
  }

  #verdict(): Result<void, IdentityCode> {
    return this.#tooLong
      ? refuse('identity-history-too-long', `more than ${maxSearchKeys} keys`)
      : ok(undefined);
  }

  #add(name: string): void {
    if (this.#taken.has(name)) return;
    if (this.#taken.size === maxSearchKeys) {
      this.#tooLong = true;
      return;
    }
    this.#taken.add(name);
    this.#open.add(name);
  }

  /** From the first statement in which a key is the new one: back to the key before, or the first commitment. */
  #followFirst(name: string, naming: readonly PlacedStatement[]): void {
    for (const { statement } of naming) {
      const { content } = statement;
      if (content.kind === 'revocation' || toHex(content.sign) !== name) continue;
      if (content.kind === 'announcement') this.#commit(toHex(content.recovery));
      else this.#add(toHex(content.from));
      return;
    }
  }

  #follow(name: string, { content, sender }: KeyStatement): void {
    if (content.kind === 'announcement') return;
    const by = toHex(sender);
    if (content.kind === 'rotation' && content.recovery === undefined) {
      if (by === name) this.#add(toHex(content.sign));
      return;
    }
    const commitment = toHex(recoveryCommitment(sender));
    const statement = { sender: by, content };
    if (this.#commitments.has(commitment)) {
      const next = this.#followRecovery(statement);
      if (next !== undefined) this.#commit(next);
      return;
    }
    const waiting = this.#waiting.get(commitment);
    if (waiting === undefined) this.#waiting.set(commitment, [statement]);
    else waiting.push(statement);
  }

  /** Takes the keys of a statement that a commitment speaks for. @returns the commitment that it leads to. */
  #followRecovery({ sender, content }: ByRecovery): string | undefined {
    this.#add(sender);
    if (content.kind === 'revocation') return undefined;
    this.#add(toHex(content.sign));
    return content.recovery === undefined ? undefined : toHex(content.recovery);
  }

  /** Takes in a commitment, what waited for it, and so on. */
  #commit(found: string): void {
    const queue = [found];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (this.#commitments.has(next)) continue;
      this.#commitments.add(next);
      for (const statement of this.#waiting.get(next) ?? []) {
        const further = this.#followRecovery(statement);
        if (further !== undefined) queue.push(further);
      }
      this.#waiting.delete(next);
    }
  }
}

function bytesOf(names: ReadonlySet<string>): readonly Uint8Array[] {
  return Array.from(names, (name) => fromHex(name) ?? new Uint8Array());
}
