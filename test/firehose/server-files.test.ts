/** How the service hands out files: parts of them, and smaller on the way. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { wireBytes } from '../../src/core/record/envelope.ts';
import { pagesPath, tagIndexPath } from '../../src/core/record/files.ts';
import { directoryLength, parsePageEntries, parseTagPage } from '../../src/core/record/pages.ts';
import { parseTagIndexFile } from '../../src/core/record/tag-index-file.ts';
import { acceptedEncoding } from '../../src/firehose/http/compress.ts';
import { partOf } from '../../src/firehose/http/files.ts';
import { judge, messageFor, taken, until, wireFor } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { connected, raw, type Served, servedWith, stopServices } from '../support/served.ts';

afterEach(stopServices);

/** Puts so many messages into one block. */
async function blockOf(all: Served, messages: number): Promise<void> {
  const taking = Array.from({ length: messages }, (_, n) => taken(all.sequencer, wireFor(all.ledger, n)));
  await Promise.all(taking);
  await until(() => all.sequencer.waiting === 0);
}

describe('parts of files', () => {
  it.each([
    [undefined, 'whole'],
    ['', 'whole'],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=2-5', { start: 2, end: 6 }],
    ['bytes=2-', { start: 2, end: 10 }],
    ['bytes=9-100', { start: 9, end: 10 }],
    ['bytes=10-', 'beyond'],
    ['bytes=99999999999999999-', 'whole'],
    ['bytes=5-2', 'whole'],
    ['bytes=-3', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=1-2,4-5', 'whole'],
    ['lines=1-2', 'whole'],
    ['bytes=1-2 ', 'whole'],
  ])('%j of ten bytes', (header, part) => {
    expect(partOf(header, 10)).toEqual(part);
  });

  it('are served as they are asked for', async () => {
    const all = await servedWith({ compressFor: 'all' });
    await blockOf(all, 3);
    const body = Buffer.from(all.storage.files.get('public/body/001') ?? []);
    const { status, body: got, headers } = await raw(all.url, '/body/001', 'GET', { range: 'bytes=10-19' });
    expect([status, got]).toEqual([206, body.subarray(10, 20).toString('latin1')]);
    expect(headers).toMatchObject({
      'content-range': `bytes 10-19/${body.length}`,
      'content-length': '10',
      'accept-ranges': 'bytes',
    });
    const all206 = await raw(all.url, '/body/001', 'GET', { range: 'bytes=0-', 'accept-encoding': 'gzip' });
    expect([all206.status, all206.body, all206.headers['content-encoding']]).toEqual([
      206,
      body.toString('latin1'),
      undefined,
    ]);
    const beyond = await raw(all.url, '/body/001', 'GET', { range: `bytes=${body.length}-` });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${body.length}`]);
    expect((await raw(all.url, '/body/001', 'GET', { range: 'bytes=5-2' })).status).toBe(200);
    expect((await raw(all.url, '/body/001', 'GET', { range: 'bytes=1-2', 'if-range': '"x"' })).status).toBe(
      200,
    );
    expect((await raw(all.url, '/body/002', 'GET', { range: 'bytes=1-2' })).status).toBe(404);
    expect((await raw(all.url, '/body/001', 'HEAD', { range: 'bytes=1-2' })).headers['content-length']).toBe(
      '2',
    );
    expect(all.failures).toEqual([]);
  });

  it('are enough to look up a tag in a long index', async () => {
    const all = await servedWith({}, {}, { intervalMs: 200 });
    await blockOf(all, 300);
    const { headers } = await judge(all.storage.publicFiles());
    const [, header] = headers;
    if (header === undefined) throw new Error('no block');
    const path = tagIndexPath(1);
    const { count, root } = header.tags;
    const directory = new Uint8Array(await (await fetch(all.url + pagesPath(1, path))).arrayBuffer());
    const entries = unwrap(
      parsePageEntries(directory, { kind: 'tags', count: directoryLength(count, 1), root }),
    );
    expect(entries).toHaveLength(2);
    const whole = unwrap(
      parseTagIndexFile(all.storage.files.get(`public/${path}`) ?? new Uint8Array(), header),
    );
    for (const [i, entry] of entries.entries()) {
      const end = entries[i + 1]?.offset;
      const range = `bytes=${entry.offset}-${end === undefined ? '' : end - 1}`;
      const page = await fetch(all.url + path, { headers: { range } });
      const leaves = parseTagPage(
        new Uint8Array(await page.arrayBuffer()),
        1,
        entry,
        i === 0 ? 256 : count - 256,
      );
      expect(unwrap(leaves)).toEqual(whole.slice(i * 256, (i + 1) * 256));
    }
    const bodyDirectory = new Uint8Array(await (await fetch(`${all.url}pages/1/body/001`)).arrayBuffer());
    const expected = { kind: 'messages', count: 2, root: header.messages.root } as const;
    expect(unwrap(parsePageEntries(bodyDirectory, expected))).toHaveLength(2);
    for (const none of [
      'pages/2/index/001',
      'pages/0/index/001',
      'pages/1/index/002',
      'pages/1/rollup/1/256',
    ])
      expect((await fetch(all.url + none)).status, none).toBe(404);
  });
});

describe('compression', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['gzip, deflate', 'gzip'],
    ['br, gzip', 'gzip'],
    ['br', 'br'],
    ['GZIP;q=0.5, zstd;q=0.1', 'zstd'],
    ['gzip;q=0, br;q=0.0, *;q=0', undefined],
    ['gzip;q=0, *', 'zstd'],
    ['zstd;q=nonsense, gzip', 'gzip'],
    [`${'x,'.repeat(5000)}gzip`, undefined],
  ])('%j gets %j', (header, encoding) => {
    expect(acceptedEncoding(header)).toBe(encoding);
  });

  it('makes text smaller on the way, for whom it is meant', async () => {
    const unpack = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync } as const;
    const all = await servedWith({ compressFor: 'all' });
    await blockOf(all, 40);
    const body = Buffer.from(all.storage.files.get('public/body/001') ?? []);
    for (const [encoding, decompress] of Object.entries(unpack)) {
      const answer = await raw(all.url, '/body/001', 'GET', { 'accept-encoding': encoding });
      expect(answer.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
      const packed = Buffer.from(answer.body, 'latin1');
      expect(packed.length).toBeLessThan(body.length * 0.8);
      expect(decompress(packed).equals(body)).toBe(true);
      const head = await raw(all.url, '/body/001', 'HEAD', { 'accept-encoding': encoding });
      expect([head.status, head.headers['content-encoding'], head.body]).toEqual([200, encoding, '']);
    }
    for (const path of ['/index/001', '/tile/0/000.p/2', '/checkpoint']) {
      const answer = await raw(all.url, path, 'GET', { 'accept-encoding': 'gzip' });
      expect(answer.headers['content-encoding'], path).toBeUndefined();
    }
    for (const compressFor of ['none', 'remote'] as const) {
      const other = await servedWith({ compressFor });
      await blockOf(other, 40);
      const answer = await raw(other.url, '/body/001', 'GET', { 'accept-encoding': 'gzip' });
      expect(answer.headers['content-encoding']).toBeUndefined();
    }
  });

  it('is for a few at a time; the others get the bytes as they are', async () => {
    const all = await servedWith({ compressFor: 'all' });
    const data = new Uint8Array(randomBytes(14_000_000));
    await taken(all.sequencer, wireBytes(messageFor(all.ledger, 1, { data })));
    await until(() => all.sequencer.waiting === 0);
    const request = 'GET /body/001 HTTP/1.1\r\nhost: x\r\naccept-encoding: zstd\r\n\r\n';
    const readers = await Promise.all(Array.from({ length: 4 }, () => connected(all.url, request)));
    const started = readers.map((reader) => once(reader, 'data').then(() => reader.pause()));
    await Promise.all(started);
    const fifth = await fetch(`${all.url}body/001`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'zstd' },
    });
    expect(fifth.headers.get('content-encoding')).toBeNull();
    for (const reader of readers) reader.destroy();
    let encoding: string | null = null;
    for (let tries = 0; tries < 100 && encoding === null; tries++) {
      const again = await fetch(`${all.url}body/001`, {
        method: 'HEAD',
        headers: { 'accept-encoding': 'zstd' },
      });
      encoding = again.headers.get('content-encoding');
    }
    expect(encoding).toBe('zstd');
  });
});
