import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../../../test/support/ledger.ts';
import { compareBytes, concatBytes, toHex, uintToBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { emptyRoot, leafHash, treeRoot } from '../tree/merkle.ts';
import { parseRollupLeaf, rollupCommitment, spanOf, writeRollupLeaf } from './rollup.ts';
import type { TagLeaf } from './tag-index.ts';
import { buildTagIndex, parseTagLeaf, parseTagList, writeTagLeaf } from './tag-index.ts';
import { composeTagIndexFile, parseTagIndexFile } from './tag-index-file.ts';

const tag = bytes32('tag');
const none = undefined;

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

function listOf(...indices: readonly number[]): Uint8Array {
  return concatBytes(...indices.map((index) => uintToBytes(index, 4)));
}

function raw(
  previous: bigint | number,
  total: bigint | number,
  own: number,
  indices: readonly number[],
  count = indices.length,
): Uint8Array {
  const ints = [uintToBytes(previous, 8), uintToBytes(total, 8), uintToBytes(own, 4)];
  return concatBytes(tag, ...ints, uintToBytes(count, 4), sha256(listOf(...indices)));
}

const all64 = 2n ** 64n - 1n;
const all32 = 0xffff_ffff;

describe('a leaf of the tag index', () => {
  it('is laid out as specified and read back', () => {
    const leaf: TagLeaf = { tag, previous: 5, total: 9, own: 3, count: 2, listHash: sha256(listOf(0, 3)) };
    expect(writeTagLeaf(leaf)).toEqual(raw(5, 9, 3, [0, 3]));
    expect(writeTagLeaf(leaf)).toHaveLength(88);
    expect(parseTagLeaf(writeTagLeaf(leaf), 6)).toEqual({ ok: true, value: leaf });
    const first = { tag, previous: none, total: 1, own: none, count: 1, listHash: sha256(listOf(7)) };
    expect(writeTagLeaf(first)).toEqual(raw(all64, 1, all32, [7]));
    expect(parseTagLeaf(writeTagLeaf(first), 6)).toEqual({ ok: true, value: first });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'tag-length'],
    ['a byte too few', raw(all64, 1, all32, [7]).subarray(1), 'tag-length'],
    ['a byte too many', concatBytes(raw(all64, 1, all32, [7]), Uint8Array.of(0)), 'tag-length'],
    ['its list', concatBytes(raw(all64, 1, all32, [7]), listOf(7)), 'tag-length'],
    ['no message', raw(all64, 0, all32, []), 'tag-count'],
    ['more messages than a block has', raw(all64, 65_537, all32, [7], 65_537), 'tag-count'],
    ['as many messages as a block has', raw(all64, 65_536, all32, [7], 65_536), 'ok'],
    ['its own height as the previous', raw(10, 2, all32, [7]), 'tag-previous'],
    ['a higher previous', raw(11, 2, all32, [7]), 'tag-previous'],
    ['nearly no previous', raw(all64 - 1n, 2, all32, [7]), 'tag-previous'],
    ['the height below', raw(9, 2, all32, [7]), 'ok'],
    ['a total below the count', raw(9, 1, all32, [7, 8]), 'tag-total'],
    ['a total without an earlier message', raw(9, 2, all32, [7, 8]), 'tag-total'],
    ['no previous but earlier messages', raw(all64, 3, all32, [7, 8]), 'tag-total'],
    ['too large a total', raw(9, 2n ** 53n, all32, [7]), 'tag-total'],
    ['the largest total', raw(9, 2n ** 53n - 1n, all32, [7]), 'ok'],
    ['all rules broken but the length', raw(11, 0, 5, []), 'tag-count'],
  ])('is judged with %s', (_, bytes, code) => {
    expect(codeOf(parseTagLeaf(bytes, 10))).toBe(code);
  });

  it.each([
    ['two indices', raw(9, 3, all32, [7, 8]), listOf(7, 8), 'ok'],
    ['the list of another leaf', raw(9, 3, all32, [7, 8]), listOf(7, 9), 'tag-list'],
    ['an index left out', raw(9, 3, all32, [7, 8]), listOf(7), 'tag-list'],
    ['nothing', raw(9, 3, all32, [7, 8]), new Uint8Array(0), 'tag-list'],
    ['fewer indices than the count', raw(9, 3, all32, [7], 2), listOf(7), 'tag-count'],
    ['more indices than the count', raw(9, 3, all32, [7, 8], 1), listOf(7, 8), 'tag-count'],
    ['an index twice', raw(9, 3, all32, [7, 7]), listOf(7, 7), 'tag-order'],
    ['indices that fall', raw(9, 3, 5, [7, 6]), listOf(7, 6), 'tag-order'],
    ['an own index that is not listed', raw(9, 3, 8, [7, 9]), listOf(7, 9), 'tag-own'],
    ['an own index that is listed', raw(9, 3, 9, [7, 9]), listOf(7, 9), 'ok'],
  ])('judges its list with %s', (_, bytes, list, code) => {
    const leaf = parseTagLeaf(bytes, 10);
    expect(leaf.ok && codeOf(parseTagList(list, leaf.value))).toBe(code);
  });

  it('is another one, or none, when any byte is changed', () => {
    const leaf = raw(5, 9, 3, [0, 3]);
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
      for (const [i, leaf] of index.entries.entries()) {
        const indices = expected.get(toHex(leaf.tag)) ?? [];
        const own = messages.findIndex(({ id }) => compareBytes(id, leaf.tag) === 0);
        const link = links.get(toHex(leaf.tag));
        expect(leaf).toEqual({
          tag: leaf.tag,
          previous: link?.height,
          total: (link?.total ?? 0) + indices.length,
          own: own === -1 ? undefined : own,
          count: indices.length,
          listHash: sha256(listOf(...indices)),
          indices,
        });
        const bytes = index.leaves[i] ?? tag;
        expect(parseTagLeaf(bytes, 5)).toMatchObject({
          ok: true,
          value: { own: leaf.own, total: leaf.total },
        });
        expect(writeTagLeaf(leaf)).toEqual(bytes);
      }
      const header = { height: 5, tags: index };
      const file = composeTagIndexFile(index.entries);
      expect(parseTagIndexFile(file, header)).toEqual({ ok: true, value: index.entries });
      for (const length of [0, 87, 88, 91, file.length - 1]) {
        expect(codeOf(parseTagIndexFile(file.subarray(0, length), header))).toMatch(/^tag-(proof|length)$/);
      }
      for (let at = 0; at < file.length; at += 7) {
        const changed = file.map((byte, i) => (i === at ? byte ^ 1 : byte));
        expect(parseTagIndexFile(changed, header).ok).toBe(false);
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
    const leaf = buildTagIndex(messages, () => undefined).entries.find(
      ({ tag: found }) => compareBytes(found, id) === 0,
    );
    expect(leaf).toMatchObject({ own: 1, indices: [0, 1] });
    const naming = buildTagIndex(messages.slice(0, 1), () => undefined).entries;
    expect(naming.find(({ tag: found }) => compareBytes(found, id) === 0)).toMatchObject({
      own: undefined,
      indices: [0],
    });
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
