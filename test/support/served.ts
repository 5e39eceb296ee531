/** A firehose that listens, and ways to speak to it that a browser has not. */
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type FirehoseService, serve, type ServiceOptions } from '../../src/firehose/server.ts';
import { running } from './firehose.ts';

/** A ledger in memory that is served on a free port. */
export interface Served extends Awaited<ReturnType<typeof running>> {
  readonly service: FirehoseService;
  readonly url: string;
  readonly failures: unknown[];
}

const services: FirehoseService[] = [];

/** Stops all services; for `afterEach`. */
export async function stopServices(): Promise<void> {
  await Promise.all(services.splice(0).map((service) => service.stop()));
}

/** Serves a new ledger until the test ends. */
export async function served(...given: Parameters<typeof running>): Promise<Served> {
  return servedWith({}, ...given);
}

/** As {@link served}, with options of the service. */
export async function servedWith(
  options: Partial<ServiceOptions>,
  ...given: Parameters<typeof running>
): Promise<Served> {
  const all = await running(...given);
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  const service = await serve(all.sequencer, { host: '127.0.0.1', port: 0, onFailure, ...options });
  services.push(service);
  return { ...all, service, url: `${service.url}/`, failures };
}

export function post(url: string, body: Uint8Array | ReadableStream<Uint8Array>): Promise<Response> {
  return fetch(`${url}messages`, { method: 'POST', body, duplex: 'half' });
}

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request whose path is sent as it stands. */
export function raw(
  url: string,
  path: string,
  method = 'GET',
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (text: string) => (body += text));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

/** A connection on which these bytes were sent. */
export async function connected(url: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return socket;
}

/** So many zeros in pieces, without saying how many. */
export function zeros(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const piece = new Uint8Array(Math.min(left, 65_536));
      left -= piece.length;
      if (piece.length > 0) controller.enqueue(piece);
      else controller.close();
    },
  });
}
