/** Evidence about the links and totals between the tag indices of blocks (`docs/spec/evidence.md`, `tag-link`). */
import { toHex } from '../bytes.ts';
import { tagIndexOf } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import { absence, badProof, block, defineKind, noLie, presence } from './kind.ts';
import { absencePart, headerPart, leafPart, presencePart } from './parts.ts';

export const tagLink = defineKind(
  'tag-link',
  {
    required: { block, earlierBlock: block, presence },
    optional: { earlierAbsence: absence, earlierPresence: presence },
  },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const leaf = leafPart(tagIndexOf(header.value), proof.presence, 'presence');
    if (!leaf.ok) return leaf;
    const earlier = headerPart(log, proof.earlierBlock, 'earlierBlock');
    if (!earlier.ok) return earlier;
    const { tag, previous, total, count } = leaf.value;
    const [height, earlierHeight] = [header.value.height, earlier.value.height];
    if (earlierHeight >= height) return badProof('earlierBlock is not below block');
    const earlierIndex = tagIndexOf(earlier.value);
    const claim =
      `The operator signed an index of block ${height} that says of the tag ${toHex(tag)}: ` +
      (previous === undefined ? 'no block had it before' : `block ${previous} had it before`);
    const { earlierAbsence, earlierPresence } = proof;
    if (earlierAbsence !== undefined && earlierPresence === undefined) {
      const absent = absencePart(earlierIndex, tag, earlierAbsence, 'earlierAbsence');
      if (!absent.ok) return absent;
      if (earlierHeight !== previous) return noLie('the link does not name this block');
      return ok(
        `${claim}. The index that the operator signed for block ${earlierHeight} does not have that tag.`,
      );
    }
    if (earlierPresence === undefined || earlierAbsence !== undefined) {
      return badProof('one of earlierAbsence and earlierPresence is needed');
    }
    const before = presencePart(earlierIndex, tag, earlierPresence, 'earlierPresence');
    if (!before.ok) return before;
    if (earlierHeight > (previous ?? -1)) {
      const above = previous === undefined ? '' : ` and above block ${previous}`;
      return ok(
        `${claim}. But block ${earlierHeight}, below it${above}, has the tag in the index that the operator signed for it.`,
      );
    }
    if (earlierHeight < (previous ?? -1)) return noLie('the block lies below the link');
    if (before.value.total + count === total) return noLie('link and total are right');
    return ok(
      `${claim}, and that ${total} messages carry it so far, ${count} of them in this block. But the index of ` +
        `block ${earlierHeight} counts ${before.value.total} before.`,
    );
  },
);
