import { describe, expect, it } from 'vitest';
import { showsWhatItHolds } from './texts.ts';

/** All code points but surrogates. */
function* codePoints(): Generator<number> {
  for (let point = 0; point < 0x110000; point++) if (point < 0xd800 || point > 0xdfff) yield point;
}

describe('texts for people', () => {
  it('hold no code point that Unicode calls a control, a format, a separator or ignorable', () => {
    const unseen = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u;
    for (const point of codePoints()) {
      const char = String.fromCodePoint(point);
      if (showsWhatItHolds(`a${char}b`) === unseen.test(char)) {
        expect.fail(`U+${point.toString(16)} is ${unseen.test(char) ? 'accepted' : 'refused'}`);
      }
    }
  });

  it('show something: spaces alone are none, whatever their kind', () => {
    const spaces = [...codePoints()]
      .map((point) => String.fromCodePoint(point))
      .filter((c) => /\p{Zs}/u.test(c));
    for (const space of [...spaces, '\u2800']) {
      expect(showsWhatItHolds(space)).toBe(/\p{Zl}|\p{Zp}/u.test(space));
      expect(showsWhatItHolds(`${space}a`)).toBe(true);
    }
    expect(showsWhatItHolds(spaces.join(''))).toBe(false);
    expect(showsWhatItHolds('')).toBe(false);
  });

  it('may be spelt as Persian, Hindi and Sinhala are: joiners between their letters', () => {
    for (const name of [
      '\u0639\u0644\u06cc\u200c\u0631\u0636\u0627',
      '\u0915\u094d\u200d\u0937',
      '\u0dc1\u0dca\u200d\u0dbb\u0dd3',
    ]) {
      expect(showsWhatItHolds(name)).toBe(true);
    }
    expect(showsWhatItHolds('\u0628\u200c\u0628\u200c\u0628')).toBe(true);
  });

  it('hold joiners nowhere else', () => {
    for (const joiner of ['\u200c', '\u200d']) {
      for (const [before, after] of [
        ['', '\u0628'],
        ['\u0628', ''],
        ['a', 'b'],
        ['\u0628', 'b'],
        ['a', '\u0628'],
        ['\u{1f469}', '\u{1f33e}'],
        [`\u0628${joiner}`, '\u0628'],
        ['\u06dd', '\u0628'],
        ['\u061f', '\u0628'],
        ['\u0700', '\u0628'],
        ['\u0628', '\u0e00'],
      ]) {
        expect(showsWhatItHolds(`${before}${joiner}${after}x`)).toBe(false);
      }
    }
  });
});
