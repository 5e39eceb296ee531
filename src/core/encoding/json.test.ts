import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromUtf8, toUtf8 } from '../bytes.ts';
import type { JsonValue } from './json.ts';
import { parseJson, writeJson } from './json.ts';

const limit = 1_000_000;
const read = (text: string) => parseJson(toUtf8(text), limit);
const codeOf = (text: string | Uint8Array): string => {
  const result = parseJson(typeof text === 'string' ? toUtf8(text) : text, limit);
  return result.ok ? 'accepted' : result.code;
};
/** The text of what was read, for values that must be accepted. */
const rewritten = (text: string): string | undefined => {
  const result = read(text);
  return result.ok ? fromUtf8(writeJson(result.value)) : result.code;
};

const text = fc.string({ unit: 'binary', maxLength: 8 });
const names = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', 'é', '😀', '\uffff'),
);
const values = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 8 },
    text,
    fc.maxSafeInteger(),
    fc.integer({ min: -20, max: 20 }).map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: false }),
  ),
})).value;

/** RFC 8785 for values without fractions, as the standard library can say it. */
function reference(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    // Names like array indices jump the queue of an ordinary object's members, so the text is put together by hand.
    return new Proxy(member, { ownKeys: (target) => Reflect.ownKeys(target).sort() });
  });
}

describe('canonical JSON, for any value', () => {
  it('is read back as the same value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const result = parseJson(writeJson(value), limit);
        expect(result.ok && JSON.stringify(result.value)).toBe(JSON.stringify(JSON.parse(reference(value))));
        expect(result.ok && writeJson(result.value)).toEqual(writeJson(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('is what the standard library reads and, with sorted names, writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const written = fromUtf8(writeJson(value)) ?? '';
        expect(written).toBe(reference(value));
        expect(writeJson(JSON.parse(written) as JsonValue)).toEqual(toUtf8(written));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('whatever is accepted', () => {
  const accepted = (bytes: Uint8Array): boolean => {
    const result = parseJson(bytes, limit);
    if (!result.ok) return false;
    expect(writeJson(result.value)).toEqual(bytes);
    expect(writeJson(JSON.parse(fromUtf8(bytes) ?? '') as JsonValue)).toEqual(bytes);
    return true;
  };

  it('has no second form: changed bytes are refused or say something else', () => {
    let survivors = 0;
    fc.assert(
      fc.property(
        values,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom(0, 1, 2),
        (value, at, x, how) => {
          const bytes = writeJson(value);
          const i = at % bytes.length;
          const changed =
            how === 0
              ? bytes.map((byte, k) => (k === i ? byte ^ x : byte))
              : how === 1
                ? Uint8Array.of(...bytes.subarray(0, i), ...bytes.subarray(i + 1))
                : Uint8Array.of(...bytes.subarray(0, i), x, ...bytes.subarray(i));
          if (accepted(changed)) survivors++;
        },
      ),
      { numRuns: 5000 },
    );
    expect(survivors).toBeGreaterThan(100);
  });

  it('is canonical also among texts glued together from pieces of JSON', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"b":',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      'null',
      '\\',
    ];
    const extras = [
      '\\u000b',
      '\\n',
      '\\u0041',
      ' ',
      '\n',
      '\u0001',
      'é',
      '{"a":1}',
      '[[',
      ']]',
      '"\\"',
      'false',
    ];
    let survivors = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...extras), { maxLength: 7 }), (parts) => {
        if (accepted(toUtf8(parts.join('')))) survivors++;
      }),
      { numRuns: 20_000 },
    );
    expect(survivors).toBeGreaterThan(100);
  });
});

describe('members', () => {
  it('are sorted by UTF-16 code units, not by code points and not by bytes of UTF-8', () => {
    // U+1F600 begins with the unit D83D, which is below U+FB01, though its code point and its UTF-8 are above.
    expect(rewritten('{"😀":1,"ﬁ":2}')).toBe('{"😀":1,"ﬁ":2}');
    expect(codeOf('{"ﬁ":2,"😀":1}')).toBe('json-unsorted');
    expect(fromUtf8(writeJson({ ﬁ: 1, '😀': 2, 10: 3, 9: 4, '': 5 }))).toBe(
      '{"":5,"10":3,"9":4,"😀":2,"ﬁ":1}',
    );
  });

  it('of any name are ordinary members', () => {
    const result = read('{"__proto__":{"admin":true},"constructor":1,"hasOwnProperty":2}');
    if (!result.ok) throw new Error(result.code);
    const object = result.value as Record<string, JsonValue>;
    expect(Object.getPrototypeOf(object)).toBe(null);
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'hasOwnProperty']);
    expect(object['admin']).toBe(undefined);
    expect(({} as { admin?: unknown }).admin).toBe(undefined);
  });
});

const open = (depth: number): string => '['.repeat(depth);
const close = (depth: number): string => ']'.repeat(depth);

const refusals: readonly (readonly [text: string, code: string])[] = [
  ['', 'json-syntax'],
  [' 1', 'json-syntax'],
  ['1 ', 'json-syntax'],
  ['1\n', 'json-syntax'],
  ['[1, 2]', 'json-syntax'],
  ['[1,]', 'json-syntax'],
  ['[,1]', 'json-syntax'],
  ['[1', 'json-syntax'],
  ['[', 'json-syntax'],
  ['{', 'json-syntax'],
  ['{"a"', 'json-syntax'],
  ['{"a":', 'json-syntax'],
  ['{"a":1', 'json-syntax'],
  ['{"a":1,}', 'json-syntax'],
  ['{"a" :1}', 'json-syntax'],
  ['{a:1}', 'json-syntax'],
  ["{'a':1}", 'json-syntax'],
  ['{"a":1}{', 'json-syntax'],
  ['[1}', 'json-syntax'],
  ['"', 'json-syntax'],
  ['"a', 'json-syntax'],
  ['"\\', 'json-syntax'],
  ['"\\u00', 'json-syntax'],
  ['tru', 'json-syntax'],
  ['True', 'json-syntax'],
  ['nullx', 'json-syntax'],
  ['NaN', 'json-syntax'],
  ['Infinity', 'json-syntax'],
  ['undefined', 'json-syntax'],
  ['+1', 'json-syntax'],
  ['.5', 'json-syntax'],
  ['/*x*/1', 'json-syntax'],
  ['\u00a01', 'json-syntax'],
  ['-', 'json-number'],
  ['-0', 'json-number'],
  ['00', 'json-number'],
  ['01', 'json-number'],
  ['-01', 'json-number'],
  ['1.0', 'json-number'],
  ['1e2', 'json-number'],
  ['1E2', 'json-number'],
  ['1-1', 'json-number'],
  ['--1', 'json-number'],
  ['0x10', 'json-syntax'],
  ['1n', 'json-syntax'],
  ['1_000', 'json-syntax'],
  ['9007199254740992', 'json-number'],
  ['-9007199254740992', 'json-number'],
  ['9007199254740993', 'json-number'],
  ['[99999999999999999999999999999999]', 'json-number'],
  ['1'.repeat(100_000), 'json-number'],
  ['"\\u0041"', 'json-string'],
  ['"\\u000A"', 'json-string'],
  ['"\\u000a"', 'json-string'],
  ['"\\u000B"', 'json-string'],
  ['"\\u001"', 'json-string'],
  ['"\\u00e9"', 'json-string'],
  ['"\\ud800"', 'json-string'],
  ['"\\ud83d\\ude00"', 'json-string'],
  ['"\\u0022"', 'json-string'],
  ['"\\u007f"', 'json-string'],
  ['"\\/"', 'json-string'],
  ['"\\x41"', 'json-string'],
  ['"\\a"', 'json-string'],
  ['"\\B"', 'json-string'],
  ['"\\😀"', 'json-string'],
  ['"\t"', 'json-string'],
  ['"\n"', 'json-string'],
  ['"\u0000"', 'json-string'],
  ['{"a":1,"a":2}', 'json-duplicate-name'],
  ['{"a":1,"a"', 'json-duplicate-name'],
  ['{"__proto__":1,"__proto__":2}', 'json-duplicate-name'],
  ['{"b":1,"a":2}', 'json-unsorted'],
  ['{"aa":1,"a":2}', 'json-unsorted'],
  ['{"9":1,"10":2}', 'json-unsorted'],
  ['{"a":1,"":2}', 'json-unsorted'],
  [open(17), 'json-too-deep'],
  [open(17) + close(17), 'json-too-deep'],
  ['{"a":'.repeat(17), 'json-too-deep'],
  [open(999_999), 'json-too-deep'],
];

describe('the reader refuses', () => {
  const cases = refusals.map(([input, code]) => ({ input, code, shown: JSON.stringify(input).slice(0, 40) }));
  it.each(cases)('$shown as $code', ({ input, code }) => {
    expect(codeOf(input)).toBe(code);
  });

  it('bytes that are not strict UTF-8, before it looks at anything else', () => {
    const quoted = (...bytes: number[]): Uint8Array => Uint8Array.of(0x22, ...bytes, 0x22);
    const broken = {
      overlongQuote: quoted(0xc0, 0xa2),
      overlongSlash: quoted(0xe0, 0x80, 0xaf),
      overlong4: quoted(0xf0, 0x80, 0x80, 0xaf),
      surrogate: quoted(0xed, 0xa0, 0x80),
      pairOfSurrogates: quoted(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
      aboveUnicode: quoted(0xf4, 0x90, 0x80, 0x80),
      loneContinuation: quoted(0x80),
      latin1: quoted(0xe9),
      cut: Uint8Array.of(0x22, 0xc3),
      late: Uint8Array.of(0x78, 0x22, 0xff),
      mark: Uint8Array.of(0xef, 0xbb, 0xbf, 0x31),
      utf16: Uint8Array.of(0xff, 0xfe, 0x31, 0x00),
    };
    for (const [name, bytes] of Object.entries(broken))
      expect([name, codeOf(bytes)]).toEqual([name, 'json-not-utf8']);
    expect(rewritten('"\ufeff\uffff"')).toBe('"\ufeff\uffff"');
  });

  it('more bytes than the caller reads, without reading them', () => {
    expect(parseJson(toUtf8('[1]'), 3).ok).toBe(true);
    expect(parseJson(toUtf8('[1]'), 2)).toMatchObject({ ok: false, code: 'json-too-long' });
    expect(parseJson(new Uint8Array(10).fill(0xff), 9)).toMatchObject({ ok: false, code: 'json-too-long' });
  });
});

describe('the reader accepts', () => {
  it.each([
    '0',
    '-1',
    '9007199254740991',
    '-9007199254740991',
    '""',
    '[]',
    '{}',
    '"\\b\\t\\n\\f\\r\\"\\\\/"',
    '"\\u0000\\u000b\\u001f\u007f\u0080\u2028"',
    '{"":0,"a":{"b":[true,false,null]}}',
    open(16) + close(16),
  ])('%j', (input) => {
    expect(rewritten(input)).toBe(input);
  });

  it('long texts in a time that grows with their length only', () => {
    const long = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => `text ${i} "quoted"`));
    const started = performance.now();
    expect(rewritten(long)).toBe(long);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('the writer throws on', () => {
  let deep: JsonValue = [];
  for (let i = 1; i < 17; i++) deep = [deep];
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  it.each<[string, unknown]>([
    ['a fraction', 0.5],
    ['minus zero', -0],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an inexact integer', 2 ** 53],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a lone high surrogate', '\ud800'],
    ['a lone low surrogate', 'a\udc00b'],
    ['a lone surrogate in a name', { '\ud800': 1 }],
    ['a member that is undefined', { a: undefined }],
    ['a hole', new Array<number>(2)],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['bytes', new Uint8Array(3)],
    ['17 levels', deep],
    ['a cycle', cyclic],
  ])('%s', (_name, value) => {
    expect(() => writeJson(value as JsonValue)).toThrow(RangeError);
    expect(() => writeJson([value] as JsonValue)).toThrow(RangeError);
  });
});
