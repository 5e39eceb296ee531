/** Operators that lie in a roll-up. */
import { compareBytes, concatBytes, toUtf8, uintToBytes } from '../../../src/core/bytes.ts';
import { rollupMalformed, rollupUnsorted, rollupWrong } from '../../../src/core/evidence/rollups.ts';
import type { RollupLeaf } from '../../../src/core/record/rollup.ts';
import { parseRollupLeaf, writeRollupLeaf } from '../../../src/core/record/rollup.ts';
import type { Presence } from '../../../src/core/record/tag-proof.ts';
import { TestLedger, unwrap } from '../ledger.ts';
import type { Lies } from './lies.ts';
import { absent, otherTag, present, tag } from './lies.ts';

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
  const claim = (ledger: TestLedger, earlier: number) => ({
    block: ledger.block(256),
    earlierBlock: ledger.block(earlier),
    level: 1 as const,
  });
  const rollup = (ledger: TestLedger): Presence => {
    const lookup = ledger.rollupProver(256, 1).lookup(tag);
    if (!lookup.found) throw new RangeError('the tag is absent');
    return lookup.presence;
  };
  const toNothing = rolledUp(changeRollup((leaf) => ({ ...leaf, height: 254 })));
  lies.add('a block without the tag', rollupWrong, toNothing, {
    ...claim(toNothing, 254),
    rollup: rollup(toNothing),
    tagAbsence: absent(toNothing, 254, tag),
  });
  const miscounted = rolledUp(changeRollup((leaf) => ({ ...leaf, total: 9 })));
  lies.add('a wrong total', rollupWrong, miscounted, {
    ...claim(miscounted, 255),
    rollup: rollup(miscounted),
    tagPresence: present(miscounted, 255, tag),
  });
  const early = rolledUp(changeRollup((leaf) => ({ ...leaf, height: 253, total: 1 })));
  lies.add('a later block with the tag', rollupWrong, early, {
    ...claim(early, 255),
    rollup: rollup(early),
    tagPresence: present(early, 255, tag),
  });
  const hidden = rolledUp(changeRollup(() => undefined));
  const lookup = hidden.rollupProver(256, 1).lookup(tag);
  if (lookup.found) throw new RangeError('the tag is present');
  lies.add('a tag left out', rollupWrong, hidden, {
    ...claim(hidden, 253),
    rollupAbsence: lookup.absence,
    tagPresence: present(hidden, 253, tag),
  });
}
