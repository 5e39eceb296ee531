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
  'promise-size': {
    happened: 'A promise begins at a block above the newest head of the record.',
    means: 'No block may ever be high enough to show whether it is kept.',
    next: 'Get the newest head of the record; if it is still below, treat the message as not yet accepted.',
  },
  'promise-last-time': {
    happened: 'A promise gives the operator more than seven days.',
    means: 'It binds the operator too late to be worth waiting for.',
    next: 'Treat the message as not yet accepted, check the clock of this device, and ask the operator.',
  },
});

export type PromiseCode = keyof typeof promiseErrors;
