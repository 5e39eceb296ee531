/** Operators that lie in the tag index of a block. */
import { compareBytes, concatBytes, toUtf8 } from '../../../src/core/bytes.ts';
import { tagLink } from '../../../src/core/evidence/links.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from '../../../src/core/evidence/tags.ts';
import type { TagLeaf } from '../../../src/core/record/tag-index.ts';
import { parseTagLeaf, writeTagLeaf } from '../../../src/core/record/tag-index.ts';
import type { Tamper } from '../ledger.ts';
import { TestLedger, unwrap } from '../ledger.ts';
import type { Lies } from './lies.ts';
import { absent, otherTag, present, tag, threeBlocks } from './lies.ts';

/** Replaces the leaf of a tag in an index; undefined takes it out. */
function changeLeaf(
  wanted: Uint8Array,
  height: number,
  change: (leaf: TagLeaf) => Partial<TagLeaf> | undefined,
): Tamper {
  const index = (leaves: Uint8Array[]): Uint8Array[] =>
    leaves.flatMap((bytes) => {
      const leaf = unwrap(parseTagLeaf(bytes, height));
      if (compareBytes(leaf.tag, wanted) !== 0) return [bytes];
      const changed = change(leaf);
      return changed === undefined ? [] : [writeTagLeaf({ ...leaf, ...changed })];
    });
  return { index };
}

export function missingLies(lies: Lies): void {
  const gone = threeBlocks([changeLeaf(tag, 1, () => undefined)]);
  const proof = (ledger: TestLedger, height: number, index = 0) => ({
    block: ledger.block(height),
    message: ledger.messageProof(height, index),
  });
  lies.add('no leaf of the tag', tagMissing, gone, { ...proof(gone, 1), tag, absence: absent(gone, 1, tag) });

  const unlisted = threeBlocks([{}, {}, changeLeaf(tag, 3, () => ({ indices: [1] }))]);
  lies.add('a leaf without the message', tagMissing, unlisted, {
    ...proof(unlisted, 3),
    tag,
    presence: present(unlisted, 3, tag),
  });

  const idless = new TestLedger();
  const message = idless.message();
  const emptied: Tamper = { index: (leaves) => leaves.slice(1) };
  const second = idless.message();
  idless.seal([message, second], emptied);
  const lower = compareBytes(message.id, second.id) < 0 ? 0 : 1;
  const lowerId = lower === 0 ? message.id : second.id;
  lies.add('no leaf of the id', tagMissing, idless, {
    ...proof(idless, 1, lower),
    tag: lowerId,
    absence: absent(idless, 1, lowerId),
  });

  const disowned = new TestLedger();
  const own = disowned.message();
  disowned.seal(
    [own],
    changeLeaf(own.id, 1, () => ({ own: undefined })),
  );
  lies.add('a leaf of the id without an own index', tagMissing, disowned, {
    ...proof(disowned, 1),
    tag: own.id,
    presence: present(disowned, 1, own.id),
  });

  const wrongOwn = new TestLedger();
  const named = wrongOwn.message();
  const naming = wrongOwn.message({ tags: [named.id] });
  wrongOwn.seal(
    [named, naming],
    changeLeaf(named.id, 1, () => ({ own: 1 })),
  );
  lies.add('an own index that stands later', tagMissing, wrongOwn, {
    ...proof(wrongOwn, 1),
    tag: named.id,
    presence: present(wrongOwn, 1, named.id),
  });
  lies.add('an own index of a message that only names the id', tagForeign, wrongOwn, {
    block: wrongOwn.block(1),
    listed: 1,
    message: wrongOwn.messageProof(1, 1),
    presence: present(wrongOwn, 1, named.id),
  });
}

export function foreignLies(lies: Lies): void {
  const more = threeBlocks([{}, {}, changeLeaf(tag, 3, () => ({ indices: [0, 1], total: 3 }))]);
  lies.add('a message without the tag', tagForeign, more, {
    block: more.block(3),
    listed: 1,
    message: more.messageProof(3, 1),
    presence: present(more, 3, tag),
  });
  const outside = threeBlocks([{}, {}, changeLeaf(tag, 3, () => ({ indices: [0, 9], total: 3 }))]);
  lies.add('a message outside the block', tagForeign, outside, {
    block: outside.block(3),
    listed: 9,
    presence: present(outside, 3, tag),
  });
}

export function formLies(lies: Lies): void {
  const leaves: readonly (readonly [string, Uint8Array | Partial<TagLeaf>])[] = [
    ['too short', toUtf8('short')],
    ['no message', { indices: [], previous: 1, total: 1 }],
    ['indices out of order', { indices: [1, 0], total: 3, previous: 1 }],
    ['an own index that is not listed', { own: 1 }],
    ['a previous block that is not below', { previous: 3 }],
    ['a total below the count', { total: 0 }],
    ['no block before but a larger total', { previous: undefined, total: 2 }],
    ['a block before but no larger total', { previous: 1, total: 1 }],
  ];
  for (const [name, leaf] of leaves) {
    const ledger = new TestLedger();
    ledger.seal([ledger.message({ tags: [tag] })]);
    ledger.seal([ledger.message({ tags: [otherTag] })]);
    const sound = { tag, previous: 1, total: 2, own: undefined, indices: [0] };
    const bytes = leaf instanceof Uint8Array ? leaf : writeTagLeaf({ ...sound, ...leaf });
    ledger.seal([ledger.message({ tags: [tag] })], { index: (honest) => [bytes, ...honest] });
    lies.add(name, tagMalformed, ledger, { block: ledger.block(3), entry: ledger.entry(3, 0) });
  }
  const orders: readonly (readonly [string, (honest: Uint8Array[]) => Uint8Array[]])[] = [
    ['reversed', (honest) => honest.reverse()],
    ['a tag twice', (honest) => [...honest.slice(0, 1), ...honest]],
    [
      'reversed and malformed',
      (honest) => honest.reverse().map((leaf) => concatBytes(leaf, Uint8Array.of(0))),
    ],
  ];
  for (const [name, index] of orders) {
    const ledger = threeBlocks([{}, {}, { index }]);
    const [left, right] = [ledger.entry(3, 0), ledger.entry(3, 1)];
    lies.add(name, tagUnsorted, ledger, { block: ledger.block(3), left, right });
  }
}

export function linkLies(lies: Lies): void {
  const link = (leaf: Partial<TagLeaf>): TestLedger => threeBlocks([{}, {}, changeLeaf(tag, 3, () => leaf)]);
  const claim = (ledger: TestLedger, earlier: number) => ({
    block: ledger.block(3),
    earlierBlock: ledger.block(earlier),
    presence: present(ledger, 3, tag),
  });
  const toNothing = link({ previous: 2 });
  lies.add('to a block without the tag', tagLink, toNothing, {
    ...claim(toNothing, 2),
    earlierAbsence: absent(toNothing, 2, tag),
  });
  const toFirst = link({ previous: 0 });
  lies.add('to the founding block', tagLink, toFirst, { ...claim(toFirst, 0), earlierAbsence: {} });
  const miscounted = link({ total: 3 });
  lies.add('with a wrong total', tagLink, miscounted, {
    ...claim(miscounted, 1),
    earlierPresence: present(miscounted, 1, tag),
  });
  lies.add('past a block with the tag', tagLink, toFirst, {
    ...claim(toFirst, 1),
    earlierPresence: present(toFirst, 1, tag),
  });
  const unlinked = link({ previous: undefined, total: 1 });
  lies.add('to none although a block had the tag', tagLink, unlinked, {
    ...claim(unlinked, 1),
    earlierPresence: present(unlinked, 1, tag),
  });
}
