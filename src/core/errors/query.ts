import { errorFamily } from './family.ts';

/** What can go wrong when the record is searched. */
export const queryErrors = errorFamily('query', {
  'query-nothing': {
    happened: 'The copy on this machine holds nothing of this name.',
    means: 'It may be newer than the copy, or be in another ledger.',
    next: 'Synchronise, then look again; check that the whole name was copied.',
  },
  'query-ambiguous': {
    happened: 'The name that was given is the beginning of several names.',
    means: 'Nothing is shown, because it could be the wrong one.',
    next: 'Give more of its digits.',
  },
  'query-not-here': {
    happened: 'The messages of this block are not on this machine.',
    means: 'Its header is here and verified; what the block holds was not fetched.',
    next: 'Synchronise, then look again.',
  },
});

export type QueryCode = keyof typeof queryErrors;
