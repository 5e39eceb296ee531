/**
 * Server-sent events (`/events`): a hint that there are new blocks, for readers who want to poll the checkpoint at the
 * right moment. Nothing in it is signed and nothing hangs on it.
 */
import { errorBody, type Context, sendError } from './context.ts';
import type { EventLog } from '../event-log.ts';
import type { Metrics } from '../metrics.ts';
import type { ServerResponse } from 'node:http';

/** What a reader may leave unread, in bytes: then it is dropped. */
const mostUnread = 16_384;
/** So often something is sent, so that proxies and readers see that the connection lives, in milliseconds. */
const beatMs = 15_000;
/** How long a dropped reader has to fetch the last event, in milliseconds. */
const graceMs = 1_000;

export class EventReaders {
  readonly #most: number;
  readonly #metrics: Metrics;
  readonly #log: EventLog;
  readonly #readers = new Set<ServerResponse>();
  readonly #beat: NodeJS.Timeout;

  /** @param most how many readers there may be at a time. */
  constructor(most: number, metrics: Metrics, log: EventLog) {
    this.#most = most;
    this.#metrics = metrics;
    this.#log = log;
    this.#beat = setInterval(() => {
      this.#send(':\n\n');
    }, beatMs);
    this.#beat.unref();
  }

  get count(): number {
    return this.#readers.size;
  }

  /** Adds whoever asks to the readers, and says how many blocks there are. */
  add(context: Context): void {
    const { response, sequencer } = context;
    if (this.#readers.size >= this.#most) {
      sendError(context, 'firehose-connections');
      response.end();
      return;
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
    response.write(`retry: 5000\n${sizeEvent(sequencer.size)}`);
  }

  /** Tells all readers how many blocks there are now. */
  tell(size: number): void {
    this.#send(sizeEvent(size));
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength <= mostUnread) reader.write(text);
      else this.#drop(reader);
    }
  }

  #drop(reader: ServerResponse): void {
    this.#readers.delete(reader);
    this.#metrics.slowReader();
    this.#log.report('warn', 'slow-reader', { code: 'firehose-slow-reader', kind: 'events' });
    this.#end(reader, `event: error\ndata: ${errorBody('firehose-slow-reader')}\n\n`);
  }

  #end(reader: ServerResponse, last: string): void {
    reader.end(last);
    const timer = setTimeout(() => reader.destroy(), graceMs);
    reader.once('close', () => {
      clearTimeout(timer);
    });
  }

  /** Ends all readers: the service stops. */
  close(): void {
    clearInterval(this.#beat);
    for (const reader of this.#readers) this.#end(reader, 'event: stopping\ndata: {}\n\n');
    this.#readers.clear();
  }
}

function sizeEvent(size: number): string {
  return `event: size\nid: ${size}\ndata: {"size":${size}}\n\n`;
}
