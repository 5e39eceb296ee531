import { describe, expect, it } from 'vitest';
import { bytes32, TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { fromUtf8, toHex, toUtf8 } from '../bytes.ts';
import { formatNote, signNote } from '../log/note.ts';
import {
  composePromise,
  isPastPromise,
  judgePromise,
  keepsPromise,
  openPromise,
  promiseComposer,
} from './promise.ts';

const test = new TestLedger();
const { ledger } = test;
const seed = bytes32('test promise');
const content = { message: bytes32('message'), size: 12, lastHeight: 20, lastTime: 1_700_000_060 };
const note = composePromise(ledger, content, seed);

function signed(text: string): Uint8Array {
  return formatNote(text, [signNote(ledger.promiseKey, seed, text)]);
}

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

const lines = [
  'countersign/promise/v1',
  `ledger ${toHex(ledger.id)}`,
  `message ${toHex(content.message)}`,
  'size 12',
  'last-height 20',
  'last-time 1700000060',
];

/** The text with one line replaced; undefined takes it out. */
function withLine(at: number, line: string | undefined): string {
  const changed = lines.flatMap((old, i) => (i !== at ? [old] : line === undefined ? [] : [line]));
  return `${changed.join('\n')}\n`;
}

describe('a promise', () => {
  it('has the specified text, and is read back', () => {
    expect(fromUtf8(note)?.split('\n\n')[0]).toBe(lines.join('\n'));
    const promise = unwrap(openPromise(note, ledger));
    expect(promise).toMatchObject(content);
    expect(promise.ledger).toEqual(ledger.id);
    expect(test.promise(content)).toEqual(note);
  });

  it('is refused when any byte is changed', () => {
    for (let at = 0; at < note.length; at++) {
      for (const flip of [1, 2, 0x20]) {
        const copy = note.map((byte, i) => (i === at ? byte ^ flip : byte));
        expect([at, openPromise(copy, ledger).ok]).toEqual([at, false]);
      }
    }
  });

  it.each<[string, string, string]>([
    ['another first line', withLine(0, 'countersign/promise/v2'), 'promise-format'],
    ['a line missing', withLine(4, undefined), 'promise-format'],
    ['a line more', withLine(5, 'last-time 1\nmore 1'), 'promise-format'],
    ['two spaces', withLine(3, 'size  12'), 'promise-value'],
    ['another word', withLine(3, 'length 12'), 'promise-format'],
    ['a short hash', withLine(2, 'message ab'), 'promise-value'],
    ['a hash in upper case', withLine(2, `message ${'AB'.repeat(32)}`), 'promise-value'],
    ['a leading zero', withLine(3, 'size 012'), 'promise-value'],
    ['a sign', withLine(3, 'size +12'), 'promise-value'],
    ['too large a number', withLine(3, 'size 9007199254740992'), 'promise-value'],
    ['a time after the year 9999', withLine(5, 'last-time 253402300800'), 'promise-value'],
    ['the last time', withLine(5, 'last-time 253402300799'), 'ok'],
    ['a last height below the size', withLine(4, 'last-height 11'), 'promise-value'],
    ['one block only', withLine(4, 'last-height 12'), 'ok'],
    ['1,024 blocks', withLine(4, 'last-height 1035'), 'ok'],
    ['1,025 blocks', withLine(4, 'last-height 1036'), 'promise-value'],
    ['another ledger', withLine(1, `ledger ${'ab'.repeat(32)}`), 'promise-ledger'],
  ])('is judged with %s', (_, text, code) => {
    expect(codeOf(openPromise(signed(text), ledger))).toBe(code);
  });

  it('binds the ledger whose key signed it only', () => {
    expect(codeOf(openPromise(note, new TestLedger('other').ledger))).toBe('note-unsigned');
    const byLog = formatNote(withLine(0, lines[0]), [
      signNote(ledger.logKey, bytes32('test log'), withLine(0, lines[0])),
    ]);
    expect(codeOf(openPromise(byLog, ledger))).toBe('note-unsigned');
    expect(codeOf(openPromise(toUtf8('nothing'), ledger))).toBe('note-malformed');
  });

  it('is not composed against the rules', () => {
    expect(() => composePromise(ledger, { ...content, lastHeight: 11 }, seed)).toThrow(RangeError);
    expect(() => composePromise(ledger, { ...content, message: new Uint8Array(31) }, seed)).toThrow(
      RangeError,
    );
    expect(() => composePromise(ledger, content, bytes32('another seed'))).toThrow(RangeError);
    const compose = promiseComposer(ledger, seed);
    expect(compose(content)).toEqual(note);
    expect(() => compose({ ...content, lastHeight: 11 })).toThrow(RangeError);
    expect(() => promiseComposer(ledger, bytes32('another seed'))).toThrow(RangeError);
  });

  it('names the blocks that keep it and those that are past it', () => {
    const promise = unwrap(openPromise(note, ledger));
    const block = (height: number, late: number) => ({ height, time: promise.lastTime + late });
    const keeps = (
      height: number,
      late: number,
      leaf = { own: 3 as number | undefined, tag: promise.message },
    ) => keepsPromise(promise, block(height, late), leaf);
    expect([11, 12, 20, 21].map((height) => keeps(height, 0))).toEqual([false, true, true, false]);
    expect(keeps(12, 1)).toBe(false);
    expect(keeps(12, 0, { own: undefined, tag: promise.message })).toBe(false);
    expect(keeps(12, 0, { own: 3, tag: bytes32('another') })).toBe(false);
    expect([20, 21].map((height) => isPastPromise(promise, block(height, 0)))).toEqual([false, true]);
    expect(isPastPromise(promise, block(12, 1))).toBe(true);
  });

  it('is accepted when it begins and ends within reach', () => {
    const promise = unwrap(openPromise(note, ledger));
    const judged = (newestSize: number, before: number): string =>
      codeOf(judgePromise(promise, { newestSize, receivedAt: promise.lastTime - before }));
    expect(judged(promise.size, 604_800)).toBe('ok');
    expect(judged(promise.size, -1)).toBe('ok');
    expect(judged(promise.size - 1, 0)).toBe('promise-size');
    expect(judged(promise.size, 604_801)).toBe('promise-last-time');
    expect(judged(promise.size - 1, 604_801)).toBe('promise-size');
  });

  it('cannot be changed, and no copy has all of it', () => {
    const promise = unwrap(openPromise(note, ledger));
    expect(Object.isFrozen(promise)).toBe(true);
    expect(promise.ledger).toEqual(ledger.id);
    expect(Object.hasOwn(promise, 'ledger')).toBe(false);
  });
});
