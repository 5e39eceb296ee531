/**
 * Absence of a tag over a range of blocks (`docs/spec/tags.md`): piece by piece, as large as the roll-ups allow.
 */
import type { AbsenceCode } from '../errors/absence.ts';
import type { RangeCode } from '../errors/range.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { LogHeaders } from './log-headers.ts';
import type { RollupLeaf, RollupLevel } from './rollup.ts';
import { spanOf } from './rollup.ts';
import type { TagLeaf } from './tag-index.ts';
import type { Absence, CommittedIndex, PresenceCode } from './tag-proof.ts';
import { rollupOf, tagIndexOf, verifyAbsence } from './tag-proof.ts';

/** One block (level 0), or the 256 (level 1) or 65,536 (level 2) blocks of a roll-up. */
export interface RangeSpan {
  /** Height of the first block. */
  readonly from: number;
  readonly level: 0 | RollupLevel;
}

/** A span with the proof that the tag is absent from it. Foreign input. */
export interface RangePiece extends RangeSpan {
  readonly absence: Absence;
}

/** How many blocks a span holds. */
export function spanLength(level: RangeSpan['level']): number {
  return level === 0 ? 1 : spanOf(level);
}

/** Height of the header that commits to the index of a span: its own block's, or the one right above the roll-up. */
export function spanHeader({ from, level }: RangeSpan): number {
  return level === 0 ? from : from + spanOf(level);
}

/**
 * The spans that cover the blocks `from` to `to`, both included, with the fewest proofs: at most 255 for each level at
 * each end, and 256 single blocks where the checkpoint ends with the last block of a roll-up. None when `from` is above `to`.
 *
 * @param size that of the checkpoint.
 * @throws RangeError when `to` is not below it.
 */
export function planRange(from: number, to: number, size: number): readonly RangeSpan[] {
  if (to >= size) throw new RangeError(`block ${to} is not below ${size}`);
  const fits = (at: number, level: RollupLevel): boolean => {
    const end = at + spanOf(level);
    return at % spanOf(level) === 0 && end <= to + 1 && end < size;
  };
  const spans: RangeSpan[] = [];
  for (let at = from; at <= to;) {
    const level = fits(at, 2) ? 2 : fits(at, 1) ? 1 : 0;
    spans.push({ from: at, level });
    at += spanLength(level);
  }
  return spans;
}

/** The index that shows what a span holds, or undefined when no header that was taken in commits to it. */
export function indexOfSpan(
  log: LogHeaders,
  span: RangeSpan,
): CommittedIndex<TagLeaf | RollupLeaf> | undefined {
  const header = log.at(spanHeader(span));
  if (header === undefined) return undefined;
  return span.level === 0 ? tagIndexOf(header) : rollupOf(header, span.level);
}

/**
 * Verifies that none of the blocks `from` to `to`, both included, has the tag. Nothing is to be shown when `from` is
 * above `to`.
 *
 * @param log the headers of the spans have been taken in.
 */
export function verifyRangeAbsence(
  log: LogHeaders,
  tag: Uint8Array,
  range: { readonly from: number; readonly to: number },
  pieces: readonly RangePiece[],
): Result<void, RangeCode | AbsenceCode | PresenceCode> {
  let next = range.from;
  for (const piece of pieces) {
    const { from, level, absence } = piece;
    if (from !== next) return refuse('range-gap', `${from} where ${next} is due`);
    next += spanLength(level);
    if (next > range.to + 1) return refuse('range-gap', `goes on to ${next - 1}, past ${range.to}`);
    const index = indexOfSpan(log, piece);
    if (index === undefined) return refuse('range-span', `${spanLength(level)} blocks from ${from}`);
    const absent = verifyAbsence(index, tag, absence);
    if (!absent.ok) return refuse(absent.code, `blocks from ${from}: ${absent.detail ?? ''}`);
  }
  return next > range.to ? ok(undefined) : refuse('range-gap', `ends at ${next - 1}, not at ${range.to}`);
}
