/** Looks for secrets in everything that was written or said, in every form in which they may have got there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';

/** The middle of the base64 of some bytes, as it reads when they stand at any place of a longer text. */
function base64Forms(secret: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .replace(/=+$/, '');
    // What shares a digit with the bytes before or after is left out.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

/** The forms of a secret, which may be a text: raw, hexadecimal, base64, a list of its numbers, and these as UTF-16. */
function formsOf(secret: Uint8Array): readonly (readonly [string, Buffer])[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const texts = [hex, hex.toUpperCase(), ...base64Forms(bytes), [...bytes].join(',')];
  const wide = Buffer.from(bytes.toString('latin1'), 'utf16le');
  const urls = texts.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ['raw', bytes],
    ['UTF-16', wide],
    ...[...new Set([...texts, ...urls])].flatMap((text) => [
      [`UTF-8 text ${text.slice(0, 8)}`, Buffer.from(text)] as const,
      [`UTF-16 text ${text.slice(0, 8)}`, Buffer.from(text, 'utf16le')] as const,
    ]),
  ];
}

export interface Canary {
  readonly name: string;
  readonly secret: Uint8Array;
}

interface Needle {
  readonly canary: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Needles by their first bytes, so that a text is gone through once for all of them. */
class Needles {
  readonly #starts = new Uint8Array(1 << 24);
  readonly #byStart = new Map<number, Needle[]>();

  constructor(canaries: readonly Canary[]) {
    for (const { name, secret } of canaries) {
      for (const [form, bytes] of formsOf(secret)) {
        if (bytes.length < 6) throw new RangeError(`${name} is too short to be looked for`);
        const start = bytes.readUIntBE(0, 3);
        this.#starts[start] = 1;
        const others = this.#byStart.get(start) ?? [];
        others.push({ canary: name, form, bytes });
        this.#byStart.set(start, others);
      }
    }
  }

  /** The needles that stand in some bytes. */
  in(bytes: Buffer): ReadonlySet<Needle> {
    const found = new Set<Needle>();
    const starts = this.#starts;
    for (let i = 0, start = 0; i < bytes.length; i++) {
      start = ((start << 8) | (bytes[i] ?? 0)) & 0xffffff;
      if (starts[start] !== 1 || i < 2) continue;
      for (const needle of this.#byStart.get(start) ?? []) {
        const { length } = needle.bytes;
        if (needle.bytes.compare(bytes, i - 2, Math.min(i - 2 + length, bytes.length)) === 0)
          found.add(needle);
      }
    }
    return found;
  }
}

const known = new WeakMap<readonly Canary[], Needles>();

/** The most that is made of one piece that was deflated. */
const mostInflated = 16_777_216;

/** Where the deflated bytes begin behind a header of zlib or gzip at this place; undefined when none stands there. */
function deflatedAt(bytes: Buffer, at: number): number | undefined {
  const [first, second, third, flags = 0] = bytes.subarray(at, at + 4);
  if (first === 0x78 && (second === 0x01 || second === 0x5e || second === 0x9c || second === 0xda))
    return at + 2;
  if (first !== 0x1f || second !== 0x8b || third !== 8) return undefined;
  // A file's name ends with a zero; nothing else is written into such headers here.
  return (flags & 8) === 0 ? at + 10 : bytes.indexOf(0, at + 10) + 1;
}

/** What was deflated inside some bytes: whatever looks like the beginning of a stream of zlib or gzip is tried. */
function* inflatedFrom(bytes: Buffer): Generator<Buffer> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostInflated };
  for (let at = 0; at + 3 < bytes.length; at++) {
    const first = bytes[at];
    const start = first === 0x78 || first === 0x1f ? deflatedAt(bytes, at) : undefined;
    if (start === undefined) continue;
    try {
      yield inflateRawSync(bytes.subarray(start), options);
    } catch {
      // It only looked like one.
    }
  }
}

/** Where any of these secrets is found in some bytes, deflated or not: none is what tests ask for. */
export function secretsIn(
  place: string,
  content: Uint8Array,
  canaries: readonly Canary[],
): readonly string[] {
  const needles = known.get(canaries) ?? new Needles(canaries);
  known.set(canaries, needles);
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const found: string[] = [];
  for (const { canary, form } of needles.in(bytes)) found.push(`${place}: ${canary} as ${form}`);
  for (const inflated of inflatedFrom(bytes)) {
    for (const { canary, form } of needles.in(inflated))
      found.push(`${place}, inflated: ${canary} as ${form}`);
  }
  return found;
}

/** Where any of these secrets is found in the files and file names below a folder. */
export function secretsBelow(folder: string, canaries: readonly Canary[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const names = secretsIn(`the name ${path}`, Buffer.from(entry.name), canaries);
    return entry.isFile() ? [...names, ...secretsIn(path, readFileSync(path), canaries)] : names;
  });
}

/** Everything that an error says when it is printed, logged or serialised, its causes included. */
export function wordsOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((name) => [name, error[name as keyof Error]]),
  );
  return [String(error), error.stack, JSON.stringify(own), wordsOfError(error.cause)].join('\n');
}
