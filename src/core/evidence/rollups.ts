/** Evidence about roll-ups: their form, their order, and against the indices that they sum up (`docs/spec/evidence.md`). */
import { toHex } from '../bytes.ts';
import { parseRollupLeaf, spanOf } from '../record/rollup.ts';
import { rollupOf, tagIndexOf } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import { absence, badProof, block, defineKind, level, noLie, presence } from './kind.ts';
import { unsorted } from './order.ts';
import { absencePart, entryPart, headerPart, leafPart, presencePart } from './parts.ts';
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

export const rollupWrong = defineKind(
  'rollup-wrong',
  {
    required: { block, earlierBlock: block, level },
    optional: { rollup: presence, rollupAbsence: absence, tagAbsence: absence, tagPresence: presence },
  },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const rollup = rollupOf(header.value, proof.level);
    if (rollup === undefined) return badProof('no roll-up of this level');
    const earlier = headerPart(log, proof.earlierBlock, 'earlierBlock');
    if (!earlier.ok) return earlier;
    const [height, earlierHeight] = [header.value.height, earlier.value.height];
    const first = height - spanOf(proof.level);
    if (earlierHeight < first || earlierHeight >= height) return badProof('earlierBlock is not in the span');
    const index = tagIndexOf(earlier.value);
    const claim = `The operator signed a summary of the blocks ${first} to ${height - 1}`;
    const signedIndex = `the index that the operator signed for block ${earlierHeight}`;
    const { rollup: entry, rollupAbsence, tagAbsence, tagPresence } = proof;
    if (entry === undefined) {
      if (rollupAbsence === undefined || tagPresence === undefined || tagAbsence !== undefined) {
        return badProof('rollup, or rollupAbsence with tagPresence, is needed');
      }
      const leaf = leafPart(index, tagPresence, 'tagPresence');
      if (!leaf.ok) return leaf;
      const absent = absencePart(rollup, leaf.value.tag, rollupAbsence, 'rollupAbsence');
      if (!absent.ok) return absent;
      return ok(`${claim} without the tag ${toHex(leaf.value.tag)}, but ${signedIndex} has it.`);
    }
    if (rollupAbsence !== undefined || (tagAbsence === undefined) === (tagPresence === undefined)) {
      return badProof('rollup with one of tagAbsence and tagPresence is needed');
    }
    const last = leafPart(rollup, entry, 'rollup');
    if (!last.ok) return last;
    const { tag, height: lastHeight, total } = last.value;
    const names = `${claim} that names block ${lastHeight} as the last with the tag ${toHex(tag)}`;
    if (tagAbsence !== undefined) {
      const absent = absencePart(index, tag, tagAbsence, 'tagAbsence');
      if (!absent.ok) return absent;
      if (earlierHeight !== lastHeight) return noLie('the roll-up does not name this block');
      return ok(`${names}, but ${signedIndex} does not have it.`);
    }
    if (tagPresence === undefined) return badProof('tagPresence is missing');
    const leaf = presencePart(index, tag, tagPresence, 'tagPresence');
    if (!leaf.ok) return leaf;
    if (earlierHeight > lastHeight) return ok(`${names}, but ${signedIndex} has it too.`);
    if (earlierHeight < lastHeight || leaf.value.total === total) return noLie('the roll-up is right');
    return ok(
      `${names} and counts ${total} messages with it so far, but ${signedIndex} counts ${leaf.value.total}.`,
    );
  },
);
