/** What unsorted indices of both sorts have in common. */
import { compareBytes, toHex } from '../bytes.ts';
import type { TreeCommitment } from '../record/header.ts';
import type { Presence } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import type { Verdict } from './kind.ts';
import { badProof, noLie } from './kind.ts';
import { entryPart } from './parts.ts';

/** Whether two entries of an index stand in the wrong order. `what` names the index in a sentence. */
export function unsorted(tree: TreeCommitment, left: Presence, right: Presence, what: string): Verdict {
  for (const [name, entry] of [['left', left] as const, ['right', right] as const]) {
    const included = entryPart(tree, entry, name);
    if (!included.ok) return included;
    if (entry.leaf.length < 32) return badProof(`${name} is too short for a tag`);
  }
  const [leftTag, rightTag] = [left.leaf.subarray(0, 32), right.leaf.subarray(0, 32)];
  if (left.index >= right.index) return noLie('left does not stand before right');
  if (compareBytes(leftTag, rightTag) < 0) return noLie('the entries are in order');
  return ok(
    `The operator signed ${what} that is out of order, so that entries can be hidden in it: entry ${left.index} has ` +
      `the tag ${toHex(leftTag)}, and entry ${right.index} after it ${toHex(rightTag)}.`,
  );
}
