/**
 * Verifies the parts that proofs of evidence are built from (`docs/spec/evidence.md`). What does not verify is
 * `evidence-proof`: it is not something that the operator signed.
 */
import type { Envelope } from '../record/envelope.ts';
import { messageId, parseLeaf } from '../record/envelope.ts';
import type { TreeCommitment } from '../record/header.ts';
import type { BlockProof, IncludedHeader, LogHeaders, MessageProof } from '../record/log-headers.ts';
import { verifyMessageEntry } from '../record/log-headers.ts';
import type { TagLeaf } from '../record/tag-index.ts';
import { parseTagList } from '../record/tag-index.ts';
import type { Absence, CommittedIndex, Presence } from '../record/tag-proof.ts';
import { readEntry, verifyAbsence, verifyEntry, verifyPresence } from '../record/tag-proof.ts';
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import { badProof } from './kind.ts';

type Part<T> = Result<T, 'evidence-proof'>;

/** The header of a block proof: included, and valid at its position. */
export function headerPart(log: LogHeaders, proof: BlockProof, what: string): Part<IncludedHeader> {
  const header = log.include(proof);
  return header.ok ? header : badProof(what, header.code);
}

/** A message of the block with this header, that was read. */
export interface MessagePart {
  readonly index: number;
  readonly id: Uint8Array;
  readonly envelope: Envelope;
}

/** The message of a message proof: included, and its leaf parses. Its signature is not looked at. */
export function messagePart(header: IncludedHeader, proof: MessageProof, what: string): Part<MessagePart> {
  const included = verifyMessageEntry(header, proof);
  if (!included.ok) return badProof(what, included.code);
  const envelope = parseLeaf(proof.leaf);
  if (!envelope.ok) return badProof(what, envelope.code);
  return ok({ index: proof.index, id: messageId(envelope.value), envelope: envelope.value });
}

/** A sound leaf of an index, of whatever tag. */
export function leafPart<Leaf extends { readonly tag: Uint8Array }>(
  index: CommittedIndex<Leaf>,
  proof: Presence,
  what: string,
): Part<Leaf> {
  const leaf = readEntry(index, proof);
  return leaf.ok ? leaf : badProof(what, leaf.code);
}

/** The sound leaf of this tag in an index. */
export function presencePart<Leaf extends { readonly tag: Uint8Array }>(
  index: CommittedIndex<Leaf>,
  tag: Uint8Array,
  proof: Presence,
  what: string,
): Part<Leaf> {
  const leaf = verifyPresence(index, tag, proof);
  return leaf.ok ? leaf : badProof(what, leaf.code);
}

/** The list of a leaf, sound. */
export function listPart(leaf: TagLeaf, bytes: Uint8Array, what: string): Part<readonly number[]> {
  const indices = parseTagList(bytes, leaf);
  return indices.ok ? indices : badProof(what, indices.code);
}

/** The absence of this tag from an index. */
export function absencePart(
  index: CommittedIndex<{ readonly tag: Uint8Array }>,
  tag: Uint8Array,
  proof: Absence,
  what: string,
): Part<void> {
  const absent = verifyAbsence(index, tag, proof);
  return absent.ok ? absent : badProof(what, absent.code);
}

/** A leaf at its place, whatever its bytes. */
export function entryPart(tree: TreeCommitment, proof: Presence, what: string): Part<void> {
  const included = verifyEntry(tree, proof);
  return included.ok ? included : badProof(what, included.detail);
}
