/** Evidence about the tag index of one block: against its messages, and against its own form (`docs/spec/evidence.md`). */
import { equalBytes, toHex } from '../bytes.ts';
import type { TagLeaf } from '../record/tag-index.ts';
import { parseTagLeaf, parseTagList } from '../record/tag-index.ts';
import { tagIndexOf } from '../record/tag-proof.ts';
import { ok } from '../result.ts';
import type { Verdict } from './kind.ts';
import {
  absence,
  badProof,
  block,
  defineKind,
  hash,
  list,
  listedIndex,
  message,
  noLie,
  presence,
} from './kind.ts';
import type { MessagePart } from './parts.ts';
import {
  absencePart,
  entryPart,
  headerPart,
  leafPart,
  listPart,
  messagePart,
  presencePart,
} from './parts.ts';
import { because } from './reasons.ts';
import { unsorted } from './order.ts';

const nothing = new Uint8Array(0);

function carries({ id, envelope }: MessagePart, tag: Uint8Array): boolean {
  return equalBytes(id, tag) || envelope.head.tags.some((carried) => equalBytes(carried, tag));
}

export const tagMissing = defineKind(
  'tag-missing',
  { required: { block, message, tag: hash }, optional: { absence, indices: list, presence } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const sealed = messagePart(header.value, proof.message, 'message');
    if (!sealed.ok) return sealed;
    const { tag } = proof;
    const index = tagIndexOf(header.value);
    const where = `message ${sealed.value.index} of block ${header.value.height} carries the tag ${toHex(tag)}`;
    if (proof.absence !== undefined && proof.presence === undefined) {
      if (proof.indices !== undefined) return badProof('indices without a presence');
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
    if (proof.indices !== undefined) {
      const indices = listPart(leaf.value, proof.indices, 'indices');
      if (!indices.ok) return indices;
      if (carries(sealed.value, tag) && !indices.value.includes(sealed.value.index)) {
        return ok(
          `The operator sealed a block in which ${where}, and signed an index of it that leaves the message out.`,
        );
      }
    }
    return judgeOwn(sealed.value, leaf.value, header.value.height);
  },
);

/** Whether the leaf of a message's id denies that the message stands where it stands. */
function judgeOwn({ id, index }: MessagePart, { own, tag }: TagLeaf, height: number): Verdict {
  if (!equalBytes(id, tag) || (own !== undefined && own <= index)) return noLie('the index has the message');
  return ok(
    `The operator sealed a block ${height} in which message ${index} is the message ${toHex(tag)}, and signed an ` +
      'index of it that denies this.',
  );
}

export const tagForeign = defineKind(
  'tag-foreign',
  { required: { block, listed: listedIndex, presence }, optional: { indices: list, message } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const leaf = leafPart(tagIndexOf(header.value), proof.presence, 'presence');
    if (!leaf.ok) return leaf;
    const { listed } = proof;
    const { tag, own } = leaf.value;
    const { height, messages } = header.value;
    // What the leaf itself says needs no list, so that it cannot be denied by holding the list back.
    const isOwn = listed === own;
    if (isOwn !== (proof.indices === undefined)) return badProof('indices for this index');
    const indices = isOwn ? ok([listed]) : listPart(leaf.value, proof.indices ?? nothing, 'indices');
    if (!indices.ok) return indices;
    const claim = isOwn
      ? `signed an index of block ${height} that says that message ${listed} is the message ${toHex(tag)}`
      : `signed an index of block ${height} that lists message ${listed} under the tag ${toHex(tag)}`;
    if ((proof.message === undefined) !== listed >= messages.count) return badProof('message for this index');
    if (proof.message === undefined) {
      if (!indices.value.includes(listed)) return noLie('the index does not list this message');
      return ok(`The operator ${claim}, but the block has only ${messages.count} messages.`);
    }
    const sealed = messagePart(header.value, proof.message, 'message');
    if (!sealed.ok) return sealed;
    if (sealed.value.index !== listed) return badProof('message at another index');
    if (!indices.value.includes(listed)) return noLie('the index does not list this message');
    if (isOwn) {
      if (equalBytes(sealed.value.id, tag)) return noLie('it is this message');
      return ok(`The operator ${claim}, but it is another message.`);
    }
    if (carries(sealed.value, tag)) return noLie('the message carries the tag');
    return ok(`The operator ${claim}, but that message does not carry it.`);
  },
);

export const tagMalformed = defineKind(
  'tag-malformed',
  { required: { block, entry: presence }, optional: { indices: list } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const included = entryPart(header.value.tags, proof.entry, 'entry');
    if (!included.ok) return included;
    const { height } = header.value;
    const claim = `The operator signed an index of block ${height} whose entry ${proof.entry.index} breaks the rules `;
    const leaf = parseTagLeaf(proof.entry.leaf, height);
    if (!leaf.ok) {
      return proof.indices === undefined ? ok(claim + because(leaf.code)) : badProof('indices of no leaf');
    }
    if (proof.indices === undefined) return noLie('the entry is sound');
    const indices = parseTagList(proof.indices, leaf.value);
    if (indices.ok) return noLie('the entry and its list are sound');
    return indices.code === 'tag-list'
      ? badProof('indices', indices.code)
      : ok(claim + because(indices.code));
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
