import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32, TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { equalBytes } from '../bytes.ts';
import type { CompletenessProof } from './completeness.ts';
import { planCompleteness, verifyCompleteness } from './completeness.ts';
import { LogHeaders } from './log-headers.ts';
import { MemoryState } from './memory-state.ts';
import type { RangePiece, RangeSpan } from './range.ts';
import { planRange, spanHeader, spanLength, verifyRangeAbsence } from './range.ts';
import type { RollupLeaf } from './rollup.ts';
import { writeRollupLeaf } from './rollup.ts';

const tag = bytes32('tag');

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

/** The absence of a tag from each of these spans. */
function piecesOf(ledger: TestLedger, spans: readonly RangeSpan[], wanted: Uint8Array): RangePiece[] {
  return spans.map((span) => {
    const lookup =
      span.level === 0
        ? ledger.lookup(span.from, wanted)
        : ledger.rollupProver(spanHeader(span), span.level).lookup(wanted);
    if (lookup.found) throw new RangeError(`found at ${span.from}`);
    return { ...span, absence: lookup.absence };
  });
}

describe('the plan for a range', () => {
  const cost = (spans: readonly RangeSpan[], level: number): number =>
    spans.filter((span) => span.level === level).length;

  it('covers every block once, with spans that the checkpoint covers, and few proofs', () => {
    const height = fc.integer({ min: 0, max: 400_000 });
    const property = fc.property(height, height, fc.integer({ min: 1, max: 1_000 }), (a, b, more) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const size = to + more;
      const spans = planRange(from, to, size);
      let next = from;
      const sound = spans.map((span) => {
        const due = next;
        next += spanLength(span.level);
        return span.from === due && due % spanLength(span.level) === 0 && spanHeader(span) < size;
      });
      expect([sound.includes(false), next]).toEqual([false, to + 1]);
      // On the way up the spans grow, then they shrink: so each level occurs at each of the two ends at most.
      const largest = Math.max(...spans.map(({ level }) => level));
      const peak = spans.findIndex(({ level }) => level === largest);
      const last = spans.findLastIndex(({ level }) => level === largest);
      for (const level of [0, 1]) {
        if (level === largest) continue;
        expect(cost(spans.slice(0, peak), level)).toBeLessThanOrEqual(255);
        const atEnd = size === to + 1 && size % 256 === 0 && level === 0 ? 256 : 255;
        expect(cost(spans.slice(last + 1), level)).toBeLessThanOrEqual(atEnd);
      }
      if (largest < 2) expect(cost(spans, largest)).toBeLessThanOrEqual(2 * 255 + 1);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it.each([
    [0, 255, 257, [[0, 1]]],
    [0, 65_535, 65_537, [[0, 2]]],
    [5, 5, 6, [[5, 0]]],
    [
      255,
      257,
      258,
      [
        [255, 0],
        [256, 0],
        [257, 0],
      ],
    ],
    [
      255,
      512,
      514,
      [
        [255, 0],
        [256, 1],
        [512, 0],
      ],
    ],
    [3, 2, 3, []],
  ] as const)('%i to %i under %i blocks', (from, to, size, expected) => {
    expect(planRange(from, to, size).map((span) => [span.from, span.level])).toEqual(expected);
  });

  it('falls back to 256 single blocks where the header above the span is not there yet', () => {
    const spans = planRange(0, 511, 512);
    expect([cost(spans, 0), cost(spans, 1)]).toEqual([256, 1]);
    expect(cost(planRange(0, 511, 513), 1)).toBe(2);
    expect(() => planRange(0, 512, 512)).toThrow(RangeError);
  });

  it('costs at most 255 proofs per level at each end over a long log', () => {
    const spans = planRange(1, 3 * 65_536 - 2, 3 * 65_536);
    expect([cost(spans, 0), cost(spans, 1), cost(spans, 2)]).toEqual([510, 510, 1]);
  });
});

describe('absence over a range', () => {
  /** Blocks 253 to 513, of which block 254 and 513 have the tag; a roll-up at 256 and at 512. */
  const ledger = new TestLedger();
  ledger.skipTo(253);
  for (let height = 253; height <= 513; height++) {
    ledger.seal([ledger.message(height === 254 || height === 513 ? { tags: [tag] } : {})]);
  }
  const log = ledger.log();
  const judged = (from: number, to: number, pieces: readonly RangePiece[], wanted = tag): string =>
    codeOf(verifyRangeAbsence(log, wanted, { from, to }, pieces));

  it('is proven with single blocks and with roll-ups', () => {
    const planned = planRange(255, 512, ledger.size);
    expect(planned).toHaveLength(3);
    expect(judged(255, 512, piecesOf(ledger, planned, tag))).toBe('ok');
    const singles = Array.from({ length: 258 }, (_, i) => ({ from: 255 + i, level: 0 as const }));
    expect(judged(255, 512, piecesOf(ledger, singles, tag))).toBe('ok');
    const other = bytes32('other');
    expect(judged(0, 511, piecesOf(ledger, planRange(0, 511, ledger.size), other), other)).toBe('ok');
    expect(judged(5, 4, [])).toBe('ok');
  });

  it('is refused where a tag is, or where a piece is missing, twice, or out of place', () => {
    const [first, span, last] = piecesOf(ledger, planRange(255, 512, ledger.size), tag);
    if (first === undefined || span === undefined || last === undefined) throw new RangeError('no plan');
    expect(judged(255, 512, [first, span])).toBe('range-gap');
    expect(judged(255, 512, [span, last])).toBe('range-gap');
    expect(judged(255, 512, [first, last])).toBe('range-gap');
    expect(judged(255, 512, [first, first, span, last])).toBe('range-gap');
    expect(judged(255, 512, [first, span, last, { ...last, from: 513 }])).toBe('range-gap');
    expect(judged(255, 511, [first, span, last])).toBe('range-gap');
    const [, ...tail] = piecesOf(ledger, planRange(257, 259, ledger.size), tag);
    const [again = first] = piecesOf(ledger, planRange(257, 257, ledger.size), tag);
    expect(judged(257, 259, [again, ...tail])).toBe('ok');
    expect(judged(257, 259, [again, again, ...tail.slice(1)])).toBe('range-gap');
    expect(judged(256, 300, [span])).toBe('range-gap');
    expect(judged(255, 512, [])).toBe('range-gap');
    expect(judged(254, 254, [{ ...first, from: 254 }])).toMatch(/^(tag|absence)-/);
    expect(judged(254, 512, [{ ...first, from: 254 }, first, span, last])).toMatch(/^(tag|absence)-/);
    expect(judged(0, 255, [{ ...span, from: 0 }])).toMatch(/^(tag|rollup|absence)-/);
    expect(judged(255, 510, [{ ...span, from: 255 }])).toBe('range-span');
    expect(judged(256, 65_791, [{ ...span, level: 2 }])).toBe('range-span');
    expect(judged(0, 65_535, [{ ...span, from: 0, level: 2 }])).toBe('range-span');
    expect(judged(514, 514, [{ ...first, from: 514 }])).toBe('range-span');
    expect(judged(100, 100, [{ ...first, from: 100 }])).toBe('range-span');
  });

  it('rests on the headers of the checkpoint only', () => {
    const older = ledger.log(512);
    const pieces = piecesOf(ledger, [{ from: 256, level: 1 }], tag);
    expect(codeOf(verifyRangeAbsence(older, tag, { from: 256, to: 511 }, pieces))).toBe('range-span');
    const fresh = unwrap(LogHeaders.open(ledger.ledger, ledger.checkpoint()));
    expect(codeOf(verifyRangeAbsence(fresh, tag, { from: 256, to: 511 }, pieces))).toBe('range-span');
    expect(codeOf(fresh.include(ledger.block(512, 513)))).toMatch(/^tree-/);
    expect(codeOf(fresh.include({ ...ledger.block(512), height: 511 }))).toMatch(/^tree-/);
    expect(codeOf(fresh.include(ledger.block(512)))).toBe('ok');
    expect(codeOf(verifyRangeAbsence(fresh, tag, { from: 256, to: 511 }, pieces))).toBe('ok');
  });

  it('is not opened, and does not throw, when the key of the log was made like that of a witness', () => {
    // Name and id are all that decides; a key of the other type with the same id takes 2^32 tries to find.
    const opened = LogHeaders.open(ledger.ledger, ledger.checkpoint(), [ledger.ledger.logKey]);
    expect(codeOf(opened)).toBe('policy-duplicate');
  });

  it('takes a whole level 2 span in one proof', () => {
    const high = new TestLedger();
    high.skipTo(65_536);
    const leaf = (name: string) => writeRollupLeaf({ tag: bytes32(name), height: 65_535, total: 1 });
    high.seal([high.message()], { rollups: () => [[leaf('other')], [leaf('other')]] });
    const shown = piecesOf(high, [{ from: 0, level: 2 }], tag);
    expect(codeOf(verifyRangeAbsence(high.log(), tag, { from: 0, to: 65_535 }, shown))).toBe('ok');
    const level1 = piecesOf(high, [{ from: 65_280, level: 1 }], tag);
    expect(codeOf(verifyRangeAbsence(high.log(), tag, { from: 65_280, to: 65_535 }, level1))).toBe('ok');
  });
});

/** The honest proof for the blocks `from` to `to`. */
function completenessOf(ledger: TestLedger, from: number, to: number): CompletenessProof {
  const entries = [...ledger.blocks.keys()].flatMap((height) => {
    if (height < from || height > to) return [];
    const lookup = ledger.lookup(height, tag);
    return lookup.found ? [{ height, presence: lookup.presence }] : [];
  });
  const heights = entries.map(({ height }) => height);
  const pieces = planCompleteness({ from, to }, heights, ledger.size).map(({ from: at, level, last }) => {
    const header = spanHeader({ from: at, level });
    const lookup = level === 0 ? ledger.lookup(at, tag) : ledger.rollupProver(header, level).lookup(tag);
    if (lookup.found !== (last !== undefined)) throw new RangeError(`not so at ${at}`);
    const shown = lookup.found ? { presence: lookup.presence } : { absence: lookup.absence };
    return { from: at, level, ...shown };
  });
  return { entries, pieces };
}

describe('completeness', () => {
  const ledger = new TestLedger();
  /** How many messages with the tag each block has, from block 1. */
  const counts = [1, 0, 2, 0, 0, 1, 0];
  for (const count of counts) {
    const tagged = Array.from({ length: count }, () => ledger.message({ tags: [tag] }));
    ledger.seal([ledger.message(), ...tagged]);
  }
  const log = ledger.log();

  const proofOf = (from: number, to: number): CompletenessProof => completenessOf(ledger, from, to);
  const judged = (from: number, to: number, proof: CompletenessProof): string =>
    codeOf(verifyCompleteness(log, { tag, from, to }, proof));

  it('is proven for every range', () => {
    for (let from = 0; from <= counts.length; from++) {
      for (let to = from; to <= counts.length; to++) {
        const shown = unwrap(verifyCompleteness(log, { tag, from, to }, proofOf(from, to)));
        const expected = counts.slice(Math.max(from - 1, 0), to);
        expect(shown.messages).toBe(expected.reduce((sum, count) => sum + count, 0));
        expect(shown.entries).toHaveLength(expected.filter((count) => count > 0).length);
        expect(shown.checkpoint.size).toBe(ledger.size);
        for (const { height, leaf } of shown.entries) expect(leaf.count).toBe(counts[height - 1] ?? 0);
      }
    }
  });

  it('is refused when an entry is left out, wherever', () => {
    const whole = proofOf(0, 7);
    const without = (at: number) => ({ ...whole, entries: whole.entries.filter((_, i) => i !== at) });
    expect(judged(0, 7, whole)).toBe('ok');
    expect(judged(0, 7, without(0))).toBe('complete-link');
    expect(judged(0, 7, without(1))).toBe('complete-link');
    expect(judged(0, 7, without(2))).toBe('range-gap');
    expect(judged(0, 7, { entries: [], pieces: whole.pieces })).toBe('range-gap');
    expect(judged(2, 7, whole)).toBe('complete-link');
    expect(judged(0, 5, whole)).toBe('complete-link');
    expect(judged(0, 7, { ...whole, pieces: [] })).toBe('range-gap');
  });

  it('is refused when entries are repeated, reversed or of another tag', () => {
    const { entries, pieces } = proofOf(0, 7);
    const [first, second] = entries;
    if (first === undefined || second === undefined) throw new RangeError('no entries');
    expect(judged(0, 7, { entries: [first, ...entries], pieces })).toBe('complete-link');
    expect(judged(0, 7, { entries: entries.toReversed(), pieces })).toBe('complete-link');
    const other = codeOf(
      verifyCompleteness(log, { tag: bytes32('other'), from: 0, to: 7 }, { entries, pieces }),
    );
    expect(other).toBe('tag-other');
    expect(() => judged(0, 99, { entries, pieces })).toThrow(RangeError);
    const bare = unwrap(LogHeaders.open(ledger.ledger, ledger.checkpoint()));
    expect(codeOf(verifyCompleteness(bare, { tag, from: 0, to: 7 }, { entries, pieces }))).toBe('range-span');
    expect(judged(0, 7, { entries: [{ ...first, height: 2 }], pieces })).toBe('tag-proof');
  });

  it('is refused when totals do not add up', () => {
    const lying = new TestLedger();
    lying.seal([lying.message({ tags: [tag] })]);
    const bytes = (total: number) => (leaves: Uint8Array[]) =>
      leaves.map((leaf) => leaf.map((byte, i) => (i === 47 && leaf[39] !== 255 ? total : byte)));
    lying.seal([lying.message({ tags: [tag] })], { index: bytes(9) });
    const entries = [1, 2].map((height) => {
      const lookup = lying.lookup(height, tag);
      if (!lookup.found) throw new RangeError('not found');
      return { height, presence: lookup.presence };
    });
    const verdict = verifyCompleteness(lying.log(), { tag, from: 0, to: 2 }, { entries, pieces: [] });
    expect(codeOf(verdict)).toBe('complete-total');
  });

  it('asks every roll-up of the range, so that a link cannot lead past an entry that one of them names', () => {
    const lying = new TestLedger();
    lying.skipTo(5);
    lying.seal([lying.message({ tags: [tag] })]);
    lying.skipTo(256);
    lying.seal([lying.message()]);
    lying.state = new MemoryState();
    lying.seal([lying.message({ tags: [tag] })]);
    const headers = lying.log();
    const judge = (from: number, to: number, proof: CompletenessProof): string =>
      codeOf(verifyCompleteness(headers, { tag, from, to }, proof));
    const honest = completenessOf(lying, 0, 256);
    expect(honest.pieces.map(({ from, level }) => [from, level])).toEqual([
      [0, 1],
      [256, 0],
    ]);
    expect(judge(0, 256, honest)).toBe('ok');
    const alone = completenessOf(lying, 256, 257);
    expect(alone).toMatchObject({ entries: [{ height: 257 }], pieces: [] });
    expect(judge(256, 257, alone)).toBe('ok');
    const [rollup, ...singles] = honest.pieces;
    if (rollup === undefined) throw new RangeError('no roll-up');
    expect(judge(0, 257, alone)).toBe('range-gap');
    expect(judge(0, 257, { ...alone, pieces: [rollup] })).toBe('complete-rollup');
    expect(judge(0, 256, { entries: [], pieces: honest.pieces })).toBe('complete-rollup');
    expect(judge(0, 256, { ...honest, pieces: singles })).toBe('range-gap');
    const absence = { ...rollup, absence: {}, presence: undefined };
    expect(judge(0, 256, { ...honest, pieces: [absence, ...singles] })).toBe('complete-rollup');
  });

  it.each([
    ['a later block', { height: 7, total: 1 }],
    ['another total', { height: 5, total: 2 }],
  ])('is refused when a roll-up names %s', (_, leaf) => {
    const lying = new TestLedger();
    lying.skipTo(5);
    lying.seal([lying.message({ tags: [tag] })]);
    lying.skipTo(256);
    const rollups = (levels: Uint8Array[][]) =>
      levels.map((leaves) => leaves.map((bytes) => changed(bytes, { ...leaf, tag })));
    lying.seal([lying.message()], { rollups });
    const proof = completenessOf(lying, 0, 256);
    expect(codeOf(verifyCompleteness(lying.log(), { tag, from: 0, to: 256 }, proof))).toBe('complete-rollup');
  });
});

/** The leaf of the tag replaced, any other as it is. */
function changed(bytes: Uint8Array, leaf: RollupLeaf): Uint8Array {
  return equalBytes(bytes.subarray(0, 32), leaf.tag) ? writeRollupLeaf(leaf) : bytes;
}
