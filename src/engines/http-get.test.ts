import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { httpGet } from './http-get.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: RequestListener): Promise<{ readonly url: URL; readonly server: Server }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`) };
}

async function textAt(url: URL, range?: string): Promise<string> {
  const answer = await httpGet(url, range, AbortSignal.timeout(5000));
  let text = '';
  for await (const piece of answer.body) text += Buffer.from(piece).toString('latin1');
  return text;
}

describe('one GET', () => {
  it('uses a connection again when the answer before was read to its end', async () => {
    const { server, url } = await serve((_, response) => response.end('text'));
    let connections = 0;
    server.on('connection', () => connections++);
    for (let i = 0; i < 5; i++) expect(await textAt(url)).toBe('text');
    expect(connections).toBe(1);
  });

  it('takes apart what is compressed, and asks for a part as it is', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const codings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    const coded = async (coding: keyof typeof codings, cut = 0): Promise<string> => {
      const { url } = await serve((request, response) => {
        asked.push(request.headers);
        response.setHeader('content-encoding', coding);
        const body = codings[coding]('a file '.repeat(9));
        response.end(body.subarray(0, body.length - cut));
      });
      return textAt(url);
    };
    expect(await coded('gzip')).toBe('a file '.repeat(9));
    expect(await coded('deflate')).toBe('a file '.repeat(9));
    await expect(coded('br')).rejects.toThrow('not asked for');
    await expect(coded('gzip', 9)).rejects.toThrow('unexpected end of file');
    const { url } = await serve((request, response) => {
      asked.push(request.headers);
      response.end();
    });
    await textAt(url, '5-8');
    expect(asked[0]).toMatchObject({ 'accept-encoding': 'gzip, deflate' });
    expect(asked[0]).not.toHaveProperty('range');
    expect(asked.at(-1)).toMatchObject({ 'accept-encoding': 'identity', range: 'bytes=5-8' });
  });

  it('sends nothing to an address with a password, or to the port of another service', async () => {
    let asked = 0;
    const { url } = await serve((_, response) => {
      asked++;
      response.end();
    });
    for (const [name, value] of [
      ['username', 'me'],
      ['password', 'secret'],
      ['port', '25'],
      ['protocol', 'ftp:'],
    ] as const) {
      const other = name === 'protocol' ? new URL('ftp://127.0.0.1/file') : new URL(url);
      other[name] = value;
      await expect(httpGet(other, undefined, AbortSignal.timeout(5000))).rejects.toThrow(TypeError);
    }
    expect(asked).toBe(0);
  });

  it('ends when the connection does without an answer, and when it is told to', async () => {
    const { url, server } = await serve(() => undefined);
    server.on('upgrade', (_, socket) => socket.destroy());
    const upgrading = await serve((request) => {
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n');
    });
    await expect(textAt(upgrading.url)).rejects.toThrow();
    const stopped = new AbortController();
    server.on('request', () => {
      stopped.abort();
    });
    await expect(httpGet(url, undefined, stopped.signal)).rejects.toThrow('aborted');
  });

  it('ends an endless answer when nobody wants the rest, compressed or not', async () => {
    const zeros = gzipSync(Buffer.alloc(1_000_000));
    for (const coding of ['gzip', 'identity']) {
      let isClosed = (): void => undefined;
      const closed = new Promise<void>((resolve) => (isClosed = resolve));
      const { url } = await serve((_, response) => {
        response.setHeader('content-encoding', coding);
        const more = (): void => {
          while (response.write(zeros));
        };
        response.on('drain', more).on('close', () => {
          isClosed();
        });
        more();
      });
      const { body } = await httpGet(url, undefined, AbortSignal.timeout(5000));
      for await (const piece of body) if (piece.length > 0) break;
      await closed;
      const unread = await httpGet(url, undefined, AbortSignal.timeout(5000));
      unread.cancel();
    }
  });
});
