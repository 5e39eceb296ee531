/** Evidence in the block log itself: an entry that is no header, and a broken chain (`docs/spec/evidence.md`). */
import { checkLink, parseHeaderAt } from '../record/ledger.ts';
import { ok } from '../result.ts';
import { badProof, block, defineKind, noLie } from './kind.ts';
import { headerPart } from './parts.ts';
import { because } from './reasons.ts';

export const headerInvalid = defineKind(
  'header-invalid',
  { required: { block }, optional: {} },
  (proof, log) => {
    const { header, height } = proof.block;
    const included = log.verifyEntry(proof.block);
    if (!included.ok) return badProof('block', included.code);
    const read = parseHeaderAt(header, height, log.ledger);
    if (read.ok) return noLie('the header is valid');
    return ok(
      `The operator signed a record whose entry ${height} is not a block header that may stand there ` +
        because(read.code),
    );
  },
);

export const chainBroken = defineKind(
  'chain-broken',
  { required: { lower: block, upper: block }, optional: {} },
  (proof, log) => {
    const lower = headerPart(log, proof.lower, 'lower');
    if (!lower.ok) return lower;
    const upper = headerPart(log, proof.upper, 'upper');
    if (!upper.ok) return upper;
    if (upper.value.height !== lower.value.height + 1) return badProof('upper is not right above lower');
    const link = checkLink(lower.value, upper.value, log.ledger);
    if (link.ok) return noLie('the blocks are linked');
    return ok(
      `The operator signed a record in which block ${upper.value.height} does not continue block ` +
        `${lower.value.height} ${because(link.code)}`,
    );
  },
);
