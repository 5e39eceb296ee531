/**
 * Bytes: joining, comparing, and the strict text encodings of `docs/spec/encodings.md`. Nothing here guesses:
 * a decoder accepts exactly what its encoder writes and returns `undefined` for everything else.
 */
import { decodeUtf8 } from './encoding/utf8.ts';

/** Joins byte strings. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

/** Joins the byte strings of a list, which may be longer than the arguments of a call may be (about 100,000). */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A copy that shares nothing with the original. Node's Buffer is a Uint8Array too, and its `slice` is a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** Copies a few bytes from one place to another: for 32 of them making a view takes longer than copying. */
export function moveBytes(
  from: Uint8Array,
  start: number,
  length: number,
  into: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < length; i++) into[at + i] = from[start + i] ?? 0;
}

/** Whether two byte strings are equal. For public values only: the time taken depends on the content. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Order of two byte strings, byte by byte and then by length: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  // Made from character codes at once: a text that grows by `+=` stays in memory as a tree of its pieces, many times as
  // large, and maps hold millions of ids in hexadecimal.
  let out = '';
  for (let start = 0; start < bytes.length; start += 2048) {
    const codes: number[] = [];
    for (const byte of bytes.subarray(start, start + 2048))
      codes.push(hexDigits[byte >> 4] ?? 0, hexDigits[byte & 15] ?? 0);
    out += String.fromCharCode(...codes);
  }
  return out;
}

/** What each character code stands for in hexadecimal; 255 where it is no digit. */
const hexValues = new Uint8Array(128).fill(255);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) hexValues[digit.charCodeAt(0)] = value;

/** Reads lower-case hexadecimal; with `length` (in bytes) only that length. */
export function fromHex(text: string, length = text.length / 2): Uint8Array | undefined {
  if (text.length !== 2 * length || !Number.isInteger(length)) return undefined;
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const high = hexValues[text.charCodeAt(2 * i)] ?? 255;
    const low = hexValues[text.charCodeAt(2 * i + 1)] ?? 255;
    if (high > 15 || low > 15) return undefined;
    out[i] = (high << 4) | low;
  }
  return out;
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Values = new Map(Array.from(base64Alphabet, (char, value) => [char.charCodeAt(0), value]));

/** Base64 of RFC 4648 section 4, padded. */
export function toBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += base64Alphabet.charAt(group >> 18) + base64Alphabet.charAt((group >> 12) & 63);
    out += left > 1 ? base64Alphabet.charAt((group >> 6) & 63) : '=';
    out += left > 2 ? base64Alphabet.charAt(group & 63) : '=';
  }
  return out;
}

/** Reads base64 of RFC 4648 section 4: padded, no white space, unused bits zero. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const value = base64Values.get(text.charCodeAt(i));
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? out : undefined;
}

/** Base64url of RFC 4648 section 5 without padding, for links. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}

/** Reads base64url of RFC 4648 section 5: no padding, unused bits zero. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
}

/** UTF-8 of a string. @throws RangeError on a lone surrogate, which has no UTF-8 form. */
export function toUtf8(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length);
  let at = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) break;
    ascii[at] = code;
  }
  return at === text.length ? ascii : anyToUtf8(text);
}

function anyToUtf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) throw new RangeError('lone surrogate');
    if (point < 0x80) out.push(point);
    else if (point < 0x800) out.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) out.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else {
      out.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63));
      out.push(0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    }
  }
  return Uint8Array.from(out);
}

/**
 * Reads UTF-8 strictly (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF, no broken
 * sequence. A byte order mark is an ordinary character here; the callers that must refuse it do so.
 */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  return decodeUtf8(bytes);
}

/** Big-endian unsigned integer of `width` bytes. @throws RangeError when the value does not fit. */
export function uintToBytes(value: number | bigint, width: 1 | 2 | 4 | 8): Uint8Array {
  if (typeof value === 'number') return numberToBytes(value, width);
  const max = (1n << BigInt(8 * width)) - 1n;
  let rest = value;
  if (rest < 0n || rest > max) throw new RangeError(`${rest} does not fit ${width} bytes`);
  const out = new Uint8Array(width);
  for (let i = width - 1; i >= 0; i--) {
    out[i] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}

function numberToBytes(value: number, width: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError('not an exact integer');
  if (value < 0 || value >= 256 ** width) throw new RangeError(`${value} does not fit ${width} bytes`);
  const out = new Uint8Array(width);
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    const next = Math.floor(rest / 256);
    out[i] = rest - 256 * next;
    rest = next;
  }
  return out;
}

/** Reads a byte string from its start; every read is bounded, and after one failed read all fail. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** A view (not a copy) of the next `length` bytes, or undefined when there are fewer. */
  take(length: number): Uint8Array | undefined {
    if (this.#failed || length > this.remaining) {
      this.#failed = true;
      return undefined;
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The next big-endian unsigned integer, or undefined at the end. */
  uint(width: 1 | 2 | 4): number | undefined {
    if (this.#failed || width > this.remaining) {
      this.#failed = true;
      return undefined;
    }
    let value = 0;
    for (const end = this.#at + width; this.#at < end; this.#at++)
      value = value * 256 + (this.#bytes[this.#at] ?? 0);
    return value;
  }

  /** The next big-endian 64-bit unsigned integer, or undefined at the end. */
  uint64(): bigint | undefined {
    const bytes = this.take(8);
    return bytes?.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  }
}
