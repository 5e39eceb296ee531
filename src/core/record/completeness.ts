/**
 * Completeness (`docs/spec/tags.md`): these are all messages that the tag index lists for a tag in a range of blocks of
 * the tree under a checkpoint. It rests on the index being honest; a dishonest one contradicts itself, which is evidence.
 */
import type { AbsenceCode } from '../errors/absence.ts';
import type { CompleteCode } from '../errors/complete.ts';
import type { RangeCode } from '../errors/range.ts';
import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { LogHeaders } from './log-headers.ts';
import type { RangePiece } from './range.ts';
import { verifyRangeAbsence } from './range.ts';
import type { TagLeaf } from './tag-index.ts';
import type { Presence, PresenceCode } from './tag-proof.ts';
import { tagIndexOf, verifyPresence } from './tag-proof.ts';

/** What is claimed to be complete. */
export interface CompletenessQuestion {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** Height of the first block. */
  readonly from: number;
  /** Height of the last block. */
  readonly to: number;
}

/** The proof. Foreign input. */
export interface CompletenessProof {
  /** One for each block that has the tag, ascending. */
  readonly entries: readonly { readonly height: number; readonly presence: Presence }[];
  /** Absence from the block after the last entry to the end; from the start when there are no entries. */
  readonly absence: readonly RangePiece[];
}

declare const made: unique symbol;

/** What was shown. Made by {@link verifyCompleteness} only. */
export interface Completeness extends CompletenessQuestion {
  readonly [made]: true;
  /** The checkpoint as of which it holds. */
  readonly checkpoint: VerifiedCheckpoint;
  /** The blocks that have the tag, ascending, and what their index says of it. */
  readonly entries: readonly { readonly height: number; readonly leaf: TagLeaf }[];
  /** How many messages that are. */
  readonly messages: number;
}

/**
 * Verifies that the proof shows all blocks `from` to `to`, both included, that have the tag.
 *
 * @param log the headers of the entries and of the absence have been taken in.
 */
export function verifyCompleteness(
  log: LogHeaders,
  question: CompletenessQuestion,
  proof: CompletenessProof,
): Result<Completeness, CompleteCode | RangeCode | AbsenceCode | PresenceCode> {
  const { tag, from, to } = question;
  const entries: { height: number; leaf: TagLeaf }[] = [];
  let messages = 0;
  for (const { height, presence } of proof.entries) {
    const before = entries.at(-1);
    if (height < from || height > to) return refuse('complete-link', `${height} is not in ${from} to ${to}`);
    if (before !== undefined && height <= before.height) {
      return refuse('complete-link', `${height} after ${before.height}`);
    }
    const header = log.at(height);
    if (header === undefined) return refuse('range-span', `block ${height}`);
    const shown = verifyPresence(tagIndexOf(header), tag, presence);
    if (!shown.ok) return refuse(shown.code, `block ${height}: ${shown.detail ?? ''}`);
    const leaf = shown.value;
    const linked = before === undefined ? (leaf.previous ?? -1) < from : leaf.previous === before.height;
    if (!linked) return refuse('complete-link', `${height} names ${leaf.previous ?? 'none'}`);
    const { count } = leaf;
    if (before !== undefined && leaf.total !== before.leaf.total + count) {
      return refuse('complete-total', `${before.leaf.total} and ${count} are not ${leaf.total}`);
    }
    messages += count;
    entries.push({ height, leaf });
  }
  const rest = { from: (entries.at(-1)?.height ?? from - 1) + 1, to };
  const absent = verifyRangeAbsence(log, tag, rest, proof.absence);
  if (!absent.ok) return absent;
  return ok({ tag, from, to, checkpoint: log.checkpoint, entries, messages } as unknown as Completeness);
}
