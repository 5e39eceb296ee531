/** Operators that lie in a roll-up. */
import { compareBytes, concatBytes, toUtf8, uintToBytes } from '../../../src/core/bytes.ts';
import { tagHistory } from '../../../src/core/evidence/history.ts';
import { rollupMalformed, rollupUnsorted } from '../../../src/core/evidence/rollups.ts';
import type { RollupLeaf } from '../../../src/core/record/rollup.ts';
import { parseRollupLeaf, writeRollupLeaf } from '../../../src/core/record/rollup.ts';
import { MemoryState } from '../../../src/core/record/memory-state.ts';
import { TestLedger, unwrap } from '../ledger.ts';
import type { Lies } from './lies.ts';
import { otherTag, said, tag } from './lies.ts';

/** Blocks 253 to 255 of which the first and the last have the tag, and block 256 with its roll-up. */
function rolledUp(change: (leaves: Uint8Array[]) => Uint8Array[]): TestLedger {
  const ledger = new TestLedger();
  ledger.skipTo(253);
  ledger.seal([ledger.message({ tags: [tag] })]);
  ledger.seal([ledger.message({ tags: [otherTag] })]);
  ledger.seal([ledger.message({ tags: [tag] })]);
  ledger.seal([ledger.message()], { rollups: (levels) => levels.map(change) });
  return ledger;
}

/** Replaces the leaf of the tag in a roll-up; undefined takes it out. */
function changeRollup(change: (leaf: RollupLeaf) => RollupLeaf | undefined) {
  return (leaves: Uint8Array[]): Uint8Array[] =>
    leaves.flatMap((bytes) => {
      const leaf = unwrap(parseRollupLeaf(bytes, 256, 1));
      if (compareBytes(leaf.tag, tag) !== 0) return [bytes];
      const changed = change(leaf);
      return changed === undefined ? [] : [writeRollupLeaf(changed)];
    });
}

export function rollupFormLies(lies: Lies): void {
  const first = (leaf: Uint8Array) => (leaves: Uint8Array[]) => [leaf, ...leaves];
  const leaves: readonly (readonly [string, Uint8Array])[] = [
    ['a wrong length', toUtf8('short')],
    ['a block outside the span', writeRollupLeaf({ tag, height: 256, total: 1 })],
    ['a total of 0', concatBytes(tag, uintToBytes(255, 8), uintToBytes(0, 8))],
  ];
  for (const [name, leaf] of leaves) {
    const ledger = rolledUp(first(leaf));
    const entry = ledger.rollupProver(256, 1).entry(0);
    lies.add(name, rollupMalformed, ledger, { block: ledger.block(256), entry, level: 1 });
  }
  const high = new TestLedger();
  high.skipTo(65_536);
  high.seal([high.message()], {
    rollups: () => [[writeRollupLeaf({ tag, height: 65_300, total: 1 })], [toUtf8('short')]],
  });
  const entry = high.rollupProver(65_536, 2).entry(0);
  lies.add('of level 2', rollupMalformed, high, { block: high.block(65_536), entry, level: 2 });
  const ledger = rolledUp((honest) => honest.reverse());
  const prover = ledger.rollupProver(256, 1);
  const [left, right] = [prover.entry(1), prover.entry(3)];
  lies.add('reversed', rollupUnsorted, ledger, { block: ledger.block(256), left, level: 1, right });
}

export function rollupLies(lies: Lies): void {
  const add = (name: string, ledger: TestLedger, height: number): void => {
    lies.add(name, tagHistory, ledger, { first: said(ledger, 256, 1), second: said(ledger, height), tag });
  };
  const rolled = (change: (leaf: RollupLeaf) => RollupLeaf | undefined): TestLedger =>
    rolledUp(changeRollup(change));
  add(
    'a roll-up that names a block without the tag',
    rolled((leaf) => ({ ...leaf, height: 254 })),
    254,
  );
  add(
    'a roll-up with a wrong total',
    rolled((leaf) => ({ ...leaf, total: 9 })),
    255,
  );
  add(
    'a roll-up with a total below an earlier one',
    rolled((leaf) => ({ ...leaf, total: 1 })),
    253,
  );
  add(
    'a roll-up that leaves out a later block with the tag',
    rolled((leaf) => ({ ...leaf, height: 253, total: 1 })),
    255,
  );
  add(
    'a roll-up that leaves out the tag',
    rolled(() => undefined),
    253,
  );

  // The blocks that the roll-up sums up are withheld: a later block alone denies what it says.
  const denying = rolledUp((leaves) => leaves);
  denying.state = new MemoryState();
  denying.seal([denying.message({ tags: [tag] })]);
  add('a roll-up that a later block denies', denying, 257);
}
