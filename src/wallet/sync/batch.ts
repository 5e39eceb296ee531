/**
 * Blocks that were judged by themselves, held against the blocks below: ids that occurred before, links and totals of
 * tags, roll-ups. Many blocks at a time, because what the copy says of their tags is looked up at once.
 */
import { joinBytes, moveBytes } from '../../core/bytes.ts';
import type { BlockCode } from '../../core/record/block.ts';
import { type BlockHeader, rollupCount, rollupSpans, sameCommitment } from '../../core/record/header.ts';
import { RollupTree } from '../../core/record/rollup.ts';
import { commitGroups, noIndex, type TagGroups } from '../../core/record/tag-groups.ts';
import { ok, type Refusal, refuse, type Result } from '../../core/result.ts';
import type { TagRow } from '../store/record-bulk.ts';
import { type Below, linksSince, storedPlaces, storedTags } from '../store/record-lookups.ts';
import type { JudgedBlock } from './judged.ts';

const hashBytes = 32;

/** What is known of the distinct tags of a batch, ids of messages among them, while it is judged: tag by tag. */
class TagStates {
  /** Ascending, 32 bytes each. */
  readonly tags: Uint8Array;
  /** Rows of the tags in the copy; 0 where there is none. */
  readonly rows: Float64Array;
  /** The newest block that had the tag. */
  readonly heights: Float64Array;
  /** 0 while nothing had it. */
  readonly totals: Float64Array;
  /** 1 when a message with this id is in the record. */
  readonly isMessage: Uint8Array;
  /** Messages of the batch that carry it in their heads. */
  readonly carriers: (number[] | undefined)[];

  constructor(tags: Uint8Array) {
    const count = tags.length / hashBytes;
    this.tags = tags;
    this.rows = new Float64Array(count);
    this.heights = new Float64Array(count);
    this.totals = new Float64Array(count);
    this.isMessage = new Uint8Array(count);
    this.carriers = Array.from({ length: count });
  }

  get count(): number {
    return this.rows.length;
  }

  tag(at: number): Uint8Array {
    return this.tags.subarray(hashBytes * at, hashBytes * (at + 1));
  }

  carry(at: number, message: number): void {
    const carriers = this.carriers[at];
    if (carriers === undefined) this.carriers[at] = [message];
    else carriers.push(message);
  }
}

/** More tags than a batch has: it takes no more blocks once it is full. */
const maxPlaces = 2 ** 21;

/** The first four bytes of a tag as a number. */
function prefixOf(tags: Uint8Array, at: number): number {
  const from = hashBytes * at;
  const [a = 0, b = 0, c = 0, d = 0] = [tags[from], tags[from + 1], tags[from + 2], tags[from + 3]];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** Order of two tags of a list. */
function compareAt(tags: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < hashBytes; i++) {
    const difference = (tags[hashBytes * a + i] ?? 0) - (tags[hashBytes * b + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The distinct ones of these tags, ascending, and which of them each is. */
function distinct(tags: Uint8Array): { readonly tags: Uint8Array; readonly numbers: Uint32Array } {
  const count = tags.length / hashBytes;
  if (count > maxPlaces) throw new RangeError(`${count} tags in a batch`);
  // As in a block (`core/record/tag-groups.ts`): sorted natively by their first bytes, which nearly always decide.
  const keys = new Float64Array(count);
  for (let at = 0; at < count; at++) keys[at] = prefixOf(tags, at) * maxPlaces + at;
  keys.sort();
  const places = new Uint32Array(count);
  for (let i = 0; i < count; i++) places[i] = (keys[i] ?? 0) % maxPlaces;
  for (let from = 0; from < count;) {
    let to = from + 1;
    const first = Math.floor((keys[from] ?? 0) / maxPlaces);
    while (to < count && Math.floor((keys[to] ?? 0) / maxPlaces) === first) to++;
    if (to > from + 1) places.subarray(from, to).sort((a, b) => compareAt(tags, a, b));
    from = to;
  }
  const found = new Uint8Array(tags.length);
  const numbers = new Uint32Array(count);
  let last = -1;
  for (let i = 0; i < count; i++) {
    const place = places[i] ?? 0;
    if (i === 0 || compareAt(tags, places[i - 1] ?? 0, place) !== 0) {
      last++;
      moveBytes(tags, hashBytes * place, hashBytes, found, hashBytes * last);
    }
    numbers[place] = last;
  }
  return { tags: found.slice(0, hashBytes * (last + 1)), numbers };
}

export class Batch {
  readonly blocks: JudgedBlock[] = [];
  /** Messages of all blocks. */
  messages = 0;
  /** Bytes of all bodies. */
  bytes = 0;
  #states = new TagStates(new Uint8Array());
  /** For each group of each block, one after the other: which of the tags it has. */
  #numbers: Uint32Array = new Uint32Array();

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
    const { tags, numbers } = distinct(joinBytes(this.blocks.map(({ groups }) => groups.tags)));
    const states = new TagStates(tags);
    this.#states = states;
    this.#numbers = numbers;
    for (const { asked, row, height, total } of await storedTags(below, tags)) {
      states.rows[asked] = row;
      states.heights[asked] = height;
      states.totals[asked] = total;
    }
    // A tag with a row may be an id of a message too; but that matters only where a message has that id now.
    const isAsked = this.#ownIds();
    const places = new Uint32Array(states.count);
    let count = 0;
    for (let at = 0; at < states.count; at++) {
      if (states.rows[at] === 0 || isAsked[at] === 1) places[count++] = at;
    }
    const asked = places.subarray(0, count);
    const ids = new Uint8Array(hashBytes * count);
    for (let i = 0; i < count; i++)
      moveBytes(tags, hashBytes * (asked[i] ?? 0), hashBytes, ids, hashBytes * i);
    for (const { asked: i, height } of await storedPlaces(below, ids)) {
      const at = asked[i] ?? 0;
      states.isMessage[at] = 1;
      if (states.rows[at] !== 0) continue;
      states.heights[at] = height;
      states.totals[at] = 1;
    }
  }

  /** 1 for those tags which are ids of messages of the batch. */
  #ownIds(): Uint8Array {
    const isOwn = new Uint8Array(this.#states.count);
    let first = 0;
    for (const { groups } of this.blocks) {
      for (let group = 0; group < groups.count; group++) {
        if (groups.own[group] !== noIndex) isOwn[this.#numbers[first + group] ?? 0] = 1;
      }
      first += groups.count;
    }
    return isOwn;
  }

  /**
   * Judges the blocks in order, after {@link resolve}. At the first that is refused it stops.
   * @returns how many of them hold, and why the next one does not.
   */
  judge(): { readonly good: number; readonly refusal: Refusal<BlockCode> | undefined } {
    let messages = 0;
    let groups = 0;
    for (const [good, block] of this.blocks.entries()) {
      const numbers = this.#numbers.subarray(groups, groups + block.groups.count);
      const verdict = this.#judgeBlock(block, numbers, messages);
      if (!verdict.ok) return { good, refusal: verdict };
      messages += block.header.messages.count;
      groups += block.groups.count;
    }
    return { good: this.blocks.length, refusal: undefined };
  }

  /** @param numbers which of the tags each group has. */
  #judgeBlock(
    { header, groups }: JudgedBlock,
    numbers: Uint32Array,
    firstMessage: number,
  ): Result<void, BlockCode> {
    const { totals, heights, isMessage } = this.#states;
    let repeated = groups.repeated;
    for (let group = 0; group < groups.count; group++) {
      const own = groups.own[group] ?? noIndex;
      if (own !== noIndex && isMessage[numbers[group] ?? 0] === 1) repeated = Math.min(repeated ?? own, own);
    }
    if (repeated !== undefined) return refuse('body-repeated', `message ${repeated}`);
    const index = commitGroups(groups, (group) => {
      const at = numbers[group] ?? 0;
      const total = totals[at] ?? 0;
      return total === 0 ? undefined : { height: heights[at] ?? 0, total };
    });
    if (!sameCommitment(index, header.tags)) return refuse('body-tags', `${index.count} tags`);
    for (let group = 0; group < groups.count; group++) {
      this.#goOn(groups, group, numbers[group] ?? 0, header.height, firstMessage);
    }
    return ok(undefined);
  }

  /** Goes on to a block that has a tag. */
  #goOn(groups: TagGroups, group: number, at: number, height: number, firstMessage: number): void {
    const states = this.#states;
    const own = groups.own[group] ?? noIndex;
    const [from = 0, to = 0] = [groups.starts[group], groups.starts[group + 1]];
    states.heights[at] = height;
    states.totals[at] = (states.totals[at] ?? 0) + to - from;
    if (own !== noIndex) states.isMessage[at] = 1;
    for (let i = from; i < to; i++) {
      const index = groups.indices[i] ?? 0;
      if (index !== own) states.carry(at, firstMessage + index);
    }
  }

  /** Gives the memory of the blocks back at once, when they are written: tens of megabytes would pile up first. */
  release(): void {
    const arrays = this.blocks.flatMap(({ body, ids, spans, groups }) => {
      const { tags, own, starts, indices, listHashes } = groups;
      return [body, ids, spans, tags, own, starts, indices, listHashes];
    });
    const whole = arrays.filter(({ byteLength, buffer }) => byteLength === buffer.byteLength);
    structuredClone(undefined, { transfer: whole.map(({ buffer }) => buffer as ArrayBuffer) });
  }

  /** What the judged blocks bring or change about tags, ascending; ids of messages that nobody refers to are left out. */
  tagRows(): readonly TagRow[] {
    const { count, rows, heights, totals, carriers } = this.#states;
    const found: TagRow[] = [];
    for (let at = 0; at < count; at++) {
      const row = rows[at] ?? 0;
      const carried = carriers[at];
      if (row === 0 && carried === undefined) continue;
      found.push({
        tag: this.#states.tag(at),
        row: row === 0 ? undefined : row,
        height: heights[at] ?? 0,
        total: totals[at] ?? 0,
        carriers: carried ?? [],
      });
    }
    return found;
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
    for await (const page of linksSince(below, header.height - span)) {
      for (const leaf of page) tree.append(leaf);
    }
    if (stated === undefined || !sameCommitment(tree.commitment(), stated))
      return refuse('body-rollup', `level ${i + 1}`);
  }
  return ok(undefined);
}
