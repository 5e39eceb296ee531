import { describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import { foundLedger } from '../../src/firehose/operator.ts';
import {
  foundIn,
  judge,
  messageFor,
  openIn,
  running,
  startTime,
  taken,
  until,
  wireFor,
} from '../support/firehose.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const never = 60_000;

describe('founding a ledger', () => {
  it('gives a ledger of one block that anyone can audit', async () => {
    const storage = new MemoryStorage();
    const ledger = await foundIn(storage);
    const judged = await judge(storage.publicFiles());
    expect(judged.ledger.idText).toBe(ledger.idText);
    expect(judged.headers).toHaveLength(1);
    expect([...storage.files.keys()].sort()).toEqual([
      'private/keys.json',
      'public/checkpoint',
      'public/tile/0/000.p/1',
      'public/tile/entries/000.p/1',
    ]);
  });

  it('leaves a ledger that is there exactly as it is', async () => {
    const storage = new MemoryStorage();
    await foundIn(storage);
    const before = new Map(storage.files);
    await expect(foundIn(storage)).rejects.toMatchObject({ code: 'firehose-founded' });
    expect(storage.files).toEqual(before);
  });

  it('never writes over keys whose record is missing', async () => {
    const storage = new MemoryStorage();
    await foundIn(storage);
    for (const path of [...storage.files.keys()].filter((name) => name.startsWith('public/')))
      storage.files.delete(path);
    const before = new Map(storage.files);
    await expect(foundIn(storage)).rejects.toMatchObject({ code: 'firehose-unfinished' });
    await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-unfinished' });
    expect(storage.files).toEqual(before);
  });

  it('waits for nobody: a ledger at work is not founded again', async () => {
    const { storage, sequencer } = await running();
    await expect(foundIn(storage)).rejects.toMatchObject({ code: 'firehose-in-use' });
    await sequencer.stop();
  });

  it.each(['', 'with space', 'with+plus', 'with\nline', 'x'.repeat(256)])(
    'takes the origin %j for a mistake of its caller, and writes nothing',
    async (origin) => {
      const storage = new MemoryStorage();
      await expect(foundLedger(storage, origin, absoluteLimits, startTime)).rejects.toThrow(RangeError);
      expect(storage.files.size).toBe(0);
    },
  );
});

describe('opening a ledger', () => {
  it('needs one', async () => {
    const storage = new MemoryStorage();
    await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-not-founded' });
    expect(storage.files.size).toBe(0);
  });

  it('is for one writer', async () => {
    const { storage, sequencer } = await running();
    await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-in-use' });
    await sequencer.stop();
    await (await openIn(storage)).stop();
  });

  it('lets the ledger go when it fails', async () => {
    const { storage, sequencer } = await running();
    await sequencer.stop();
    const good = storage.files.get('public/checkpoint') ?? new Uint8Array();
    storage.files.set('public/checkpoint', toUtf8('x'));
    await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-damaged' });
    storage.files.set('public/checkpoint', good);
    await (await openIn(storage)).stop();
  });

  it('refuses the keys of another ledger before it promises anything', async () => {
    const { storage, sequencer } = await running();
    await sequencer.stop();
    const keysOf = ({ files }: MemoryStorage): Record<string, unknown> =>
      JSON.parse(Buffer.from(files.get('private/keys.json') ?? []).toString()) as Record<string, unknown>;
    const [own, other] = [keysOf(storage), keysOf((await running()).storage)];
    for (const keys of [
      { ...own, log: other['log'] },
      { ...own, promise: other['promise'] },
      { ...own, promise: own['log'] },
      { ...own, more: 1 },
      { ...own, log: String(own['log']).toUpperCase() },
      {},
      null,
    ]) {
      storage.files.set('private/keys.json', toUtf8(JSON.stringify(keys)));
      const opened = await openIn(storage).catch((error: unknown) => error);
      expect(opened).toMatchObject({ code: 'firehose-damaged' });
      // Not a word of a key in what may be printed or logged.
      for (const key of [own['log'], own['promise'], other['log'], other['promise']])
        expect(JSON.stringify([opened, (opened as Error).stack])).not.toContain(String(key).slice(0, 16));
    }
  });

  it('refuses a record that was changed in any byte of what it builds on', async () => {
    const { storage, sequencer, ledger } = await running();
    await taken(sequencer, wireFor(ledger, 1));
    await sequencer.stop();
    for (const path of ['public/checkpoint', 'public/tile/entries/000.p/2', 'public/index/001']) {
      const good = storage.files.get(path) ?? new Uint8Array();
      for (let at = 0; at < good.length; at += path.endsWith('checkpoint') ? 1 : 7) {
        const bad = good.slice();
        bad[at] = (bad[at] ?? 0) ^ 1;
        storage.files.set(path, bad);
        await expect(openIn(storage), `${path} at ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
      }
      for (const bad of [good.slice(0, -1), Uint8Array.of(...good, 0), new Uint8Array()]) {
        storage.files.set(path, bad);
        await expect(openIn(storage), path).rejects.toMatchObject({ code: 'firehose-damaged' });
      }
      storage.files.delete(path);
      const code = path === 'public/checkpoint' ? 'firehose-unfinished' : 'firehose-damaged';
      await expect(openIn(storage), path).rejects.toMatchObject({ code });
      storage.files.set(path, good);
    }
    await (await openIn(storage)).stop();
  });

  it.each(['-1', '0', '1e3', '9007199254740993', '9007199254740991', '01', '+1', ' 1', '', 'x'])(
    'refuses a checkpoint that states the size %j',
    async (size) => {
      const { storage, sequencer } = await running();
      await sequencer.stop();
      const note = Buffer.from(storage.files.get('public/checkpoint') ?? []).toString();
      storage.files.set('public/checkpoint', toUtf8(note.replace('\n1\n', `\n${size}\n`)));
      await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-damaged' });
    },
  );

  it('refuses a record that ends earlier than what was decided: it would sign another one', async () => {
    const { storage, sequencer, ledger } = await running();
    const copies: Map<string, Uint8Array>[] = [];
    for (let n = 1; n <= 3; n++) {
      copies.push(new Map(storage.files));
      await taken(sequencer, wireFor(ledger, n));
      await until(() => sequencer.waiting === 0);
    }
    await sequencer.stop();
    for (const copy of copies) {
      const restored = new MemoryStorage(storage.files);
      for (const path of storage.files.keys()) if (path.startsWith('public/')) restored.files.delete(path);
      for (const [path, bytes] of copy) if (path.startsWith('public/')) restored.files.set(path, bytes);
      await expect(openIn(restored)).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
    await (await openIn(new MemoryStorage(storage.files))).stop();
  });

  it('does with full files where partial ones were removed, as in a copy made meanwhile', async () => {
    const { storage, sequencer, ledger } = await running();
    const send = async (from: number, to: number): Promise<void> => {
      for (let n = from; n <= to; n++) {
        await taken(sequencer, wireFor(ledger, n));
        await until(() => sequencer.waiting === 0);
      }
    };
    await send(1, 200);
    const early = storage.files.get('public/checkpoint') ?? new Uint8Array();
    await send(201, 256);
    await sequencer.stop();
    const copy = new MemoryStorage(storage.files);
    expect([...copy.files.keys()].some((path) => path.includes('tile/0/000.p/'))).toBe(false);
    copy.files.set('public/checkpoint', early);
    for (const path of [...copy.files.keys()]) {
      const height = Number(/decided\/([0-9]{3})$/.exec(path)?.[1] ?? 0);
      if (height > 200) copy.files.delete(path);
    }
    const opened = await openIn(copy);
    expect(opened.size).toBe(201);
    await opened.stop();
  });

  it('makes what was promised durable again before it promises it again: the stop may have come too early', async () => {
    const { storage, sequencer, ledger } = await running({}, { intervalMs: never });
    await taken(sequencer, wireFor(ledger, 1));
    const crashed = new MemoryStorage(storage.files);
    const restarted = await openIn(crashed, { intervalMs: never });
    const path = 'private/pending/000000000002';
    expect(crashed.changes).toMatchObject([
      { kind: 'grow', path },
      { kind: 'append', path },
      { kind: 'remove', path: 'private/pending/000000000001' },
    ]);
    expect(crashed.files.get(path)).toEqual(storage.files.get('private/pending/000000000001'));
    await Promise.all([restarted.stop(), sequencer.stop()]);
  });

  it('takes up what waits in the order of its urgency', async () => {
    let now = startTime + 1000;
    const { storage, sequencer, ledger } = await running(
      { blockMessages: 2 },
      { intervalMs: never, now: () => now },
    );
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) {
      ids.push(toHex(messageFor(ledger, n).id));
      await taken(sequencer, wireFor(ledger, n));
      now += 1;
    }
    const crashed = new MemoryStorage(storage.files);
    await (await openIn(crashed)).stop();
    const { places } = await judge(crashed.publicFiles());
    const heights = ids.map((id) => places.get(id)?.height);
    expect(heights).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect([...ids].sort()).not.toEqual(ids);
    await sequencer.stop();
  });

  it('refuses a promised message that was changed while it waited', async () => {
    const { storage, sequencer, ledger } = await running({}, { intervalMs: never });
    await taken(sequencer, wireFor(ledger, 1));
    const crashed = new MemoryStorage(storage.files);
    const [path = ''] = [...crashed.files.keys()].filter((name) => name.startsWith('private/pending/'));
    const good = crashed.files.get(path) ?? new Uint8Array();
    for (let at = 0; at < good.length; at++) {
      crashed.files.set(path, good.with(at, (good[at] ?? 0) ^ 1));
      await expect(openIn(crashed), `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
    crashed.files.set(path, good);
    crashed.files.set('private/pending/stray', good);
    await expect(openIn(crashed)).rejects.toMatchObject({ code: 'firehose-damaged' });
    await sequencer.stop();
  });
});
