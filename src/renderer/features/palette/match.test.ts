import { describe, expect, it } from 'vitest';
import { fit, found } from './match.ts';

const names = ['Home', 'Notarize', 'Records', 'Show records that wait', 'Add a contact', 'Lock the identity'];
const search = (text: string): readonly string[] => found(text, names, (name) => name);

describe('a text finds names', () => {
  it('all of them, in their order, when it is empty', () => {
    expect(search('  ')).toEqual(names);
  });

  it('first those that begin with it, then those with a word that does, then those that contain it', () => {
    expect(search('rec')).toEqual(['Records', 'Show records that wait']);
    expect(search('o')).toEqual([
      'Home',
      'Notarize',
      'Records',
      'Show records that wait',
      'Add a contact',
      'Lock the identity',
    ]);
    expect(fit('o', 'Home')).toBe(2);
    expect(fit('con', 'Add a contact')).toBe(1);
    expect(fit('add', 'Add a contact')).toBe(0);
  });

  it('by several words in any order', () => {
    expect(search('wait show')).toEqual(['Show records that wait']);
    expect(search('wait never')).toEqual([]);
  });

  it('without case and accents', () => {
    expect(fit('NOTARIZE', '⟦Ñóťárízé⟧')).toBe(1);
    expect(fit('mull', 'Herr Müller')).toBe(1);
    expect(fit('юр', 'Фирма ЮР')).toBe(1);
  });

  it('by the beginnings of their words, where nothing else fits', () => {
    expect(search('srtw')).toEqual(['Show records that wait']);
    expect(search('adcon')).toEqual(['Add a contact']);
    // In order, but from the middle of words: found by nobody who looks for something else.
    expect(search('hte')).toEqual([]);
    // `lo` begins a word, so that abbreviations are not asked.
    expect(search('lo')).toEqual(['Lock the identity']);
  });

  it('and takes no time for a hostile one', () => {
    const name = 'a '.repeat(500);
    expect(fit('aaaaaaaaaaab', name)).toBeUndefined();
  });
});
