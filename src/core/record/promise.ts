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
import type { Ledger } from './ledger.ts';

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

declare const made: unique symbol;

/** A promise that the ledger's promise key signed. Made by {@link openPromise} only. */
export interface VerifiedPromise extends PromiseContent {
  readonly [made]: true;
  /** Id of the ledger, 32 bytes. */
  readonly ledger: Uint8Array;
}

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
  return ok(promise.value as VerifiedPromise);
}

/** Whether a block at this height, sealed at this time, is one that the promise names. */
export function keepsPromise(promise: PromiseContent, block: { height: number; time: number }): boolean {
  return block.height >= promise.size && block.height <= promise.lastHeight && block.time <= promise.lastTime;
}

/** Whether a block shows that the time of the promise is over: what is not below it came too late. */
export function isPastPromise(promise: PromiseContent, block: { height: number; time: number }): boolean {
  return block.height > promise.lastHeight || block.time > promise.lastTime;
}
