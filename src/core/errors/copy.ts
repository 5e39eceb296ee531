import { errorFamily } from './family.ts';

const means = 'The copy on this machine was changed or damaged; the public record is not affected.';
const next = 'Run "countersign doctor --deep": it keeps the damaged file and fetches again what is wrong.';

/** What an offline check of the local copy of a record finds. */
export const copyErrors = errorFamily('copy', {
  'copy-no-ledger': {
    happened: 'This profile holds no copy of the ledger that was asked for.',
    means: 'There is nothing to check.',
    next: 'Join the ledger and synchronise first.',
  },
  'copy-founding': {
    happened: "The ledger's first header is not the one that gave the ledger its id.",
    means,
    next,
  },
  'copy-checkpoint': {
    happened: 'The signed head of the record does not verify, or is missing.',
    means,
    next,
  },
  'copy-header': {
    happened: 'A block header in the copy is missing or not the one that was recorded.',
    means,
    next,
  },
  'copy-root': {
    happened: 'The headers in the copy are not those that the signed head commits to.',
    means,
    next,
  },
  'copy-message': {
    happened: 'A message in the copy is missing or not the one that was recorded.',
    means,
    next,
  },
  'copy-index': {
    happened: 'The list by which messages are found in the copy does not agree with the messages.',
    means: `${means} Searches could have missed something.`,
    next,
  },
});

export type CopyCode = keyof typeof copyErrors;
