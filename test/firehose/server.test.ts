import { afterEach, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { auditLog } from '../../src/core/log/audit.ts';
import { openPromise } from '../../src/core/record/promise.ts';
import { httpReader } from '../../src/engines/http-reader.ts';
import { running, taken, until, wireFor } from '../support/firehose.ts';
import { connected, post, raw, type Served, served, stopServices, zeros } from '../support/served.ts';

const never = 60_000;

afterEach(stopServices);

describe('sending messages over HTTP', () => {
  it('answers with a promise that the ledger signed, the same each time', async () => {
    const { url, ledger } = await served();
    const wire = wireFor(ledger, 1);
    const [first, second] = await Promise.all([post(url, wire), post(url, wire)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const note = new Uint8Array(await first.arrayBuffer());
    expect(openPromise(note, ledger)).toMatchObject({ ok: true });
    expect(toHex(new Uint8Array(await second.arrayBuffer()))).toBe(toHex(note));
  });

  it('says in words and by a code what is wrong with a message', async () => {
    const { url, ledger } = await served();
    const other = (await running()).ledger;
    for (const [wire, detail] of [
      [toUtf8('junk'), /^envelope-truncated/],
      [wireFor(other, 1), /^head-ledger/],
      [new Uint8Array(), /^envelope-truncated/],
    ] as const) {
      const response = await post(url, wire);
      expect(response.status).toBe(422);
      expect(response.headers.get('content-type')).toContain('application/json');
      const {
        code,
        detail: found,
        happened,
        means,
        next,
      } = (await response.json()) as Record<string, string>;
      expect(code).toBe('firehose-refused');
      expect(found).toMatch(detail);
      for (const sentence of [happened, means, next]) expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect((await post(url, wireFor(ledger, 1))).status).toBe(200);
  });

  it('answers 413 to what is too long, stated or not, and never holds it', async () => {
    const { url, ledger } = await served({ dataBytes: 1000 });
    for (const body of [
      new Uint8Array(100_000),
      zeros(100_000),
      zeros(3_000_000),
      new Uint8Array(20_000_000),
    ]) {
      const response = await post(url, body);
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({
        code: 'firehose-too-long',
        detail: 'at most 66800 bytes',
      });
    }
    expect((await post(url, wireFor(ledger, 1))).status).toBe(200);
  });

  it('asks to come back when more waits than can be promised', async () => {
    const { url, ledger, sequencer } = await served({ blockMessages: 1 }, { intervalMs: never });
    for (let n = 0; n < 8; n++) await taken(sequencer, wireFor(ledger, n));
    const response = await post(url, wireFor(ledger, 8));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await response.json()).toMatchObject({ code: 'firehose-busy' });
  });

  it('tells the operator, and the sender in general words, when storage fails or the program is wrong', async () => {
    const { url, ledger, storage, sequencer, failures } = await served();
    storage.faultAt = () => 'not done';
    const response = await post(url, wireFor(ledger, 1));
    expect(response.status).toBe(500);
    const answer = await response.text();
    expect(JSON.parse(answer)).toMatchObject({ code: 'firehose-storage' });
    expect(answer).not.toContain('pending');
    expect(failures).toMatchObject([{ code: 'firehose-storage' }]);
    storage.faultAt = undefined;
    sequencer.take = () => Promise.reject(new RangeError('a mistake with details'));
    const second = await (await post(url, wireFor(ledger, 1))).text();
    expect(JSON.parse(second)).toMatchObject({ code: 'firehose-failed' });
    expect(second).not.toContain('details');
    expect(failures).toHaveLength(2);
  });

  it('is not disturbed by senders who go away', async () => {
    const { url, ledger, failures } = await served();
    for (const start of [
      'content-length: 1000\r\n\r\nhalf',
      'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ]) {
      const socket = await connected(url, `POST /messages HTTP/1.1\r\nhost: x\r\n${start}`);
      await new Promise((next) => setTimeout(next, 20));
      socket.destroy();
    }
    expect((await post(url, wireFor(ledger, 1))).status).toBe(200);
    expect(failures).toEqual([]);
  });
});

describe('reading the record over HTTP', () => {
  async function withBlocks(count: number): Promise<Served> {
    const all = await served();
    for (let n = 0; n < count; n++) {
      await taken(all.sequencer, wireFor(all.ledger, n));
      await until(() => all.sequencer.waiting === 0);
    }
    return all;
  }

  it('serves every public file as it is stored, for ever, and the checkpoint for now', async () => {
    const { url, storage } = await withBlocks(3);
    const files = storage.publicFiles();
    expect(files.size).toBeGreaterThan(10);
    for (const [path, bytes] of files) {
      const response = await fetch(url + path);
      expect(response.status, path).toBe(200);
      expect(toHex(new Uint8Array(await response.arrayBuffer()))).toBe(toHex(bytes));
      const isHead = path === 'checkpoint';
      expect(response.headers.get('cache-control')).toContain(isHead ? 'no-cache' : 'immutable');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const head = await fetch(url + path, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    }
  });

  it('passes the audit of any transparency log', async () => {
    const { url, ledger } = await withBlocks(2);
    const report = await auditLog(httpReader(new URL(url), 5000), ledger.logKey, [], () => undefined);
    expect(report).toMatchObject({ failures: [], size: 3 });
  });

  it('shows nothing of a block whose checkpoint is not there for good', async () => {
    const { url, storage, sequencer, ledger } = await served({}, { onFailure: () => undefined });
    const before = await (await fetch(`${url}checkpoint`)).text();
    let fault = true;
    storage.faultAt = (kind, path) => {
      return fault && kind === 'write' && path === 'public/checkpoint' ? 'done but errored' : undefined;
    };
    await taken(sequencer, wireFor(ledger, 1));
    await until(() => Buffer.from(storage.files.get('public/checkpoint') ?? []).toString() !== before);
    expect(await (await fetch(`${url}checkpoint`)).text()).toBe(before);
    const written = [...storage.publicFiles().keys()];
    const uncovered = ['body/001', 'index/001', 'tile/0/000.p/2', 'tile/entries/000.p/2'];
    expect(written).toEqual(expect.arrayContaining(uncovered));
    for (const path of uncovered) expect((await fetch(url + path)).status, path).toBe(404);
    fault = false;
    await until(() => sequencer.size === 2);
    expect(await (await fetch(`${url}checkpoint`)).text()).not.toBe(before);
    for (const path of uncovered) expect((await fetch(url + path)).status, path).toBe(200);
  });

  it('knows no other path, however it is written', async () => {
    const { url, storage } = await withBlocks(1);
    // What storage would find if it were asked.
    const plant = (path: string): unknown => storage.files.set(path, toUtf8('must not be served'));
    for (const path of ['private/body/001', 'public/body/007', 'public/tile/0/000.p/3', 'public/secret'])
      plant(path);
    for (const path of [
      ...[
        '/',
        '',
        '//',
        '/keys.json',
        '/private/keys.json',
        '/../private/keys.json',
        '/body/../../private/keys.json',
      ],
      ...['/body/%2e%2e/%2e%2e/private/keys.json', '/%2e%2e/private/keys.json', '/..%2fprivate%2fkeys.json'],
      ...['/pending/', '/decided/001', '/private/body/001', '/.lock', '/.new/', '/secret', '/checkpoint/'],
      ...[
        '/checkpoint.1',
        '/body/1',
        '/body/0001',
        '/body/x000/001',
        '/body/001/',
        '//body/001',
        '/body/001\0',
      ],
      ...[
        '/body/007',
        '/body/-01',
        '/body/x999/999',
        `/body/${'x999/'.repeat(5)}999`,
        '/index/002',
        '/body/000',
      ],
      ...['/tile/0/000.p/3', '/tile/0/000', '/tile/1/000.p/1', '/tile/63/000.p/1', '/tile/0/000.p/0'],
      ...['/rollup/1/001', '/rollup/3/256', '/rollup/1/256', '/index/001%00', '/tile/entries/000.p/256'],
      'http://elsewhere.example/checkpoint',
    ]) {
      const { status, body } = await raw(url, path.replace('\0', '%00') || '/');
      expect([status, body], path).toEqual([404, 'not found\n']);
    }
    expect((await raw(url, '/checkpoint?x=1')).status).toBe(200);
    expect((await raw(url, '/healthz')).body).toBe('ok\n');
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'])('has no use for %s', async (method) => {
    const { url } = await served();
    for (const path of ['/checkpoint', '/body/001', '/', '/healthz'])
      expect(await raw(url, path, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    const answer = await raw(url, '/messages', method === 'POST' ? 'GET' : method);
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('ends the transfer when a file cannot be read, and tells the operator', async () => {
    const { url, storage, failures } = await withBlocks(1);
    storage.faultAt = () => 'not done';
    const response = await fetch(`${url}body/001`);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: 'firehose-storage' });
    expect(failures).toHaveLength(1);
    expect((await fetch(`${url}checkpoint`)).status).toBe(200);
  });
});
