import { errorFamily } from './family.ts';

const gap = 'Messages could be missing between them, so the list is not proven complete.';

/** Proofs that a list of a tag's messages is complete (`docs/spec/tags.md`). */
export const completeErrors = errorFamily('complete', {
  'complete-link': {
    happened: 'The entries of a list do not name each other as neighbours.',
    means: gap,
    next: 'Get the list again from another source; if the signed entries contradict each other, keep them as evidence.',
  },
  'complete-total': {
    happened: 'The running totals of a list do not add up.',
    means: gap,
    next: 'Get the list again from another source; if the signed entries contradict each other, keep them as evidence.',
  },
  'complete-rollup': {
    happened: 'A list of messages and the signed summary over the blocks that it is about do not agree.',
    means: gap,
    next: 'Get the list again from another source; if what is signed contradicts itself, keep it as evidence.',
  },
});

export type CompleteCode = keyof typeof completeErrors;
