/**
 * The firehose over HTTP: `POST /messages` takes one message and answers with its inclusion promise; `/events` tells of
 * new blocks; everything else is a file that never changes, and `checkpoint`, which does. Nothing is served that no
 * checkpoint covers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { maxLeafBytes } from '../core/record/envelope.ts';
import { errorFields, type EventLog, silentLog } from './event-log.ts';
import { type CompressFor, Compressor } from './http/compress.ts';
import { type Context, errorBody, sendError, sendText, type Shared, statuses } from './http/context.ts';
import { EventReaders } from './http/events.ts';
import { serveCheckpoint, serveFile } from './http/files.ts';
import { Metrics, type RequestKind } from './metrics.ts';
import { checkpointPath } from './operator.ts';
import { Budget, discardBody, withBody } from './request-body.ts';
import type { Sequencer } from './sequencer.ts';

/** What the bodies of all requests may take in memory while they are received, in bytes. */
const bodyBudget = 268_435_456;
/** A connection on which nothing moves for so long is ended, in milliseconds. */
const idleMs = 60_000;
/** How long requests under way may take to end when the service stops, in milliseconds. */
const graceMs = 3_000;
/** Connections beyond the limit that still get an answer, before further ones are dropped at once. */
const turnedAway = 64;

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

/** Whether messages are taken and blocks written at the moment. */
function sendHealth(context: Context): void {
  if (!context.sequencer.figures.isFailing) {
    sendText(context, 200, 'ok\n');
    return;
  }
  sendError(context, 'firehose-busy', 'blocks cannot be written');
  context.response.end();
}

function sendMetrics({ sequencer, response, metrics, events, connections }: Context): void {
  const service = { connections: connections(), eventReaders: events.count };
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(metrics.render(sequencer.figures, service));
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?')[0]?.slice(1) ?? '';
}

function kindOf(path: string): RequestKind {
  if (path === 'messages') return 'message';
  if (path === checkpointPath) return 'checkpoint';
  if (path === 'events') return 'events';
  return /^(body|index|rollup|pages|tile)\//.test(path) ? 'file' : 'other';
}

async function answer(context: Context): Promise<void> {
  const { request } = context;
  const path = pathOf(request);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (path === 'messages') {
    if (request.method === 'POST') await takeMessage(context);
    else sendText(context, 405, 'messages are sent with POST\n', 'POST');
  } else if (!isRead) sendText(context, 405, 'files are read with GET or HEAD\n', 'GET, HEAD');
  else if (path === 'healthz') sendHealth(context);
  else if (path === 'metrics') sendMetrics(context);
  else if (path === 'events' && request.method === 'GET') context.events.add(context);
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

/** Answers one request, and counts it. */
function handle(context: Context, mostConnections: number, onFailure: (error: unknown) => void): void {
  const { request, response, metrics, log } = context;
  const begun = performance.now();
  const kind = kindOf(pathOf(request));
  response.once('close', () => {
    const seconds = (performance.now() - begun) / 1000;
    metrics.request(kind, response.statusCode, seconds);
    log.report('debug', 'request', { kind, status: response.statusCode, ms: Math.round(seconds * 1000) });
  });
  if (context.connections() > mostConnections) {
    sendError(context, 'firehose-connections');
    response.end();
    return;
  }
  void answerAlways(context).then((error) => {
    if (error !== undefined) onFailure(error);
  });
}

/** Answers what is no request, or does not arrive in time; Node's own answer has no code. */
function refuseClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const body = errorBody(isSlow ? 'firehose-slow-sender' : 'firehose-request');
  const status = isSlow ? '408 Request Timeout' : '400 Bad Request';
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${headers}\r\n\r\n${body}`);
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
  readonly log?: EventLog;
  /** For whom files are compressed on the way out. Default: for readers on other machines. */
  readonly compressFor?: CompressFor;
  /** Connections at the same time; those beyond it are told so. */
  readonly mostConnections?: number;
  /** Readers of `/events` at the same time. */
  readonly mostEventReaders?: number;
  /** How long a request may take to arrive, in milliseconds. */
  readonly requestMs?: number;
}

const defaults = {
  log: silentLog,
  compressFor: 'remote',
  mostConnections: 1024,
  mostEventReaders: 256,
  requestMs: 60_000,
} as const;

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

/** The server, with its limits. */
function serverFor(shared: Shared, connections: Set<Socket>, options: Required<ServiceOptions>): Server {
  const { mostConnections, requestMs, log, onFailure } = options;
  const times = {
    headersTimeout: Math.min(10_000, requestMs),
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(5_000, requestMs),
  };
  const server = createServer(times, (request: IncomingMessage, response: ServerResponse) => {
    handle({ ...shared, request, response }, mostConnections, onFailure);
  });
  server.maxConnections = mostConnections + turnedAway;
  server.setTimeout(idleMs);
  server.on('clientError', refuseClient);
  server.on('drop', () => {
    shared.metrics.refusal('firehose-connections');
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    if (connections.size === mostConnections)
      log.report('warn', 'connections', { connections: mostConnections });
    socket.once('close', () => {
      connections.delete(socket);
      shared.metrics.traffic(socket.bytesRead, socket.bytesWritten);
    });
  });
  return server;
}

/** Starts serving. @throws CountersignError `firehose-port` */
export async function serve(sequencer: Sequencer, given: ServiceOptions): Promise<FirehoseService> {
  const options = { ...defaults, ...given };
  const { log } = options;
  const metrics = new Metrics();
  const connections = new Set<Socket>();
  const events = new EventReaders(options.mostEventReaders, metrics, log);
  const shared: Shared = {
    sequencer,
    budget: new Budget(bodyBudget),
    metrics,
    log,
    compressor: new Compressor(options.compressFor),
    events,
    connections: () => connections.size,
  };
  const onFailure = (error: unknown): void => {
    log.report('error', 'request-failed', errorFields(error));
    options.onFailure(error);
  };
  const server = serverFor(shared, connections, { ...options, onFailure });
  const unsubscribe = sequencer.onBlock(({ height, messages, bytes, ms }) => {
    metrics.block(ms / 1000);
    log.report('info', 'block', { height, messages, bytes, ms: Math.round(ms) });
    events.tell(height + 1);
  });
  const url = await listen(server, options).catch((error: unknown) => {
    unsubscribe();
    events.close();
    throw error;
  });
  return {
    url,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await sequencer.stop();
      unsubscribe();
      events.close();
      // A closed server checks its time limits no more: a connection that stalls would hold it for ever.
      const timer = setTimeout(() => {
        server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
