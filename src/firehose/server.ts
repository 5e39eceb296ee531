/**
 * The firehose over HTTP: `POST /messages` takes one message and answers with its inclusion promise; everything else
 * is a file that never changes, and `checkpoint`, which does. Nothing is served that no checkpoint covers.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CountersignError } from '../core/errors/family.ts';
import { type FirehoseCode, firehoseErrors } from '../core/errors/firehose.ts';
import { parseTilePath } from '../core/log/tiles.ts';
import { maxLeafBytes } from '../core/record/envelope.ts';
import { parseBlockFilePath } from '../core/record/files.ts';
import { checkpointPath } from './operator.ts';
import type { Sequencer } from './sequencer.ts';

const year = 31_536_000;

function sendError(response: ServerResponse, status: number, code: FirehoseCode, detail?: string): void {
  const explanation = firehoseErrors[code];
  const body = JSON.stringify({ code, ...explanation, ...(detail === undefined ? {} : { detail }) });
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** Reads a request's body, at most `limit` bytes; undefined when it is longer. */
async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function takeMessage(
  sequencer: Sequencer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const limit = maxLeafBytes + sequencer.ledger.limits.dataBytes;
  const wire = await readBody(request, limit);
  if (wire === undefined) {
    response.setHeader('connection', 'close');
    sendError(response, 413, 'firehose-too-long', `at most ${limit} bytes`);
    return;
  }
  const promise = await sequencer.take(wire);
  if (!promise.ok) {
    sendError(response, 422, 'firehose-refused', `${promise.code} ${promise.detail ?? ''}`.trim());
    return;
  }
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(promise.value);
}

/** Whether a checkpoint of `size` blocks covers the file at `path` as a whole. */
function isCovered(path: string, size: number): boolean {
  const block = parseBlockFilePath(path);
  if (block !== undefined) return block.height < size;
  const tile = parseTilePath(path);
  if (!tile.ok) return false;
  const { level, index, width } = tile.value;
  const span = level === 'entries' ? 1 : 256 ** level;
  return (index * 256 + width) * span <= size;
}

async function serveFile(sequencer: Sequencer, path: string, response: ServerResponse): Promise<void> {
  const isCheckpoint = path === checkpointPath;
  const known = isCheckpoint || isCovered(path, sequencer.size);
  const bytes = known ? await sequencer.storage.public.read(path) : undefined;
  if (bytes === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end('not found\n');
    return;
  }
  response.writeHead(200, {
    'content-type': isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    'content-length': bytes.length,
    'cache-control': isCheckpoint ? 'no-cache' : `public, max-age=${year}, immutable`,
    'x-content-type-options': 'nosniff',
  });
  response.end(bytes);
}

async function answer(
  sequencer: Sequencer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]?.slice(1) ?? '';
  if (request.method === 'POST' && path === 'messages') await takeMessage(sequencer, request, response);
  else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else if (path === 'healthz') {
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('ok\n');
  } else await serveFile(sequencer, path, response);
}

/** A running service. */
export interface FirehoseService {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests, finishes those under way, seals what was taken. */
  stop(): Promise<void>;
}

/**
 * Starts serving.
 * @param host a loopback address unless the operator asks for more.
 * @param port 0 for any free one.
 * @throws CountersignError `firehose-port`
 */
export async function serve(sequencer: Sequencer, host: string, port: number): Promise<FirehoseService> {
  const server = createServer((request, response) => {
    answer(sequencer, request, response).catch((error: unknown) => {
      const stopping = error instanceof CountersignError && error.code === 'firehose-stopping';
      if (response.headersSent) response.destroy();
      else if (stopping) sendError(response, 503, 'firehose-stopping');
      else sendError(response, 500, 'firehose-storage');
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.maxConnections = 1024;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new CountersignError<FirehoseCode>('firehose-port', `${host}:${port} ${cause.code ?? ''}`, { cause }),
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new RangeError('a server on a port has an address');
  return {
    url: `http://${bound.address.includes(':') ? `[${bound.address}]` : bound.address}:${bound.port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await sequencer.stop();
      await closed;
    },
  };
}
