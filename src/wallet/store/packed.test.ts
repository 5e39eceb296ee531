import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersIn, WordReader } from './packed.ts';

describe('what a statement gave as one text', () => {
  it('is read word by word', () => {
    const words = fc.array(fc.tuple(fc.maxSafeNat(), fc.uint8Array({ minLength: 4, maxLength: 4 })));
    const property = fc.property(words, (given) => {
      const text = given.map(([n, bytes]) => `${n} ${Buffer.from(bytes).toString('hex').toUpperCase()}`);
      const reader = new WordReader(given.length === 0 ? null : text.join(' '));
      const read = given.map(() => {
        const n = reader.number();
        const bytes = new Uint8Array(4);
        reader.hex(bytes);
        return [n, bytes];
      });
      expect(read).toEqual(given);
      expect(reader.isAtEnd).toBe(true);
    });
    fc.assert(property, { numRuns: 200 });
    expect(numbersIn('1 20 300')).toEqual([1, 20, 300]);
    expect(numbersIn(null)).toEqual([]);
  });

  it('is damage when it is anything else', () => {
    for (const text of ['-1', '1.5', 'x', '1  2', ' 1'])
      expect(() => numbersIn(text)).toThrow(expect.objectContaining({ code: 'store-corrupt' }) as Error);
    for (const text of ['0', '0g', '0a', '001', '00x'])
      expect(() => {
        new WordReader(text).hex(new Uint8Array(1));
      }).toThrow(expect.objectContaining({ code: 'store-corrupt' }) as Error);
  });
});
