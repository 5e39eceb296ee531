/**
 * Compression on the way out, for what becomes smaller by it: bodies and headers, which are mostly text. A few
 * at a time: whoever comes then gets the bytes as they are stored.
 */
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';

const parallel = 4;
/** Shorter files are not worth it, in bytes. */
const leastBytes = 1024;

/** In order of preference: quick first. */
const encodings = {
  zstd: (): Transform => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  gzip: (): Transform => createGzip({ level: 4 }),
  br: (): Transform => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
} as const;

type Encoding = keyof typeof encodings;

/** For whom files are compressed: readers elsewhere, everyone, or nobody. */
export type CompressFor = 'remote' | 'all' | 'none';

/** The best encoding that a reader accepts (RFC 9110, 12.5.3), if any but the bytes themselves. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const item of (header ?? '').slice(0, 1000).split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    weights.set(name, Number(weight));
  }
  const names = Object.keys(encodings) as Encoding[];
  return names.find((name) => (weights.get(name) ?? weights.get('*') ?? 0) > 0);
}

function isLocal(address: string | undefined): boolean {
  return address === undefined || /^(::1|(::ffff:)?127(\.[0-9]+){3})$/.test(address);
}

export class Compressor {
  readonly #readers: CompressFor;
  #running = 0;

  constructor(readers: CompressFor) {
    this.#readers = readers;
  }

  /**
   * The encoding for a file.
   * @param path below the log's prefix.
   * @param length in bytes.
   */
  encodingFor(request: IncomingMessage, path: string, length: number): Encoding | undefined {
    const isWorth = length >= leastBytes && /^(body|tile\/entries)\//.test(path);
    if (!isWorth || this.#readers === 'none') return undefined;
    // Inside one machine bytes are cheaper than the processor; a proxy there compresses by itself.
    if (this.#readers === 'remote' && isLocal(request.socket.remoteAddress)) return undefined;
    return this.#running < parallel ? acceptedEncoding(request.headers['accept-encoding']) : undefined;
  }

  /** What bytes are to pass through. It gives its place free when it ends, in whatever way. */
  stream(encoding: Encoding | undefined): Transform {
    if (encoding === undefined) return new PassThrough();
    this.#running++;
    const transform = encodings[encoding]();
    transform.once('close', () => this.#running--);
    return transform;
  }
}
