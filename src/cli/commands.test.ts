import { describe, expect, it } from 'vitest';
import { reflow } from './commands.ts';

describe('help text', () => {
  it('is broken anew where it runs, and left alone where it is laid out', () => {
    const text =
      'One two three\nfour five six seven.\n\nExample:\n  a line that is longer than it may be\n\nEnd';
    expect(reflow(text, 12)).toEqual([
      'One two',
      'three four',
      'five six',
      'seven.',
      '',
      'Example:',
      '  a line that is longer than it may be',
      '',
      'End',
    ]);
  });

  it('keeps a word that is too long for a line whole', () => {
    expect(reflow('a 0123456789 b', 4)).toEqual(['a', '0123456789', 'b']);
    expect(reflow('\n', 4)).toEqual(['']);
  });
});
