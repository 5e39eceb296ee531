/** What the service does beside taking messages and handing out files: hints, figures, limits. */
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { wireBytes } from '../../src/core/record/envelope.ts';
import { eventLog } from '../../src/firehose/event-log.ts';
import { gateWith } from '../../src/firehose/gate.ts';
import { trickle } from '../../src/firehose/http/slow-reader.ts';
import { RateLimit } from '../../src/firehose/rate-limit.ts';
import { messageFor, taken, until, wireFor } from '../support/firehose.ts';
import { connected, post, raw, type Served, servedWith, stopServices } from '../support/served.ts';

const never = 60_000;

afterEach(stopServices);

/** Puts so many messages into one block. */
async function blockOf(all: Served, messages: number): Promise<void> {
  const taking = Array.from({ length: messages }, (_, n) => taken(all.sequencer, wireFor(all.ledger, n)));
  await Promise.all(taking);
  await until(() => all.sequencer.waiting === 0);
}

/** Reads events from a connection as text. */
async function listening(
  url: string,
): Promise<{ text: () => string; closed: Promise<unknown>; end: () => void }> {
  const socket = await connected(url, 'GET /events HTTP/1.1\r\nhost: x\r\n\r\n');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  return { text: () => text, closed: once(socket, 'close'), end: () => socket.destroy() };
}

describe('hints', () => {
  it('tell how many blocks there are, now and whenever there are more', async () => {
    const all = await servedWith({});
    const reader = await listening(all.url);
    await until(() => reader.text().includes('data: {"size":1}'));
    expect(reader.text()).toMatch(/^HTTP\/1\.1 200 .*content-type: text\/event-stream/s);
    await blockOf(all, 1);
    await until(() => reader.text().includes('event: size\nid: 2\ndata: {"size":2}\n\n'));
    await all.service.stop();
    await reader.closed;
    expect(reader.text()).toContain('event: stopping');
  });

  it('are for so many readers', async () => {
    const all = await servedWith({ mostEventReaders: 2 });
    const readers = [await listening(all.url), await listening(all.url)];
    await until(() => readers.every((reader) => reader.text().includes('size')));
    const third = await fetch(`${all.url}events`);
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await third.json()).toMatchObject({ code: 'firehose-connections' });
    readers[0]?.end();
    await until(() => true);
    let again: Response | undefined;
    for (let tries = 0; tries < 50 && again?.status !== 200; tries++) {
      await again?.body?.cancel();
      again = await fetch(`${all.url}events`);
    }
    expect(again?.status).toBe(200);
    await again?.body?.cancel();
    readers[1]?.end();
    expect((await raw(all.url, '/events', 'HEAD')).status).toBe(404);
  });
});

describe('the figures of the service', () => {
  it('are in the format of Prometheus, and right', async () => {
    const rate = new RateLimit({ perSecond: 0, burst: 2 });
    const all = await servedWith({}, {}, { gate: gateWith(undefined, rate) });
    for (const n of [1, 1, 2]) expect((await post(all.url, wireFor(all.ledger, n))).status).toBe(200);
    const limited = await post(all.url, wireFor(all.ledger, 3));
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await limited.json()).toMatchObject({ code: 'firehose-rate' });
    expect((await post(all.url, toUtf8('junk'))).status).toBe(429 - 7);
    await until(() => all.sequencer.waiting === 0);
    await (await fetch(`${all.url}checkpoint`)).text();
    const response = await fetch(`${all.url}metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[A-Za-z0-9.+-]+"(,[a-z]+="[A-Za-z0-9.+-]+")*\})? -?[0-9.e+-]+)$/,
      );
    }
    for (const line of [
      `countersign_blocks ${all.sequencer.size}`,
      'countersign_messages_taken_total 2',
      'countersign_messages_known_total 1',
      'countersign_waiting_messages 0',
      'countersign_requests_total{kind="message",status="200"} 3',
      'countersign_requests_total{kind="message",status="429"} 1',
      'countersign_requests_total{kind="checkpoint",status="200"} 1',
      'countersign_refusals_total{code="firehose-rate"} 1',
      'countersign_refusals_total{code="firehose-refused"} 1',
      'countersign_message_seconds_count 5',
      'countersign_message_seconds_bucket{le="+Inf"} 5',
      'countersign_failing 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain(toHex(messageFor(all.ledger, 1).id).slice(0, 16));
  });

  it('say when blocks cannot be written', async () => {
    const all = await servedWith({}, {}, { onFailure: () => undefined });
    expect(await (await fetch(`${all.url}healthz`)).text()).toBe('ok\n');
    all.storage.faultAt = (kind, path) =>
      kind === 'write' && path.startsWith('public/') ? 'not done' : undefined;
    await taken(all.sequencer, wireFor(all.ledger, 1));
    await until(() => all.sequencer.figures.isFailing);
    const health = await fetch(`${all.url}healthz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ code: 'firehose-busy' });
    expect(await (await fetch(`${all.url}metrics`)).text()).toContain('countersign_failing 1');
    all.storage.faultAt = undefined;
    await until(() => !all.sequencer.figures.isFailing);
  });
});

describe('the log of events', () => {
  it('is one JSON object to a line, at the level that was asked for, without contents', async () => {
    const lines: string[] = [];
    const log = eventLog(
      'debug',
      (line) => lines.push(line),
      () => 1_700_000_000_123,
    );
    const all = await servedWith({ log });
    await post(all.url, wireFor(all.ledger, 1));
    await until(() => all.sequencer.waiting === 0);
    all.storage.faultAt = () => 'not done';
    expect((await fetch(`${all.url}body/001`)).status).toBe(500);
    all.storage.faultAt = undefined;
    await until(() => lines.length >= 4);
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({ time: '2023-11-14T22:13:20.123Z' });
    const block = events.find(({ event }) => event === 'block');
    expect(block).toMatchObject({ level: 'info', height: 1, messages: 1 });
    expect(events.find(({ event }) => event === 'request')).toMatchObject({ kind: 'message', status: 200 });
    expect(events.find(({ event }) => event === 'request-failed')).toMatchObject({
      level: 'error',
      code: 'firehose-storage',
    });
    expect(lines.join('\n')).not.toContain('message 1');
    expect(lines.join('\n')).not.toContain('127.0.0.1');
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = eventLog(
      'warn',
      (line) => lines.push(line),
      () => 0,
    );
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log.report(level, level, { a: 1 });
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['warn', 'error']);
  });
});

describe('floods and slow peers', () => {
  it('are told that there are too many connections', async () => {
    const all = await servedWith({ mostConnections: 5 });
    const sockets = await Promise.all(Array.from({ length: 5 }, () => connected(all.url, 'GET /che')));
    await new Promise((next) => setTimeout(next, 50));
    const answer = await raw(all.url, '/checkpoint');
    expect([answer.status, answer.headers['connection']]).toEqual([503, 'close']);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'firehose-connections' });
    for (const socket of sockets) socket.destroy();
    let status = 0;
    for (let tries = 0; tries < 100 && status !== 200; tries++)
      ({ status } = await raw(all.url, '/checkpoint'));
    expect(status).toBe(200);
  });

  it('are told when a request does not arrive, or is none', async () => {
    const all = await servedWith({ requestMs: 300 });
    const answerTo = async (text: string): Promise<string> => {
      const socket = await connected(all.url, text);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      await once(socket, 'close');
      return answer;
    };
    const half = 'POST /messages HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhal';
    expect(await answerTo(half)).toMatch(/^HTTP\/1\.1 408 .*firehose-slow-sender/s);
    expect(await answerTo('GET /checkpoint HTT')).toMatch(/^HTTP\/1\.1 408 .*firehose-slow-sender/s);
    expect(await answerTo('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*firehose-request/s);
    expect(await answerTo(`GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4/);
    expect(all.failures).toEqual([]);
  });

  it('do not keep an answer that nobody reads', async () => {
    const lines: string[] = [];
    const log = eventLog(
      'warn',
      (line) => lines.push(line),
      () => 0,
    );
    const before = { ...trickle };
    Object.assign(trickle, { ms: 200 });
    try {
      const all = await servedWith({ log }, {}, { intervalMs: 1 });
      const data = new Uint8Array(12_000_000);
      await taken(all.sequencer, wireBytes(messageFor(all.ledger, 1, { data })));
      await until(() => all.sequencer.waiting === 0);
      const reader = await connected(all.url, 'GET /body/001 HTTP/1.1\r\nhost: x\r\n\r\n');
      reader.pause();
      await until(() => lines.length > 0);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        event: 'slow-reader',
        code: 'firehose-slow-reader',
      });
      expect(await (await fetch(`${all.url}metrics`)).text()).toContain('countersign_slow_readers_total 1');
      expect(all.failures).toEqual([]);
      // One that reads, however slowly the machine lets it, is served to the end: not at the haste of this test.
      Object.assign(trickle, before);
      const answer = await fetch(`${all.url}body/001`);
      let length = 0;
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) length += chunk.length;
      expect(length).toBeGreaterThan(12_000_000);
      reader.destroy();
    } finally {
      Object.assign(trickle, before);
    }
  });

  it('do not get more of a promise than there is room for', async () => {
    const all = await servedWith({}, { blockMessages: 1 }, { intervalMs: never });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => (await post(all.url, wireFor(all.ledger, n))).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(8);
    expect(statuses.filter((status) => status === 503)).toHaveLength(12);
  });
});
