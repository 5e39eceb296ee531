import { errorFamily } from './family.ts';

/** Proofs that a tag is in none of many blocks (`docs/spec/tags.md`). */
export const rangeErrors = errorFamily('range', {
  'range-gap': {
    happened: 'The pieces of a proof over many blocks leave blocks out, overlap, or end at the wrong block.',
    means: 'Nothing is shown about the blocks between, so the whole proof shows nothing.',
    next: 'Get the proof for exactly these blocks.',
  },
  'range-span': {
    happened:
      'A piece of a proof over many blocks stands for blocks that no block of this record head sums up.',
    means: 'There is nothing signed that the piece could be checked against.',
    next: 'Get a newer head of the record, or the proof block by block.',
  },
});

export type RangeCode = keyof typeof rangeErrors;
