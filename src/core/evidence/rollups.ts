/** Evidence about roll-ups: their form and their order (`docs/spec/evidence.md`). */
import { parseRollupLeaf, spanOf } from '../record/rollup.ts';
import { rollupOf } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import { badProof, block, defineKind, level, noLie, presence } from './kind.ts';
import { unsorted } from './order.ts';
import { entryPart, headerPart } from './parts.ts';
import { because } from './reasons.ts';

export const rollupMalformed = defineKind(
  'rollup-malformed',
  { required: { block, entry: presence, level }, optional: {} },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const rollup = rollupOf(header.value, proof.level);
    if (rollup === undefined) return badProof('no roll-up of this level');
    const included = entryPart(rollup, proof.entry, 'entry');
    if (!included.ok) return included;
    const { height } = header.value;
    const leaf = parseRollupLeaf(proof.entry.leaf, height, proof.level);
    if (leaf.ok) return noLie('the entry is sound');
    return ok(
      `The operator signed a summary of the ${spanOf(proof.level)} blocks below block ${height} whose entry ` +
        `${proof.entry.index} breaks the rules ${because(leaf.code)}`,
    );
  },
);

export const rollupUnsorted = defineKind(
  'rollup-unsorted',
  { required: { block, left: presence, level, right: presence }, optional: {} },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const rollup = rollupOf(header.value, proof.level);
    if (rollup === undefined) return badProof('no roll-up of this level');
    const what = `a summary of the ${spanOf(proof.level)} blocks below block ${header.value.height}`;
    return unsorted(rollup, proof.left, proof.right, what);
  },
);
