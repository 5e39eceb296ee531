import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32, TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { compareBytes, toHex, uintToBytes } from '../bytes.ts';
import { emptyRoot } from '../tree/merkle.ts';
import type { IncludedHeader } from './log-headers.ts';
import { absenceFrom, absenceJson, blockFrom, blockJson, presenceFrom, presenceJson } from './proof-json.ts';
import type { Absence, Presence } from './tag-proof.ts';
import { IndexProver, readEntry, rollupOf, tagIndexOf, verifyAbsence, verifyPresence } from './tag-proof.ts';

/** The header of a block under the newest checkpoint. */
function included(ledger: TestLedger, height: number): IncludedHeader {
  return unwrap(ledger.log().include(ledger.block(height)));
}

const test = new TestLedger();
const tags = Array.from({ length: 9 }, (_, i) => bytes32(`tag ${i}`)).sort(compareBytes);
const block = test.seal([test.message({ tags: tags.slice(0, 5) }), test.message({ tags: tags.slice(4, 8) })]);
const index = tagIndexOf(included(test, 1));
const prover = new IndexProver(block.index);
const last = block.index.length - 1;
const lowest = new Uint8Array(32);
const highest = new Uint8Array(32).fill(255);

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

/** A tag right above this one. */
function justAbove(tag: Uint8Array): Uint8Array {
  const above = tag.slice();
  above.set(uintToBytes(((above[31] ?? 0) + 1) & 255, 1), 31);
  return above;
}

describe('presence', () => {
  it('is proven for every leaf', () => {
    for (const [position, leaf] of block.index.entries()) {
      const tag = leaf.subarray(0, 32);
      const lookup = prover.lookup(tag);
      if (!lookup.found) throw new RangeError('not found');
      expect(lookup.presence.index).toBe(position);
      expect(verifyPresence(index, tag, lookup.presence)).toMatchObject({ ok: true, value: { tag } });
      expect(readEntry(index, lookup.presence).ok).toBe(true);
    }
  });

  it('is refused for another tag, place, leaf, path or index', () => {
    const shown = prover.entry(3);
    const tag = shown.leaf.subarray(0, 32);
    const judged = (change: Partial<Presence>, wanted = tag): string =>
      codeOf(verifyPresence(index, wanted, { ...shown, ...change }));
    expect(judged({}, justAbove(tag))).toBe('tag-other');
    for (let other = 0; other <= last + 1; other++) {
      expect([other, judged({ index: other })]).toEqual([other, other === 3 ? 'ok' : 'tag-proof']);
    }
    for (const bad of [-1, 0.5, NaN, 2 ** 53]) expect(judged({ index: bad })).toBe('tag-proof');
    expect(judged({ path: shown.path.slice(1) })).toBe('tag-proof');
    expect(judged({ path: [...shown.path, bytes32('more')] })).toBe('tag-proof');
    for (const at of shown.path.keys()) {
      const path = shown.path.map((hash, i) =>
        i === at ? hash.map((byte, k) => byte ^ (k === 9 ? 1 : 0)) : hash,
      );
      expect(judged({ path })).toBe('tag-proof');
    }
    for (let at = 32; at < shown.leaf.length; at++) {
      const leaf = shown.leaf.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(judged({ leaf })).toMatch(/^tag-/);
    }
    test.seal([test.message({ tags: tags.slice(0, 8) })]);
    expect(codeOf(verifyPresence(tagIndexOf(included(test, 2)), tag, shown))).toBe('tag-proof');
    expect(codeOf(verifyPresence({ ...index, count: shown.index }, tag, shown))).toBe('tag-proof');
  });
});

describe('absence', () => {
  it('is proven for every tag that is not there, and for no other', () => {
    const anyTag = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const property = fc.property(
      fc.oneof(anyTag, fc.constantFrom(...tags.map(justAbove), ...tags)),
      (tag) => {
        const present = block.index.some((leaf) => compareBytes(leaf.subarray(0, 32), tag) === 0);
        const lookup = prover.lookup(tag);
        expect(lookup.found).toBe(present);
        if (!lookup.found)
          expect(verifyAbsence(index, tag, lookup.absence)).toEqual({ ok: true, value: undefined });
      },
    );
    fc.assert(property);
  });

  it('has one proof only: no other pair of entries shows it', () => {
    const entries = [undefined, ...block.index.keys()].map((at) =>
      at === undefined ? at : prover.entry(at),
    );
    for (const tag of [lowest, highest, ...block.index.map((leaf) => justAbove(leaf.subarray(0, 32)))]) {
      const lookup = prover.lookup(tag);
      if (lookup.found) continue;
      for (const left of entries) {
        for (const right of entries) {
          const absence = { ...(left && { left }), ...(right && { right }) };
          const same =
            left?.index === lookup.absence.left?.index && right?.index === lookup.absence.right?.index;
          expect(verifyAbsence(index, tag, absence).ok).toBe(same);
        }
      }
    }
  });

  it('is never shown for a tag that is there', () => {
    for (const [position, leaf] of block.index.entries()) {
      const tag = leaf.subarray(0, 32);
      const around = (left: number, right: number): Absence => ({
        ...(left >= 0 && left <= last ? { left: prover.entry(left) } : {}),
        ...(right >= 0 && right <= last ? { right: prover.entry(right) } : {}),
      });
      for (const [left, right] of [
        [-1, 0],
        [position - 1, position],
        [position, position + 1],
        [last, last + 1],
      ] as const) {
        expect(codeOf(verifyAbsence(index, tag, around(left, right)))).toBe('absence-order');
      }
      expect(codeOf(verifyAbsence(index, tag, around(position - 1, position + 1)))).toMatch(/^absence-/);
    }
  });

  it('is refused by the first rule that it breaks', () => {
    const lookup = prover.lookup(justAbove(prover.entry(3).leaf.subarray(0, 32)));
    if (lookup.found) throw new RangeError('found');
    const { left, right } = lookup.absence;
    if (left === undefined || right === undefined) throw new RangeError('at an end');
    const tag = justAbove(left.leaf.subarray(0, 32));
    const judged = (absence: Absence): string => codeOf(verifyAbsence(index, tag, absence));
    expect(judged({ left, right })).toBe('ok');
    expect(judged({})).toBe('absence-gap');
    expect(judged({ left })).toBe('absence-gap');
    expect(judged({ right })).toBe('absence-gap');
    expect(judged({ left: right, right: left })).toBe('absence-gap');
    expect(judged({ left, right: left })).toBe('absence-gap');
    expect(judged({ left: { ...left, path: [] }, right })).toBe('tag-proof');
    expect(judged({ left, right: { ...right, path: right.path.slice(1) } })).toBe('tag-proof');
    expect(judged({ left: { ...left, leaf: left.leaf.subarray(1) }, right })).toBe('tag-length');
    expect(judged({ left, right: { ...right, leaf: right.leaf.subarray(1) } })).toBe('tag-length');
    // A proof cannot bring its own end: the last entry of a smaller index is not the last one of this index.
    expect(judged({ left: { ...left, index: last } })).toBe('tag-proof');
    expect(codeOf(verifyAbsence(index, highest, { left: prover.entry(last) }))).toBe('ok');
    expect(
      codeOf(verifyAbsence({ ...index, count: last }, highest, { left: prover.entry(last - 1) })),
    ).not.toBe('ok');
  });

  it('needs nothing where there are no leaves', () => {
    const empty = tagIndexOf(included(test, 0));
    expect(empty).toMatchObject({ count: 0, root: emptyRoot() });
    expect(codeOf(verifyAbsence(empty, lowest, {}))).toBe('ok');
    expect(codeOf(verifyAbsence(empty, lowest, { left: prover.entry(0) }))).toBe('absence-gap');
    expect(codeOf(verifyAbsence(empty, lowest, { right: prover.entry(0) }))).toBe('tag-proof');
    expect(new IndexProver([]).lookup(lowest)).toEqual({ found: false, absence: {} });
  });
});

describe('a roll-up', () => {
  it('shows presence and absence like an index', () => {
    const rolled = new TestLedger();
    rolled.skipTo(254);
    rolled.seal([rolled.message({ tags: tags.slice(0, 2) })]);
    rolled.seal([rolled.message({ tags: tags.slice(1, 3) })]);
    rolled.seal([rolled.message()]);
    const header = included(rolled, 256);
    const rollup = rollupOf(header, 1);
    if (rollup === undefined) throw new RangeError('no roll-up');
    for (const [i, height] of [254, 255, 255].entries()) {
      const wanted = tags[i] ?? lowest;
      const lookup = rolled.rollupProver(256, 1).lookup(wanted);
      if (!lookup.found) throw new RangeError('not found');
      const shown = verifyPresence(rollup, wanted, lookup.presence);
      expect(shown).toMatchObject({ ok: true, value: { height, total: i === 1 ? 2 : 1 } });
      const short = { ...lookup.presence, leaf: lookup.presence.leaf.subarray(1) };
      expect(codeOf(verifyPresence(rollup, wanted, short))).toBe('rollup-length');
    }
    const lookup = rolled.rollupProver(256, 1).lookup(tags[4] ?? lowest);
    if (lookup.found) throw new RangeError('found');
    expect(codeOf(verifyAbsence(rollup, tags[4] ?? lowest, lookup.absence))).toBe('ok');
    expect(rollupOf(header, 2)).toBeUndefined();
    expect(rollupOf(included(test, 1), 1)).toBeUndefined();
  });
});

describe('the JSON form of proofs', () => {
  it('is read back, and takes nothing else', () => {
    const [left, right] = [prover.entry(0), prover.entry(1)];
    const proof = test.block(1);
    expect(presenceFrom(presenceJson(left))).toEqual(left);
    for (const absence of [{}, { left }, { right }, { left, right }]) {
      expect(absenceFrom(absenceJson(absence))).toEqual(absence);
    }
    expect(blockFrom(blockJson(proof))).toEqual(proof);
    const { index: at, leaf, path } = presenceJson(left);
    for (const bad of [
      {},
      [],
      null,
      { index: at, leaf },
      { index: -1, leaf, path },
      { index: at, leaf, path, more: 1 },
    ]) {
      expect(presenceFrom(bad as never)).toBeUndefined();
    }
    expect(presenceFrom({ index: 0, leaf: 'A', path: [] })).toBeUndefined();
    expect(presenceFrom({ index: 0, leaf: '', path: ['ab'] })).toBeUndefined();
    expect(
      presenceFrom({ index: 0, leaf: '', path: Array.from({ length: 65 }, () => toHex(lowest)) }),
    ).toBeUndefined();
    expect(absenceFrom({ left: null })).toBeUndefined();
    expect(absenceFrom({ middle: presenceJson(left) })).toBeUndefined();
  });
});
