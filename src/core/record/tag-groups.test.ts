import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../../../test/support/ledger.ts';
import { compareBytes, equalBytes, toHex } from '../bytes.ts';
import { emptyRoot, leafHash, treeRoot } from '../tree/merkle.ts';
import type { TagCarrier, TagLink } from './tag-groups.ts';
import { commitGroups, countOf, groupTags, noIndex, tagOf } from './tag-groups.ts';
import { parseTagLeaf, parseTagList, writeTagLeaf, writeTagList } from './tag-index.ts';
import { sha256 } from '../crypto/sha256.ts';

/** Tags that share their first bytes, so that not all are told apart by them. */
const pool = Array.from({ length: 40 }, (_, i) => {
  const tag = bytes32(`pool ${i}`);
  if (i % 2 === 0) tag.fill(7, 0, 4);
  if (i % 4 === 0) tag.fill(9, 0, 31);
  return tag;
});

const message: fc.Arbitrary<TagCarrier> = fc
  .tuple(fc.nat(60), fc.subarray(pool, { maxLength: 4 }))
  .map(([id, tags]) => ({ id: pool[id] ?? bytes32(`id ${id}`), tags }))
  .map(({ id, tags }) => ({ id, head: { tags: tags.filter((tag) => !equalBytes(tag, id)) } }));

interface Expected {
  readonly tag: Uint8Array;
  readonly indices: readonly number[];
  readonly own: number;
}

/** The groups as the definition says, the slow way. */
function expectedOf(messages: readonly TagCarrier[]): readonly Expected[] {
  const tags = messages.flatMap(({ id, head }) => [id, ...head.tags]).sort(compareBytes);
  const distinct = tags.filter((tag, i) => i === 0 || !equalBytes(tag, tags[i - 1] ?? tag));
  return distinct.map((tag) => {
    const carries = ({ id, head }: TagCarrier) =>
      [id, ...head.tags].some((carried) => equalBytes(carried, tag));
    const own = messages.findIndex(({ id }) => equalBytes(id, tag));
    return { tag, indices: [...messages.keys()].filter((i) => carries(messages[i] ?? expect.fail())), own };
  });
}

describe('what the messages of a block carry', () => {
  it('is grouped by tag, in order', () => {
    const property = fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const groups = groupTags(messages);
      const read = Array.from({ length: groups.count }, (_, i) => ({
        tag: tagOf(groups, i),
        indices: [...groups.indices.subarray(groups.starts[i], groups.starts[i + 1])],
        own: groups.own[i] === noIndex ? -1 : groups.own[i],
      }));
      expect(read).toEqual(expectedOf(messages));
      for (const [i, { indices }] of read.entries()) {
        expect(countOf(groups, i)).toBe(indices.length);
        expect(toHex(groups.listHashes.subarray(32 * i, 32 * i + 32))).toBe(
          toHex(sha256(writeTagList(indices))),
        );
      }
      const again = messages.findIndex(({ id }, i) =>
        messages.slice(0, i).some((other) => equalBytes(other.id, id)),
      );
      expect(groups.repeated ?? -1).toBe(again);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('gives the leaves of the index and their root', () => {
    const link = fc.option(
      fc.record({ height: fc.nat(2 ** 40), total: fc.integer({ min: 1, max: 2 ** 50 }) }),
    );
    const messages = fc.array(message, { minLength: 1, maxLength: 20 });
    const property = fc.property(
      messages,
      fc.array(link, { minLength: 100, maxLength: 100 }),
      (sent, links) => {
        const groups = groupTags(sent);
        const linkOf = (i: number): TagLink | undefined => links[i] ?? undefined;
        const leaves = expectedOf(sent).map(({ tag, indices, own }, i) => {
          const list = writeTagList(indices);
          const before = linkOf(i);
          const bytes = writeTagLeaf({
            tag,
            previous: before?.height,
            total: (before?.total ?? 0) + indices.length,
            own: own < 0 ? undefined : own,
            count: indices.length,
            listHash: sha256(list),
          });
          const leaf = parseTagLeaf(bytes, 2 ** 41);
          expect(leaf.ok && parseTagList(list, leaf.value).ok).toBe(true);
          return bytes;
        });
        expect(commitGroups(groups, linkOf)).toEqual({
          count: leaves.length,
          root: treeRoot(leaves.map(leafHash)),
        });
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('is nothing where there are no messages', () => {
    const groups = groupTags([]);
    expect(groups.count).toBe(0);
    expect(commitGroups(groups, () => undefined)).toEqual({ count: 0, root: emptyRoot() });
  });
});
