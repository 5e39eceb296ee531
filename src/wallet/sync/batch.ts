/**
 * Blocks that were judged by themselves, held against the blocks below: ids that occurred before, links and totals of
 * tags, roll-ups. Many blocks at a time, because what the copy says of their tags is looked up at once.
 */
import { joinBytes } from '../../core/bytes.ts';
import type { BlockCode } from '../../core/record/block.ts';
import { type BlockHeader, rollupCount, rollupSpans, sameCommitment } from '../../core/record/header.ts';
import { RollupTree } from '../../core/record/rollup.ts';
import { commitGroups, countOf, noIndex, type TagGroups, tagOf } from '../../core/record/tag-groups.ts';
import { ok, type Refusal, refuse, type Result } from '../../core/result.ts';
import type { TagRow } from '../store/record-bulk.ts';
import { type Below, linksSince, storedPlaces, storedTags } from '../store/record-lookups.ts';
import type { JudgedBlock } from './judged.ts';

const hashBytes = 32;

/** What is known of a tag while a batch is judged. */
interface TagState extends TagRow {
  row: number | undefined;
  height: number;
  /** 0 while nothing had it. */
  total: number;
  /** Whether a message with this id is in the record. */
  isMessage: boolean;
  readonly carriers: number[];
}

function newState(tag: Uint8Array): TagState {
  return { tag, row: undefined, height: 0, total: 0, isMessage: false, carriers: [] };
}

/** The tags of a block as one text, 32 characters each: cut into keys of maps. */
function keysOf({ tags }: TagGroups): string {
  return Buffer.from(tags.buffer, tags.byteOffset, tags.length).toString('latin1');
}

/** Whether a group is that of one message's id and of nothing else: most are. */
function isPlainId(groups: TagGroups, group: number): boolean {
  return groups.own[group] !== noIndex && countOf(groups, group) === 1;
}

export class Batch {
  readonly blocks: JudgedBlock[] = [];
  /** Messages of all blocks. */
  messages = 0;
  /** Bytes of all bodies. */
  bytes = 0;
  /** By their tags: all but the ids of new messages that nobody refers to. */
  readonly #states = new Map<string, TagState>();
  /** Ids of the messages of the blocks that were judged. */
  readonly #ids = new Set<string>();

  add(block: JudgedBlock): void {
    this.blocks.push(block);
    this.messages += block.header.messages.count;
    this.bytes += block.body.length;
  }

  /** Whether a block can only be judged when all blocks below it are in the copy. */
  static needsAllBelow({ height }: BlockHeader): boolean {
    return rollupCount(height) > 0;
  }

  /** Looks up what the blocks below say of all tags and ids. */
  async resolve(below: Below): Promise<void> {
    const asked = this.#askedTags();
    const tags = joinBytes(asked.map(({ tag }) => tag));
    const stateOf = (asking: Asked | undefined): TagState | undefined =>
      asking && (this.#states.get(asking.key) ?? this.#addState(asking.key, asking.tag));
    for (const { asked: at, ...link } of await storedTags(below, tags)) {
      const state = stateOf(asked[at]);
      if (state !== undefined) Object.assign(state, link);
    }
    // A tag with a row may be an id of a message too; but that matters only where a message has that id now.
    const open = asked.filter(({ key, isId }) => isId || this.#states.get(key)?.row === undefined);
    const ids = open.length === asked.length ? tags : joinBytes(open.map(({ tag }) => tag));
    for (const { asked: at, height } of await storedPlaces(below, ids)) {
      const state = stateOf(open[at]);
      if (state === undefined) continue;
      state.isMessage = true;
      if (state.row === undefined) Object.assign(state, { height, total: 1 });
    }
  }

  /** All tags and ids, those of other tags once. */
  #askedTags(): readonly Asked[] {
    const asked: Asked[] = [];
    for (const { groups } of this.blocks) {
      const keys = keysOf(groups);
      for (let group = 0; group < groups.count; group++) {
        const key = keys.slice(hashBytes * group, hashBytes * (group + 1));
        const isPlain = isPlainId(groups, group);
        if (!isPlain && this.#states.has(key)) continue;
        const tag = tagOf(groups, group);
        if (!isPlain) this.#addState(key, tag);
        asked.push({ key, tag, isId: groups.own[group] !== noIndex });
      }
    }
    return asked;
  }

  #addState(key: string, tag: Uint8Array): TagState {
    const state = newState(tag);
    this.#states.set(key, state);
    return state;
  }

  /**
   * Judges the blocks in order, after {@link resolve}. At the first that is refused it stops.
   * @returns how many of them hold, and why the next one does not.
   */
  judge(): { readonly good: number; readonly refusal: Refusal<BlockCode> | undefined } {
    let first = 0;
    for (const [good, block] of this.blocks.entries()) {
      const verdict = this.#judgeBlock(block, first);
      if (!verdict.ok) return { good, refusal: verdict };
      first += block.header.messages.count;
    }
    return { good: this.blocks.length, refusal: undefined };
  }

  #judgeBlock({ header, groups }: JudgedBlock, firstMessage: number): Result<void, BlockCode> {
    const keys = keysOf(groups);
    const states: (TagState | undefined)[] = [];
    let repeated = groups.repeated;
    for (let group = 0; group < groups.count; group++) {
      const key = keys.slice(hashBytes * group, hashBytes * (group + 1));
      const state = this.#states.get(key);
      states.push(state);
      const own = groups.own[group] ?? noIndex;
      if (own === noIndex) continue;
      if (state?.isMessage === true || this.#ids.has(key)) repeated = Math.min(repeated ?? own, own);
      else this.#ids.add(key);
    }
    if (repeated !== undefined) return refuse('body-repeated', `message ${repeated}`);
    const index = commitGroups(groups, (group) => {
      const state = states[group];
      return state === undefined || state.total === 0 ? undefined : state;
    });
    if (!sameCommitment(index, header.tags)) return refuse('body-tags', `${index.count} tags`);
    for (const [group, state] of states.entries()) {
      if (state !== undefined) apply(state, header.height, groups, group, firstMessage);
    }
    return ok(undefined);
  }

  /** What the judged blocks bring or change about tags. */
  tagRows(): readonly TagRow[] {
    return [...this.#states.values()].filter(({ row, carriers }) => row !== undefined || carriers.length > 0);
  }
}

/** A tag or id that is looked up. */
interface Asked {
  readonly key: string;
  readonly tag: Uint8Array;
  readonly isId: boolean;
}

/** Goes on to a block that has the tag. */
function apply(
  state: TagState,
  height: number,
  groups: TagGroups,
  group: number,
  firstMessage: number,
): void {
  const own = groups.own[group] ?? noIndex;
  const [from = 0, to = 0] = [groups.starts[group], groups.starts[group + 1]];
  state.height = height;
  state.total += to - from;
  state.isMessage ||= own !== noIndex;
  for (let i = from; i < to; i++) {
    const index = groups.indices[i] ?? 0;
    if (index !== own) state.carriers.push(firstMessage + index);
  }
}

/**
 * Whether a block's header commits to the roll-ups of the blocks below it.
 * @param below all of them.
 */
export async function judgeRollups(below: Below, header: BlockHeader): Promise<Result<void, BlockCode>> {
  for (const [i, span] of rollupSpans.slice(0, rollupCount(header.height)).entries()) {
    const stated = header.rollups[i];
    const tree = new RollupTree();
    for await (const page of linksSince(below, header.height - span, stated?.count ?? 0)) {
      for (const leaf of page) tree.append(leaf);
    }
    if (stated === undefined || !sameCommitment(tree.commitment(), stated))
      return refuse('body-rollup', `level ${i + 1}`);
  }
  return ok(undefined);
}
