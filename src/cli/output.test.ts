import { describe, expect, it } from 'vitest';
import { plainLine } from './output.ts';

describe('a printed line', () => {
  it('keeps text of all languages', () => {
    const text =
      'Zo\u00eb \u4f60\u597d \u0645\u0631\u062d\u0628\u0627 \ud83d\ude00 \u2014 \u201cquoted\u201d';
    expect(plainLine(text)).toBe(text);
  });

  it('shows as text whatever moves the cursor, ends the line or turns the direction', () => {
    expect(plainLine('a\u001b[2Jb')).toBe('a\\u{1b}[2Jb');
    expect(plainLine('a\nb\r\tc')).toBe('a\\u{a}b\\u{d}\\u{9}c');
    expect(plainLine('\u009b\u007f\u0000')).toBe('\\u{9b}\\u{7f}\\u{0}');
    expect(plainLine('\u202e\u2066\u200b\ufeff\u2028')).toBe('\\u{202e}\\u{2066}\\u{200b}\\u{feff}\\u{2028}');
    expect(plainLine('\u3164\u2065\ufe0f')).toBe('\\u{3164}\\u{2065}\\u{fe0f}');
    expect(plainLine('\ud800x')).toBe('\\u{d800}x');
  });
});
