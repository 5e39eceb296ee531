/** Proofs that a roll-up, which the operator signed, is not that of the blocks below. */
import { compareBytes } from '../../core/bytes.ts';
import { tagHistory } from '../../core/evidence/history.ts';
import { rollupMalformed, rollupUnsorted } from '../../core/evidence/rollups.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import { parseRollupLeaf, type RollupLeaf, type RollupLevel, spanOf } from '../../core/record/rollup.ts';
import { IndexProver } from '../../core/record/tag-proof.ts';
import { Prover } from '../records/prover.ts';
import { linksSince, wholeCopy } from '../store/record-lookups.ts';
import { type Looking, provenBy } from './finding.ts';
import { servedRollup } from './served.ts';
import { contradictingBlock, saidByBlock } from './tag-statements.ts';

/** What is wrong with the form or the order of the leaves. */
function formEvidence(
  { joined }: Looking,
  block: BlockProof,
  level: RollupLevel,
  leaves: readonly Uint8Array[],
): Uint8Array | undefined {
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const prover = new IndexProver(leaves);
  for (const [at, leaf] of leaves.entries()) {
    if (parseRollupLeaf(leaf, block.height, level).ok) continue;
    return provenBy(rollupMalformed, ledger, checkpoint, { block, entry: prover.entry(at), level });
  }
  for (const [at, leaf] of leaves.entries()) {
    const before = leaves[at - 1];
    if (before === undefined || compareBytes(before.subarray(0, 32), leaf.subarray(0, 32)) < 0) continue;
    const [left, right] = [prover.entry(at - 1), prover.entry(at)];
    return provenBy(rollupUnsorted, ledger, checkpoint, { block, left, level, right });
  }
  return undefined;
}

/** The first tag that the roll-up says something else of than the copy, with the block that shows it. */
async function firstDifference(
  { store, joined }: Looking,
  height: number,
  level: RollupLevel,
  leaves: readonly RollupLeaf[],
): Promise<{ readonly tag: Uint8Array; readonly height: number } | undefined> {
  const difference = (stated: RollupLeaf | undefined, actual: RollupLeaf | undefined) => {
    const tag = (stated ?? actual)?.tag;
    const at = contradictingBlock(stated, actual);
    return tag === undefined || at === undefined ? undefined : { tag, height: at };
  };
  let next = 0;
  const copy = wholeCopy(store.statements, joined);
  for await (const page of linksSince(copy, height - spanOf(level))) {
    for (const actual of page) {
      const stated = leaves[next];
      const order = stated === undefined ? 1 : compareBytes(stated.tag, actual.tag);
      const found = difference(order <= 0 ? stated : undefined, order >= 0 ? actual : undefined);
      if (found !== undefined) return found;
      next++;
    }
  }
  return difference(leaves[next], undefined);
}

/** The evidence against a roll-up of a header. */
async function levelEvidence(
  looking: Looking,
  header: BlockHeader,
  level: RollupLevel,
): Promise<Uint8Array | undefined> {
  const leaves = await servedRollup(looking, header, level);
  if (leaves === undefined) return undefined;
  const { store, joined } = looking;
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const prover = new Prover(store.statements, joined);
  const block = await prover.block(header.height);
  const form = formEvidence(looking, block, level, leaves);
  if (form !== undefined) return form;
  const read = leaves.map((leaf) => parseRollupLeaf(leaf, header.height, level));
  const sound = read.flatMap((leaf) => (leaf.ok ? [leaf.value] : []));
  const found = await firstDifference(looking, header.height, level, sound);
  if (found === undefined) return undefined;
  const looked = new IndexProver(leaves).lookup(found.tag);
  const shown = looked.found ? { presence: looked.presence } : { absence: looked.absence };
  const second = await saidByBlock(prover, found.height, found.tag);
  const first = { block, level, ...shown };
  return provenBy(tagHistory, ledger, checkpoint, { first, second, tag: found.tag });
}

/** The evidence against the roll-ups of a header, as far as they are served. */
export async function rollupEvidence(looking: Looking, header: BlockHeader): Promise<Uint8Array | undefined> {
  for (const level of [1, 2] as const) {
    const evidence = await levelEvidence(looking, header, level);
    if (evidence !== undefined) return evidence;
  }
  return undefined;
}
