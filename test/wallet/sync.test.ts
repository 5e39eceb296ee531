import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareBytes, toHex } from '../../src/core/bytes.ts';
import type { LogReader } from '../../src/core/log/audit-port.ts';
import { bodyPath } from '../../src/core/record/files.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { contentOf, emptyCopy, endpointOf, filesOf, type TestCopy } from '../support/endpoint.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'sync-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tag = bytes32('tag');

/** Seals blocks of two messages each until the ledger has this many; every second one carries a tag. */
function grow(ledger: TestLedger, size: number): TestLedger {
  while (ledger.size < size)
    ledger.seal([ledger.message({ tags: [tag], data: Uint8Array.of(1, 2, 3) }), ledger.message()]);
  return ledger;
}

async function joined(ledger: TestLedger): Promise<TestCopy> {
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, 'http://127.0.0.1/');
  return copy;
}

function sync(
  copy: TestCopy,
  ledger: TestLedger,
  reader: LogReader = endpointOf(filesOf(ledger)),
): ReturnType<typeof syncLedger> {
  return syncLedger(copy.store, ledger.ledger.id, reader);
}

/** Every block is written by itself. */
const oneBlock = { messages: 1, bytes: 1, ageMs: 0 };

async function expectWhole(copy: TestCopy, ledger: TestLedger): Promise<void> {
  const messages = [...ledger.blocks.values()].reduce((sum, block) => sum + block.messages.length, 0);
  expect(await checkCopy(copy.store, ledger.ledger.id)).toEqual({
    ok: true,
    value: { blocks: ledger.size, messages, withoutData: 0, unfilled: 0, followed: 0 },
  });
}

describe('synchronising with an honest endpoint', () => {
  it('fetches and verifies everything, and then nothing', async () => {
    const ledger = grow(new TestLedger('honest'), 5);
    const copy = await joined(ledger);
    expect(await sync(copy, ledger)).toEqual({ size: 5, filled: 5, newBlocks: 4, isTooMuch: false });
    await expectWhole(copy, ledger);
    const before = await contentOf(copy.database);
    const asked: string[] = [];
    const reader = endpointOf(filesOf(ledger), (path) => void asked.push(path));
    expect(await sync(copy, ledger, reader)).toEqual({ size: 5, filled: 5, newBlocks: 0, isTooMuch: false });
    expect(asked).toEqual(['checkpoint']);
    expect(await contentOf(copy.database)).toEqual(before);
  });

  it('starts with a ledger that has its first block only', async () => {
    const ledger = new TestLedger('young');
    const copy = await joined(ledger);
    expect(await sync(copy, ledger)).toEqual({ size: 1, filled: 1, newBlocks: 0, isTooMuch: false });
    await expectWhole(copy, ledger);
    grow(ledger, 2);
    expect(await sync(copy, ledger)).toEqual({ size: 2, filled: 2, newBlocks: 1, isTooMuch: false });
    await expectWhole(copy, ledger);
  });

  it('goes on where it was, over the edge of a bundle and of a roll-up, with old partial files gone', async () => {
    const ledger = grow(new TestLedger('long'), 250);
    const copy = await joined(ledger);
    await sync(copy, ledger);
    for (const size of [254, 256, 257, 259]) {
      grow(ledger, size);
      expect(await sync(copy, ledger)).toMatchObject({ size, filled: size });
    }
    await expectWhole(copy, ledger);
    const other = await joined(ledger);
    await sync(other, ledger);
    expect(await contentOf(other.database)).toEqual(await contentOf(copy.database));
  }, 60_000);

  it('takes the full bundle when the partial one is gone since', async () => {
    const ledger = grow(new TestLedger('raced'), 256);
    const old = filesOf(ledger);
    old.set('checkpoint', ledger.checkpoint(255));
    old.delete('tile/entries/000.p/255');
    const copy = await joined(ledger);
    expect(await sync(copy, ledger, endpointOf(old))).toMatchObject({ size: 255, filled: 255 });
    expect((await checkCopy(copy.store, ledger.ledger.id)).ok).toBe(true);
  }, 60_000);

  it('finds messages by their tags, newest first, and where they stand', async () => {
    const ledger = new TestLedger('tags');
    const first = ledger.message({ tags: [tag] });
    const second = ledger.message({ tags: [tag, first.id].sort(compareBytes) });
    const third = ledger.message();
    ledger.seal([first]);
    ledger.seal([third, second]);
    const copy = await joined(ledger);
    await sync(copy, ledger);
    const found = await copy.store.joined(ledger.ledger.id);
    if (found === undefined) throw new Error('it was joined');
    const ids = async (of: Uint8Array): Promise<string[]> =>
      (await copy.store.tagged(found, of, 10)).map(toHex);
    expect(await ids(tag)).toEqual([second.id, first.id].map(toHex));
    expect(await ids(first.id)).toEqual([toHex(second.id)]);
    expect(await ids(third.id)).toEqual([]);
    expect(await copy.store.tagged(found, tag, 1)).toHaveLength(1);
    expect(await copy.store.placeOf(found, second.id)).toEqual({ height: 2, position: 1 });
    expect(await copy.store.placeOf(found, tag)).toBeUndefined();
    await expectWhole(copy, ledger);
  });

  it('keeps a carrier of an id apart from the message itself, whichever comes first', async () => {
    const ledger = new TestLedger('ids');
    const named = [0, 1, 2].map(() => ledger.message());
    const [early, same, late] = named.map(({ id }) => ledger.message({ tags: [id] }));
    if (early === undefined || same === undefined || late === undefined) throw new Error('three');
    const [first, second, third] = named;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three');
    ledger.seal([early, third]);
    ledger.seal([first, same, second]);
    ledger.seal([late]);
    ledger.seal([ledger.message({ tags: [first.id, second.id, third.id].sort(compareBytes) })]);
    const copy = await joined(ledger);
    await sync(copy, ledger);
    await expectWhole(copy, ledger);
  });

  it('keeps the same links however blocks are cut into batches, and whatever tags begin with', async () => {
    const alike = Array.from({ length: 24 }, (_, i) => {
      const tag = bytes32(`alike ${i}`);
      tag.fill(7, 0, i % 3 === 0 ? 4 : i % 3 === 1 ? 31 : 0);
      return tag;
    });
    const ledger = new TestLedger('alike');
    const named: Uint8Array[] = [];
    for (let block = 0; block < 8; block++) {
      const last = ledger.message();
      named.push(last.id);
      const messages = Array.from({ length: 6 }, (_, n) => {
        const tags = [alike[(5 * block + n) % 24], alike[(7 * n + block) % 24]].filter(
          (tag) => tag !== undefined,
        );
        const distinct = tags.filter((tag, i) => tags.indexOf(tag) === i);
        return ledger.message({ tags: [...distinct, last.id].sort(compareBytes) });
      });
      ledger.seal([...messages, last]);
    }
    const links: unknown[] = [];
    for (const batch of [oneBlock, { messages: 17, bytes: 1e9, ageMs: 1e9 }, undefined]) {
      const copy = await joined(ledger);
      const reader = endpointOf(filesOf(ledger));
      await syncLedger(copy.store, ledger.ledger.id, reader, batch === undefined ? {} : { batch });
      await expectWhole(copy, ledger);
      const carried =
        'SELECT hex(tag.tag) AS tag, message FROM tagged JOIN tag ON tag.id = tagged.tag ORDER BY 1, 2';
      links.push([
        await copy.database.all('SELECT hex(tag) AS tag, height, total FROM tag ORDER BY 1'),
        await copy.database.all(carried),
      ]);
      await copy.database.close();
    }
    expect(links[1]).toEqual(links[0]);
    expect(links[2]).toEqual(links[0]);
    const tags = (links[0] as { tag: string }[][])[0]?.map(({ tag }) => tag.toLowerCase());
    expect(tags).toEqual([...alike, ...named].map(toHex).sort());
  });

  it('tells how far it is', async () => {
    const ledger = grow(new TestLedger('progress'), 4);
    const copy = await joined(ledger);
    const told: string[] = [];
    await syncLedger(copy.store, ledger.ledger.id, endpointOf(filesOf(ledger)), {
      onProgress: ({ phase, done, of, messages }) =>
        told.push(`${phase} ${done}/${of}, messages ${messages?.done ?? 0}/${messages?.of ?? 0}`),
      batch: oneBlock,
    });
    expect(told).toEqual([
      'headers 4/4, messages 0/0',
      'bodies 2/4, messages 2/6',
      'bodies 3/4, messages 4/6',
      'bodies 4/4, messages 6/6',
    ]);
  });

  it('needs a ledger that was joined', async () => {
    const ledger = new TestLedger('stranger');
    await expect(sync(await emptyCopy(folder), ledger)).rejects.toMatchObject({ code: 'copy-no-ledger' });
  });

  it('keeps several ledgers apart', async () => {
    const [one, two] = [grow(new TestLedger('one'), 3), grow(new TestLedger('two'), 4)];
    const copy = await joined(one);
    await copy.store.join(two.ledger, 'http://127.0.0.1:1/');
    await sync(copy, one);
    await sync(copy, two);
    grow(one, 6);
    await sync(copy, one);
    await expectWhole(copy, one);
    await expectWhole(copy, two);
    await copy.store.join(two.ledger, 'http://127.0.0.1:2/');
    expect((await copy.store.joined(two.ledger.id))?.endpoint).toBe('http://127.0.0.1:2/');
    await expectWhole(copy, two);
  });
});

describe('stopping and going on', () => {
  it('keeps what was verified at every signal, and ends with the same copy', async () => {
    const ledger = grow(new TestLedger('stopped'), 5);
    const straight = await joined(ledger);
    await sync(straight, ledger);
    for (let stopAt = 0; stopAt < 6; stopAt++) {
      const copy = await joined(ledger);
      const controller = new AbortController();
      let told = 0;
      const reader = endpointOf(filesOf(ledger), () => {
        if (stopAt === 0) controller.abort();
        return undefined;
      });
      const onProgress = (): void => {
        if (++told === stopAt) controller.abort();
      };
      const options = { onProgress, signal: controller.signal, batch: oneBlock };
      const report = await syncLedger(copy.store, ledger.ledger.id, reader, options);
      expect(report.filled).toBe(stopAt === 0 ? 0 : Math.min(stopAt, 5));
      const check = await checkCopy(copy.store, ledger.ledger.id);
      if (stopAt > 0) expect(check).toMatchObject({ ok: true, value: { unfilled: 5 - report.filled } });
      expect(await sync(copy, ledger)).toMatchObject({ size: 5, filled: 5 });
      expect(await contentOf(copy.database)).toEqual(await contentOf(straight.database));
    }
  });

  it('goes on after the network broke at any file', async () => {
    const ledger = grow(new TestLedger('broken'), 6);
    const straight = await joined(ledger);
    await sync(straight, ledger);
    for (const kind of ['log-unreachable', 'throw'] as const) {
      for (let breaksAt = 0; breaksAt < 7; breaksAt++) {
        const copy = await joined(ledger);
        let reads = 0;
        const reader = endpointOf(filesOf(ledger), () => (reads++ === breaksAt ? kind : undefined));
        const expected =
          kind === 'throw' ? new TypeError('a mistake in the reader') : { code: 'sync-unreachable' };
        await expect(sync(copy, ledger, reader)).rejects.toMatchObject(expected);
        expect(await copy.database.all('SELECT * FROM incoming')).toEqual([]);
        await sync(copy, ledger);
        expect(await contentOf(copy.database)).toEqual(await contentOf(straight.database));
      }
    }
  });

  it('goes on after the database failed at any write', async () => {
    const ledger = grow(new TestLedger('full'), 4);
    const straight = await joined(ledger);
    await sync(straight, ledger);
    for (let failsAt = 0; ; failsAt++) {
      const copy = await joined(ledger);
      let writes = 0;
      const { database } = copy;
      // Every statement of every transaction goes through here.
      const failing = new RecordStore({
        ...database,
        transaction: (work) =>
          database.transaction((inside) => {
            const call = <A extends readonly unknown[], R>(run: (...given: A) => Promise<R>) => {
              return (...given: A): Promise<R> =>
                writes++ === failsAt ? Promise.reject(new Error('the disk failed')) : run(...given);
            };
            return work({ exec: call(inside.exec), run: call(inside.run), all: call(inside.all) });
          }),
      });
      const ended = await syncLedger(failing, ledger.ledger.id, endpointOf(filesOf(ledger))).catch(String);
      if (typeof ended === 'object') {
        // The last statement may fail without a trace: what was staged is forgotten later.
        expect(writes).toBeGreaterThan(12);
        if (writes <= failsAt) break;
      } else expect(ended).toBe('Error: the disk failed');
      await sync(copy, ledger);
      expect(await contentOf(copy.database)).toEqual(await contentOf(straight.database));
    }
  }, 60_000);

  it('forgets what a stopped process had staged', async () => {
    const ledger = grow(new TestLedger('staged'), 4);
    const copy = await joined(ledger);
    await copy.database.run("INSERT INTO incoming VALUES (1, x'00', 1, x'00'), (1, x'01', 7, x'00')");
    await sync(copy, ledger);
    expect(await copy.database.all('SELECT * FROM incoming')).toEqual([]);
    await expectWhole(copy, ledger);
  });
});

describe('two at once', () => {
  it('end with one whole copy, whoever is quicker', async () => {
    const ledger = grow(new TestLedger('two'), 8);
    const copy = await joined(ledger);
    const database = await openStore(copy.path);
    const second = new RecordStore(database);
    const slowly = endpointOf(filesOf(ledger), async () => {
      await new Promise((next) => setTimeout(next, 3));
      return undefined;
    });
    const ends = await Promise.allSettled([
      sync(copy, ledger, slowly),
      syncLedger(second, ledger.ledger.id, slowly),
      syncLedger(copy.store, ledger.ledger.id, slowly),
    ]);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'store-busy' });
    await sync(copy, ledger);
    await expectWhole(copy, ledger);
    await database.close();
  });

  it('never take over less than what was verified', async () => {
    const ledger = grow(new TestLedger('overtaken'), 4);
    const copy = await joined(ledger);
    const before = await contentOf(copy.database);
    const onProgress = (): void => void copy.database.run('DELETE FROM incoming');
    const reader = endpointOf(filesOf(ledger));
    await expect(syncLedger(copy.store, ledger.ledger.id, reader, { onProgress })).rejects.toMatchObject({
      code: 'store-busy',
    });
    expect(await contentOf(copy.database)).toEqual(before);
  });

  it('never keep a block that is not the next one any more', async () => {
    const ledger = grow(new TestLedger('overtaken'), 4);
    const copy = await joined(ledger);
    const other = await joined(ledger);
    await sync(other, ledger);
    let isDone = false;
    const reader = endpointOf(filesOf(ledger), async (path) => {
      // While this one waits for its second body, another synchronisation fetches all of them.
      if (path === bodyPath(2) && !isDone) {
        isDone = true;
        await sync(copy, ledger);
      }
      return undefined;
    });
    await expect(sync(copy, ledger, reader)).rejects.toMatchObject({ code: 'store-busy' });
    await expectWhole(copy, ledger);
  });

  it('a slow endpoint keeps nobody from the database', async () => {
    const ledger = grow(new TestLedger('slow'), 3);
    const copy = await joined(ledger);
    const other = await openStore(copy.path);
    await other.exec('PRAGMA busy_timeout = 0');
    let writes = 0;
    const reader = endpointOf(filesOf(ledger), async () => {
      await other.run("UPDATE ledger SET endpoint = 'elsewhere'");
      await copy.database.run("UPDATE ledger SET endpoint = 'here'");
      writes++;
      return undefined;
    });
    await sync(copy, ledger, reader);
    expect(writes).toBe(4);
    await other.close();
  });
});
