/**
 * Canonical JSON of `docs/spec/encodings.md`: RFC 8785 with integers only. The reader accepts exactly what the
 * writer writes, so that one value has one byte string; it never repairs.
 */
import { fromUtf8, toUtf8 } from '../bytes.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Refusal, Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** An object without inherited members: every name, `__proto__` too, is an ordinary one. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** How many objects and arrays may stand inside each other. */
const maxDepth = 16;

/**
 * Reads canonical JSON.
 *
 * @param bytes the whole text and nothing else.
 * @param maxBytes the largest length that is looked at.
 */
export function parseJson(bytes: Uint8Array, maxBytes: number): Result<JsonValue, JsonCode> {
  if (bytes.length > maxBytes) return refuse('json-too-long', `${bytes.length} bytes, at most ${maxBytes}`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return refuse('json-not-utf8', 'byte order mark');
  }
  const text = fromUtf8(bytes);
  if (text === undefined) return refuse('json-not-utf8');
  return new Reader(text).document();
}

/** Whether a value is an object: not null, not an array. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a `\` may introduce, besides `u`, and what it stands for. */
const shortEscapes = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
]);

/** The control characters that have no short escape, as the four digits after `\u`, and what they stand for. */
const longEscapes = new Map<string, string>();
for (let code = 0; code < 0x20; code++) {
  const char = String.fromCharCode(code);
  if ([...shortEscapes.values()].includes(char)) continue;
  longEscapes.set(code.toString(16).padStart(4, '0'), char);
}

/** Thrown inside the reader only, so that a refusal deep inside ends all levels at once. */
class Refused extends Error {
  readonly refusal: Refusal<JsonCode>;

  constructor(refusal: Refusal<JsonCode>) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** What makes a string more than the characters between its quotation marks. */
// Control characters are what is looked for.
// eslint-disable-next-line no-control-regex
const notPlain = /[\u0000-\u001f\\]/;

/** The longest integer of the format has 16 digits and a sign. */
const maxIntegerLength = 17;

/** Whether a character may belong to a number, be it of this format or not. */
function isOfNumber(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true;
  return code === 0x2d || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45;
}

class Reader {
  readonly #text: string;
  /** No string of the document has an escape or a control character: each ends at the next quotation mark. */
  readonly #isPlain: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#isPlain = !notPlain.test(text);
  }

  document(): Result<JsonValue, JsonCode> {
    try {
      const value = this.#value();
      if (this.#at < this.#text.length) this.#refuse('json-syntax');
      return ok(value);
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown.refusal;
      throw thrown;
    }
  }

  #refuse(code: JsonCode): never {
    throw new Refused(refuse(code, `character ${this.#at}`));
  }

  #value(): JsonValue {
    const first = this.#text.charCodeAt(this.#at);
    if (first === 0x22) return this.#string();
    if (first === 0x7b) return this.#object();
    if (first === 0x5b) return this.#array();
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.#integer();
    if (this.#skip('true')) return true;
    if (this.#skip('false')) return false;
    if (this.#skip('null')) return null;
    return this.#refuse('json-syntax');
  }

  #skip(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** Goes past the one character with this code, if it is the next. */
  #skipCode(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #enter(): void {
    if (this.#depth === maxDepth) this.#refuse('json-too-deep');
    this.#depth++;
    this.#at++;
  }

  #object(): JsonObject {
    this.#enter();
    const members = Object.create(null) as Record<string, JsonValue>;
    if (!this.#skipCode(0x7d)) this.#members(members);
    this.#depth--;
    return members;
  }

  #members(members: Record<string, JsonValue>): void {
    let before: string | undefined;
    for (;;) {
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== 0x22) this.#refuse('json-syntax');
      const name = this.#string();
      // JavaScript compares strings by UTF-16 code units, which is the order of RFC 8785.
      if (before !== undefined && name <= before) {
        this.#at = start;
        this.#refuse(name === before ? 'json-duplicate-name' : 'json-unsorted');
      }
      before = name;
      if (!this.#skipCode(0x3a)) this.#refuse('json-syntax');
      members[name] = this.#value();
      if (this.#skipCode(0x7d)) return;
      if (!this.#skipCode(0x2c)) this.#refuse('json-syntax');
    }
  }

  #array(): readonly JsonValue[] {
    this.#enter();
    const items: JsonValue[] = [];
    if (!this.#skipCode(0x5d)) {
      for (;;) {
        items.push(this.#value());
        if (this.#skipCode(0x5d)) break;
        if (!this.#skipCode(0x2c)) this.#refuse('json-syntax');
      }
    }
    this.#depth--;
    return items;
  }

  #integer(): number {
    const start = this.#at;
    let end = start;
    while (isOfNumber(this.#text.charCodeAt(end))) end++;
    const digits = this.#text.slice(start, end);
    const value = digits.length <= maxIntegerLength ? Number(digits) : Number.NaN;
    // An integer that is written back as the same text is written in the one way there is.
    if (!Number.isSafeInteger(value) || String(value) !== digits) this.#refuse('json-number');
    this.#at = end;
    return value;
  }

  #string(): string {
    if (!this.#isPlain) return this.#escapedString();
    const start = this.#at + 1;
    const end = this.#text.indexOf('"', start);
    if (end < 0) {
      this.#at = this.#text.length;
      this.#refuse('json-syntax');
    }
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }

  #escapedString(): string {
    let out = '';
    let plainFrom = ++this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code)) this.#refuse('json-syntax');
      if (code === 0x22) {
        out += this.#text.slice(plainFrom, this.#at);
        this.#at++;
        return out;
      }
      if (code < 0x20) this.#refuse('json-string');
      if (code === 0x5c) {
        out += this.#text.slice(plainFrom, this.#at) + this.#escape();
        plainFrom = this.#at;
      } else this.#at++;
    }
  }

  #escape(): string {
    const length = this.#text.charAt(this.#at + 1) === 'u' ? 6 : 2;
    const escape = this.#text.slice(this.#at, this.#at + length);
    if (escape.length < length) this.#refuse('json-syntax');
    const char = length === 2 ? shortEscapes.get(escape.slice(1)) : longEscapes.get(escape.slice(2));
    if (char === undefined) this.#refuse('json-string');
    this.#at += length;
    return char;
  }
}

/**
 * Writes canonical JSON.
 *
 * @throws RangeError on what the format cannot hold: numbers that are not exact integers, -0, lone surrogates,
 *   more than 16 levels, holes, `undefined`, functions, and objects that are not plain.
 */
export function writeJson(value: JsonValue): Uint8Array {
  return toUtf8(written(value, 0));
}

function written(value: unknown, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return integer(value);
  if (typeof value !== 'object') throw new RangeError(`JSON has no ${typeof value}`);
  if (depth === maxDepth) throw new RangeError(`more than ${maxDepth} levels`);
  return Array.isArray(value)
    ? `[${Array.from(value, (item) => written(item, depth + 1)).join(',')}]`
    : `{${members(value, depth + 1)}}`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
    throw new RangeError(`${value} is not an exact integer`);
  }
  return String(value);
}

function members(object: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) throw new RangeError('not a plain object');
  return Object.entries(object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${quoted(name)}:${written(value, depth)}`)
    .join(',');
}

/** `JSON.stringify` writes strings exactly as RFC 8785 asks, but for lone surrogates, which it would escape. */
function quoted(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new RangeError('lone surrogate');
  return JSON.stringify(text);
}
