/**
 * Bodies of requests from anyone: each at most so long, and all together at most so much, so that many slow senders
 * cannot fill the memory.
 */
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a sender whose body is not wanted may go on, so that the answer reaches it: a moment. */
const lingerMs = 2_000;

/** A number of bytes that all bodies being read share. */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes so many bytes; false when there are not as many. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/**
 * Reads a request's body and hands it to `use`; the budget is given back when that ends.
 * @param limit in bytes.
 * @returns what `use` returned, or why the body was not read.
 * @throws Error when the sender goes away.
 */
export async function withBody<T>(
  request: IncomingMessage,
  limit: number,
  budget: Budget,
  use: (body: Uint8Array) => Promise<T>,
): Promise<T | 'too-long' | 'busy'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return 'too-long';
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (length + chunk.length > limit) return 'too-long';
      if (!budget.take(chunk.length)) return 'busy';
      length += chunk.length;
      chunks.push(chunk);
    }
    return await use(Buffer.concat(chunks));
  } finally {
    budget.give(length);
  }
}

/**
 * Goes on receiving a body that nobody wants, for a moment and into nothing: a connection that is closed while its
 * other side still sends is reset, and the answer lost with it.
 */
export async function discardBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  const ended = new Promise((resolve) => request.once('close', resolve).once('end', resolve));
  request.resume();
  await Promise.race([ended, sleep(lingerMs, undefined, { ref: false })]);
}
