/**
 * What the verified copy says of the history of a tag, as statements that contradict an operator's other ones
 * (`docs/spec/evidence.md`, `tag-history`).
 */
import { joinBytes } from '../../core/bytes.ts';
import type { TagStatement } from '../../core/evidence/history.ts';
import type { TagLink } from '../../core/record/tag-groups.ts';
import type { Prover } from '../records/prover.ts';
import { storedPlaces, storedTags, wholeCopy } from '../store/record-lookups.ts';
import type { Looking } from './finding.ts';

/** The newest block of the copy with each of these tags, and how many messages had it until then. */
export async function newestLinks(
  { store, joined }: Looking,
  tags: readonly Uint8Array[],
): Promise<readonly (TagLink | undefined)[]> {
  const [copy, asked] = [wholeCopy(store.statements, joined), joinBytes(tags)];
  const links: (TagLink | undefined)[] = tags.map(() => undefined);
  // A tag without a row of its own may be the id of one message.
  for (const { asked: at, height } of await storedPlaces(copy, asked)) links[at] = { height, total: 1 };
  for (const { asked: at, height, total } of await storedTags(copy, asked)) links[at] = { height, total };
  return links;
}

/** What the index of a block of the copy says of a tag. */
export async function saidByBlock(prover: Prover, height: number, tag: Uint8Array): Promise<TagStatement> {
  const looked = await prover.lookup(height, tag);
  const shown = looked.found ? { presence: looked.presence } : { absence: looked.absence };
  return { block: await prover.block(height), ...shown };
}

/**
 * The height of a block whose own statement contradicts one that names another newest block.
 * @param stated the newest block with the tag that is stated, and the total up to there; undefined for none.
 * @param actual what the copy has.
 * @returns undefined when both are the same.
 */
export function contradictingBlock(
  stated: TagLink | undefined,
  actual: TagLink | undefined,
): number | undefined {
  if (stated?.height === actual?.height && stated?.total === actual?.total) return undefined;
  // A block above the true one, or any when there is none, does not have the tag; the true one does.
  if (stated !== undefined && (actual === undefined || stated.height > actual.height)) return stated.height;
  return actual?.height;
}
