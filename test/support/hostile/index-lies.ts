/** Lies in indexes and roll-ups, all of them signed. */
import { compareBytes } from '../../../src/core/bytes.ts';
import type { LieKind } from '../../../src/core/evidence/verify.ts';
import { parseRollupLeaf, type RollupLeaf, writeRollupLeaf } from '../../../src/core/record/rollup.ts';
import type { TagEntry, TagLeaf } from '../../../src/core/record/tag-index.ts';
import { unwrap } from '../ledger.ts';
import { changeLeaf } from '../lies/index.ts';
import { lieTag } from './firehose.ts';
import { type HostileLie, lie, sealed } from './lie.ts';

/** The leaf of the tag says something else. */
function tagLeaf(change: (leaf: TagLeaf) => Partial<TagEntry> | undefined): HostileLie['tell'] {
  return sealed((firehose) =>
    changeLeaf(lieTag, (leaf) => {
      const changed = change(leaf);
      if (changed?.indices !== undefined) firehose.keepList(changed.indices);
      return changed;
    }),
  );
}

function indexLie(name: string, kind: LieKind, tell: HostileLie['tell']): HostileLie {
  return lie(name, 'sync-index', tell, { kind, passes: false });
}

export const indexes: readonly HostileLie[] = [
  indexLie(
    'a tag left out',
    'tag-missing',
    tagLeaf(() => undefined),
  ),
  indexLie(
    'a message left out of a list',
    'tag-missing',
    tagLeaf(({ total }) => ({ indices: [1], total })),
  ),
  indexLie('an id that is disowned', 'tag-missing', (firehose) => {
    const messages = firehose.messages();
    const id = messages[0]?.id ?? lieTag;
    firehose.seal(
      messages,
      changeLeaf(id, () => ({ own: undefined })),
    );
    firehose.publish();
  }),
  indexLie(
    'a message that does not carry the tag',
    'tag-foreign',
    tagLeaf(({ total }) => ({ indices: [0, 1], total: total + 1 })),
  ),
  indexLie(
    'a message that is not in the block',
    'tag-foreign',
    tagLeaf(({ total }) => ({ indices: [0, 99], total: total + 1 })),
  ),
  indexLie(
    'a foreign message under an id',
    'tag-foreign',
    tagLeaf(() => ({ own: 0 })),
  ),
  indexLie(
    'a total of nothing',
    'tag-malformed',
    tagLeaf(() => ({ total: 0 })),
  ),
  indexLie(
    'a list shorter than its count',
    'tag-malformed',
    tagLeaf(({ total }) => ({ count: 2, indices: [0], total: total + 1 })),
  ),
  indexLie('an index out of order', 'tag-unsorted', sealed({ index: (leaves) => leaves.reverse() })),
  indexLie(
    'a link that is cut',
    'tag-history',
    tagLeaf(() => ({ previous: undefined, total: 1 })),
  ),
  indexLie(
    'a link past a block',
    'tag-history',
    tagLeaf(() => ({ previous: 1 })),
  ),
  indexLie(
    'a link to a block without the tag',
    'tag-history',
    tagLeaf(() => ({ previous: 0 })),
  ),
  indexLie(
    'a wrong total',
    'tag-history',
    tagLeaf(({ total }) => ({ total: total + 5 })),
  ),
];

const rolled = 256;

/** The roll-up of block 256 is changed. */
function rollupLie(name: string, kind: LieKind, change: (leaves: Uint8Array[]) => Uint8Array[]): HostileLie {
  const tell = sealed({ rollups: (levels) => levels.map(change) });
  return lie(name, 'sync-index', tell, { kind, passes: false, held: rolled - 1 });
}

/** The leaf of the tag in a roll-up says something else. */
function rollupLeaf(
  change: (leaf: RollupLeaf) => RollupLeaf | undefined,
): (leaves: Uint8Array[]) => Uint8Array[] {
  return (leaves) =>
    leaves.flatMap((bytes) => {
      const leaf = unwrap(parseRollupLeaf(bytes, rolled, 1));
      if (compareBytes(leaf.tag, lieTag) !== 0) return [bytes];
      const changed = change(leaf);
      return changed === undefined ? [] : [writeRollupLeaf(changed)];
    });
}

export const rollups: readonly HostileLie[] = [
  rollupLie(
    'a roll-up with a total of nothing',
    'rollup-malformed',
    ([first = new Uint8Array(), ...others]) => [first.with(47, 0), ...others],
  ),
  rollupLie('a roll-up out of order', 'rollup-unsorted', (leaves) => leaves.reverse()),
  rollupLie(
    'a roll-up without a tag',
    'tag-history',
    rollupLeaf(() => undefined),
  ),
  rollupLie(
    'a roll-up that hides the newest block',
    'tag-history',
    rollupLeaf((leaf) => ({ ...leaf, height: 9, total: 9 })),
  ),
  rollupLie(
    'a roll-up with a wrong total',
    'tag-history',
    rollupLeaf((leaf) => ({ ...leaf, total: 9 })),
  ),
];
