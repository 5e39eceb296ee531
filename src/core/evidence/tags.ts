/** Evidence about the tag index of one block: against its messages, and against its own form (`docs/spec/evidence.md`). */
import { equalBytes, toHex } from '../bytes.ts';
import { parseTagLeaf } from '../record/tag-index.ts';
import { tagIndexOf } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import { absence, badProof, block, defineKind, hash, listedIndex, message, noLie, presence } from './kind.ts';
import type { MessagePart } from './parts.ts';
import { absencePart, entryPart, headerPart, leafPart, messagePart, presencePart } from './parts.ts';
import { because } from './reasons.ts';
import { unsorted } from './order.ts';

function carries({ id, envelope }: MessagePart, tag: Uint8Array): boolean {
  return equalBytes(id, tag) || envelope.head.tags.some((carried) => equalBytes(carried, tag));
}

export const tagMissing = defineKind(
  'tag-missing',
  { required: { block, message, tag: hash }, optional: { absence, presence } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const sealed = messagePart(header.value, proof.message, 'message');
    if (!sealed.ok) return sealed;
    const { tag } = proof;
    const index = tagIndexOf(header.value);
    const where = `message ${sealed.value.index} of block ${header.value.height} carries the tag ${toHex(tag)}`;
    if (proof.absence !== undefined && proof.presence === undefined) {
      const absent = absencePart(index, tag, proof.absence, 'absence');
      if (!absent.ok) return absent;
      if (!carries(sealed.value, tag)) return noLie('the message does not carry the tag');
      return ok(`The operator sealed a block in which ${where}, and signed an index of it without that tag.`);
    }
    if (proof.presence === undefined || proof.absence !== undefined) {
      return badProof('one of absence and presence is needed');
    }
    const leaf = presencePart(index, tag, proof.presence, 'presence');
    if (!leaf.ok) return leaf;
    if (!carries(sealed.value, tag)) return noLie('the message does not carry the tag');
    if (!leaf.value.indices.includes(sealed.value.index)) {
      return ok(
        `The operator sealed a block in which ${where}, and signed an index of it that leaves the message out.`,
      );
    }
    const own = leaf.value.own;
    if (!equalBytes(sealed.value.id, tag) || (own !== undefined && own <= sealed.value.index)) {
      return noLie('the index lists the message');
    }
    return ok(
      `The operator sealed a block in which message ${sealed.value.index} is the message ${toHex(tag)}, and signed ` +
        `an index of it that denies this.`,
    );
  },
);

export const tagForeign = defineKind(
  'tag-foreign',
  { required: { block, listed: listedIndex, presence }, optional: { message } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const leaf = leafPart(tagIndexOf(header.value), proof.presence, 'presence');
    if (!leaf.ok) return leaf;
    const { listed } = proof;
    const { tag, indices, own } = leaf.value;
    const { count } = header.value.messages;
    const claim = `signed an index of block ${header.value.height} that lists message ${listed} under the tag ${toHex(tag)}`;
    if ((proof.message === undefined) !== listed >= count) return badProof('message for this index');
    if (proof.message === undefined) {
      if (!indices.includes(listed)) return noLie('the index does not list this message');
      return ok(`The operator ${claim}, but the block has only ${count} messages.`);
    }
    const sealed = messagePart(header.value, proof.message, 'message');
    if (!sealed.ok) return sealed;
    if (sealed.value.index !== listed) return badProof('message at another index');
    if (!indices.includes(listed)) return noLie('the index does not list this message');
    if (!carries(sealed.value, tag)) return ok(`The operator ${claim}, but that message does not carry it.`);
    if (listed !== own || equalBytes(sealed.value.id, tag)) return noLie('the message carries the tag');
    return ok(`The operator ${claim} and says that it is the message of that id, but it is another message.`);
  },
);

export const tagMalformed = defineKind(
  'tag-malformed',
  { required: { block, entry: presence }, optional: {} },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const included = entryPart(header.value.tags, proof.entry, 'entry');
    if (!included.ok) return included;
    const leaf = parseTagLeaf(proof.entry.leaf, header.value.height);
    if (leaf.ok) return noLie('the entry is sound');
    return ok(
      `The operator signed an index of block ${header.value.height} whose entry ${proof.entry.index} breaks the rules ` +
        because(leaf.code),
    );
  },
);

export const tagUnsorted = defineKind(
  'tag-unsorted',
  { required: { block, left: presence, right: presence }, optional: {} },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    return unsorted(header.value.tags, proof.left, proof.right, `an index of block ${header.value.height}`);
  },
);
