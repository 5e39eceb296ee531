/** Operators that lie in the tag index of a block. */
import { compareBytes, concatBytes, toUtf8 } from '../../../src/core/bytes.ts';
import { tagHistory } from '../../../src/core/evidence/history.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from '../../../src/core/evidence/tags.ts';
import { sha256 } from '../../../src/core/crypto/sha256.ts';
import type { TagEntry, TagLeaf } from '../../../src/core/record/tag-index.ts';
import { writeTagLeaf, writeTagList } from '../../../src/core/record/tag-index.ts';
import type { Tamper } from '../ledger.ts';
import { bytes32, TestLedger } from '../ledger.ts';
import type { Lies } from './lies.ts';
import { absent, otherTag, present, said, tag, threeBlocks } from './lies.ts';

/** An entry as a lying operator changes it; the leaf says what the list gives unless the change says otherwise. */
function changedEntry(entry: TagEntry, changed: Partial<TagEntry>): TagEntry {
  const indices = changed.indices ?? entry.indices;
  return { ...entry, count: indices.length, listHash: sha256(writeTagList(indices)), ...changed };
}

/** Replaces the leaf of a tag in an index; undefined takes it out. */
export function changeLeaf(
  wanted: Uint8Array,
  change: (leaf: TagLeaf) => Partial<TagEntry> | undefined,
): Tamper {
  const index: Tamper['index'] = (_, entries) =>
    entries.flatMap((entry) => {
      if (compareBytes(entry.tag, wanted) !== 0) return [writeTagLeaf(entry)];
      const changed = change(entry);
      return changed === undefined ? [] : [writeTagLeaf(changedEntry(entry, changed))];
    });
  return { index };
}

export function missingLies(lies: Lies): void {
  const gone = threeBlocks([changeLeaf(tag, () => undefined)]);
  const proof = (ledger: TestLedger, height: number, index = 0) => ({
    block: ledger.block(height),
    message: ledger.messageProof(height, index),
  });
  lies.add('no leaf of the tag', tagMissing, gone, { ...proof(gone, 1), tag, absence: absent(gone, 1, tag) });

  const unlisted = threeBlocks([{}, {}, changeLeaf(tag, () => ({ indices: [1] }))]);
  lies.add('a leaf without the message', tagMissing, unlisted, {
    ...proof(unlisted, 3),
    tag,
    indices: writeTagList([1]),
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
    changeLeaf(own.id, () => ({ own: undefined })),
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
    changeLeaf(named.id, () => ({ own: 1 })),
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
  const more = threeBlocks([{}, {}, changeLeaf(tag, () => ({ indices: [0, 1], total: 3 }))]);
  lies.add('a message without the tag', tagForeign, more, {
    block: more.block(3),
    indices: writeTagList([0, 1]),
    listed: 1,
    message: more.messageProof(3, 1),
    presence: present(more, 3, tag),
  });
  const outside = threeBlocks([{}, {}, changeLeaf(tag, () => ({ indices: [0, 9], total: 3 }))]);
  lies.add('a message outside the block', tagForeign, outside, {
    block: outside.block(3),
    indices: writeTagList([0, 9]),
    listed: 9,
    presence: present(outside, 3, tag),
  });
}

export function ownLies(lies: Lies): void {
  const far = new TestLedger();
  const message = far.message();
  const entry = { tag, previous: undefined, total: 1, own: 5, count: 1, listHash: bytes32('withheld') };
  far.seal([message], { index: (leaves) => [...leaves, writeTagLeaf(entry)].sort(compareBytes) });
  lies.add('an own index outside the block, the list withheld', tagForeign, far, {
    block: far.block(1),
    listed: 5,
    presence: present(far, 1, tag),
  });
}

export function formLies(lies: Lies): void {
  const leaves: readonly (readonly [string, Uint8Array | Partial<TagEntry>])[] = [
    ['too short', toUtf8('short')],
    ['no message', { indices: [], previous: 1, total: 1 }],
    ['a previous block that is not below', { previous: 3 }],
    ['a total below the count', { total: 0 }],
    ['no block before but a larger total', { previous: undefined, total: 2 }],
    ['a block before but no larger total', { previous: 1, total: 1 }],
  ];
  const lists: readonly (readonly [string, Partial<TagEntry>])[] = [
    ['indices out of order', { indices: [1, 0], total: 3, previous: 1 }],
    ['an index fewer than the count', { count: 2, total: 3, previous: 1 }],
    ['an own index that is not listed', { own: 1 }],
  ];
  for (const [name, leaf] of [...leaves, ...lists]) {
    const ledger = new TestLedger();
    ledger.seal([ledger.message({ tags: [tag] })]);
    ledger.seal([ledger.message({ tags: [otherTag] })]);
    const listHash = bytes32('none');
    const sound = { tag, previous: 1, total: 2, own: undefined, count: 1, listHash, indices: [0] };
    const bytes = leaf instanceof Uint8Array ? leaf : writeTagLeaf(changedEntry(sound, leaf));
    ledger.seal([ledger.message({ tags: [tag] })], { index: (honest) => [bytes, ...honest] });
    const isList = lists.some(([list]) => list === name);
    const indices = leaf instanceof Uint8Array ? [] : (leaf.indices ?? sound.indices);
    lies.add(name, tagMalformed, ledger, {
      block: ledger.block(3),
      entry: ledger.entry(3, 0),
      ...(isList ? { indices: writeTagList(indices) } : {}),
    });
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
  const link = (leaf: Partial<TagEntry>): TestLedger => threeBlocks([{}, {}, changeLeaf(tag, () => leaf)]);
  const claim = (ledger: TestLedger, earlier: number) => ({
    first: said(ledger, 3),
    second: said(ledger, earlier),
    tag,
  });
  const toNothing = link({ previous: 2 });
  lies.add('a link to a block without the tag', tagHistory, toNothing, claim(toNothing, 2));
  const toFirst = link({ previous: 0 });
  lies.add('a link to the founding block', tagHistory, toFirst, claim(toFirst, 0));
  const miscounted = link({ total: 3 });
  lies.add('a wrong total', tagHistory, miscounted, claim(miscounted, 1));
  lies.add('a link past a block with the tag', tagHistory, toFirst, claim(toFirst, 1));
  const unlinked = link({ previous: undefined, total: 1 });
  lies.add('no link although a block had the tag', tagHistory, unlinked, claim(unlinked, 1));

  // The block that the link names is withheld in all of these.
  const withheld = (before: number, total: number): TestLedger => {
    const ledger = new TestLedger();
    ledger.seal(Array.from({ length: before }, () => ledger.message({ tags: [tag] })));
    ledger.seal([ledger.message()]);
    const leaf = { previous: 2, total };
    ledger.seal(
      [ledger.message({ tags: [tag] })],
      changeLeaf(tag, () => leaf),
    );
    return ledger;
  };
  const falling = withheld(3, 2);
  lies.add('totals that fall', tagHistory, falling, claim(falling, 1));
  const still = withheld(3, 4);
  lies.add('totals that stay across a block with the tag', tagHistory, still, claim(still, 1));
}
