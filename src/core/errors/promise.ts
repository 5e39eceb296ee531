import { errorFamily } from './family.ts';

const noPromise = 'Nobody is bound by it: treat the message as not yet accepted.';

/** Inclusion promises (`docs/spec/promises.md`). */
export const promiseErrors = errorFamily('promise', {
  'promise-format': {
    happened: 'What the operator signed does not have the form of a promise to include a message.',
    means: noPromise,
    next: 'Send the message again, and tell the operator if the answer stays the same.',
  },
  'promise-value': {
    happened: 'A promise names a hash, a number or a range of blocks that it cannot name.',
    means: noPromise,
    next: 'Send the message again, and tell the operator if the answer stays the same.',
  },
  'promise-ledger': {
    happened: 'A promise is about another record than this one.',
    means: noPromise,
    next: 'Check that you sent the message to the operator of the right record.',
  },
});

export type PromiseCode = keyof typeof promiseErrors;
