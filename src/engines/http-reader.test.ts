import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../core/result.ts';
import { httpReader } from './http-reader.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine; what it answers to a path. */
async function serve(answer: RequestListener): Promise<URL> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/log`);
}

function outcome(result: Result<Uint8Array | undefined>): string {
  if (!result.ok) return result.code;
  return result.value === undefined ? 'absent' : Buffer.from(result.value).toString('latin1');
}

async function read(base: URL, path = 'checkpoint', limit = 100, timeoutMs = 5_000): Promise<string> {
  return outcome(await httpReader(base, timeoutMs).read(path, limit));
}

describe('a log read from a web server', () => {
  it('asks below the address, with or without a slash at its end', async () => {
    const base = await serve((request, response) => response.end(request.url));
    expect(await read(base, 'tile/0/x001/000.p/3')).toBe('/log/tile/0/x001/000.p/3');
    expect(await read(new URL(`${base.href}/`), 'checkpoint')).toBe('/log/checkpoint');
    expect(await read(new URL('/', base), 'checkpoint')).toBe('/checkpoint');
  });

  it('tells what is not there from what cannot be had', async () => {
    const base = await serve((request, response) => {
      response.statusCode = Number(request.url?.split('/').at(-1));
      response.end('text');
    });
    expect(await read(base, '200')).toBe('text');
    expect(await read(base, '404')).toBe('absent');
    expect(await read(base, '410')).toBe('absent');
    expect(await read(base, '403')).toBe('log-forbidden');
    for (const status of ['204', '206', '304', '400', '401', '418']) {
      expect([status, await read(base, status)]).toEqual([
        status,
        status === '304' ? 'log-redirect' : 'log-unreachable',
      ]);
    }
    expect(await httpReader(base, 1000).list('', 1)).toEqual({ ok: true, value: undefined });
  });

  it('tries again when the server fails for the moment, a few times', async () => {
    let asked = 0;
    const base = await serve((_, response) => {
      asked++;
      response.statusCode = asked % 3 === 0 ? 200 : asked % 3 === 1 ? 503 : 429;
      response.end('at last');
    });
    expect(await read(base)).toBe('at last');
    expect(asked).toBe(3);
    let cut = 0;
    const dropping = await serve((request) => {
      cut++;
      request.destroy();
    });
    expect(await read(dropping)).toBe('log-unreachable');
    expect(cut).toBe(3);
  });

  it('takes no answer that ends early', async () => {
    const base = await serve((_, response) => {
      response.setHeader('content-length', '1000');
      response.write('part');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await read(base, 'checkpoint', 2000)).toBe('log-unreachable');
  });

  it('takes no more than the limit, after decompression', async () => {
    const base = await serve((request, response) => {
      const body = Buffer.alloc(request.url === '/log/small' ? 100 : 50_000_000);
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(body));
    });
    expect((await read(base, 'small')).length).toBe(100);
    expect(await read(base, 'small', 99)).toBe('log-too-large');
    expect(await read(base, 'bomb')).toBe('log-too-large');
    let running = true;
    const endless = await serve((_, response) => {
      const more = (): void => {
        while (running && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      response.on('close', () => (running = false));
      more();
    });
    expect(await read(endless)).toBe('log-too-large');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(running).toBe(false);
  });

  it('waits no longer than it may, for the first byte and for the last', async () => {
    const silent = await serve(() => undefined);
    const started = Date.now();
    expect(await read(silent, 'checkpoint', 100, 300)).toBe('log-unreachable');
    const dripping = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    expect(await read(dripping, 'checkpoint', 100_000, 300)).toBe('log-unreachable');
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('says that nobody listens', async () => {
    const base = await serve(() => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    const result = await httpReader(base, 1000).read('checkpoint', 10);
    expect(result.ok ? '' : `${result.code} ${result.detail ?? ''}`).toMatch(
      /^log-unreachable .*ECONNREFUSED/,
    );
  });

  it('follows redirections inside the log only', async () => {
    const elsewhere = await serve((_, response) => response.end('stolen'));
    const targets: Record<string, string> = {
      '/log/inside': '/log/there',
      '/log/relative': 'there',
      '/log/outside': '/there',
      '/log/sideways': '/logs/there',
      '/log/up': '../there',
      '/log/away': `${elsewhere.href}/there`,
      '/log/file': 'file:///etc/passwd',
      '/log/data': 'data:text/plain,stolen',
      '/log/bad': 'http://[',
      '/log/loop': '/log/loop',
    };
    const base = await serve((request, response) => {
      const target = targets[request.url ?? ''];
      if (target !== undefined) response.writeHead(302, { location: target });
      else if (request.url === '/log/none') response.writeHead(302);
      response.end('here');
    });
    expect(await read(base, 'inside')).toBe('here');
    expect(await read(base, 'relative')).toBe('here');
    for (const path of ['outside', 'sideways', 'up', 'away', 'file', 'data', 'bad', 'loop', 'none']) {
      expect([path, await read(base, path)]).toEqual([path, 'log-redirect']);
    }
  });
});
