/**
 * Completeness (`docs/spec/tags.md`): these are all messages that the tag index lists for a tag in a range of blocks of
 * the tree under a checkpoint. It rests on the index being honest; the roll-ups of the range must say the same, and
 * an index that contradicts itself is evidence.
 */
import { copyBytes } from '../bytes.ts';
import type { AbsenceCode } from '../errors/absence.ts';
import type { CompleteCode } from '../errors/complete.ts';
import type { RangeCode } from '../errors/range.ts';
import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { LogHeaders } from './log-headers.ts';
import type { RangeSpan } from './range.ts';
import { indexOfSpan, planRange, spanHeader, spanLength } from './range.ts';
import type { TagLeaf } from './tag-index.ts';
import type { Absence, Presence, PresenceCode } from './tag-proof.ts';
import { rollupOf, tagIndexOf, verifyAbsence, verifyPresence } from './tag-proof.ts';

/** What is claimed to be complete. */
export interface CompletenessQuestion {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  /** Height of the first block. */
  readonly from: number;
  /** Height of the last block. */
  readonly to: number;
}

/** What a roll-up, or the index of a single block, says of the tag. Foreign input. */
export type CompletenessPiece = RangeSpan & ({ readonly absence: Absence } | { readonly presence: Presence });

/** The proof. Foreign input. */
export interface CompletenessProof {
  /** One for each block that has the tag, ascending. */
  readonly entries: readonly { readonly height: number; readonly presence: Presence }[];
  /** One for each span of {@link planCompleteness}. */
  readonly pieces: readonly CompletenessPiece[];
}

/** A block that has the tag, and what its index says of it. */
export interface CompleteEntry {
  readonly height: number;
  readonly leaf: TagLeaf;
}

/** A class with a private field, and not exported: no literal, spread or copy of one passes for what was verified. */
class Complete {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The checkpoint as of which it holds. */
  readonly checkpoint: VerifiedCheckpoint;
  readonly #entries: readonly CompleteEntry[];

  constructor(
    { tag, from, to }: CompletenessQuestion,
    checkpoint: VerifiedCheckpoint,
    entries: readonly CompleteEntry[],
  ) {
    this.tag = copyBytes(tag);
    this.from = from;
    this.to = to;
    this.checkpoint = checkpoint;
    this.#entries = Object.freeze([...entries]);
    Object.freeze(this);
  }

  /** The blocks that have the tag, ascending. */
  get entries(): readonly CompleteEntry[] {
    return this.#entries;
  }

  /** How many messages that are. */
  get messages(): number {
    return this.#entries.reduce((sum, { leaf }) => sum + leaf.count, 0);
  }
}

/** What was shown. Only {@link verifyCompleteness} makes one. */
export type Completeness = Complete;

type CompletenessCode = CompleteCode | RangeCode | AbsenceCode | PresenceCode;

/** A span of the plan that needs a piece, and the last entry in it; without one the tag is absent from it. */
export interface NeededPiece extends RangeSpan {
  readonly last: number | undefined;
}

/**
 * The pieces that are needed to show that a tag is in exactly these blocks of `from` to `to`, both included: every
 * roll-up of {@link planRange}, and every single block above the last entry.
 *
 * @param heights of the entries, ascending.
 * @param size that of the checkpoint. @throws RangeError when `to` is not below it.
 */
export function planCompleteness(
  question: Pick<CompletenessQuestion, 'from' | 'to'>,
  heights: readonly number[],
  size: number,
): readonly NeededPiece[] {
  const newest = heights.at(-1) ?? -1;
  let next = 0;
  const needed: NeededPiece[] = [];
  for (const span of planRange(question.from, question.to, size)) {
    const end = span.from + spanLength(span.level);
    let last: number | undefined;
    for (; next < heights.length && (heights[next] ?? end) < end; next++) last = heights[next];
    if (span.level > 0 || span.from > newest) needed.push({ ...span, last });
  }
  return needed;
}

/**
 * Verifies that the proof shows all blocks `from` to `to`, both included, that have the tag.
 *
 * @param log the headers of the entries and of the pieces have been taken in.
 * @throws RangeError when `to` is not below the size of the checkpoint.
 */
export function verifyCompleteness(
  log: LogHeaders,
  question: CompletenessQuestion,
  proof: CompletenessProof,
): Result<Completeness, CompletenessCode> {
  const entries = verifyEntries(log, question, proof);
  if (!entries.ok) return entries;
  const heights = entries.value.map(({ height }) => height);
  const needed = planCompleteness(question, heights, log.size);
  const totals = new Map(entries.value.map(({ height, leaf }) => [height, leaf.total]));
  for (const [i, piece] of proof.pieces.entries()) {
    const { from, level } = piece;
    const due = needed[i];
    if (due === undefined) return refuse('range-gap', `${from} where nothing is due`);
    if (due.from !== from || due.level !== level)
      return refuse('range-gap', `${from} where ${due.from} is due`);
    const agrees = verifyPiece(log, question.tag, piece, due, totals);
    if (!agrees.ok) return refuse(agrees.code, `blocks from ${from}: ${agrees.detail ?? ''}`);
  }
  const missing = needed[proof.pieces.length];
  if (missing !== undefined) return refuse('range-gap', `nothing where ${missing.from} is due`);
  return ok(new Complete(question, log.checkpoint, entries.value));
}

/** Verifies the entries: each in its index, linked to the one before, its total in keeping. */
function verifyEntries(
  log: LogHeaders,
  { tag, from, to }: CompletenessQuestion,
  proof: CompletenessProof,
): Result<readonly CompleteEntry[], CompletenessCode> {
  const entries: CompleteEntry[] = [];
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
    entries.push({ height, leaf });
  }
  return ok(entries);
}

/** Verifies that a roll-up, or the index of a single block, says what the entries say. */
function verifyPiece(
  log: LogHeaders,
  tag: Uint8Array,
  piece: CompletenessPiece,
  due: NeededPiece,
  totals: ReadonlyMap<number, number>,
): Result<void, CompletenessCode> {
  const { level, last } = due;
  if ('absence' in piece !== (last === undefined)) return refuse('complete-rollup', 'the opposite is due');
  const header = log.at(spanHeader(due));
  if (header === undefined) return refuse('range-span', `${spanLength(level)} blocks`);
  if ('absence' in piece) {
    const index = indexOfSpan(log, due);
    return index === undefined ? refuse('range-span') : verifyAbsence(index, tag, piece.absence);
  }
  const rollup = level === 0 ? undefined : rollupOf(header, level);
  if (rollup === undefined) return refuse('range-span', `${spanLength(level)} blocks`);
  const shown = verifyPresence(rollup, tag, piece.presence);
  if (!shown.ok) return shown;
  const { height, total } = shown.value;
  if (height === last && total === totals.get(height)) return ok(undefined);
  return refuse('complete-rollup', `${total} up to ${height}, not to ${last ?? 'none'}`);
}
