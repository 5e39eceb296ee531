/**
 * Evidence about signed heads of a log (`docs/spec/evidence.md`). Heads count here in whatever form the log's key signed
 * them: else an operator could show a second history under heads that no reader of a ledger takes.
 */
import { equalBytes, toBase64, toUtf8 } from '../bytes.ts';
import { openCheckpoint } from '../log/checkpoint.ts';
import { ok } from '../result.ts';
import { verifyPrefixProof } from '../tree/merkle.ts';
import type { SignedHead } from './kind.ts';
import { badProof, defineKind, hashes, noLie, text } from './kind.ts';

export const headsInconsistent = defineKind(
  'heads-inconsistent',
  { required: { other: text }, optional: { prefix: hashes } },
  ({ other, prefix }, log: SignedHead) => {
    const second = openCheckpoint(toUtf8(other), [log.ledger.logKey], []);
    if (!second.ok) return badProof('other', second.code);
    const heads = [log.checkpoint, second.value] as const;
    const [smaller, larger] = heads[0].size <= heads[1].size ? heads : [heads[1], heads[0]];
    if (smaller.size === larger.size) {
      if (prefix !== undefined) return badProof('prefix of equal sizes');
      if (equalBytes(smaller.root, larger.root)) return noLie('the same head twice');
      return ok(
        `The operator signed two heads of the record for the same ${smaller.size} blocks with different content: ` +
          `one with the root hash ${toBase64(smaller.root)}, the other with ${toBase64(larger.root)}.`,
      );
    }
    if (prefix === undefined) return badProof('prefix is missing');
    const claim = { oldSize: smaller.size, newSize: larger.size, newRoot: larger.root, nodes: prefix };
    const root = verifyPrefixProof(claim);
    if (!root.ok) return badProof('prefix', root.code);
    if (equalBytes(root.value, smaller.root)) return noLie('the larger head continues the smaller one');
    return ok(
      `The operator signed a head of the record for ${smaller.size} blocks with the root hash ` +
        `${toBase64(smaller.root)}, and a head for ${larger.size} blocks whose first ${smaller.size} blocks have the ` +
        `root hash ${toBase64(root.value)}: the record was rewritten or shown differently to different people.`,
    );
  },
);

export const checkpointExtended = defineKind(
  'checkpoint-extended',
  { required: {}, optional: {} },
  (_, { checkpoint }: SignedHead) => {
    const { extensions, size } = checkpoint;
    if (extensions.length === 0) return noLie('the head has no extension lines');
    return ok(
      `The operator signed a head of the record for ${size} blocks that says more than any head may: ` +
        `${extensions.length} further line(s), which nobody could check.`,
    );
  },
);
