import { describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { wireBytes } from '../../src/core/record/envelope.ts';
import type { Sequencer } from '../../src/firehose/sequencer.ts';
import {
  brokenPromises,
  judge,
  messageFor,
  openIn,
  running,
  startTime,
  taken,
  until,
  wireFor,
  withSecondSignature,
} from '../support/firehose.ts';
import { bytes32, unwrap } from '../support/ledger.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const never = 60_000;

describe('taking messages', () => {
  it('promises, seals, and keeps every promise', async () => {
    const { storage, sequencer, ledger } = await running();
    const notes: Uint8Array[] = [];
    for (let n = 0; n < 5; n++) {
      notes.push(await taken(sequencer, wireFor(ledger, n)));
      await until(() => sequencer.waiting === 0);
    }
    await sequencer.stop();
    const judged = await judge(storage.publicFiles());
    expect(judged.headers).toHaveLength(6);
    expect(brokenPromises(judged, notes)).toEqual([]);
    expect([...storage.files.keys()].filter((path) => path.includes('pending'))).toEqual([]);
  });

  it('is durable before the promise leaves', async () => {
    const { storage, sequencer, ledger } = await running({}, { intervalMs: never });
    const before = new Set(storage.files.keys());
    await taken(sequencer, wireFor(ledger, 1));
    expect([...storage.files.keys()].filter((path) => !before.has(path))).toEqual([
      'private/pending/000000000001',
    ]);
    const journal = Buffer.from(storage.files.get('private/pending/000000000001') ?? []);
    expect(journal.includes(Buffer.from(wireFor(ledger, 1)))).toBe(true);
    await sequencer.stop();
  });

  it('gives the same promise, byte for byte: at once, while it waits, in a block, after a restart', async () => {
    let now = startTime + 10;
    const { storage, sequencer, ledger } = await running({}, { intervalMs: 20, now: () => now++ });
    const wire = wireFor(ledger, 1);
    const [first = new Uint8Array(), ...same] = await Promise.all(
      Array.from({ length: 5 }, () => taken(sequencer, wire)),
    );
    const again = async (from: Sequencer): Promise<void> => {
      expect(toHex(await taken(from, wire))).toBe(toHex(first));
    };
    for (const note of same) expect(toHex(note)).toBe(toHex(first));
    await again(sequencer);
    const restartedEarly = await openIn(new MemoryStorage(storage.files), {
      intervalMs: never,
      now: () => now++,
    });
    await again(restartedEarly);
    await restartedEarly.stop();
    await until(() => sequencer.waiting === 0);
    await again(sequencer);
    await taken(sequencer, wireFor(ledger, 2));
    await until(() => sequencer.waiting === 0);
    await again(sequencer);
    await sequencer.stop();
    const restarted = await openIn(storage, { now: () => now++ });
    await again(restarted);
    await restarted.stop();
    expect((await judge(storage.publicFiles())).places.size).toBe(2);
  });

  it('gives the same promise for a second signature of the same statement, and seals the first', async () => {
    const { storage, sequencer, ledger } = await running({}, { intervalMs: never });
    const first = wireFor(ledger, 1);
    const other = withSecondSignature(first);
    expect(toHex(other)).not.toBe(toHex(first));
    const note = await taken(sequencer, first);
    expect(toHex(await taken(sequencer, other))).toBe(toHex(note));
    await sequencer.stop();
    const restarted = await openIn(storage);
    expect(toHex(await taken(restarted, other))).toBe(toHex(note));
    await restarted.stop();
    expect((await judge(storage.publicFiles())).places.size).toBe(1);
    const body = toHex(storage.files.get('public/body/001') ?? new Uint8Array());
    const leaves = [first, other].map((wire) => toHex(wire.subarray(0, -'message 1'.length)));
    expect(leaves.map((leaf) => body.includes(leaf))).toEqual([true, false]);
  });

  it('refuses what does not verify, and stores nothing of it', async () => {
    const { storage, sequencer, ledger } = await running({ dataBytes: 100, headBytes: 400 });
    const other = (await running()).ledger;
    const wire = wireFor(ledger, 1);
    const before = new Map(storage.files);
    const refusals: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(), 'envelope-truncated'],
      [toUtf8('{"hello": "world"}'), 'envelope-truncated'],
      [wire.slice(0, -1), 'envelope-truncated'],
      [Uint8Array.of(...wire, 0), 'envelope-trailing'],
      [wireFor(other, 1), 'head-ledger'],
      [wireBytes(messageFor(ledger, 1, { data: new Uint8Array(101) })), 'envelope-data-too-long'],
      [
        wireBytes(messageFor(ledger, 1, { tags: [1, 2, 3, 4, 5].map((n) => bytes32(`${n}`)).sort() })),
        'envelope-head-too-long',
      ],
      [new Uint8Array(20_000_000), 'envelope-too-long'],
    ];
    for (const [bytes, code] of refusals)
      expect(await sequencer.take(bytes)).toMatchObject({ ok: false, code });
    for (let at = 0; at < wire.length; at++) {
      const bad = wire.slice();
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect((await sequencer.take(bad)).ok, `byte ${at}`).toBe(false);
    }
    expect(storage.files).toEqual(before);
    await sequencer.stop();
  });

  it('refuses a message that fits into no block, so that nothing waits behind it for ever', async () => {
    const { storage, sequencer, ledger } = await running({ blockBytes: 1000 });
    const long = wireBytes(messageFor(ledger, 1, { data: new Uint8Array(900) }));
    await expect(sequencer.take(long)).rejects.toMatchObject({ code: 'firehose-too-long' });
    await taken(sequencer, wireFor(ledger, 2));
    await sequencer.stop();
    expect((await judge(storage.publicFiles())).places.size).toBe(1);
  });

  it('promises no more than it can seal in time, and goes on when there is room again', async () => {
    const { storage, sequencer, ledger } = await running({ blockMessages: 2 }, { intervalMs: never });
    const notes: Uint8Array[] = [];
    for (let n = 0; n < 16; n++) notes.push(await taken(sequencer, wireFor(ledger, n)));
    await expect(sequencer.take(wireFor(ledger, 16))).rejects.toMatchObject({ code: 'firehose-busy' });
    expect(toHex(await taken(sequencer, wireFor(ledger, 3)))).toBe(toHex(notes[3] ?? new Uint8Array()));
    await sequencer.stop();
    const judged = await judge(storage.publicFiles());
    expect(judged.headers).toHaveLength(9);
    expect(brokenPromises(judged, notes)).toEqual([]);
    const restarted = await openIn(storage);
    await taken(restarted, wireFor(ledger, 16));
    await restarted.stop();
  });

  it('counts bytes as well as messages', async () => {
    const { sequencer, ledger } = await running({ blockBytes: 2000 }, { intervalMs: never });
    const data = new Uint8Array(1300);
    for (let n = 0; n < 9; n++) await taken(sequencer, wireBytes(messageFor(ledger, n, { data })));
    await expect(sequencer.take(wireBytes(messageFor(ledger, 9, { data })))).rejects.toMatchObject({
      code: 'firehose-busy',
    });
    await sequencer.stop();
    expect(sequencer.size).toBe(10);
  });

  it('hurries while more waits than fits into one block', async () => {
    const { sequencer, ledger } = await running({ blockMessages: 1 }, { intervalMs: 500 });
    const begun = performance.now();
    await Promise.all([0, 1, 2, 3].map((n) => taken(sequencer, wireFor(ledger, n))));
    await until(() => sequencer.waiting === 0);
    expect(performance.now() - begun).toBeLessThan(1900);
    expect(sequencer.size).toBe(5);
    await sequencer.stop();
  });

  it('keeps its promises when the clock is set back', async () => {
    let now = startTime + 100_000;
    const { storage, sequencer, ledger } = await running({}, { now: () => now });
    const notes = [await taken(sequencer, wireFor(ledger, 1))];
    await until(() => sequencer.waiting === 0);
    now = startTime - 100_000;
    notes.push(await taken(sequencer, wireFor(ledger, 2)));
    await sequencer.stop();
    expect(brokenPromises(await judge(storage.publicFiles()), notes)).toEqual([]);
  });
});

describe('stopping', () => {
  it('finishes what is being taken: every message has its promise kept or gets none', async () => {
    const { storage, sequencer, ledger } = await running({}, { intervalMs: never });
    const taking = Array.from({ length: 20 }, (_, n) => sequencer.take(wireFor(ledger, n)));
    const stopped = sequencer.stop();
    const late = Array.from({ length: 5 }, (_, n) => sequencer.take(wireFor(ledger, 100 + n)));
    const ends = await Promise.allSettled([...taking, ...late]);
    await stopped;
    const notes = ends.flatMap((end) => (end.status === 'fulfilled' ? [unwrap(end.value)] : []));
    expect(notes).toHaveLength(20);
    for (const end of ends.slice(20))
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'firehose-stopping' } });
    const judged = await judge(storage.publicFiles());
    expect(judged.places.size).toBe(20);
    expect(brokenPromises(judged, notes)).toEqual([]);
    expect(sequencer.waiting).toBe(0);
  });

  it('happens once, however often it is asked for', async () => {
    const { storage, sequencer } = await running();
    await Promise.all([sequencer.stop(), sequencer.stop()]);
    await sequencer.stop();
    await (await openIn(storage)).stop();
  });

  it('ends when nothing can be written, and loses nothing', async () => {
    const { storage, sequencer, ledger } = await running(
      {},
      { intervalMs: never, onFailure: () => undefined },
    );
    const note = await taken(sequencer, wireFor(ledger, 1));
    storage.faultAt = (kind, path) =>
      kind !== 'read' && path.startsWith('public/') ? 'not done' : undefined;
    await sequencer.stop();
    expect(sequencer.waiting).toBe(1);
    storage.faultAt = undefined;
    const restarted = await openIn(storage);
    await until(() => restarted.waiting === 0);
    await restarted.stop();
    expect(brokenPromises(await judge(storage.publicFiles()), [note])).toEqual([]);
  });
});

describe('failing', () => {
  it('promises nothing while blocks cannot be written, and goes on when they can', async () => {
    const failures: unknown[] = [];
    const onFailure = (error: unknown): void => void failures.push(error);
    const { storage, sequencer, ledger } = await running({}, { onFailure });
    storage.faultAt = (kind, path) =>
      kind !== 'read' && path.startsWith('public/') ? 'not done' : undefined;
    const first = await taken(sequencer, wireFor(ledger, 1));
    await until(() => failures.length > 0);
    expect(failures[0]).toMatchObject({ code: 'firehose-storage' });
    await expect(sequencer.take(wireFor(ledger, 2))).rejects.toMatchObject({ code: 'firehose-busy' });
    expect(toHex(await taken(sequencer, wireFor(ledger, 1)))).toBe(toHex(first));
    storage.faultAt = undefined;
    await until(() => sequencer.waiting === 0);
    const notes = [first, await taken(sequencer, wireFor(ledger, 2))];
    await sequencer.stop();
    expect(brokenPromises(await judge(storage.publicFiles()), notes)).toEqual([]);
  });

  it('says so when a message cannot be made durable, to everyone who sent it, and takes it later', async () => {
    const { storage, sequencer, ledger } = await running();
    for (const fault of ['not done', 'done but errored', { partly: 40 }] as const) {
      storage.faultAt = (kind, path) => (kind === 'append' && path.includes('pending') ? fault : undefined);
      const both = await Promise.allSettled([1, 1].map((n) => sequencer.take(wireFor(ledger, n))));
      for (const end of both)
        expect(end).toMatchObject({ status: 'rejected', reason: { code: 'firehose-storage' } });
    }
    storage.faultAt = undefined;
    const notes = [await taken(sequencer, wireFor(ledger, 1))];
    await sequencer.stop();
    const judged = await judge(storage.publicFiles());
    expect(judged.places.size).toBe(1);
    expect(brokenPromises(judged, notes)).toEqual([]);
  });

  it('says so when what was promised cannot be read', async () => {
    const { storage, sequencer, ledger } = await running();
    await taken(sequencer, wireFor(ledger, 1));
    await until(() => sequencer.waiting === 0);
    const decided = 'private/decided/001';
    const good = storage.files.get(decided) ?? new Uint8Array();
    for (const bad of [good.slice(0, -1), new Uint8Array()]) {
      storage.files.set(decided, bad);
      await expect(sequencer.take(wireFor(ledger, 1))).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
    await sequencer.stop();
  });
});
