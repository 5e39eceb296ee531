import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { syncInThread } from '../../src/wallet/sync/background.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { keepUp } from '../../src/wallet/sync/keep-up.ts';
import type { SyncProgress } from '../../src/wallet/sync/options.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { contentOf, emptyCopy, endpointOf, filesOf } from '../support/endpoint.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'sync-thread-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Serves these files over HTTP. @returns the address. */
async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? '/').slice(1));
    response.writeHead(file === undefined ? 404 : 200);
    response.end(file);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function grown(name: string, blocks: number, perBlock: number): TestLedger {
  const ledger = new TestLedger(name);
  while (ledger.size < blocks) {
    const message = (n: number) => ledger.message({ tags: n % 2 === 0 ? [bytes32('tag')] : [] });
    ledger.seal(Array.from({ length: perBlock }, (_, n) => message(n)));
  }
  return ledger;
}

async function joinedCopy(ledger: TestLedger, endpoint: string): ReturnType<typeof emptyCopy> {
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, endpoint);
  return copy;
}

describe('synchronising in a thread of its own', () => {
  const ledger = grown('threaded', 12, 60);

  it('gives the same copy as in this one, and tells how far it is', async () => {
    const endpoint = await serve(filesOf(ledger));
    const copy = await joinedCopy(ledger, endpoint);
    const told: SyncProgress[] = [];
    const setup = { file: copy.path, ledger: ledger.ledger.id, endpoint, timeoutMs: 5000, threads: 2 };
    const report = await syncInThread(setup, { onProgress: (progress) => told.push(progress) });
    expect(report).toEqual({ size: 12, filled: 12, newBlocks: 11, isTooMuch: false });
    expect(told.at(-1)).toMatchObject({
      phase: 'bodies',
      done: 12,
      of: 12,
      messages: { done: 660, of: 660 },
    });
    expect(await checkCopy(copy.store, ledger.ledger.id)).toMatchObject({
      ok: true,
      value: { messages: 660 },
    });
    const inline = await joinedCopy(ledger, endpoint);
    await syncLedger(inline.store, ledger.ledger.id, endpointOf(filesOf(ledger)), { threads: 0 });
    expect(await contentOf(inline.database)).toEqual(await contentOf(copy.database));
    for (const { database } of [copy, inline]) await database.close();
  });

  it('ends with the code of what went wrong, everything before it kept', async () => {
    const files = filesOf(ledger);
    const body = files.get('body/007') ?? expect.fail();
    files.set(
      'body/007',
      body.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)),
    );
    const endpoint = await serve(files);
    const copy = await joinedCopy(ledger, endpoint);
    const setup = { file: copy.path, ledger: ledger.ledger.id, endpoint, timeoutMs: 5000, threads: 2 };
    await expect(syncInThread(setup)).rejects.toMatchObject({
      code: 'sync-malformed',
      detail: expect.stringMatching(/: body\/007: /) as string,
    });
    expect(await copy.store.joined(ledger.ledger.id)).toMatchObject({ size: 12, filled: 7 });
    await expect(syncInThread({ ...setup, endpoint: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      code: 'sync-unreachable',
    });
    await copy.database.close();
  }, 30_000);

  it('stops when it is told to', async () => {
    const endpoint = await serve(filesOf(ledger));
    const copy = await joinedCopy(ledger, endpoint);
    const setup = { file: copy.path, ledger: ledger.ledger.id, endpoint, timeoutMs: 5000, threads: 1 };
    const report = await syncInThread(setup, { signal: AbortSignal.abort() });
    expect(report.newBlocks).toBe(0);
    expect(await syncInThread(setup)).toMatchObject({ filled: 12 });
    await copy.database.close();
  });
});

describe('keeping up', () => {
  it('does what is much in another thread, and what is little in this one', async () => {
    const ledger = grown('kept-up', 4, 60);
    const files = filesOf(ledger);
    const endpoint = await serve(files);
    const copy = await joinedCopy(ledger, endpoint);
    const what = { store: copy.store, file: copy.path, ledger: ledger.ledger.id, endpoint, timeoutMs: 5000 };
    let threads = 0;
    const count = (): void => {
      threads++;
    };
    process.on('worker', count);
    expect(await keepUp(what)).toMatchObject({ size: 4, filled: 4, newBlocks: 3 });
    expect(threads).toBe(1);
    ledger.seal([ledger.message()]);
    for (const [path, bytes] of filesOf(ledger)) files.set(path, bytes);
    expect(await keepUp(what)).toEqual({ size: 5, filled: 5, newBlocks: 1, isTooMuch: false });
    expect(await keepUp(what)).toEqual({ size: 5, filled: 5, newBlocks: 0, isTooMuch: false });
    while (ledger.size < 80) ledger.seal([ledger.message()]);
    for (const [path, bytes] of filesOf(ledger)) files.set(path, bytes);
    expect(await keepUp(what)).toMatchObject({ size: 80, filled: 80, newBlocks: 75 });
    expect(threads).toBe(2);
    process.off('worker', count);
    await copy.database.close();
  });
});
