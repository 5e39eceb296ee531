import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { composePromise } from '../../src/core/record/promise.ts';
import { KnownHead } from '../../src/wallet/sync/known-head.ts';
import { sendMessage } from '../../src/wallet/sync/send.ts';
import { secretsIn, wordsOfError } from '../support/canary.ts';
import { messageFor } from '../support/firehose.ts';
import { filesOf } from '../support/endpoint.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';
import { served, stopServices } from '../support/served.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await stopServices();
});

/** A firehose that answers in its own way. */
async function answering(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

function saying(status: number, body: string | Uint8Array): Promise<URL> {
  return answering((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(body));
  });
}

const test = new TestLedger('send');
const { ledger } = test;
const message = test.message();
const offer = { size: 1, lastHeight: 9, lastTime: 1_700_000_000 };

function send(endpoint: URL, timeoutMs = 5000): Promise<unknown> {
  return sendMessage(endpoint, new KnownHead(ledger), message, timeoutMs);
}

describe('sending a message', () => {
  it('gives the promise that the ledger signed for it', async () => {
    const { url, ledger: real } = await served();
    const sent = messageFor(real, 1);
    const accepted = await sendMessage(new URL(url), new KnownHead(real), sent, 5000);
    expect(Buffer.from(accepted.promise.message)).toEqual(Buffer.from(sent.id));
    const again = await sendMessage(new URL(url), new KnownHead(real), sent, 5000);
    expect(Buffer.from(again.note)).toEqual(Buffer.from(accepted.note));
  });

  it('keeps to the folder of its endpoint', async () => {
    let path = '';
    const endpoint = await answering((request, response) => {
      path = request.url ?? '';
      response.end();
    });
    await expect(send(new URL('ledgers/one/', endpoint))).rejects.toMatchObject({ code: 'sync-promise' });
    expect(path).toBe('/ledgers/one/messages');
  });

  it.each([
    ['nothing', new Uint8Array(), 'note-malformed'],
    [
      'a promise about another message',
      test.promise({ message: bytes32('other'), ...offer }),
      'it is about another message',
    ],
    [
      'a promise of another ledger',
      new TestLedger('other').promise({ message: message.id, ...offer }),
      'note-unsigned',
    ],
    ['a note that is no promise', test.checkpoint(), 'note-unsigned'],
    ['an endless note', new Uint8Array(1_100_000).fill(10), 'an answer that is too long'],
  ])('is not taken for promised when the answer is %s', async (_, body, detail) => {
    await expect(send(await saying(200, body))).rejects.toMatchObject({ code: 'sync-promise', detail });
  });

  it('is not taken for promised with any byte of the promise changed', async () => {
    const good = test.promise({ message: message.id, ...offer });
    let body = good;
    const endpoint = await answering((request, response) => {
      request.resume().on('end', () => response.end(body));
    });
    await send(endpoint);
    for (let at = 0; at < good.length; at += 3) {
      body = good.slice();
      body[at] = (body[at] ?? 0) ^ 1;
      await expect(send(endpoint), `byte ${at}`).rejects.toMatchObject({ code: 'sync-promise' });
    }
  });

  it('is taken for promised only in view of a head that is fetched afterwards and extends what is known', async () => {
    const growing = new TestLedger('send');
    const [seconds, week] = [Math.floor(Date.now() / 1000), 604_800];
    const answer = { size: 3, lastTime: seconds };
    let shown = growing;
    const endpoint = await answering((request, response) => {
      const file = filesOf(shown).get((request.url ?? '').slice(1));
      const { size, lastTime } = answer;
      const note = growing.promise({ message: message.id, size, lastHeight: size + 1, lastTime });
      if (request.method === 'POST') request.resume().on('end', () => response.end(note));
      else response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    const known = new KnownHead(ledger);
    const sent = (): Promise<unknown> => sendMessage(endpoint, known, message, 5000);
    // No block of the range is there yet, nor near.
    await expect(sent()).rejects.toMatchObject({ code: 'sync-promise', detail: 'promise-size: 3 above 1' });
    for (let i = 0; i < 3; i++) growing.seal([growing.message()]);
    await sent();
    expect(known.size).toBe(4);
    answer.lastTime = seconds + week + 100;
    await expect(sent()).rejects.toMatchObject({
      detail: expect.stringMatching(/^promise-last-time: /) as string,
    });
    // A longer head of another record shows nothing.
    [answer.size, answer.lastTime] = [6, seconds];
    shown = new TestLedger('send');
    for (let i = 0; i < 9; i++) shown.seal([shown.message({ sender: 'another' })]);
    await expect(sent()).rejects.toMatchObject({ code: 'sync-mismatch', detail: '10 blocks after 4' });
  });

  it.each([
    [
      422,
      '{"code":"firehose-refused","detail":"head-ledger"}',
      'sync-refused',
      'firehose-refused head-ledger',
    ],
    [413, '{"code":"firehose-too-long"}', 'sync-refused', 'firehose-too-long'],
    [404, 'not found\n', 'sync-refused', 'status 404'],
    [400, '{"code":5}', 'sync-refused', 'status 400'],
    [400, 'null', 'sync-refused', 'status 400'],
    [400, '[1]', 'sync-refused', 'status 400'],
    [400, `{"code":"${'x'.repeat(500)}"}`, 'sync-refused', 'x'.repeat(150)],
    [503, '{"code":"firehose-busy"}', 'sync-failing', 'firehose-busy'],
    [500, '<html>', 'sync-failing', 'status 500'],
    [429, '', 'sync-failing', 'status 429'],
    [204, '', 'sync-refused', 'status 204'],
  ])('with status %i and %s is %s', async (status, body, code, detail) => {
    await expect(send(await saying(status, body))).rejects.toMatchObject({ code, detail });
  });

  it('does not follow to another place, and says no more than where nobody answered', async () => {
    const elsewhere = await answering((_, response) => {
      response.end(composePromise(ledger, { message: message.id, ...offer }, bytes32('send promise')));
    });
    const redirecting = await answering((_, response) => {
      response.writeHead(307, { location: elsewhere.href }).end();
    });
    const silent = await answering(() => undefined);
    const gone = await answering(() => undefined);
    servers.at(-1)?.close();
    for (const endpoint of [redirecting, silent, gone]) {
      const error: unknown = await send(endpoint, 300).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'sync-unreachable', detail: endpoint.host });
      const secret = [{ name: 'message', secret: message.leaf.subarray(-64) }];
      expect(secretsIn('the error', Buffer.from(wordsOfError(error)), secret)).toEqual([]);
    }
  });
});
