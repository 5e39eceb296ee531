import { describe, expect, it } from 'vitest';
import '../support/fast-engines.ts';
import { concatBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { Journal } from '../../src/firehose/journal.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const folder = 'journal';
const first = 'private/journal/000000000001';
const texts = (entries: readonly Uint8Array[]): string[] =>
  entries.map((entry) => Buffer.from(entry).toString());

async function opened(storage: MemoryStorage): Promise<Journal> {
  return (await Journal.open(storage.private, folder)).journal;
}

async function left(storage: MemoryStorage): Promise<string[]> {
  return texts((await Journal.open(storage.private, folder)).left.entries);
}

/** A journal of two groups in one segment: its bytes, and where the first group ends. */
async function twoGroups(
  one: readonly string[],
  two: readonly string[],
): Promise<{ bytes: Uint8Array; end: number }> {
  const storage = new MemoryStorage();
  const journal = await opened(storage);
  await Promise.all(one.map((text) => journal.append(toUtf8(text))));
  const end = storage.files.get(first)?.length ?? 0;
  await Promise.all(two.map((text) => journal.append(toUtf8(text))));
  return { bytes: storage.files.get(first) ?? new Uint8Array(), end };
}

describe('a journal', () => {
  it('gives back in the next life what was put into it, in order', async () => {
    const storage = new MemoryStorage();
    const journal = await opened(storage);
    const entries = ['one', '', 'three', 'x'.repeat(5000)];
    for (const text of entries) expect(await journal.append(toUtf8(text))).toBe(1);
    await journal.close();
    const again = await Journal.open(storage.private, folder);
    expect(texts(again.left.entries)).toEqual(entries);
    expect(again.left.paths).toEqual(['journal/000000000001']);
    expect(await again.journal.append(toUtf8('more'))).toBe(2);
    expect(await left(storage)).toEqual([...entries, 'more']);
  });

  it('makes what arrives together durable together', async () => {
    const storage = new MemoryStorage();
    const journal = await opened(storage);
    const all = Array.from({ length: 1000 }, (_, n) => journal.append(toUtf8(`entry ${n}`)));
    await Promise.all(all);
    expect(journal.groups).toBe(1);
    await journal.append(toUtf8('alone'));
    expect(journal.groups).toBe(2);
    expect((await left(storage)).length).toBe(1001);
  });

  it('bounds its groups and its segments', async () => {
    const storage = new MemoryStorage();
    const journal = await opened(storage);
    const long = new Uint8Array(1_500_000).fill(7);
    const segments = await Promise.all(Array.from({ length: 30 }, () => journal.append(long)));
    expect(journal.groups).toBe(10);
    expect(new Set(segments).size).toBe(3);
    for (const [path, { length }] of storage.files) expect(length, path).toBeLessThan(16_777_216 + 4_600_000);
    expect((await left(storage)).length).toBe(30);
  });

  it('removes a segment when nothing in it is needed any more, and not before', async () => {
    const storage = new MemoryStorage();
    const journal = await opened(storage);
    const long = new Uint8Array(9_000_000);
    const segments: number[] = [];
    for (let n = 0; n < 5; n++) segments.push(await journal.append(long));
    expect(segments).toEqual([1, 1, 2, 2, 3]);
    const files = async (): Promise<number> => {
      await journal.sweep();
      return storage.files.size;
    };
    expect(await files()).toBe(3);
    journal.release(1);
    expect(await files()).toBe(3);
    journal.release(1);
    expect(await files()).toBe(2);
    journal.release(2);
    journal.release(3);
    // The newest one too, once it is empty: the next entry begins another.
    expect(await files()).toBe(1);
    expect(await journal.append(toUtf8('x'))).toBe(4);
    journal.release(2);
    journal.release(4);
    storage.faultAt = () => 'not done';
    await expect(journal.sweep()).rejects.toMatchObject({ code: 'firehose-storage' });
    storage.faultAt = undefined;
    expect(await files()).toBe(0);
    await journal.close();
  });

  it('acknowledges nothing that failed, and goes on in another segment', async () => {
    for (const fault of [
      'not done',
      'done but errored',
      { partly: 0 },
      { partly: 3 },
      { partly: 35 },
    ] as const) {
      for (const kind of ['grow', 'append'] as const) {
        const storage = new MemoryStorage();
        const journal = await opened(storage);
        if (kind === 'append') await journal.append(toUtf8('before'));
        storage.faultAt = (at) => (at === kind ? fault : undefined);
        const failed = await Promise.allSettled(['a', 'b'].map((text) => journal.append(toUtf8(text))));
        for (const end of failed) expect(end).toMatchObject({ reason: { code: 'firehose-storage' } });
        storage.faultAt = undefined;
        expect(await journal.append(toUtf8('after'))).toBe(2);
        const found = await left(storage);
        const sure = kind === 'append' ? ['before', 'after'] : ['after'];
        expect(found.filter((text) => text.length > 1)).toEqual(sure);
        // What is there of the others is whole.
        expect([...sure, 'a', 'b']).toEqual(expect.arrayContaining(found));
        if (kind === 'append') journal.release(1);
        journal.release(2);
        await journal.sweep();
        expect([...storage.files.keys()], JSON.stringify({ fault, kind })).toEqual([]);
      }
    }
  });
});

describe('what a stop leaves of a journal', () => {
  it('is every acknowledged entry, wherever the writing was cut', async () => {
    const { bytes, end } = await twoGroups(['one', 'two'], ['three', 'four']);
    for (let length = end; length <= bytes.length; length++) {
      const storage = new MemoryStorage(new Map([[first, bytes.slice(0, length)]]));
      const whole = ['one', 'two', 'three', 'four'].slice(0, length === bytes.length ? 4 : 2);
      expect(await left(storage), `${length} bytes`).toEqual(whole);
    }
    for (let length = 0; length < end; length++) {
      const storage = new MemoryStorage(new Map([[first, bytes.slice(0, length)]]));
      expect(await left(storage), `${length} bytes`).toEqual([]);
    }
  });

  it('is every acknowledged entry when sectors of the last group were never written', async () => {
    const { bytes, end } = await twoGroups(['one'], ['a'.repeat(700), 'b'.repeat(3000)]);
    const sectors = Math.ceil(bytes.length / 512);
    for (let lost = 1; lost < 2 ** 6; lost++) {
      const holed = bytes.slice();
      for (let sector = 0; sector < sectors; sector++) {
        const start = Math.max(end, sector * 512);
        if ((lost >> (sector % 6)) & 1) holed.fill(0, start, (sector + 1) * 512);
      }
      const storage = new MemoryStorage(new Map([[first, holed]]));
      expect(await left(storage), lost.toString(2)).toEqual(['one']);
    }
    const grown = concatBytes(bytes, new Uint8Array(2000));
    expect(await left(new MemoryStorage(new Map([[first, grown]])))).toHaveLength(3);
  });

  it('is refused when a byte of it was changed', async () => {
    const { bytes } = await twoGroups(['one', 'two'], ['three', 'four']);
    for (let at = 0; at < bytes.length; at++) {
      const storage = new MemoryStorage(new Map([[first, bytes.with(at, (bytes[at] ?? 0) ^ 0x10)]]));
      await expect(left(storage), `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
  });

  it('is refused when a file is there that no journal has', async () => {
    for (const name of ['1', '0000000000001', 'x', toHex(new Uint8Array(32))]) {
      const storage = new MemoryStorage(new Map([[`private/journal/${name}`, new Uint8Array()]]));
      await expect(left(storage), name).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
  });
});
