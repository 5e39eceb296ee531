/**
 * Inclusion promises (`docs/spec/promises.md`): the operator's signed word that a message will stand in a block of a
 * given range, before a given time.
 */
import { equalBytes, fromHex, toHex } from '../bytes.ts';
import { maxTime } from '../encoding/members.ts';
import type { NoteCode } from '../errors/note.ts';
import type { PromiseCode } from '../errors/promise.ts';
import { parseDecimal } from '../log/checkpoint.ts';
import { formatNote, noteSigner, type NoteSignature, openNote, signNote } from '../log/note.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { BlockHeader } from './header.ts';
import type { Ledger } from './ledger.ts';
import type { TagLeaf } from './tag-index.ts';

/** The most blocks that a promise leaves the choice of: what a file of evidence can hold. */
export const maxPromiseBlocks = 1_024;

export interface PromiseContent {
  /** The message's id, 32 bytes. */
  readonly message: Uint8Array;
  /** Size of the newest checkpoint at receipt: the lowest height that keeps the promise. */
  readonly size: number;
  /** The highest height that keeps it. */
  readonly lastHeight: number;
  /** The latest sealing time that keeps it, seconds since 1970. */
  readonly lastTime: number;
}

/** A class with a private field, and not exported: no literal, spread or copy of one passes for a signed promise. */
class Signed implements PromiseContent {
  readonly message: Uint8Array;
  readonly size: number;
  readonly lastHeight: number;
  readonly lastTime: number;
  readonly #ledger: Uint8Array;

  constructor(ledger: Uint8Array, { message, size, lastHeight, lastTime }: PromiseContent) {
    this.message = message;
    this.size = size;
    this.lastHeight = lastHeight;
    this.lastTime = lastTime;
    this.#ledger = ledger;
    Object.freeze(this);
  }

  /** Id of the ledger, 32 bytes. */
  get ledger(): Uint8Array {
    return this.#ledger;
  }
}

/** A promise that the ledger's promise key signed. Only {@link openPromise} makes one. */
export type VerifiedPromise = Signed;

const words = ['ledger', 'message', 'size', 'last-height', 'last-time'] as const;

/** The text of a promise; what is in it is not judged. */
export function promiseText(ledger: Uint8Array, promise: PromiseContent): string {
  const { message, size, lastHeight, lastTime } = promise;
  const values = [toHex(ledger), toHex(message), size, lastHeight, lastTime];
  const lines = words.map((word, i) => `${word} ${values[i] ?? ''}\n`);
  return `countersign/promise/v1\n${lines.join('')}`;
}

function parseText(text: string): Result<PromiseContent & { ledger: Uint8Array }, PromiseCode> {
  const match =
    /^countersign\/promise\/v1\nledger (.*)\nmessage (.*)\nsize (.*)\nlast-height (.*)\nlast-time (.*)\n$/u.exec(
      text,
    );
  if (match === null) return refuse('promise-format');
  const [, ledgerText = '', messageText = '', sizeText = '', heightText = '', timeText = ''] = match;
  const ledger = fromHex(ledgerText, 32);
  const message = fromHex(messageText, 32);
  const size = parseDecimal(sizeText);
  const lastHeight = parseDecimal(heightText);
  const lastTime = parseDecimal(timeText);
  if (ledger === undefined || message === undefined) return refuse('promise-value', 'a hash');
  if (size === undefined || lastHeight === undefined || lastTime === undefined) {
    return refuse('promise-value', 'a number');
  }
  if (lastTime > maxTime) return refuse('promise-value', `last-time ${lastTime}`);
  if (lastHeight < size || lastHeight - size >= maxPromiseBlocks) {
    return refuse('promise-value', `heights ${size} to ${lastHeight}`);
  }
  return ok({ ledger, message, size, lastHeight, lastTime });
}

function composeWith(
  ledger: Ledger,
  promise: PromiseContent,
  sign: (text: string) => NoteSignature,
): Uint8Array {
  const text = promiseText(ledger.id, promise);
  const readBack = parseText(text);
  if (!readBack.ok) throw new RangeError(`not a promise: ${readBack.code} ${readBack.detail ?? ''}`);
  return formatNote(text, [sign(text)]);
}

/**
 * Writes and signs a promise: the bytes of a note.
 *
 * @param seed that of the ledger's promise key.
 * @throws RangeError when the promise breaks the format or the seed is not the key's.
 */
export function composePromise(ledger: Ledger, promise: PromiseContent, seed: Uint8Array): Uint8Array {
  return composeWith(ledger, promise, (text) => signNote(ledger.promiseKey, seed, text));
}

/** As {@link composePromise}, for one who writes many: the seed is checked once, here. It must stay as it is. */
export function promiseComposer(ledger: Ledger, seed: Uint8Array): (promise: PromiseContent) => Uint8Array {
  const sign = noteSigner(ledger.promiseKey, seed);
  return (promise) => composeWith(ledger, promise, sign);
}

/** Reads a promise of this ledger and verifies its signature. */
export function openPromise(
  note: Uint8Array,
  ledger: Ledger,
): Result<VerifiedPromise, NoteCode | PromiseCode> {
  const opened = openNote(note, [ledger.promiseKey]);
  if (!opened.ok) return opened;
  const promise = parseText(opened.value.text);
  if (!promise.ok) return promise;
  if (!equalBytes(promise.value.ledger, ledger.id)) return refuse('promise-ledger');
  return ok(new Signed(promise.value.ledger, promise.value));
}

/** How long after receipt the last time of a promise may lie, in seconds: 7 days. */
const maxPromiseSeconds = 604_800;

/** When, and in view of what, a promise was received. */
export interface PromiseReceipt {
  /** Size of a checkpoint that was fetched after the promise and verified to extend what was known. */
  readonly newestSize: number;
  /** When the promise came, by the receiver's clock: seconds since 1970. */
  readonly receivedAt: number;
}

/** Judges whether a promise is worth anything: it must begin and end within reach. */
export function judgePromise(
  promise: VerifiedPromise,
  { newestSize, receivedAt }: PromiseReceipt,
): Result<void, PromiseCode> {
  const { size, lastTime } = promise;
  if (size > newestSize) return refuse('promise-size', `${size} above ${newestSize}`);
  const late = lastTime - receivedAt;
  return late > maxPromiseSeconds ? refuse('promise-last-time', `${late} seconds`) : ok(undefined);
}

/**
 * Whether a block keeps the promise: it is one that the promise names, and its index says that the message itself, and
 * not only one that carries its id, stands in it.
 *
 * @param leaf that of the message's id in the index of this block.
 */
export function keepsPromise(
  promise: PromiseContent,
  block: Pick<BlockHeader, 'height' | 'time'>,
  leaf: Pick<TagLeaf, 'own' | 'tag'>,
): boolean {
  const { height, time } = block;
  const inTime = height >= promise.size && height <= promise.lastHeight && time <= promise.lastTime;
  return inTime && leaf.own !== undefined && equalBytes(leaf.tag, promise.message);
}

/** Whether a block shows that the time of the promise is over: what is not below it came too late. */
export function isPastPromise(promise: PromiseContent, block: Pick<BlockHeader, 'height' | 'time'>): boolean {
  return block.height > promise.lastHeight || block.time > promise.lastTime;
}
