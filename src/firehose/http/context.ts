/** What answering one request takes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FirehoseCode, firehoseErrors } from '../../core/errors/firehose.ts';
import type { EventLog } from '../event-log.ts';
import type { Metrics } from '../metrics.ts';
import type { Budget } from '../request-body.ts';
import type { Sequencer } from '../sequencer.ts';
import type { Compressor } from './compress.ts';

/** What all requests share. */
export interface Shared {
  readonly sequencer: Sequencer;
  readonly budget: Budget;
  readonly metrics: Metrics;
  readonly log: EventLog;
  readonly compressor: Compressor;
  /** Takes over a request for hints (`events.ts`). */
  readonly events: { readonly count: number; add(context: Context): void };
  /** Open connections. */
  readonly connections: () => number;
}

export interface Context extends Shared {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The statuses of refusals that are not a fault of the firehose. */
export const statuses: Partial<Readonly<Record<FirehoseCode, number>>> = {
  'firehose-too-long': 413,
  'firehose-refused': 422,
  'firehose-not-admitted': 403,
  'firehose-rate': 429,
  'firehose-request': 400,
  'firehose-slow-sender': 408,
  'firehose-stopping': 503,
  'firehose-busy': 503,
  'firehose-connections': 503,
};

/** After how many seconds it is worth to try again. */
const retryAfter: Partial<Readonly<Record<FirehoseCode, number>>> = {
  'firehose-rate': 1,
  'firehose-connections': 5,
  'firehose-busy': 10,
  'firehose-stopping': 30,
};

/** A code and its explanation as JSON. */
export function errorBody(code: FirehoseCode, detail?: string): string {
  return JSON.stringify({ code, ...firehoseErrors[code], ...(detail === undefined ? {} : { detail }) });
}

/** Answers with a code and its explanation, and leaves the response open. */
export function sendError({ response, metrics }: Context, code: FirehoseCode, detail?: string): void {
  metrics.refusal(code);
  const body = errorBody(code, detail);
  const again = retryAfter[code];
  if (again !== undefined) response.setHeader('retry-after', again);
  if (code === 'firehose-stopping' || code === 'firehose-connections')
    response.setHeader('connection', 'close');
  response.writeHead(statuses[code] ?? 500, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.write(body);
}

/** Answers with a text. */
export function sendText({ response }: Context, status: number, text: string, allow?: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(allow === undefined ? {} : { allow }),
  });
  response.end(text);
}
