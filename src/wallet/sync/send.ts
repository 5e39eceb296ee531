import { equalBytes } from '../../core/bytes.ts';
import { noteLimits } from '../../core/log/note.ts';
import { type SignedMessage, wireBytes } from '../../core/record/envelope.ts';
import { judgePromise, openPromise, type VerifiedPromise } from '../../core/record/promise.ts';
import { httpReader } from '../../engines/http-reader.ts';
import type { KnownHead } from './known-head.ts';
import { stop } from './fetch.ts';

/** What a firehose gave for a message: its signed word, and the note that proves it. */
export interface Accepted {
  readonly promise: VerifiedPromise;
  readonly note: Uint8Array;
}

interface Answer {
  readonly status: number;
  /** Undefined when it is longer than any note. */
  readonly body: Uint8Array | undefined;
}

async function readLimited(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The reason that a firehose gives for a refusal: its own words, shortened, never trusted. */
function reason({ status, body }: Answer): string {
  try {
    const words = JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, unknown>> | null;
    const { code, detail } = words ?? {};
    if (typeof code === 'string')
      return `${code} ${typeof detail === 'string' ? detail : ''}`.trim().slice(0, 150);
  } catch {
    // Not JSON: the status has to do.
  }
  return `status ${status}`;
}

async function post(endpoint: URL, wire: Uint8Array, timeoutMs: number): Promise<Answer> {
  try {
    const response = await fetch(new URL('messages', endpoint).href, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: wire,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, body: await readLimited(response, noteLimits.bytes) };
  } catch {
    // The cause may hold the whole request; what it says is that nobody answered.
    throw stop('sync-unreachable', endpoint.host);
  }
}

/**
 * Whether a promise is worth anything: it must begin and end within reach. A head is fetched after it where the one that is
 * known does not do.
 */
async function judge(
  endpoint: URL,
  known: KnownHead,
  promise: VerifiedPromise,
  timeoutMs: number,
): Promise<void> {
  const receivedAt = Math.floor(Date.now() / 1000);
  if (promise.size > known.size) await known.goOn(httpReader(endpoint, timeoutMs));
  const judged = judgePromise(promise, { newestSize: known.size, receivedAt });
  if (!judged.ok) throw stop('sync-promise', `${judged.code}: ${judged.detail ?? ''}`);
}

/**
 * Sends a message to a firehose. Sent again it stays one message and gets the same promise.
 * @param endpoint where the ledger's `checkpoint` lies, with a slash at the end.
 * @param known goes on where it must.
 * @returns the promise, signed by the ledger's promise key, about this very message, and within reach.
 * @throws CountersignError `sync-unreachable`, `sync-refused` (it is not on the record), `sync-failing` or `sync-promise`
 *   (it may be), and as {@link KnownHead.goOn}
 */
export async function sendMessage(
  endpoint: URL,
  known: KnownHead,
  message: SignedMessage,
  timeoutMs: number,
): Promise<Accepted> {
  const answer = await post(endpoint, wireBytes(message), timeoutMs);
  const { status, body } = answer;
  if (status === 429 || status >= 500) throw stop('sync-failing', reason(answer));
  if (status !== 200) throw stop('sync-refused', reason(answer));
  if (body === undefined) throw stop('sync-promise', 'an answer that is too long');
  const promise = openPromise(body, known.ledger);
  if (!promise.ok) throw stop('sync-promise', promise.code);
  if (!equalBytes(promise.value.message, message.id))
    throw stop('sync-promise', 'it is about another message');
  await judge(endpoint, known, promise.value, timeoutMs);
  return { promise: promise.value, note: body };
}
