/**
 * The firehose over HTTP: `POST /messages` takes one message and answers with its inclusion promise; everything else
 * is a file that never changes, and `checkpoint`, which does. Nothing is served that no checkpoint covers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { CountersignError } from '../core/errors/family.ts';
import { type FirehoseCode, firehoseErrors } from '../core/errors/firehose.ts';
import { parseTilePath } from '../core/log/tiles.ts';
import { maxLeafBytes } from '../core/record/envelope.ts';
import { parseBlockFilePath } from '../core/record/files.ts';
import { checkpointPath } from './operator.ts';
import { Budget, discardBody, withBody } from './request-body.ts';
import type { Sequencer } from './sequencer.ts';

const year = 31_536_000;
/** What the bodies of all requests may take in memory while they are received, in bytes. */
const bodyBudget = 268_435_456;
/** A connection on which nothing moves for so long is ended, in milliseconds. */
const idleMs = 60_000;
/** How long requests under way may take to end when the service stops, in milliseconds. */
const graceMs = 3_000;

/** The statuses of refusals that are not a fault of the firehose. */
const statuses: Partial<Readonly<Record<FirehoseCode, number>>> = {
  'firehose-too-long': 413,
  'firehose-refused': 422,
  'firehose-stopping': 503,
  'firehose-busy': 503,
};

interface Context {
  readonly sequencer: Sequencer;
  readonly budget: Budget;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers with a code and its explanation. */
function sendError({ response }: Context, code: FirehoseCode, detail?: string): void {
  const body = JSON.stringify({ code, ...firehoseErrors[code], ...(detail === undefined ? {} : { detail }) });
  const status = statuses[code] ?? 500;
  if (status === 503) response.setHeader('retry-after', 60);
  if (code === 'firehose-stopping') response.setHeader('connection', 'close');
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.write(body);
}

function sendText({ response }: Context, status: number, text: string, allow?: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(allow === undefined ? {} : { allow }),
  });
  response.end(text);
}

async function takeMessage(context: Context): Promise<void> {
  const { sequencer, budget, request, response } = context;
  const limit = maxLeafBytes + sequencer.ledger.limits.dataBytes;
  const taken = await withBody(request, limit, budget, (wire) => sequencer.take(wire));
  if (taken === 'too-long' || taken === 'busy') {
    response.setHeader('connection', 'close');
    if (taken === 'busy') sendError(context, 'firehose-busy');
    else sendError(context, 'firehose-too-long', `at most ${limit} bytes`);
    await discardBody(request);
    response.end();
  } else if (taken.ok) {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end(taken.value);
  } else {
    sendError(context, 'firehose-refused', `${taken.code} ${taken.detail ?? ''}`.trim());
    response.end();
  }
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

async function serveFile(context: Context, path: string): Promise<void> {
  const { sequencer, request, response } = context;
  const file = isCovered(path, sequencer.size) ? await sequencer.storage.public.open(path) : undefined;
  if (file === undefined) {
    sendText(context, 404, 'not found\n');
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': file.length,
    'cache-control': `public, max-age=${year}, immutable`,
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') {
    file.bytes.destroy();
    response.end();
  } else {
    await pipeline(file.bytes, response);
  }
}

function serveCheckpoint({ sequencer, response }: Context): void {
  const { checkpoint } = sequencer;
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': checkpoint.length,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  // What the storage holds may be newer and not there for good yet; what is shown must never be taken back.
  response.end(checkpoint);
}

async function answer(context: Context): Promise<void> {
  const { request } = context;
  const path = (request.url ?? '/').split('?')[0]?.slice(1) ?? '';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === 'messages') {
    if (request.method === 'POST') await takeMessage(context);
    else sendText(context, 405, 'messages are sent with POST\n', 'POST');
  } else if (!isRead) sendText(context, 405, 'files are read with GET or HEAD\n', 'GET, HEAD');
  else if (path === 'healthz') sendText(context, 200, 'ok\n');
  else if (path === checkpointPath) serveCheckpoint(context);
  else await serveFile(context, path);
}

/** Answers a request whatever happens. @returns the error when it is one that the operator must know. */
async function answerAlways(context: Context): Promise<unknown> {
  const { request, response } = context;
  try {
    await answer(context);
    return undefined;
  } catch (error) {
    // Whoever asked went away: nobody is left to be answered.
    if (request.socket.destroyed) return undefined;
    const code = error instanceof CountersignError ? (error.code as FirehoseCode) : 'firehose-failed';
    if (response.headersSent) response.destroy();
    else {
      sendError(context, code);
      response.end();
    }
    return statuses[code] === undefined ? error : undefined;
  }
}

/** A running service. */
export interface FirehoseService {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests, finishes those under way for a moment, seals what was taken. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  /** A loopback address unless the operator asks for more. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Told when a request, or the service as a whole, fails through no fault of the one who asked. */
  readonly onFailure: (error: unknown) => void;
}

async function listen(server: Server, { host, port, onFailure }: ServiceOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const detail = `${host}:${port} ${cause.code ?? ''}`.trim();
      reject(new CountersignError<FirehoseCode>('firehose-port', detail, { cause }));
    });
    server.listen(port, host, resolve);
  });
  server.on('error', onFailure);
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new RangeError('a server on a port has an address');
  return `http://${bound.address.includes(':') ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

/** Starts serving. @throws CountersignError `firehose-port` */
export async function serve(sequencer: Sequencer, options: ServiceOptions): Promise<FirehoseService> {
  const budget = new Budget(bodyBudget);
  const server = createServer((request, response) => {
    void answerAlways({ sequencer, budget, request, response }).then((error) => {
      if (error !== undefined) options.onFailure(error);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.maxConnections = 1024;
  server.setTimeout(idleMs);
  const url = await listen(server, options);
  return {
    url,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await sequencer.stop();
      // A closed server checks its time limits no more: a connection that stalls would hold it for ever.
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
