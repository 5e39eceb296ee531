import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from './codec.ts';

/** Values that may travel: JSON, with byte strings anywhere. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__' && key !== '$bytes' && key !== 'toJSON'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

describe('the codec between windows and program', () => {
  it('brings every value back as it was', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(decode(encode(given))).toEqual(given);
      }),
    );
  });

  it('carries long byte strings', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    expect(decode(encode({ bytes }))).toEqual({ bytes });
  });

  it('refuses an object that would be read as bytes', () => {
    expect(() => encode({ $bytes: 'AA==' })).toThrow(TypeError);
  });

  it.each(['', '{', '{"$bytes":1}', '{"$bytes":"AA==","more":1}', '{"a":{"$bytes":"~"}}'])(
    'refuses %s',
    (text) => {
      expect(() => decode(text)).toThrow();
    },
  );
});
