import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex, uintToBytes } from '../../src/core/bytes.ts';
import { Admission } from '../../src/firehose/admission.ts';
import { gateWith } from '../../src/firehose/gate.ts';
import { RateLimit } from '../../src/firehose/rate-limit.ts';
import { running, taken, until, wireFor } from '../support/firehose.ts';

const folder = mkdtempSync(join(tmpdir(), 'gate-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const keyNumber = (n: number): Uint8Array =>
  new Uint8Array(32)
    .fill(0)
    .with(31, n & 255)
    .with(30, n >> 8);
let version = 0;

/** Writes a list, so that it is seen as another one even when two writings share a time. */
function writeList(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  utimesSync(path, 1_000_000 + version, 1_000_000 + version++);
  return path;
}

describe('the rate of a key', () => {
  it('allows a burst, then a steady stream, and a burst again after a pause', () => {
    let now = 0;
    const rate = new RateLimit({ perSecond: 10, burst: 3, clock: () => now });
    const takes = (count: number): boolean[] => Array.from({ length: count }, () => rate.take(keyNumber(1)));
    expect(takes(5)).toEqual([true, true, true, false, false]);
    expect(rate.allows(keyNumber(1))).toBe(false);
    now += 99;
    expect(takes(1)).toEqual([false]);
    now += 2;
    expect(takes(2)).toEqual([true, false]);
    now += 1_000_000;
    expect(takes(4)).toEqual([true, true, true, false]);
  });

  it('is its own', () => {
    const rate = new RateLimit({ perSecond: 1, burst: 1, clock: () => 0 });
    expect([1, 2, 1, 2].map((n) => rate.take(keyNumber(n)))).toEqual([true, true, false, false]);
  });

  it('is remembered for so many keys, those of late', () => {
    const rate = new RateLimit({ perSecond: 1, burst: 1, mostKeys: 100, clock: () => 0 });
    for (let n = 0; n < 1000; n++) {
      rate.take(keyNumber(n));
      rate.take(keyNumber(0));
    }
    expect(rate.size).toBe(100);
    expect(rate.allows(keyNumber(0))).toBe(false);
    expect(rate.allows(keyNumber(999))).toBe(false);
    expect(rate.allows(keyNumber(5))).toBe(true);
  });
});

describe('the list of admitted keys', () => {
  it('has one key to a line, and comments', async () => {
    const keys = [1, 2].map((n) => toHex(keyNumber(n)));
    const path = writeList('list', `# who may send\n${keys[0]}\n\n  ${keys[1]}  # the second\r\n`);
    const list = await Admission.read(path);
    expect([1, 2, 3].map((n) => list.admits(keyNumber(n)))).toEqual([true, true, false]);
    expect(list.size).toBe(2);
    expect((await Admission.read(writeList('empty', ''))).admits(keyNumber(1))).toBe(false);
  });

  it('is refused when it holds anything else, with the line', async () => {
    const key = toHex(keyNumber(1));
    for (const [text, detail] of [
      ['hello', 'line 1 is not a key'],
      [`${key}\n${key.slice(1)}`, 'line 2 is not a key'],
      [`${key} ${key}`, 'line 1 is not a key'],
      [key.toUpperCase().replace('01', 'AB'), 'line 1 is not a key'],
    ] as const) {
      await expect(Admission.read(writeList('bad', text)), text).rejects.toMatchObject({
        code: 'firehose-admission',
        detail,
      });
    }
    await expect(Admission.read(join(folder, 'nowhere'))).rejects.toMatchObject({ detail: 'ENOENT' });
    await expect(Admission.read(folder)).rejects.toMatchObject({
      code: 'firehose-admission',
      detail: 'it is not a plain file',
    });
  });

  it('is read again when it changes; one that cannot be read changes nothing', async () => {
    const path = writeList('live', toHex(keyNumber(1)));
    const list = await Admission.read(path);
    const read: number[] = [];
    const failures: unknown[] = [];
    list.watch(5, { onRead: (keys) => read.push(keys), onFailure: (error) => failures.push(error) });
    writeList('live', `${toHex(keyNumber(2))}\n${toHex(keyNumber(3))}\n`);
    await until(() => list.admits(keyNumber(2)));
    expect(list.admits(keyNumber(1))).toBe(false);
    expect(read).toEqual([2]);
    writeList('live', 'junk');
    await until(() => failures.length > 0);
    await new Promise((next) => setTimeout(next, 40));
    expect(failures).toMatchObject([{ code: 'firehose-admission', detail: 'line 1 is not a key' }]);
    expect(list.admits(keyNumber(2))).toBe(true);
    rmSync(path);
    await until(() => failures.length > 1);
    writeList('live', toHex(keyNumber(4)));
    await until(() => list.admits(keyNumber(4)));
    list.close();
    writeList('live', toHex(keyNumber(5)));
    await new Promise((next) => setTimeout(next, 40));
    expect(list.admits(keyNumber(5))).toBe(false);
  });
});

describe('the gate of a sequencer', () => {
  it('counts new messages that their sender did sign, and nothing else', async () => {
    const rate = new RateLimit({ perSecond: 0, burst: 2, clock: () => 0 });
    const { sequencer, ledger, storage } = await running({}, { gate: gateWith(undefined, rate) });
    const good = wireFor(ledger, 1);
    const forged = good.with(good.length - 20, (good[good.length - 20] ?? 0) ^ 1);
    for (let n = 0; n < 10; n++) expect(await sequencer.take(forged)).toMatchObject({ ok: false });
    await taken(sequencer, wireFor(ledger, 1));
    await taken(sequencer, wireFor(ledger, 1));
    await taken(sequencer, wireFor(ledger, 2));
    const before = new Map(storage.files);
    await expect(sequencer.take(wireFor(ledger, 3))).rejects.toMatchObject({ code: 'firehose-rate' });
    expect(storage.files).toEqual(before);
    expect(sequencer.figures).toMatchObject({ taken: 2, known: 1 });
    await sequencer.stop();
  });

  it('turns away whoever is not on the list, before anything is verified', async () => {
    const path = writeList('gate', toHex(keyNumber(1)));
    const { sequencer, ledger } = await running(
      {},
      { gate: gateWith(await Admission.read(path), undefined) },
    );
    await expect(sequencer.take(wireFor(ledger, 1))).rejects.toMatchObject({ code: 'firehose-not-admitted' });
    const good = wireFor(ledger, 1);
    await expect(
      sequencer.take(good.with(good.length - 20, (good[good.length - 20] ?? 0) ^ 1)),
    ).rejects.toMatchObject({
      code: 'firehose-not-admitted',
    });
    expect(await sequencer.take(uintToBytes(1, 4))).toMatchObject({ ok: false });
    await sequencer.stop();
  });
});
