/** Who is at fault when what an index says does not hold together: nearly always its operator, who signed it. */
import { toHex } from '../../core/bytes.ts';
import { type TagStatement, tagHistory } from '../../core/evidence/history.ts';
import { rollupMalformed, rollupUnsorted } from '../../core/evidence/rollups.ts';
import { tagMalformed, tagUnsorted } from '../../core/evidence/tags.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import type { RollupLevel } from '../../core/record/rollup.ts';
import type { Lookup, Presence } from '../../core/record/tag-proof.ts';
import type { Refusal } from '../../core/result.ts';
import { type FoundLie, provenBy } from '../alarms/finding.ts';
import { lie } from './finding.ts';

/** What an operator signed: a head, and the blocks under it. */
export interface Signed {
  readonly ledger: Ledger;
  /** The note. */
  readonly checkpoint: Uint8Array;
  readonly block: (height: number) => Promise<BlockProof>;
}

/** What the index of a block, or a roll-up of its header, said. */
export interface Said {
  readonly height: number;
  readonly level: 0 | RollupLevel;
  readonly found: Lookup;
}

/** A leaf that breaks the rules of its form. @param indices its list, where that is what breaks them. */
export async function blameEntry(
  view: Signed,
  height: number,
  level: RollupLevel | undefined,
  entry: Presence,
  code: string,
  indices?: Uint8Array,
): Promise<FoundLie> {
  const block = await view.block(height);
  const { ledger, checkpoint } = view;
  const file =
    level === undefined
      ? provenBy(tagMalformed, ledger, checkpoint, { block, entry, ...(indices && { indices }) })
      : provenBy(rollupMalformed, ledger, checkpoint, { block, entry, level });
  return lie('sync-index', `block ${height}`, `block ${height}: ${code}`, [file]);
}

/** An index that is not in order. */
export async function blameOrder(
  view: Signed,
  height: number,
  level: RollupLevel | undefined,
  left: Presence,
  right: Presence,
): Promise<FoundLie> {
  const { ledger, checkpoint } = view;
  const block = await view.block(height);
  const file =
    level === undefined
      ? provenBy(tagUnsorted, ledger, checkpoint, { block, left, right })
      : provenBy(rollupUnsorted, ledger, checkpoint, { block, left, right, level });
  return lie('sync-index', `block ${height}`, `block ${height}: entry ${right.index} is out of order`, [
    file,
  ]);
}

/** Statements that are compared with each other: those that stand side by side, and all with a roll-up. */
function* pairs(said: readonly Said[]): Generator<readonly [Said, Said]> {
  const blocks = said.filter(({ level }) => level === 0).toSorted((a, b) => a.height - b.height);
  for (const [i, one] of blocks.entries()) {
    const next = blocks[i + 1];
    if (next !== undefined) yield [one, next];
    // What an entry says of the blocks below it reaches further than to the next answer.
    const previous = blocks.slice(0, i).findLast(({ found }) => found.found);
    if (previous !== undefined) yield [previous, one];
  }
  for (const rollup of said.filter(({ level }) => level > 0)) {
    for (const one of blocks) yield [rollup, one];
  }
}

/** Links, totals and roll-ups of a tag that contradict each other. */
export async function blameHistory(
  view: Signed,
  tag: Uint8Array,
  said: readonly Said[],
  { code, detail }: Refusal,
): Promise<FoundLie> {
  const statementOf = async ({ height, level, found }: Said): Promise<TagStatement> => ({
    block: await view.block(height),
    ...(level === 0 ? {} : { level }),
    ...(found.found ? { presence: found.presence } : { absence: found.absence }),
  });
  const subject = `tag ${toHex(tag)}`;
  const what = `tag ${toHex(tag).slice(0, 16)}: ${code} ${detail ?? ''}`.trim();
  for (const [one, other] of pairs(said)) {
    const first = await statementOf(one);
    const second = await statementOf(other);
    const file = provenBy(tagHistory, view.ledger, view.checkpoint, { first, second, tag });
    if (file !== undefined) return lie('sync-index', subject, what, [file]);
  }
  return lie('sync-index', subject, what, []);
}
