/**
 * Synchronisation that follows: fetches every header of a ledger and, of the messages, only those with certain tags, with
 * proof that they are all. It costs a few fetches for each message of one's own and for each roll-up, however many
 * messages of others there are.
 *
 * What is found is written with how far each tag was followed, in one transaction: it can be stopped at any time.
 */
import { compareBytes, equalBytes, joinBytes, toHex } from '../../core/bytes.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { PartReader } from '../../core/log/audit-port.ts';
import { planRange } from '../../core/record/range.ts';
import { spanOf } from '../../core/record/rollup.ts';
import { listedTags } from '../../core/record/receipt.ts';
import {
  addFollowed,
  dropFound,
  type FollowedMessage,
  type FollowedTag,
  followedTags,
  type FollowWish,
  holdsTagged,
  keepFollowed,
  moveFollowed,
  setFollowed,
} from '../store/followed-store.ts';
import { storedPlaces, storedTags, wholeCopy } from '../store/record-lookups.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { SyncOptions } from '../sync/options.ts';
import { Meter } from '../sync/progress.ts';
import { syncHeaders } from '../sync/sync-headers.ts';
import { noticing } from '../alarms/noticing.ts';
import { blameHistory, type Said } from './blame.ts';
import { fail } from './finding.ts';
import { historiesIn, type Stretch, stretches, type TagHistory } from './history.ts';
import { BlockMessages, type Listed, listedBy } from './messages.ts';
import { inParallel } from './parallel.ts';
import { View } from './view.ts';

/** More tags are not followed: fetching everything would be quicker. */
const mostTags = 16_384;
/** Tags that are looked for together. */
const tagsAtOnce = 64;
/** Stretches of the record that are looked at together. */
const stretchesAtOnce = 8;
/** Blocks whose messages are fetched at the same time. */
const blocksAtOnce = 8;
/** Messages are written when there are so many, or so many bytes of them, more or less. */
const batchMessages = 512;
const batchBytes = 8_388_608;

export interface FollowReport {
  /** Blocks under the signed head. */
  readonly size: number;
  /** Blocks up to which everything that is followed is here: all of them, unless it was stopped. */
  readonly followed: number;
  /** Messages that were not here before. */
  readonly newMessages: number;
}

/** What is to be followed, as far as the copy tells by now: asked again whenever there is more in it. */
export type WishList = (joined: JoinedLedger) => Promise<readonly FollowWish[]>;

/** Tags that were followed equally far. */
interface Group {
  readonly from: number;
  readonly tags: readonly FollowedTag[];
}

function groupsOf(tags: readonly FollowedTag[]): readonly Group[] {
  const byStart = new Map<number, FollowedTag[]>();
  for (const tag of tags) byStart.set(tag.covered, [...(byStart.get(tag.covered) ?? []), tag]);
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .flatMap(([from, all]) =>
      Array.from({ length: Math.ceil(all.length / tagsAtOnce) }, (_, i) => ({
        from,
        tags: all.slice(i * tagsAtOnce, (i + 1) * tagsAtOnce),
      })),
    );
}

/** What was shown of a tag, and the messages that its entries list. */
interface TagFind {
  readonly history: TagHistory;
  readonly listed: readonly Listed[];
}

/** Follows tags under one signed head. */
class Following {
  readonly #store: RecordStore;
  readonly #joined: JoinedLedger;
  readonly #view: View;
  readonly #options: SyncOptions;
  readonly #meter: Meter;
  newMessages = 0;

  constructor(store: RecordStore, joined: JoinedLedger, view: View, options: SyncOptions, meter: Meter) {
    this.#store = store;
    this.#joined = joined;
    this.#view = view;
    this.#options = options;
    this.#meter = meter;
  }

  get #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Follows a group of tags to the head. @returns whether it came there. */
  async run({ from, tags }: Group): Promise<boolean> {
    const { size } = this.#joined;
    const all = stretches(planRange(from, size - 1, size));
    let states = tags;
    for (let i = 0; i < all.length; i += stretchesAtOnce) {
      if (this.#isStopped) return false;
      const some = all.slice(i, i + stretchesAtOnce);
      const finds = await Promise.all(some.map((stretch) => this.#find(states, stretch)));
      for (const [k, stretch] of some.entries()) {
        const next = await this.#take(states, stretch, finds[k] ?? []);
        if (next === undefined) return false;
        states = next;
      }
      this.#view.renew();
    }
    return true;
  }

  async #find(tags: readonly FollowedTag[], stretch: Stretch): Promise<readonly TagFind[]> {
    const view = this.#view;
    const histories = await historiesIn(
      view,
      tags.map(({ tag }) => tag),
      stretch,
    );
    return inParallel(histories, blocksAtOnce, async (history) => {
      const listed: Listed[] = [];
      for (const entry of history.shown.entries) {
        const list = history.lists.get(entry.height) ?? new Uint8Array();
        listed.push(...(await listedBy(view, entry, list)));
      }
      return { history, listed };
    });
  }

  /** Fetches and writes what was found in a stretch. @returns how far the tags are now; undefined when stopped before. */
  async #take(
    tags: readonly FollowedTag[],
    stretch: Stretch,
    finds: readonly TagFind[],
  ): Promise<readonly FollowedTag[] | undefined> {
    for (const [i, find] of finds.entries()) await this.#checkLink(tags[i], find.history);
    const byHeight = new Map<number, Listed[]>();
    for (const one of finds.flatMap(({ listed }) => listed)) {
      byHeight.set(one.height, [...(byHeight.get(one.height) ?? []), one]);
    }
    const heights = [...byHeight.keys()].sort((a, b) => a - b);
    let states = tags;
    for (let at = 0; at < heights.length;) {
      if (this.#isStopped) return undefined;
      const batch: number[] = [];
      let [messages, bytes] = [0, 0];
      while (at < heights.length && messages < batchMessages && bytes < batchBytes) {
        const height = heights[at++] ?? 0;
        const header = await this.#view.header(height);
        const count = byHeight.get(height)?.length ?? 0;
        batch.push(height);
        messages += count;
        bytes += (header.body.size / header.messages.count) * count;
      }
      const fetched = await inParallel(batch, blocksAtOnce, (height) =>
        this.#fetchBlock(height, byHeight.get(height) ?? []),
      );
      const isLast = at === heights.length;
      const upTo = isLast ? stretch.to : (batch.at(-1) ?? stretch.to);
      states = await this.#write(states, finds, upTo, fetched.flat());
    }
    return heights.length > 0 ? states : this.#write(states, finds, stretch.to, []);
  }

  /** The messages of a block that are not here yet. */
  async #fetchBlock(height: number, listed: readonly Listed[]): Promise<readonly FollowedMessage[]> {
    const block = new BlockMessages(this.#view, height);
    const fetched = new Map<number, FollowedMessage>();
    for (const one of listed) {
      const there = fetched.get(one.position);
      if (there !== undefined && listedTags(there.message).some((tag) => equalBytes(tag, one.tag))) continue;
      if (await holdsTagged(this.#store.statements, this.#joined, one)) continue;
      fetched.set(one.position, await block.fetch(one));
    }
    return [...fetched.values()];
  }

  /** What was found goes on from what is known of a tag: the first entry names the newest known one. */
  async #checkLink(tag: FollowedTag | undefined, { shown }: TagHistory): Promise<void> {
    const [entry] = shown.entries;
    if (tag === undefined || entry === undefined) return;
    const { previous, total, count } = entry.leaf;
    const { first, height } = tag;
    const isNext =
      height === undefined
        ? previous === undefined || previous < Math.max(first, 1)
        : previous === height && total === tag.total + count;
    if (isNext && (height !== undefined || first > 1 || previous === undefined)) return;
    const said = await this.#saidAbout(tag.tag, [height, previous, entry.height]);
    const detail = `block ${entry.height} names ${previous ?? 'none'}, and ${height ?? 'none'} is known`;
    throw await blameHistory(this.#view, tag.tag, said, { ok: false, code: 'complete-link', detail });
  }

  /** What the indexes of these blocks say of a tag, and the roll-ups that sum them up. */
  async #saidAbout(tag: Uint8Array, heights: readonly (number | undefined)[]): Promise<readonly Said[]> {
    const said: Said[] = [];
    for (const height of new Set(heights)) {
      if (height === undefined || height === 0) continue;
      said.push({ height, level: 0, found: await (await this.#view.index(height)).lookup(tag) });
      for (const level of [1, 2] as const) {
        const at = (Math.floor(height / spanOf(level)) + 1) * spanOf(level);
        if (at >= this.#joined.size) continue;
        said.push({ height: at, level, found: await (await this.#view.rollup(at, level)).lookup(tag) });
      }
    }
    return said;
  }

  async #write(
    tags: readonly FollowedTag[],
    finds: readonly TagFind[],
    upTo: number,
    messages: readonly FollowedMessage[],
  ): Promise<readonly FollowedTag[]> {
    const ordered = messages.toSorted((a, b) => a.height - b.height || a.position - b.position);
    const states = tags.map((tag, i) => {
      const last = finds[i]?.history.shown.entries.findLast(({ height }) => height <= upTo);
      const reached = last === undefined ? {} : { height: last.height, total: last.leaf.total };
      return { ...tag, ...reached, covered: upTo + 1 };
    });
    await this.#store.transaction(async (inside) => {
      await keepFollowed(inside.statements, this.#joined, ordered);
      for (const [i, tag] of tags.entries()) {
        const now = states[i];
        if (now !== undefined) await moveFollowed(inside.statements, tag, now);
      }
    });
    this.newMessages += messages.length;
    const moved = tags.reduce((sum, { covered }) => sum + upTo + 1 - covered, 0);
    const blocks = this.#meter.add(moved);
    this.#options.onProgress?.({ phase: 'own', done: blocks.done, of: blocks.of, blocks });
    return states;
  }
}

async function find(store: RecordStore, id: Uint8Array): Promise<JoinedLedger> {
  const joined = await store.joined(id);
  if (joined === undefined) throw new CountersignError<CopyCode>('copy-no-ledger');
  return joined;
}

/** Tags whose blocks are all here up to some height take over from there what the copy says of them. */
async function fromCopy(
  store: RecordStore,
  joined: JoinedLedger,
  tags: readonly FollowedTag[],
): Promise<readonly FollowedTag[]> {
  const behind = tags.filter(({ covered }) => covered < joined.filled);
  if (behind.length === 0) return tags;
  const asked = joinBytes(behind.map(({ tag }) => tag));
  const copy = wholeCopy(store.statements, joined);
  const states = new Map(behind.map((tag) => [tag, { height: undefined as number | undefined, total: 0 }]));
  for (const { asked: at, height } of await storedPlaces(copy, asked)) {
    const tag = behind[at];
    if (tag !== undefined) states.set(tag, { height, total: 1 });
  }
  // A tag that others carry has a row that counts everything, the message of that id included.
  for (const { asked: at, height, total } of await storedTags(copy, asked)) {
    const tag = behind[at];
    if (tag !== undefined) states.set(tag, { height, total });
  }
  const moved = tags.map((tag) => {
    const state = states.get(tag);
    return state === undefined ? tag : { ...tag, ...state, covered: joined.filled };
  });
  await store.transaction(async (inside) => {
    for (const [i, tag] of tags.entries()) {
      const now = moved[i];
      if (now !== undefined && now !== tag) await moveFollowed(inside.statements, tag, now);
    }
  });
  return moved;
}

/** One pass over what is to be followed by now. @returns whether there was anything to do, and whether it came to the end. */
async function pass(
  store: RecordStore,
  joined: JoinedLedger,
  view: View,
  wishes: WishList,
  options: SyncOptions,
): Promise<{ readonly isDone: boolean; readonly isStopped: boolean; readonly newMessages: number }> {
  const wanted = await wishes(joined);
  const here = new Set((await followedTags(store.statements, joined)).map(({ tag }) => toHex(tag)));
  const missing = wanted.filter(({ tag, why }) => why === 'key' || !here.has(toHex(tag)));
  if (here.size + missing.length > mostTags) throw fail('follow-many', `more than ${mostTags}`);
  await store.transaction((inside) => addFollowed(inside.statements, joined, missing));
  const tags = await fromCopy(store, joined, await followedTags(store.statements, joined));
  const due = tags.filter(({ covered }) => covered < joined.size);
  if (due.length === 0) return { isDone: true, isStopped: false, newMessages: 0 };
  const meter = new Meter(due.reduce((sum, { covered }) => sum + joined.size - covered, 0));
  const following = new Following(store, joined, view, options, meter);
  for (const group of groupsOf(due.toSorted((a, b) => compareBytes(a.tag, b.tag)))) {
    if (!(await following.run(group))) {
      return { isDone: false, isStopped: true, newMessages: following.newMessages };
    }
  }
  return { isDone: false, isStopped: false, newMessages: following.newMessages };
}

/**
 * Brings what is followed of a joined ledger up to the endpoint's head.
 * @throws CountersignError `copy-no-ledger`, `alarm-open`, or with a `follow-`, `sync-` or `store-` code; everything verified
 *   until then is kept, and so is the evidence of a lie of the operator.
 */
export async function followLedger(
  store: RecordStore,
  id: Uint8Array,
  reader: PartReader,
  wishes: WishList,
  options: SyncOptions = {},
): Promise<FollowReport> {
  const { address, signal } = options;
  return noticing({ store, ledger: id, reader, address, signal }, async () => {
    const before = await find(store, id);
    await syncHeaders(store, before, reader, address ?? before.endpoint, options);
    return followUnderHead(store, await find(store, id), reader, wishes, options);
  });
}

async function followUnderHead(
  store: RecordStore,
  joined: JoinedLedger,
  reader: PartReader,
  wishes: WishList,
  options: SyncOptions,
): Promise<FollowReport> {
  const { size, followed } = joined;
  let newMessages = 0;
  if (options.signal?.aborted === true || size === 0) return { size, followed, newMessages };
  const view = new View(store.statements, joined, reader);
  for (;;) {
    const done = await pass(store, joined, view, wishes, options);
    newMessages += done.newMessages;
    if (done.isStopped) return { size, followed, newMessages };
    if (done.isDone) break;
  }
  await store.transaction(async ({ statements }) => {
    await setFollowed(statements, joined, size);
    await dropFound(statements, joined);
  });
  return { size, followed: size, newMessages };
}
