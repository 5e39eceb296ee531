/** The files of the record over HTTP: whole, in parts, compressed; each of them immutable, apart from the checkpoint. */
import { pipeline } from 'node:stream/promises';
import { parseTilePath } from '../../core/log/tiles.ts';
import { parseBlockFilePath } from '../../core/record/files.ts';
import { type Context, sendText } from './context.ts';
import { watchReader } from './slow-reader.ts';

const year = 31_536_000;

/** Whether a checkpoint of `size` blocks covers the file at `path` as a whole. */
function isCovered(path: string, size: number): boolean {
  const block = parseBlockFilePath(path);
  if (block !== undefined) return block.height < size;
  const tile = parseTilePath(path);
  if (!tile.ok) return false;
  const { level, index, width } = tile.value;
  const span = level === 'entries' ? 1 : 256 ** level;
  return (index * 256 + width) * span <= size;
}

/** The part of a file that a request asks for. */
export type Part =
  | { readonly start: number; readonly end: number }
  /** It lies beyond the file. */
  | 'beyond'
  /** All of it is asked for, or something that this server does not do: several parts, other units. */
  | 'whole';

/**
 * Reads a Range header (RFC 9110, 14.2): one part that begins at a byte. Everything else may be ignored.
 * @param length of the file, in bytes.
 */
export function partOf(header: string | undefined, length: number): Part {
  const match = /^bytes=([0-9]{1,15})-([0-9]{0,15})$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  const start = Number(first);
  if (match === null || (last !== '' && Number(last) < start)) return 'whole';
  if (start >= length) return 'beyond';
  return { start, end: last === '' ? length : Math.min(length, Number(last) + 1) };
}

export async function serveFile(context: Context, path: string): Promise<void> {
  const { sequencer, request, response, compressor } = context;
  const isThere = isCovered(path, sequencer.size);
  // Files never change, but nothing here names a version that If-Range could ask for.
  const asked = request.headers['if-range'] === undefined ? request.headers.range : undefined;
  const before = partOf(asked, Infinity);
  const range = typeof before === 'object' ? before : undefined;
  const file = isThere ? await sequencer.storage.public.open(path, range) : undefined;
  if (file === undefined) {
    sendText(context, 404, 'not found\n');
    return;
  }
  const part = partOf(asked, file.length);
  const headers = {
    'content-type': 'application/octet-stream',
    'cache-control': `public, max-age=${year}, immutable`,
    'accept-ranges': 'bytes',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  };
  if (part === 'beyond') {
    file.bytes.destroy();
    response.setHeader('content-range', `bytes */${file.length}`);
    sendText(context, 416, 'beyond the end\n');
    return;
  }
  const encoding = part === 'whole' ? compressor.encodingFor(request, path, file.length) : undefined;
  const length = part === 'whole' ? file.length : part.end - part.start;
  response.writeHead(part === 'whole' ? 200 : 206, {
    ...headers,
    ...(part === 'whole' ? {} : { 'content-range': `bytes ${part.start}-${part.end - 1}/${file.length}` }),
    ...(encoding === undefined ? { 'content-length': length } : { 'content-encoding': encoding }),
  });
  if (request.method === 'HEAD') {
    file.bytes.destroy();
    response.end();
    return;
  }
  const unwatch = watchReader(context);
  try {
    if (encoding === undefined) await pipeline(file.bytes, response);
    else await pipeline(file.bytes, compressor.stream(encoding), response);
  } finally {
    unwatch();
  }
}

export function serveCheckpoint({ sequencer, request, response }: Context): void {
  const { checkpoint } = sequencer;
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': checkpoint.length,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  // What the storage holds may be newer and not there for good yet; what is shown must never be taken back.
  response.end(request.method === 'HEAD' ? undefined : checkpoint);
}
