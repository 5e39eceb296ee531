import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import { noteLimits } from '../../core/log/note.ts';
import { type SignedMessage, wireBytes } from '../../core/record/envelope.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { openPromise, type VerifiedPromise } from '../../core/record/promise.ts';
import { equalBytes } from '../../core/bytes.ts';

/** What a firehose gave for a message: its signed word, and the note that proves it. */
export interface Accepted {
  readonly promise: VerifiedPromise;
  readonly note: Uint8Array;
}

async function readLimited(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) throw new CountersignError<SyncCode>('sync-refused', 'an answer that is too long');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The reason that a firehose gives for a refusal: its own words, shortened, never trusted. */
function reason(status: number, body: Uint8Array): string {
  try {
    const { code, detail } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    if (typeof code === 'string')
      return `${code} ${typeof detail === 'string' ? detail : ''}`.trim().slice(0, 150);
  } catch {
    // Not JSON: the status has to do.
  }
  return `status ${status}`;
}

/**
 * Sends a message to a firehose.
 * @param endpoint where the ledger's `checkpoint` lies, with a slash at the end.
 * @returns the promise, signed by the ledger's promise key and about this very message.
 * @throws CountersignError `sync-unreachable`, `sync-refused`, `sync-promise`
 */
export async function sendMessage(
  endpoint: URL,
  ledger: Ledger,
  message: SignedMessage,
  timeoutMs: number,
): Promise<Accepted> {
  let status: number;
  let note: Uint8Array;
  try {
    const response = await fetch(new URL('messages', endpoint).href, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: wireBytes(message),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    ({ status } = response);
    note = await readLimited(response, noteLimits.bytes);
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError<SyncCode>('sync-unreachable', endpoint.host, { cause });
  }
  if (status !== 200) throw new CountersignError<SyncCode>('sync-refused', reason(status, note));
  const promise = openPromise(note, ledger);
  if (!promise.ok) throw new CountersignError<SyncCode>('sync-promise', promise.code);
  if (!equalBytes(promise.value.message, message.id)) {
    throw new CountersignError<SyncCode>('sync-promise', 'it is about another message');
  }
  return { promise: promise.value, note };
}
