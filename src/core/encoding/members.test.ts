import { describe, expect, it } from 'vitest';
import { toUtf8 } from '../bytes.ts';
import type { JsonValue } from './json.ts';
import { parseJson } from './json.ts';
import {
  arrayOf,
  base64UpTo,
  hexOf,
  integerFrom,
  maxTime,
  oneOf,
  plainText,
  readObject,
  time,
} from './members.ts';

function json(text: string): JsonValue {
  const result = parseJson(toUtf8(text), 10_000);
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

const codes = { members: 'x-members', value: 'x-value' } as const;
const read = (text: string) =>
  readObject(json(text), codes, { a: integerFrom(1, 3), b: hexOf(1) }, { c: oneOf(['y']) });

describe('an object of a known type', () => {
  it('has the required members and may have the optional ones', () => {
    expect(read('{"a":1,"b":"ff"}')).toEqual({ ok: true, value: { a: 1, b: Uint8Array.of(255) } });
    expect(read('{"a":1,"b":"ff","c":"y"}')).toMatchObject({ ok: true, value: { c: 'y' } });
  });

  it.each([
    ['null', 'x-members', 'not an object'],
    ['[]', 'x-members', 'not an object'],
    ['"ab"', 'x-members', 'not an object'],
    ['{}', 'x-members', 'a is missing'],
    ['{"a":1}', 'x-members', 'b is missing'],
    ['{"a":9,"b":9,"d":0}', 'x-members', 'd is unknown'],
    ['{"__proto__":{},"a":1,"b":"ff"}', 'x-members', '__proto__ is unknown'],
    ['{"__proto__":{"b":"ff"},"a":1}', 'x-members', 'b is missing'],
    ['{"a":1,"b":"ff","toString":1}', 'x-members', 'toString is unknown'],
    ['{"a":0,"b":"ff"}', 'x-value', 'a has the wrong form'],
    ['{"a":1,"b":"FF"}', 'x-value', 'b has the wrong form'],
    ['{"a":1,"b":"ff","c":null}', 'x-value', 'c has the wrong form'],
    ['{"a":1,"b":"ff","c":"z"}', 'x-value', 'c has the wrong form'],
  ])('%s is refused: %s', (text, code, detail) => {
    expect(read(text)).toEqual({ ok: false, code, detail });
  });

  it('takes no inherited member for its own', () => {
    expect(readObject(json('{}'), codes, { toString: time })).toMatchObject({ code: 'x-members' });
    expect(readObject({}, codes, {}, { constructor: time })).toEqual({ ok: true, value: {} });
  });
});

describe('values', () => {
  it('hexadecimal: lower case, of exactly the length', () => {
    expect(hexOf(2)('00ff')).toEqual(Uint8Array.of(0, 255));
    for (const value of ['00f', '00', '00ff00', '00FF', '0x00', ' 0ff', '', 0, null, ['00ff']]) {
      expect(hexOf(2)(value)).toBe(undefined);
    }
  });

  it('base64: padded, without spare bits, up to the limit', () => {
    expect(base64UpTo(2)('AAE=')).toEqual(Uint8Array.of(0, 1));
    expect(base64UpTo(2)('')).toEqual(new Uint8Array());
    for (const value of ['AAE', 'AAF=', 'AAEC', 'AA==\n', 'A===', '_-8=', 7, null]) {
      expect(base64UpTo(2)(value)).toBe(undefined);
    }
  });

  it('integers and times within their range', () => {
    expect(integerFrom(0, 2)(2)).toBe(2);
    for (const value of [-1, 3, '1', true, null]) expect(integerFrom(0, 2)(value)).toBe(undefined);
    expect(time(maxTime)).toBe(Date.UTC(9999, 11, 31, 23, 59, 59) / 1000);
    expect(time(maxTime + 1)).toBe(undefined);
    expect(time(-1)).toBe(undefined);
  });

  it('arrays, all items or none', () => {
    expect(arrayOf(hexOf(1), 2)(['00', '01'])).toHaveLength(2);
    for (const value of [['00', '1'], ['00', '01', '02'], '00', { length: 0 }, null]) {
      expect(arrayOf(hexOf(1), 2)(value)).toBe(undefined);
    }
  });

  it('texts for people: counted in code points', () => {
    const name = plainText(3);
    for (const value of ['a', 'abc', '😀😀😀', 'e\u0301a', ' a ', 'ق\u200cم'])
      expect(name(value)).toBe(value);
    for (const value of ['', 'abcd', '😀😀😀😀', 'x'.repeat(10_000), 1, null, 'a\u200b', ' '])
      expect(name(value)).toBe(undefined);
  });
});
