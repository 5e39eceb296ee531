import { setTimeout as sleep } from 'node:timers/promises';
import type { LogCode } from '../core/errors/log.ts';
import type { PartReader } from '../core/log/audit-port.ts';
import { ok, refuse, type Result } from '../core/result.ts';
import { type HttpAnswer, httpGet } from './http-get.ts';

/**
 * Reads a log from a web server that anybody may run: bounded sizes (after decompression), a time limit for each
 * request, no redirection to another place, a few attempts when the server or the network fails for the moment.
 */

const attempts = 3;
const maxRedirects = 3;
/** Requests at the same time. */
const parallel = 16;

type Body = Result<Uint8Array | undefined, LogCode>;

/** How much is set aside for a body before anything of it is here, in bytes: what a server states costs it nothing. */
const mostStated = 4_194_304;

/** The response's body up to `limit` bytes. What is beyond is never received. */
async function bodyOf(response: HttpAnswer, limit: number): Promise<Body> {
  const stated = Number(response.header('content-length') ?? 0);
  const isBelievable = Number.isSafeInteger(stated) && stated >= 0;
  // Each piece is copied at once into where it belongs: pieces that are kept cost several times their memory.
  let bytes = new Uint8Array(isBelievable ? Math.min(stated, limit, mostStated) : 0);
  let length = 0;
  for await (const piece of response.body) {
    const end = length + piece.length;
    // Leaving the loop cancels the transfer.
    if (end > limit) return refuse('log-too-large', `more than ${limit} bytes`);
    if (end > bytes.length) {
      const longer = new Uint8Array(Math.min(limit, Math.max(2 * bytes.length, end)));
      longer.set(bytes);
      bytes = longer;
    }
    bytes.set(piece, length);
    length = end;
  }
  return ok(length === bytes.length ? bytes : bytes.slice(0, length));
}

/** Where a redirection leads, if it stays on the same server below the log's own address. */
function redirectTarget(response: HttpAnswer, from: URL, base: URL): URL | undefined {
  const location = response.header('location');
  const target = location === undefined ? null : URL.parse(location, from.href);
  return target?.origin === base.origin && target.pathname.startsWith(base.pathname) ? target : undefined;
}

/** Bytes of a file: `from` (included) to `to` (not included). */
interface Part {
  readonly from: number;
  readonly to: number;
}

/** A part out of the whole file, from a server that does not know parts. */
async function partOfWhole(response: HttpAnswer, { from, to }: Part): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk.subarray(Math.max(0, from - at), Math.max(0, to - at)));
    at += chunk.length;
    // Leaving the loop cancels the transfer.
    if (at >= to) break;
  }
  return ok(new Uint8Array(Buffer.concat(chunks)));
}

/** What a file is asked for: as a whole up to so many bytes, or a part of it. */
type Wanted = number | Part;

/** The answer when it holds what was asked for, or says that there is no such thing. */
async function answerOf(response: HttpAnswer, wanted: Wanted): Promise<Body | undefined> {
  const { status } = response;
  if (typeof wanted === 'number') return status === 200 ? bodyOf(response, wanted) : undefined;
  if (status === 200) return partOfWhole(response, wanted);
  if (status === 206) {
    const begins = response.header('content-range')?.startsWith(`bytes ${wanted.from}-`) === true;
    if (begins) return bodyOf(response, wanted.to - wanted.from);
    response.cancel();
    return refuse('log-unreachable', 'the server sent another part than it was asked for');
  }
  if (status !== 416) return undefined;
  response.cancel();
  return ok(new Uint8Array());
}

/** One attempt. @throws whatever the network throws, for the next attempt. */
async function attempt(url: URL, base: URL, wanted: Wanted, signal: AbortSignal): Promise<Body | 'again'> {
  const range = typeof wanted === 'number' ? undefined : `${wanted.from}-${wanted.to - 1}`;
  let at = url;
  for (let hops = 0; hops <= maxRedirects; hops++) {
    const response = await httpGet(at, range, signal);
    const answer = await answerOf(response, wanted);
    if (answer !== undefined) return answer;
    response.cancel();
    if (response.status === 404 || response.status === 410) return ok(undefined);
    if (response.status === 403) return refuse('log-forbidden');
    if (response.status === 429 || response.status >= 500) return 'again';
    if (response.status < 300 || response.status >= 400) {
      return refuse('log-unreachable', `the server answers with status ${response.status}`);
    }
    const target = redirectTarget(response, at, base);
    if (target === undefined) return refuse('log-redirect', response.header('location') ?? 'nowhere');
    at = target;
  }
  return refuse('log-redirect', `more than ${maxRedirects} times`);
}

/** What went wrong on the way, in a few words. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

/**
 * Reads a log from `base`, an http or https address; `base` names the folder in which `checkpoint` lies.
 *
 * @param timeoutMs for one request, from connecting to the last byte
 */
export function httpReader(base: URL, timeoutMs: number): PartReader {
  const prefix = new URL(base);
  if (!prefix.pathname.endsWith('/')) prefix.pathname += '/';
  const read = async (path: string, wanted: Wanted): Promise<Body> => {
    let met = 'the server is overloaded or failing';
    for (let i = 0; i < attempts; i++) {
      if (i > 0) await sleep(250 * 4 ** (i - 1));
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const body = await attempt(new URL(path, prefix), prefix, wanted, signal);
        if (body !== 'again') return body;
      } catch (error) {
        // A server that keeps silent has had its time.
        if (signal.aborted) return refuse('log-unreachable', 'no complete answer in time');
        met = wordsOf(error);
      }
    }
    return refuse('log-unreachable', met);
  };
  return {
    canList: false,
    readAhead: parallel,
    list: () => Promise.resolve(ok(undefined)),
    read,
    readPart: (path, from, to) => read(path, { from, to }),
  };
}
