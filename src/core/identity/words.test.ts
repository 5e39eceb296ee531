import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../bytes.ts';
import type { Words } from './words.ts';
import { parseWords, seedOfWords, wordsOf } from './words.ts';

const zeros = wordsOf(new Uint8Array(32));
const read = (text: string): Words => {
  const result = parseWords(text);
  if (!result.ok) throw new Error(result.code);
  return result.value;
};

describe('words', () => {
  it('and their seed are those of BIP-39', () => {
    expect(zeros).toBe(`${'abandon '.repeat(23)}art`);
    expect(wordsOf(new Uint8Array(32).fill(0xff))).toBe(`${'zoo '.repeat(23)}vote`);
    expect(wordsOf(new Uint8Array(32).fill(0x80))).toBe(
      'letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid ' +
        'letter advice cage absurd amount doctor acoustic bless',
    );
    // PBKDF2-HMAC-SHA512 of the words with salt 'mnemonic' and 2048 rounds, computed by another library.
    expect(toHex(seedOfWords(zeros))).toBe(
      '408b285c123836004f4b8842c89324c1f01382450c0d439af345ba7fc49acf70' +
        '5489c6fc77dbd4e3dc1dd8cc6bc9f043db8ada1e243c4a0eafb290d399480840',
    );
  });

  it('of any 32 bytes are read back, as typed by a person', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (entropy) => {
        const words = wordsOf(entropy);
        expect(read(words)).toBe(words);
        expect(read(`\n ${words.toUpperCase().replaceAll(' ', ' \t\r\n')}  `)).toBe(words);
      }),
      { numRuns: 50 },
    );
    for (const length of [0, 16, 31, 33]) expect(() => wordsOf(new Uint8Array(length))).toThrow(RangeError);
  });

  it.each([
    ['words-count', ''],
    ['words-count', 'abandon '.repeat(23)],
    ['words-count', `${zeros} art`],
    ['words-count', zeros.replaceAll(' ', '\u00a0')],
    ['words-unknown', zeros.replace('art', 'arts')],
    ['words-unknown', zeros.replace('art', 'ärt')],
    ['words-unknown', zeros.replace('art', '__proto__')],
    ['words-checksum', 'abandon '.repeat(24)],
    ['words-checksum', `art ${'abandon '.repeat(23)}`],
  ])('%s: %j', (code, text) => {
    expect(parseWords(text)).toMatchObject({ ok: false, code });
  });

  it('are never repeated by a refusal', () => {
    expect(parseWords(zeros.replace('art', 'artt'))).toEqual({
      ok: false,
      code: 'words-unknown',
      detail: 'word 24',
    });
  });
});
