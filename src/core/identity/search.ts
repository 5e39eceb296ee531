/** Which statements the history of one key needs (`docs/spec/identities.md`, 'Finding a history'). */
import { fromHex, toHex } from '../bytes.ts';
import type { PlacedStatement } from './key-states.ts';
import { inEffectOrder } from './history.ts';
import type { StatementContent } from './statement.ts';
import { namedKeys, recoveryCommitment } from './statement.ts';

/** A statement with the commitment that would make its sender a recovery key. */
interface Found {
  readonly content: StatementContent;
  readonly sender: string;
  readonly commitment: string;
}

/**
 * The keys whose key-status tags have to be searched for the history of `key`, as far as the statements found so far
 * tell. Search the tags of those that are new, add what was found, ask again; when no key is new, `identityHistory`
 * of all statements found gives the same verdict on `key` as that of the whole record.
 *
 * @returns the keys, `key` first.
 */
export function keysToSearch(key: Uint8Array, found: readonly PlacedStatement[]): readonly Uint8Array[] {
  const byKey = indexByKey(found);
  const taken = new Set([toHex(key)]);
  const commitments = new Set<string>();
  // A set that grows while it is walked is walked to its new end; a new commitment can concern any key before.
  for (let before = -1; before < commitments.size;) {
    before = commitments.size;
    for (const name of taken) follow(name, byKey.get(name) ?? [], taken, commitments);
  }
  return Array.from(taken, (name) => fromHex(name) ?? new Uint8Array());
}

function indexByKey(found: readonly PlacedStatement[]): ReadonlyMap<string, readonly Found[]> {
  const byKey = new Map<string, Found[]>();
  for (const { statement } of inEffectOrder(found)) {
    const { content } = statement;
    const sender = toHex(statement.sender);
    const commitment = toHex(recoveryCommitment(statement.sender));
    for (const name of namedKeys(content).map(toHex)) {
      const list = byKey.get(name) ?? [];
      list.push({ content, sender, commitment });
      byKey.set(name, list);
    }
  }
  return byKey;
}

/** Adds what one key leads to. */
function follow(name: string, naming: readonly Found[], taken: Set<string>, commitments: Set<string>): void {
  const firstAsNew = naming.find(
    ({ content }) => content.kind !== 'revocation' && toHex(content.sign) === name,
  );
  if (firstAsNew?.content.kind === 'announcement') commitments.add(toHex(firstAsNew.content.recovery));
  if (firstAsNew?.content.kind === 'rotation') taken.add(toHex(firstAsNew.content.from));
  for (const { content, sender, commitment } of naming) {
    const ordinary = content.kind === 'rotation' && content.recovery === undefined;
    const byRecovery = !ordinary && commitments.has(commitment);
    if (byRecovery) taken.add(sender);
    if (content.kind !== 'rotation') continue;
    if (byRecovery || sender === name) taken.add(toHex(content.sign));
    if (byRecovery && content.recovery !== undefined) commitments.add(toHex(content.recovery));
  }
}
