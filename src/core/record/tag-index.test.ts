import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../../../test/support/ledger.ts';
import { compareBytes, concatBytes, toHex, uintToBytes } from '../bytes.ts';
import { emptyRoot, leafHash, treeRoot } from '../tree/merkle.ts';
import { parseRollupLeaf, rollupCommitment, spanOf, writeRollupLeaf } from './rollup.ts';
import type { TagLeaf } from './tag-index.ts';
import { buildTagIndex, distinctTags, parseTagLeaf, writeTagLeaf } from './tag-index.ts';

const tag = bytes32('tag');
const none = undefined;

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

function raw(
  previous: bigint | number,
  total: bigint | number,
  own: number,
  indices: readonly number[],
): Uint8Array {
  const list = indices.map((index) => uintToBytes(index, 4));
  const ints = [uintToBytes(previous, 8), uintToBytes(total, 8), uintToBytes(own, 4)];
  return concatBytes(tag, ...ints, uintToBytes(indices.length, 4), ...list);
}

const all64 = 2n ** 64n - 1n;
const all32 = 0xffff_ffff;

describe('a leaf of the tag index', () => {
  it('is laid out as specified and read back', () => {
    const leaf: TagLeaf = { tag, previous: 5, total: 9, own: 3, indices: [0, 3] };
    expect(writeTagLeaf(leaf)).toEqual(raw(5, 9, 3, [0, 3]));
    expect(parseTagLeaf(writeTagLeaf(leaf), 6)).toEqual({ ok: true, value: leaf });
    const first: TagLeaf = { tag, previous: none, total: 1, own: none, indices: [7] };
    expect(writeTagLeaf(first)).toEqual(raw(all64, 1, all32, [7]));
    expect(parseTagLeaf(writeTagLeaf(first), 6)).toEqual({ ok: true, value: first });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'tag-length'],
    ['a byte too few', raw(all64, 1, all32, [7]).subarray(1), 'tag-length'],
    ['a byte too many', concatBytes(raw(all64, 1, all32, [7]), Uint8Array.of(0)), 'tag-length'],
    ['an index too few', raw(all64, 2, all32, [7, 8]).subarray(0, 60), 'tag-length'],
    ['no index', raw(all64, 0, all32, []), 'tag-count'],
    [
      'more indices than messages',
      raw(
        all64,
        65_537,
        all32,
        Array.from({ length: 65_537 }, (_, i) => i),
      ),
      'tag-count',
    ],
    [
      'as many indices as messages',
      raw(
        all64,
        65_536,
        all32,
        Array.from({ length: 65_536 }, (_, i) => i),
      ),
      'ok',
    ],
    ['an index twice', raw(all64, 2, all32, [7, 7]), 'tag-order'],
    ['indices that fall', raw(all64, 2, all32, [7, 6]), 'tag-order'],
    ['an own index that is not listed', raw(all64, 2, 8, [7, 9]), 'tag-own'],
    ['its own height as the previous', raw(10, 2, all32, [7]), 'tag-previous'],
    ['a higher previous', raw(11, 2, all32, [7]), 'tag-previous'],
    ['nearly no previous', raw(all64 - 1n, 2, all32, [7]), 'tag-previous'],
    ['the height below', raw(9, 2, all32, [7]), 'ok'],
    ['a total below the count', raw(9, 1, all32, [7, 8]), 'tag-total'],
    ['a total without an earlier message', raw(9, 2, all32, [7, 8]), 'tag-total'],
    ['no previous but earlier messages', raw(all64, 3, all32, [7, 8]), 'tag-total'],
    ['too large a total', raw(9, 2n ** 53n, all32, [7]), 'tag-total'],
    ['the largest total', raw(9, 2n ** 53n - 1n, all32, [7]), 'ok'],
    ['all rules broken but the length', raw(11, 0, 5, [7, 7]), 'tag-order'],
  ])('is judged with %s', (_, bytes, code) => {
    expect(codeOf(parseTagLeaf(bytes, 10))).toBe(code);
  });

  it('is another one, or none, when any byte is changed', () => {
    const leaf = writeTagLeaf({ tag, previous: 5, total: 9, own: 3, indices: [0, 3] });
    for (let at = 0; at < leaf.length; at++) {
      const copy = leaf.map((byte, i) => (i === at ? byte ^ 0x41 : byte));
      const read = parseTagLeaf(copy, 6);
      if (read.ok) expect(writeTagLeaf(read.value)).toEqual(copy);
    }
  });
});

describe('the tag index', () => {
  /** Ids and tags from a small pool, so that they meet. */
  const pool = Array.from({ length: 6 }, (_, i) => bytes32(`pool ${i}`)).sort(compareBytes);
  const message = fc
    .tuple(fc.nat(999), fc.subarray(pool, { maxLength: 3 }))
    .map(([id, tags]) => ({ id: id < pool.length ? (pool[id] ?? tag) : bytes32(`id ${id}`), tags }))
    .map(({ id, tags }) => ({ id, head: { tags: tags.filter((carried) => carried !== id) } }));

  it('lists what the messages carry, as the definition says', () => {
    const property = fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), (messages) => {
      const links = new Map([[toHex(pool[0] ?? tag), { height: 4, total: 3 }]]);
      const index = buildTagIndex(messages, (wanted) => links.get(toHex(wanted)));
      const expected = new Map<string, number[]>();
      messages.forEach(({ id, head }, i) => {
        for (const carried of [id, ...head.tags]) {
          const list = expected.get(toHex(carried)) ?? [];
          expected.set(toHex(carried), [...list, i]);
        }
      });
      expect(index.entries.map((leaf) => toHex(leaf.tag))).toEqual([...expected.keys()].sort());
      expect(distinctTags(messages)).toEqual(index.entries.map((leaf) => leaf.tag));
      for (const [i, leaf] of index.entries.entries()) {
        const indices = expected.get(toHex(leaf.tag)) ?? [];
        const own = messages.findIndex(({ id }) => compareBytes(id, leaf.tag) === 0);
        const link = links.get(toHex(leaf.tag));
        expect(leaf).toEqual({
          tag: leaf.tag,
          previous: link?.height,
          total: (link?.total ?? 0) + indices.length,
          own: own === -1 ? undefined : own,
          indices,
        });
        expect(parseTagLeaf(index.leaves[i] ?? tag, 5)).toEqual({ ok: true, value: leaf });
      }
      expect(index.count).toBe(index.leaves.length);
      expect(index.root).toEqual(treeRoot(index.leaves.map(leafHash)));
    });
    fc.assert(property);
  });

  it('tells a message from one that only names its id', () => {
    const [id, other] = [bytes32('id'), bytes32('other')];
    const messages = [
      { id: other, head: { tags: [id] } },
      { id, head: { tags: [] } },
    ];
    const leaf = buildTagIndex(messages, () => undefined).entries.find(({ tag: found }) => found === id);
    expect(leaf).toMatchObject({ own: 1, indices: [0, 1] });
    const naming = buildTagIndex(messages.slice(0, 1), () => undefined).entries;
    expect(naming.find(({ tag: found }) => found === id)).toMatchObject({ own: undefined, indices: [0] });
  });
});

describe('a roll-up', () => {
  it('has leaves as specified', () => {
    const leaf = { tag, height: 300, total: 7 };
    const bytes = concatBytes(tag, uintToBytes(300, 8), uintToBytes(7, 8));
    expect(writeRollupLeaf(leaf)).toEqual(bytes);
    expect(parseRollupLeaf(bytes, 512, 1)).toEqual({ ok: true, value: leaf });
    expect([spanOf(1), spanOf(2)]).toEqual([256, 65_536]);
  });

  const leafOf = (height: bigint | number, total: bigint | number): Uint8Array =>
    concatBytes(tag, uintToBytes(height, 8), uintToBytes(total, 8));
  it.each([
    ['nothing', new Uint8Array(0), 'rollup-length'],
    ['a byte too few', leafOf(300, 7).subarray(1), 'rollup-length'],
    ['a byte too many', concatBytes(leafOf(300, 7), Uint8Array.of(0)), 'rollup-length'],
    ['a block below the span', leafOf(255, 7), 'rollup-height'],
    ['the first block of the span', leafOf(256, 7), 'ok'],
    ['the last block of the span', leafOf(511, 7), 'ok'],
    ['the block above the span', leafOf(512, 7), 'rollup-height'],
    ['no block', leafOf(all64, 7), 'rollup-height'],
    ['no message', leafOf(300, 0), 'rollup-total'],
    ['too many messages', leafOf(300, 2n ** 53n), 'rollup-total'],
  ])('judges a leaf with %s', (_, bytes, code) => {
    expect(codeOf(parseRollupLeaf(bytes, 512, 1))).toBe(code);
  });

  it('spans 65,536 blocks at level 2', () => {
    expect(codeOf(parseRollupLeaf(leafOf(0, 1), 65_536, 2))).toBe('ok');
    expect(codeOf(parseRollupLeaf(leafOf(65_535, 1), 131_072, 2))).toBe('rollup-height');
  });

  it('takes its leaves in order only', () => {
    const tags = ['a', 'b', 'c'].map(bytes32).sort(compareBytes);
    const leaves = tags.map((sorted) => ({ tag: sorted, height: 300, total: 1 }));
    const root = treeRoot(leaves.map((leaf) => leafHash(writeRollupLeaf(leaf))));
    expect(rollupCommitment(leaves)).toEqual({ count: 3, root });
    expect(rollupCommitment([])).toEqual({ count: 0, root: emptyRoot() });
    expect(() => rollupCommitment(leaves.toReversed())).toThrow(RangeError);
    expect(() => rollupCommitment([...leaves, ...leaves.slice(2)])).toThrow(RangeError);
  });
});
