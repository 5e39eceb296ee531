import { errorFamily } from './family.ts';

export const wordsErrors = errorFamily('words', {
  'words-count': {
    happened: 'There are not exactly 24 words.',
    means: 'Your key cannot be made from them; nothing was changed.',
    next: 'Compare with your written sheet: one word may be missing, doubled, or joined to its neighbour.',
  },
  'words-unknown': {
    happened: 'One of the words is not in the list of words that keys are written in.',
    means: 'It was misread or mistyped; nothing was changed.',
    next: 'Compare that word with your written sheet, letter by letter.',
  },
  'words-checksum': {
    happened: 'The words are all known, but they do not fit together.',
    means: 'At least one word is wrong or two changed places; nothing was changed.',
    next: 'Compare every word and the order with your written sheet.',
  },
});

export type WordsCode = keyof typeof wordsErrors;
