/** The index on disk against one in memory: whatever happens to its files, it says the same or makes itself anew. */
import { beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/firehose.ts';
import { concatBytes, toHex, uintToBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { buildTagIndex, type TagLeaf } from '../../src/core/record/tag-index.ts';
import { Filter } from '../../src/firehose/filter.ts';
import { mergeRecords } from '../../src/firehose/merge-runs.ts';
import { RecordIndex } from '../../src/firehose/record-index.ts';
import { composeRun, SortedRun } from '../../src/firehose/sorted-run.ts';
import { keyOf, type Place, putRecord, recordBytes, type TagState } from '../../src/firehose/tag-state.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const ledger = new Uint8Array(32).fill(1);
const limits = { tags: 500, blocks: 10 };
const messages = 120;
const tagOf = (n: number): Uint8Array => sha256(uintToBytes(n, 4));

/** A record of blocks of messages with tags, made from numbers alone, and what a simple map says of it. */
class Model {
  readonly links = new Map<string, { height: number; total: number }>();
  readonly places = new Map<string, Place>();
  readonly blocks: (readonly TagLeaf[])[] = [];
  #messages = 0;

  /** The next block: each of its messages has its own id, one of a few tags, and sometimes the id of another. */
  grow(messages: number): readonly TagLeaf[] {
    const height = this.blocks.length + 1;
    const carriers = Array.from({ length: messages }, () => {
      const n = this.#messages++;
      const tags = [tagOf(10_000_000 + (n % 97)), ...(n % 5 === 0 ? [tagOf(n >> 1)] : [])];
      return { id: tagOf(n), head: { tags } };
    });
    const { entries } = buildTagIndex(carriers, (tag) => this.links.get(toHex(tag)));
    for (const { tag, total, own } of entries) {
      this.links.set(toHex(tag), { height, total });
      if (own !== undefined) this.places.set(toHex(tag), { height, position: own });
    }
    this.blocks.push(entries);
    return entries;
  }

  get tags(): readonly Uint8Array[] {
    return [...this.links.keys()].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));
  }
}

/** Applies blocks as the sequencer does. */
async function applyAll(index: RecordIndex, model: Model, end: number): Promise<void> {
  for (let height = index.height; height < end; height++) {
    const entries = model.blocks[height - 1] ?? [];
    const before = await index.findAll(entries.map(({ tag }) => tag));
    index.apply(height, entries, before);
    await index.settle(height + 1);
  }
}

async function expectSame(index: RecordIndex, model: Model, step: number): Promise<void> {
  const { tags } = model;
  for (let i = 0; i < tags.length; i += step) {
    const tag = tags[i] ?? new Uint8Array(32);
    const state = await index.find(tag);
    const hex = toHex(tag);
    expect({ height: state?.height, total: state?.total }).toEqual(model.links.get(hex));
    expect(await index.placeOf(tag)).toEqual(model.places.get(hex));
  }
  for (let n = 0; n < 200; n++) expect(await index.find(tagOf(20_000_000 + n))).toBeUndefined();
}

describe('the index of a record', () => {
  const model = new Model();
  const last = 120;
  let full: MemoryStorage;

  beforeEach(async () => {
    if (model.blocks.length > 0) return;
    for (let n = 0; n < last; n++) model.grow(messages);
    full = new MemoryStorage();
    const index = await RecordIndex.open(full.private, ledger, limits);
    await applyAll(index, model, last + 1);
    await expectSame(index, model, 11);
    // Merging is done beside everything else.
    await until(() => index.figures.runs < 16);
    await index.close();
  });

  it('becomes runs that are merged, and holds little in memory', () => {
    const runs = [...full.files.keys()].filter((path) => path.startsWith('private/index/runs/'));
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.length).toBeLessThan(26);
    const manifest = Buffer.from(full.files.get('private/index/manifest') ?? []).toString();
    expect(manifest).toContain('[[1,');
  });

  it('goes on after a restart from where its files reach', async () => {
    const index = await RecordIndex.open(full.private, ledger, limits);
    expect(index.height).toBeGreaterThan(last - 10);
    await applyAll(index, model, last + 1);
    expect(index.figures.recent).toBeLessThan(900);
    await expectSame(index, model, 11);
    await index.close();
  });

  it('is made anew when its files are gone, cut, or of another ledger', async () => {
    const [first = ''] = [...full.files.keys()].filter((path) => path.startsWith('private/index/runs/'));
    const good = full.files.get(first) ?? new Uint8Array();
    const manifest = full.files.get('private/index/manifest') ?? new Uint8Array();
    const text = Buffer.from(manifest).toString();
    const damages: ((files: Map<string, Uint8Array>) => void)[] = [
      (files) => files.delete('private/index/manifest'),
      (files) => files.set('private/index/manifest', new Uint8Array()),
      (files) => files.set('private/index/manifest', Buffer.from(text.replace('"height":', '"height":1'))),
      (files) => files.delete(first),
      (files) => files.set(first, good.slice(0, -1)),
      (files) => files.set(first, new Uint8Array()),
      (files) => files.set(first, concatBytes(good.subarray(0, 4096), Uint8Array.of(0), good.subarray(4096))),
      (files) => files.set(first, good.with(good.length - 1, 1).with(good.length - 20, 1)),
    ];
    for (const damage of damages) {
      const storage = new MemoryStorage(full.files);
      damage(storage.files);
      const index = await RecordIndex.open(storage.private, ledger, limits);
      expect(index.height).toBe(1);
      expect([...storage.files.keys()].filter((path) => path.includes('/runs/'))).toEqual([]);
      await index.close();
    }
    const other = await RecordIndex.open(new MemoryStorage(full.files).private, new Uint8Array(32), limits);
    expect(other.height).toBe(1);
    const again = new MemoryStorage(full.files);
    again.files.delete('private/index/manifest');
    const index = await RecordIndex.open(again.private, ledger, limits);
    await applyAll(index, model, last + 1);
    await expectSame(index, model, 11);
    await index.close();
  });

  it('finds a flipped bit before it says anything false, and is made anew at the next start', async () => {
    const runs = [...full.files.keys()].filter((path) => path.startsWith('private/index/runs/'));
    const longest = runs.reduce((a, b) =>
      (full.files.get(b)?.length ?? 0) > (full.files.get(a)?.length ?? 0) ? b : a,
    );
    const good = full.files.get(longest) ?? new Uint8Array();
    for (const at of [0, 31, 40, 59, 60, 4079, 4080, 4095]) {
      const storage = new MemoryStorage(full.files);
      const tag = good.slice(0, 32);
      storage.files.set(longest, good.with(at, (good[at] ?? 0) ^ 1));
      const index = await RecordIndex.open(storage.private, ledger, limits);
      expect(index.height, `byte ${at}`).toBeGreaterThan(1);
      // The second tag of the page: the first may be the one that was changed.
      const second = good.slice(60, 92);
      await expect(index.find(second), `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
      await expect(index.settle(1), `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
      expect(toHex(tag)).not.toBe(toHex(second));
      await index.close();
      expect((await RecordIndex.open(storage.private, ledger, limits)).height).toBe(1);
    }
  });

  it('survives every failure of a write or removal, and an end at each', async () => {
    const blocks = 33;
    const count = async (fault: MemoryStorage['faultAt']): Promise<MemoryStorage> => {
      const storage = new MemoryStorage();
      storage.faultAt = fault;
      const index = await RecordIndex.open(storage.private, ledger, limits);
      for (let height = index.height; height <= blocks; height++) {
        const entries = model.blocks[height - 1] ?? [];
        index.apply(height, entries, await index.findAll(entries.map(({ tag }) => tag)));
        await index.settle(height + 1).catch(() => undefined);
      }
      await index.close();
      return storage;
    };
    let changes = 0;
    await count((kind) => {
      if (kind !== 'read') changes++;
      return undefined;
    });
    expect(changes).toBeGreaterThan(10);
    for (let at = 0; at < changes; at += 5) {
      for (const fault of ['not done', 'done but errored'] as const) {
        for (const isDeadly of [true, false]) {
          let n = 0;
          const storage = await count((kind) => {
            const here = kind === 'read' ? -1 : n++;
            return here === at ? fault : isDeadly && here > at ? 'not done' : undefined;
          });
          storage.faultAt = undefined;
          const index = await RecordIndex.open(storage.private, ledger, limits);
          await applyAll(index, model, blocks + 1);
          const seen = new Model();
          for (let height = 1; height <= blocks; height++) seen.grow(messages);
          await expectSame(index, seen, 67);
          await index.close();
        }
      }
    }
  });
});

async function* pieces(
  records: readonly (readonly [Uint8Array, TagState])[],
  size: number,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < records.length; at += size) {
    const some = records.slice(at, at + size);
    const piece = Buffer.alloc(some.length * recordBytes);
    for (const [i, [tag, state]] of some.entries()) putRecord(piece, i * recordBytes, keyOf(tag), state);
    yield await Promise.resolve(piece);
  }
}

async function runOf(records: readonly (readonly [Uint8Array, TagState])[], size = 100): Promise<SortedRun> {
  const storage = new MemoryStorage().private;
  await storage.write('run', composeRun(pieces(records, size), records.length));
  return SortedRun.open(storage, 'run');
}

const byTag = (a: readonly [Uint8Array, unknown], b: readonly [Uint8Array, unknown]): number =>
  Buffer.compare(a[0], b[0]);

describe('a sorted run', () => {
  it.each([0, 1, 67, 68, 69, 136, 4351, 4352, 4353, 9000])(
    'of %i records says what was put in',
    async (count) => {
      const records = Array.from({ length: count }, (_, n) => {
        const own = n % 3 === 0 ? { height: 2 ** 40 + n, position: n } : undefined;
        return [tagOf(n), { height: 2 ** 45 + n, total: 2 ** 50 + n, own }] as const;
      }).sort(byTag);
      const run = await runOf(records, 1 + (count % 131));
      expect(run.count).toBe(count);
      for (const [tag, state] of records.filter((_, i) => i % Math.ceil(count / 300) === 0)) {
        expect(run.mayHold(tag)).toBe(true);
        expect(await run.find(tag)).toEqual(state);
      }
      const ends = [new Uint8Array(32), new Uint8Array(32).fill(255), tagOf(count)];
      for (const tag of ends) expect(await run.find(tag)).toBeUndefined();
      let length = 0;
      for await (const piece of run.records()) length += piece.length;
      expect(length).toBe(count * recordBytes);
    },
  );

  it('finds tags that were chosen to begin alike', async () => {
    const alike = (n: number): Uint8Array =>
      concatBytes(new Uint8Array(6).fill(9), uintToBytes(n, 4), new Uint8Array(22));
    const records = [tagOf(1), tagOf(2), ...Array.from({ length: 500 }, (_, n) => alike(2 * n))]
      .map((tag, n) => [tag, { height: n + 1, total: 1, own: undefined }] as const)
      .sort(byTag);
    const run = await runOf(records);
    for (const [tag, state] of records) expect(await run.find(tag)).toEqual(state);
    for (let n = 0; n < 500; n++) expect(await run.find(alike(2 * n + 1))).toBeUndefined();
  });

  it('is merged with others, the newest state of a tag winning', async () => {
    const states = new Map<string, readonly [Uint8Array, TagState]>();
    const runs: SortedRun[] = [];
    for (let r = 0; r < 8; r++) {
      const records = Array.from({ length: 3000 }, (_, n) => n)
        .filter((n) => (n * (r + 3)) % 7 < 3)
        .map((n) => [tagOf(n), { height: r + 1, total: r + 1, own: undefined }] as const)
        .sort(byTag);
      for (const record of records) states.set(toHex(record[0]), record);
      runs.push(await runOf(records));
    }
    const expected = [...states.values()].sort(byTag);
    const merged: Buffer[] = [];
    // In any order of the runs.
    for await (const piece of mergeRecords(runs.reverse().map((run) => run.records())))
      merged.push(Buffer.from(piece));
    const wanted: Buffer[] = [];
    for await (const piece of pieces(expected, 100)) wanted.push(piece);
    expect(Buffer.concat(merged).equals(Buffer.concat(wanted))).toBe(true);
    const none: Buffer[] = [];
    for await (const piece of mergeRecords([])) none.push(piece);
    expect(Buffer.concat(none)).toHaveLength(0);
  });
});

describe('a filter', () => {
  it('never misses a tag, and seldom sees one that is not there', () => {
    const filter = Filter.forCount(10_000);
    if (filter === undefined) throw new Error('no filter');
    for (let n = 0; n < 10_000; n++) filter.add(tagOf(n));
    for (let n = 0; n < 10_000; n++) expect(filter.mayHold(tagOf(n))).toBe(true);
    let wrong = 0;
    for (let n = 10_000; n < 30_000; n++) if (filter.mayHold(tagOf(n))) wrong++;
    expect(wrong).toBeLessThan(400);
    expect(Filter.forCount(0)).toBeUndefined();
    expect(Filter.forCount(20_000_000)).toBeUndefined();
  });
});
