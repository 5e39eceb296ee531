/**
 * One GET over `node:http`. A page of an index is small, and `fetch` takes several times as long over each answer. It does
 * as `fetch` does where it matters: no redirection is followed, no password of an address is sent, ports of other
 * services are not asked, and what is compressed is taken apart.
 */
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip, createInflate, type Gunzip, type Inflate } from 'node:zlib';

// An import by name makes Node get all exports of the module ready, and with them all that `fetch` is made of.
const { request: plainRequest } = process.getBuiltinModule('node:http');

/** Ports that other protocols listen on (WHATWG Fetch, 'port blocking'). */
const blockedPorts = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 ' +
    '995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
);

/** What a server answers, its body yet to come. */
export interface HttpAnswer {
  readonly status: number;
  readonly header: (name: 'content-length' | 'content-range' | 'location') => string | undefined;
  /** Taken apart where it was compressed. Leaving it before its end ends the transfer; it throws what the network throws. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the transfer. */
  readonly cancel: () => void;
}

function decoderOf(coding: string | undefined): Gunzip | Inflate | undefined {
  switch (coding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    default:
      throw new Error('the server compresses in a way that it was not asked for');
  }
}

function bodyOf(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const decoder = decoderOf(response.headers['content-encoding']);
  // What goes wrong on the way is thrown to whoever reads the last of them.
  return decoder === undefined ? response : pipeline(response, decoder, () => undefined);
}

/**
 * Asks for a file.
 * @param range as in the header, without its unit; what is asked for in part is asked for as it is.
 * @param signal ends everything, the transfer of the body too.
 * @throws whatever the network throws; TypeError for an address that is not asked.
 */
export function httpGet(url: URL, range: string | undefined, signal: AbortSignal): Promise<HttpAnswer> {
  if (url.username !== '' || url.password !== '') {
    return Promise.reject(new TypeError('the address contains a password'));
  }
  if (blockedPorts.has(url.port)) return Promise.reject(new TypeError('bad port'));
  const headers =
    range === undefined
      ? { 'accept-encoding': 'gzip, deflate' }
      : { 'accept-encoding': 'identity', range: `bytes=${range}` };
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const request = send(url, { headers, signal });
    request.on('response', (response) => {
      isAnswered = true;
      resolve({
        status: response.statusCode ?? 0,
        header: (name) => response.headers[name],
        body: { [Symbol.asyncIterator]: () => bodyOf(response)[Symbol.asyncIterator]() },
        cancel: () => void response.destroy(),
      });
    });
    // It may close without an answer and without an error: after an upgrade that nobody asked for.
    request.on('error', reject).on('close', () => {
      if (!isAnswered) reject(new Error('the server closed the connection'));
    });
    request.end();
  });
}
