/**
 * What the sequencer must know of all blocks below: the newest link of every tag, and where every message stands. It
 * lies on disk, in the private part of the storage, and can always be made anew from the tag indexes of the record.
 *
 * The newest blocks are held in memory. When they are many they become a sorted run (`sorted-run.ts`); eight runs
 * of one generation are merged into one of the next. `index/manifest` names the runs and the height up to which they
 * reach. It is written last, so whatever it names is whole; what it does not name is removed.
 */
import { toHex, fromUtf8, toUtf8, joinBytes } from '../core/bytes.ts';
import { sha256 } from '../core/crypto/sha256.ts';
import { parseJson, writeJson } from '../core/encoding/json.ts';
import { arrayOf, hexOf, integerFrom, readObject } from '../core/encoding/members.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { TagLeaf } from '../core/record/tag-index.ts';
import { mergeRecords } from './merge-runs.ts';
import { composeRun, SortedRun } from './sorted-run.ts';
import type { Storage } from './storage.ts';
import { keyOf, type Place, putRecord, recordBytes, type TagState } from './tag-state.ts';

const folder = 'index';
const manifestPath = `${folder}/manifest`;
const runsFolder = `${folder}/runs`;

/** How much is held in memory before it becomes a run. */
export interface RecentLimits {
  readonly tags: number;
  readonly blocks: number;
}

const recentLimits: RecentLimits = { tags: 16_384, blocks: 4_096 };
/** How many runs of one generation become one of the next. */
const mergedRuns = 8;

/** A run and its place among the others. */
interface PlacedRun {
  readonly run: SortedRun;
  readonly number: number;
  readonly generation: number;
}

interface Manifest {
  /** The blocks below this height are in the runs. */
  readonly height: number;
  /** Oldest first, as generation and number. */
  readonly runs: readonly (readonly [generation: number, number: number])[];
}

function isDamage(error: unknown): error is CountersignError {
  return (
    error instanceof CountersignError && (error as CountersignError<FirehoseCode>).code === 'firehose-damaged'
  );
}

function runPath(number: number): string {
  return `${runsFolder}/${String(number).padStart(12, '0')}`;
}

function writeManifest(ledger: Uint8Array, { height, runs }: Manifest): Uint8Array {
  const json = writeJson({ height, ledger: toHex(ledger), runs: runs.map((run) => [...run]), v: 1 });
  return joinBytes([json, toUtf8(`\n${toHex(sha256(json))}\n`)]);
}

/** Reads a manifest; undefined for one that is not sound, or of another ledger: then the index is made anew. */
function readManifest(bytes: Uint8Array, ledger: Uint8Array): Manifest | undefined {
  const [text = '', checksum] = fromUtf8(bytes)?.split('\n') ?? [];
  if (checksum !== toHex(sha256(toUtf8(text)))) return undefined;
  const json = parseJson(toUtf8(text), 65_536);
  const codes = { members: 'firehose-damaged', value: 'firehose-damaged' } as const;
  const number = integerFrom(0, Number.MAX_SAFE_INTEGER);
  const members = {
    height: number,
    ledger: hexOf(32),
    runs: arrayOf(arrayOf(number, 2), 1024),
    v: integerFrom(1, 1),
  };
  const read = json.ok ? readObject(json.value, codes, members) : json;
  if (!read.ok || toHex(read.value.ledger) !== toHex(ledger)) return undefined;
  const runs = read.value.runs.map(([generation = 0, run = 0]) => [generation, run] as const);
  return { height: read.value.height, runs };
}

interface Setting {
  readonly storage: Storage;
  readonly ledger: Uint8Array;
  readonly limits: RecentLimits;
}

export class RecordIndex {
  readonly #storage: Storage;
  readonly #ledger: Uint8Array;
  readonly #limits: RecentLimits;
  /** Oldest first. */
  #runs: readonly PlacedRun[] = [];
  #runsHeight: number;
  #recent = new Map<string, TagState>();
  #recentBlocks = 0;
  #next: number;
  #merging: Promise<void> | undefined;
  #changing: Promise<void> = Promise.resolve();
  /** Of a merge, or of a run that is not sound; the next settling throws it. */
  #failure: Error | undefined;
  #isDamaged = false;
  #isClosing = false;
  #changes = 0;

  private constructor({ storage, ledger, limits }: Setting, height: number, runs: readonly PlacedRun[]) {
    this.#storage = storage;
    this.#ledger = ledger;
    this.#limits = limits;
    this.#runs = runs;
    this.#runsHeight = height;
    this.#next = Math.max(0, ...runs.map(({ number }) => number)) + 1;
  }

  /**
   * Opens the index of a ledger. It knows the blocks below {@link height}; the others are to be applied again.
   * @throws CountersignError `firehose-storage`
   */
  static async open(storage: Storage, ledger: Uint8Array, limits = recentLimits): Promise<RecordIndex> {
    const bytes = await storage.read(manifestPath);
    const manifest = bytes && readManifest(bytes, ledger);
    const runs = manifest && (await openRuns(storage, manifest));
    const names = new Set(runs?.map(({ number }) => runPath(number)));
    for (const name of await storage.list(runsFolder)) {
      const path = `${runsFolder}/${name}`;
      if (!names.has(path)) await storage.remove(path);
    }
    // Nothing is below block 1: block 0 holds no message.
    const height = runs === undefined ? 1 : (manifest?.height ?? 1);
    return new RecordIndex({ storage, ledger, limits }, height, runs ?? []);
  }

  /** The blocks below this height survive a restart. */
  get height(): number {
    return this.#runsHeight;
  }

  /** Grows with every block that is applied: what was looked up before may be out of date. */
  get changes(): number {
    return this.#changes;
  }

  /** How many runs there are, and how many tags are in memory. */
  get figures(): { readonly runs: number; readonly recent: number } {
    return { runs: this.#runs.length, recent: this.#recent.size };
  }

  /**
   * What the blocks applied until now hold of a tag.
   * @throws CountersignError `firehose-damaged`: then the next start makes the index anew; `firehose-storage`
   */
  async find(tag: Uint8Array): Promise<TagState | undefined> {
    const recent = this.#recent.get(keyOf(tag));
    if (recent !== undefined) return recent;
    for (;;) {
      const found = await this.#findInRuns(tag);
      if (found !== 'moved') return found;
    }
  }

  async #findInRuns(tag: Uint8Array): Promise<TagState | undefined | 'moved'> {
    try {
      for (let runs = this.#runs, i = runs.length - 1; i >= 0; i--) {
        const run = runs[i]?.run;
        if (run?.mayHold(tag) !== true) continue;
        if (run.isClosed) return 'moved';
        // A younger run has the newer state, and a state is whole.
        const found = await run.find(tag);
        if (found !== undefined) return found;
      }
      return undefined;
    } catch (error) {
      if (isDamage(error)) {
        this.#isDamaged = true;
        this.#failure = error;
        await this.#storage.remove(manifestPath);
      }
      throw error;
    }
  }

  /** As {@link find}, for many tags; those that no block has are left out. By `keyOf` of the tag. */
  async findAll(tags: readonly Uint8Array[]): Promise<ReadonlyMap<string, TagState>> {
    const found = new Map<string, TagState>();
    for (const tag of tags) {
      const state = await this.find(tag);
      if (state !== undefined) found.set(keyOf(tag), state);
    }
    return found;
  }

  /** Where the message with this id stands, if it is in a block. @throws as {@link find} */
  async placeOf(id: Uint8Array): Promise<Place | undefined> {
    return (await this.find(id))?.own;
  }

  /**
   * Goes on to the next block: the one at `height` has this index.
   * @param before what {@link findAll} says of its tags.
   */
  apply(height: number, entries: readonly TagLeaf[], before: ReadonlyMap<string, TagState>): void {
    this.#changes++;
    this.#recentBlocks++;
    for (const { tag, total, own } of entries) {
      const key = keyOf(tag);
      const place = own === undefined ? before.get(key)?.own : { height, position: own };
      this.#recent.set(key, { height, total, own: place });
    }
  }

  /**
   * Makes a run of what is in memory when it is enough for one.
   * @param height one above the block applied last.
   * @throws CountersignError `firehose-storage`, `firehose-damaged`: nothing is lost, and it is to be called again.
   */
  async settle(height: number): Promise<void> {
    const failure = this.#failure;
    if (failure !== undefined) {
      if (!this.#isDamaged) this.#failure = undefined;
      throw failure;
    }
    const { tags, blocks } = this.#limits;
    const isEnough = this.#recent.size >= tags || this.#recentBlocks >= blocks;
    if (!isEnough) return;
    const number = this.#next++;
    const count = this.#recent.size;
    await this.#storage.write(runPath(number), composeRun(oneByOne(sortedRecords(this.#recent)), count));
    const run = await SortedRun.open(this.#storage, runPath(number));
    await this.#changeRuns((runs) => [...runs, { run, number, generation: 0 }], height);
    this.#recent = new Map();
    this.#recentBlocks = 0;
    this.#merging ??= this.#merge().finally(() => (this.#merging = undefined));
  }

  /** Takes other runs into use once the manifest names them. One change after the other. */
  #changeRuns(change: (runs: readonly PlacedRun[]) => readonly PlacedRun[], height?: number): Promise<void> {
    const changed = this.#changing.then(async () => {
      const runs = change(this.#runs);
      const listed = runs.map(({ generation, number }) => [generation, number] as const);
      const reached = height ?? this.#runsHeight;
      await this.#storage.write(manifestPath, writeManifest(this.#ledger, { height: reached, runs: listed }));
      this.#runs = runs;
      this.#runsHeight = reached;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Merges as long as there is something to merge. Never rejects: {@link settle} throws what went wrong. */
  async #merge(): Promise<void> {
    try {
      for (let due = this.#due(); due !== undefined; due = this.#due()) await this.#mergeRuns(due);
    } catch (error) {
      if (!this.#isClosing) this.#failure = error as Error;
    }
  }

  /** Neighbours of one generation, oldest first, that are to become one. */
  #due(): readonly PlacedRun[] | undefined {
    for (let start = 0; start + mergedRuns <= this.#runs.length; start++) {
      const some = this.#runs.slice(start, start + mergedRuns);
      if (some.every(({ generation }) => generation === some[0]?.generation)) return some;
    }
    return undefined;
  }

  async #mergeRuns(due: readonly PlacedRun[]): Promise<void> {
    const number = this.#next++;
    const records = this.#unlessClosing(mergeRecords(due.map(({ run }) => run.records())));
    const count = due.reduce((sum, { run }) => sum + run.count, 0);
    await this.#storage.write(runPath(number), composeRun(records, count));
    const run = await SortedRun.open(this.#storage, runPath(number));
    const merged = { run, number, generation: (due[0]?.generation ?? 0) + 1 };
    // Younger runs may have been added meanwhile, at the end.
    await this.#changeRuns((runs) =>
      runs.flatMap((old) => (old === due[0] ? [merged] : due.includes(old) ? [] : [old])),
    );
    for (const old of due) {
      old.run.retire();
      await this.#storage.remove(old.run.path);
    }
  }

  async *#unlessClosing(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      if (this.#isClosing) throw new Error('the index is being closed');
      yield piece;
      // Merging is never urgent.
      await new Promise(setImmediate);
    }
  }

  /** Ends a merge that is under way, and lets go of the files. What is in memory is applied again after a restart. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#merging;
    for (const { run } of this.#runs) run.retire();
  }
}

/** Undefined when one of the runs is not there or not sound. */
async function openRuns(storage: Storage, { runs }: Manifest): Promise<readonly PlacedRun[] | undefined> {
  const opened: PlacedRun[] = [];
  try {
    for (const [generation, number] of runs) {
      opened.push({ run: await SortedRun.open(storage, runPath(number)), number, generation });
    }
    return opened;
  } catch (error) {
    for (const { run } of opened) run.retire();
    if (
      error instanceof CountersignError &&
      (error as CountersignError<FirehoseCode>).code === 'firehose-damaged'
    )
      return undefined;
    throw error;
  }
}

function sortedRecords(states: ReadonlyMap<string, TagState>): Buffer {
  // Texts of one character for each byte are in the order of the bytes.
  const keys = [...states.keys()].sort();
  const records = Buffer.alloc(keys.length * recordBytes);
  for (const [i, key] of keys.entries()) {
    const state = states.get(key);
    if (state !== undefined) putRecord(records, i * recordBytes, key, state);
  }
  return records;
}

async function* oneByOne(piece: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(piece);
}
