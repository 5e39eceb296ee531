import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/core/bytes.ts';
import { bodyPath } from '../../src/core/record/files.ts';
import { Budget, discardBody, withBody } from '../../src/firehose/request-body.ts';
import { serve } from '../../src/firehose/server.ts';
import { messageFor, until, wireFor } from '../support/firehose.ts';
import type { MemoryStorage } from '../support/memory-storage.ts';
import { connected, post, type Served, served, stopServices } from '../support/served.ts';

const never = 60_000;

afterEach(stopServices);

describe('bodies of requests', () => {
  it('share a number of bytes, which is given back', async () => {
    const budget = new Budget(1500);
    const seen: (number | string)[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const server = createServer((request, response) => {
      void withBody(request, 1000, budget, async ({ length }) => {
        await held;
        return length;
      }).then(async (end) => {
        seen.push(end);
        await discardBody(request);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const send = (bytes: number): Promise<Response> =>
      fetch(url, { method: 'POST', body: new Uint8Array(bytes) });
    const first = send(1000);
    await new Promise((next) => setTimeout(next, 50));
    await send(600);
    await send(1001);
    expect(seen).toEqual(['busy', 'too-long']);
    release();
    await first;
    await send(1000);
    expect(seen).toEqual(['busy', 'too-long', 1000, 1000]);
    expect([budget.take(1501), budget.take(1500)]).toEqual([false, true]);
    server.closeAllConnections();
    server.close();
  });
});

describe('stopping the service', () => {
  async function stopped(all: Served): Promise<number> {
    const begun = performance.now();
    await all.service.stop();
    return performance.now() - begun;
  }

  it('seals what was taken and ends idle connections', async () => {
    const all = await served({}, { intervalMs: never });
    expect((await post(all.url, wireFor(all.ledger, 1))).status).toBe(200);
    expect(await stopped(all)).toBeLessThan(2900);
    expect([all.sequencer.size, all.sequencer.waiting]).toEqual([2, 0]);
    await expect(fetch(`${all.url}checkpoint`)).rejects.toThrow();
  });

  it('does not wait for a sender or a reader that stalls', async () => {
    const all = await served();
    const { ledger, url } = all;
    const sender = await connected(url, 'POST /messages HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhal');
    const data = new Uint8Array(8_000_000);
    const { leaf } = messageFor(ledger, 1, { data });
    expect((await post(url, concatBytes(leaf, data))).status).toBe(200);
    await until(() => all.sequencer.waiting === 0);
    const reader = await connected(url, `GET /${bodyPath(1)} HTTP/1.1\r\nhost: x\r\n\r\n`);
    reader.pause();
    await new Promise((next) => setTimeout(next, 100));
    expect(await stopped(all)).toBeLessThan(6000);
    sender.destroy();
    reader.destroy();
    expect(all.failures).toEqual([]);
  });

  it('tells late senders that it stops', async () => {
    const all = await served({}, { intervalMs: never });
    const { url, ledger, storage } = all;
    const wire = wireFor(ledger, 1);
    const head = `POST /messages HTTP/1.1\r\nhost: x\r\ncontent-length: ${wire.length}\r\n\r\n`;
    const socket = await connected(url, head);
    await new Promise((next) => setTimeout(next, 50));
    const stopping = all.service.stop();
    const answer = new Promise<string>((resolve) => {
      let text = '';
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('close', () => {
          resolve(text);
        });
    });
    socket.write(wire);
    expect(await answer).toMatch(/^HTTP\/1.1 503 .*firehose-stopping/s);
    await stopping;
    expect(pendingIn(storage)).toEqual([]);
  });

  it('says which address it cannot have', async () => {
    const all = await served();
    const port = Number(new URL(all.url).port);
    const options = { host: '127.0.0.1', port, onFailure: () => undefined };
    await expect(serve(all.sequencer, options)).rejects.toMatchObject({
      code: 'firehose-port',
      detail: `127.0.0.1:${port} EADDRINUSE`,
    });
    await expect(serve(all.sequencer, { ...options, host: '192.0.2.1', port: 0 })).rejects.toMatchObject({
      code: 'firehose-port',
    });
  });
});

function pendingIn(storage: MemoryStorage): string[] {
  return [...storage.files.keys()].filter((path) => path.includes('pending'));
}
