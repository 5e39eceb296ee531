/**
 * Which messages a part of the record has under a tag, shown to be all of them (`docs/spec/tags.md`, 'Completeness').
 * Roll-ups say where to begin, and links lead from there downwards; where no roll-up is yet, every block is asked.
 */
import type { RangeSpan } from '../../core/record/range.ts';
import { spanHeader, spanLength } from '../../core/record/range.ts';
import { parseRollupLeaf } from '../../core/record/rollup.ts';
import {
  type Completeness,
  type CompletenessPiece,
  planCompleteness,
  verifyCompleteness,
} from '../../core/record/completeness.ts';
import { parseTagLeaf } from '../../core/record/tag-index.ts';
import type { Found } from './block-files.ts';
import { blameEntry, blameHistory, type Said } from './blame.ts';
import { inParallel } from './parallel.ts';
import type { View } from './view.ts';

/** Blocks that are asked one by one, or the blocks of one roll-up. Heights, both included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly level: RangeSpan['level'];
}

/** Cuts a plan into stretches: single blocks that follow each other are one. */
export function stretches(plan: readonly RangeSpan[]): readonly Stretch[] {
  const cut: Stretch[] = [];
  for (const { from, level } of plan) {
    const last = cut.at(-1);
    if (level === 0 && last?.level === 0) cut[cut.length - 1] = { ...last, to: from };
    else cut.push({ from, to: from + spanLength(level) - 1, level });
  }
  return cut;
}

/** What was shown of a tag. */
export interface TagHistory {
  readonly shown: Completeness;
  /** By height, the bytes of the list of each block that has the tag. */
  readonly lists: ReadonlyMap<number, Uint8Array>;
}

/** Blocks that are asked at the same time. */
const width = 16;

type Answers = Map<number, Found>;

/** What the indexes of single blocks say of each tag. */
async function askBlocks(view: View, tags: readonly Uint8Array[], { from, to }: Stretch): Promise<Answers[]> {
  const answers = tags.map((): Answers => new Map<number, Found>());
  const heights = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  await inParallel(heights, width, async (height) => {
    const index = await view.index(height);
    for (const [i, tag] of tags.entries()) answers[i]?.set(height, await index.lookup(tag));
  });
  return answers;
}

/** Follows the links from the entry at `newest` down to `from`. */
async function walk(view: View, tag: Uint8Array, from: number, newest: number): Promise<Answers> {
  const answers: Answers = new Map();
  for (let height: number | undefined = newest; height !== undefined && height >= from;) {
    const found = await (await view.index(height)).lookup(tag);
    answers.set(height, found);
    // A link or roll-up that leads to a block without the tag: told by whoever compares the answers.
    if (!found.found) break;
    const leaf = parseTagLeaf(found.presence.leaf, height);
    if (!leaf.ok) throw await blameEntry(view, height, undefined, found.presence, leaf.code);
    height = leaf.value.previous;
  }
  return answers;
}

/** The blocks that have the tag, ascending. */
function entriesIn(answers: Answers): { height: number; found: Extract<Found, { found: true }> }[] {
  return [...answers]
    .flatMap(([height, found]) => (found.found ? [{ height, found }] : []))
    .sort((a, b) => a.height - b.height);
}

/** Puts the proof together and has it judged. */
async function shown(
  view: View,
  tag: Uint8Array,
  { from, to, level }: Stretch,
  answers: Answers,
  rollup: Found | undefined,
): Promise<TagHistory> {
  const question = { tag, from, to };
  const entries = entriesIn(answers);
  const size = view.log.size;
  const pieces: CompletenessPiece[] = [];
  for (const due of planCompleteness(
    question,
    entries.map(({ height }) => height),
    size,
  )) {
    const found = due.level === 0 ? answers.get(due.from) : rollup;
    if (found === undefined) throw new RangeError(`nothing was asked about the blocks from ${due.from}`);
    const span = { from: due.from, level: due.level };
    pieces.push({ ...span, ...(found.found ? { presence: found.presence } : { absence: found.absence }) });
  }
  const proof = {
    entries: entries.map(({ height, found }) => ({ height, presence: found.presence })),
    pieces,
  };
  const complete = verifyCompleteness(view.log, question, proof);
  if (complete.ok) {
    const lists = new Map(entries.map(({ height, found }) => [height, found.list]));
    return { shown: complete.value, lists };
  }
  const said: Said[] = [...answers].map(([height, found]) => ({ height, level: 0 as const, found }));
  if (rollup !== undefined) said.push({ height: spanHeader({ from, level }), level, found: rollup });
  for (const [height, found] of answers) {
    const leaf = found.found ? parseTagLeaf(found.presence.leaf, height) : undefined;
    if (found.found && leaf?.ok === false)
      throw await blameEntry(view, height, undefined, found.presence, leaf.code);
  }
  throw await blameHistory(view, tag, said, complete);
}

/** What a roll-up says of each tag, and where its entries are. */
async function askRollup(view: View, tags: readonly Uint8Array[], stretch: Stretch): Promise<TagHistory[]> {
  const { from, level } = stretch;
  if (level === 0) throw new RangeError('no roll-up');
  const height = spanHeader(stretch);
  const rollup = await view.rollup(height, level);
  return inParallel(tags, width, async (tag) => {
    const found = await rollup.lookup(tag);
    if (!found.found) return shown(view, tag, stretch, new Map(), found);
    const leaf = parseRollupLeaf(found.presence.leaf, height, level);
    if (!leaf.ok) throw await blameEntry(view, height, level, found.presence, leaf.code);
    return shown(view, tag, stretch, await walk(view, tag, from, leaf.value.height), found);
  });
}

/**
 * All blocks of a stretch that have each of these tags. What they say is not yet held against the blocks below.
 * @throws CountersignError with a `follow-` or `sync-` code; `store-corrupt`.
 */
export async function historiesIn(
  view: View,
  tags: readonly Uint8Array[],
  stretch: Stretch,
): Promise<readonly TagHistory[]> {
  if (stretch.level > 0) return askRollup(view, tags, stretch);
  const answers = await askBlocks(view, tags, stretch);
  return Promise.all(
    tags.map((tag, i) => shown(view, tag, stretch, answers[i] ?? new Map<number, Found>(), undefined)),
  );
}
