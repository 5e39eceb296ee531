/**
 * Block bodies as bytes (`docs/spec/blocks.md`, 'Body'): the messages of a block, one after the other. They are cut
 * apart without being read, so that a leaf which is no message can still be shown to others.
 */
import { uintToBytes } from '../bytes.ts';
import type { BodyCode } from '../errors/body.ts';
import type { Refusal, Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { maxDataBytes, maxLeafBytes } from './envelope.ts';

/** 2^32 - 1 in place of the length: the data is absent. */
const absent = 0xffff_ffff;

/** A message as a body holds it: nothing of it was read. */
export interface BodyPart {
  readonly leaf: Uint8Array;
  /** Undefined when it is absent. */
  readonly data: Uint8Array | undefined;
}

/** What a body is read against. */
export interface BodyLimits {
  /** `messages.count` of the header. */
  readonly count: number;
  /** `blockBytes` of the ledger. */
  readonly maxBytes: number;
}

/** How many bytes a message takes in a body. */
export function bodyPartLength({ leaf, data }: BodyPart): number {
  return 8 + leaf.length + (data?.length ?? 0);
}

/**
 * The bytes of a body. @throws RangeError when a part is longer than any may be.
 *
 * @param parts asked for once.
 * @param length how many bytes they take.
 */
export function composeBodyOf(parts: Iterable<BodyPart>, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    out.set(bytes, at);
    at += bytes.length;
  };
  for (const { leaf, data } of parts) {
    if (leaf.length === 0 || leaf.length > maxLeafBytes)
      throw new RangeError(`a leaf of ${leaf.length} bytes`);
    if (data !== undefined && data.length > maxDataBytes)
      throw new RangeError(`data of ${data.length} bytes`);
    put(uintToBytes(leaf.length, 4));
    put(leaf);
    put(uintToBytes(data?.length ?? absent, 4));
    if (data !== undefined) put(data);
  }
  if (at !== length) throw new RangeError(`${at} bytes, not ${length}`);
  return out;
}

/** As {@link composeBodyOf}, for parts that are all at hand. */
export function composeBody(parts: readonly BodyPart[]): Uint8Array {
  return composeBodyOf(
    parts,
    parts.reduce((sum, part) => sum + bodyPartLength(part), 0),
  );
}

type Field = 'leaf length' | 'leaf' | 'data length' | 'data';

/**
 * Reads a body piece by piece as it arrives; holds at most one unfinished message. After a refusal it refuses
 * everything.
 */
export class BodyReader {
  readonly #limits: BodyLimits;
  #bytes = 0;
  #messages = 0;
  /** The field that is being read, what is here of it, and how much. */
  #field: Field = 'leaf length';
  #held = new Uint8Array(4);
  #filled = 0;
  #leaf = new Uint8Array(0);
  #refusal: Refusal<BodyCode> | undefined;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** Takes the next bytes. @returns the messages that are complete now, in order; copies. */
  push(bytes: Uint8Array): Result<readonly BodyPart[], BodyCode> {
    if (this.#refusal !== undefined) return this.#refusal;
    this.#bytes += bytes.length;
    const { maxBytes } = this.#limits;
    if (this.#bytes > maxBytes) return this.#refuse('body-too-long', `more than ${maxBytes} bytes`);
    const parts: BodyPart[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#messages === this.#limits.count) {
        return this.#refuse('body-count', `bytes after message ${this.#messages - 1}`);
      }
      const piece = bytes.subarray(at, at + this.#held.length - this.#filled);
      this.#held.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled < this.#held.length) break;
      const refusal = this.#complete(parts);
      if (refusal !== undefined) return refusal;
    }
    return ok(parts);
  }

  /** Ends the body. */
  end(): Result<void, BodyCode> {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#field !== 'leaf length' || this.#filled > 0)
      return this.#refuse('body-truncated', `in message ${this.#messages}`);
    const { count } = this.#limits;
    if (this.#messages < count) return this.#refuse('body-count', `${this.#messages} of ${count}`);
    return ok(undefined);
  }

  /** The field is here: goes on to the next one. */
  #complete(parts: BodyPart[]): Refusal<BodyCode> | undefined {
    const held = this.#held;
    const length = held.length === 4 ? held.reduce((value, byte) => value * 256 + byte, 0) : 0;
    switch (this.#field) {
      case 'leaf length':
        if (length === 0 || length > maxLeafBytes) return this.#refuse('body-leaf', `${length} bytes`);
        this.#await('leaf', length);
        break;
      case 'leaf':
        this.#leaf = held;
        this.#await('data length', 4);
        break;
      case 'data length':
        if (length === absent || length === 0) {
          this.#message(parts, length === absent ? undefined : new Uint8Array(0));
        } else {
          if (length > maxDataBytes) return this.#refuse('body-data', `${length} bytes`);
          this.#await('data', length);
        }
        break;
      case 'data':
        this.#message(parts, held);
        break;
    }
    return undefined;
  }

  #await(field: Field, length: number): void {
    this.#field = field;
    this.#held = new Uint8Array(length);
    this.#filled = 0;
  }

  #message(parts: BodyPart[], data: Uint8Array | undefined): void {
    parts.push({ leaf: this.#leaf, data });
    this.#messages++;
    this.#await('leaf length', 4);
  }

  #refuse(code: BodyCode, detail: string): Refusal<BodyCode> {
    this.#refusal = refuse(code, detail);
    return this.#refusal;
  }
}

/** The big-endian number in the four bytes at `at`; undefined when there are fewer. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** In place of the length of data that is absent: the same number as in the body itself. */
export const absentData = absent;

/** Numbers for each message in what {@link cutBody} gives. */
export const spanNumbers = 3;

/**
 * Cuts a whole body into messages, as a {@link BodyReader} would, without making an object for each.
 * @returns for each message: where its leaf begins, the length of the leaf, and the length of the data that begins four
 *   bytes after it, {@link absentData} when there is none.
 */
export function cutBody(bytes: Uint8Array, limits: BodyLimits): Result<Uint32Array, BodyCode> {
  const { count, maxBytes } = limits;
  if (bytes.length > maxBytes) return refuse('body-too-long', `more than ${maxBytes} bytes`);
  // No message takes less than nine bytes: what is stated is not believed.
  const spans = new Uint32Array(spanNumbers * Math.min(count, Math.ceil(bytes.length / 9)));
  let messages = 0;
  const truncated = (): Refusal<BodyCode> => refuse('body-truncated', `in message ${messages}`);
  for (let at = 0; at < bytes.length; messages++) {
    if (messages === count) return refuse('body-count', `bytes after message ${count - 1}`);
    const leafLength = lengthAt(bytes, at);
    if (leafLength === undefined) return truncated();
    if (leafLength === 0 || leafLength > maxLeafBytes) return refuse('body-leaf', `${leafLength} bytes`);
    const leafEnd = at + 4 + leafLength;
    const dataLength = lengthAt(bytes, leafEnd);
    if (dataLength === undefined) return truncated();
    const isAbsent = dataLength === absent;
    if (!isAbsent && dataLength > maxDataBytes) return refuse('body-data', `${dataLength} bytes`);
    const leafStart = at + 4;
    at = leafEnd + 4 + (isAbsent ? 0 : dataLength);
    if (at > bytes.length) return truncated();
    spans[spanNumbers * messages] = leafStart;
    spans[spanNumbers * messages + 1] = leafLength;
    spans[spanNumbers * messages + 2] = dataLength;
  }
  return messages < count ? refuse('body-count', `${messages} of ${count}`) : ok(spans);
}

/** The leaf of one message of a body that {@link cutBody} cut: a view of the bytes. */
export function leafAt(bytes: Uint8Array, spans: Uint32Array, message: number): Uint8Array {
  const [start = 0, length = 0] = [spans[spanNumbers * message], spans[spanNumbers * message + 1]];
  return bytes.subarray(start, start + length);
}

/** One message of a body that {@link cutBody} cut: views of the bytes. */
export function partAt(bytes: Uint8Array, spans: Uint32Array, message: number): BodyPart {
  const [start = 0, length = 0, data = absent] = [
    spans[spanNumbers * message],
    spans[spanNumbers * message + 1],
    spans[spanNumbers * message + 2],
  ];
  const end = start + length;
  const leaf = bytes.subarray(start, end);
  return { leaf, data: data === absent ? undefined : bytes.subarray(end + 4, end + 4 + data) };
}

/**
 * Reads a whole body, as a {@link BodyReader} would.
 * @returns the messages in order, as views of the bytes.
 */
export function parseBody(bytes: Uint8Array, limits: BodyLimits): Result<readonly BodyPart[], BodyCode> {
  const spans = cutBody(bytes, limits);
  if (!spans.ok) return spans;
  return ok(
    Array.from({ length: spans.value.length / spanNumbers }, (_, i) => partAt(bytes, spans.value, i)),
  );
}
