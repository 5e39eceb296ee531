import { errorFamily } from './family.ts';

const dropped = 'What was fetched is not what the header commits to, so nothing of it was used.';

/** Pages of long files, and the directories by which they are found (`docs/spec/blocks.md`, 'Pages'). */
export const pageErrors = errorFamily('page', {
  'page-length': {
    happened: 'A page of a file, or its directory, has a length that cannot be.',
    means: dropped,
    next: 'Try another address of the same ledger.',
  },
  'page-order': {
    happened: 'The entries of a page directory are not in ascending order.',
    means: dropped,
    next: 'Try another address of the same ledger.',
  },
  'page-root': {
    happened: 'A page of a file, or its directory, does not have the root that was committed to.',
    means: dropped,
    next: 'Try another address of the same ledger.',
  },
  'page-tag': {
    happened: 'A page directory names another first tag than the page has.',
    means: dropped,
    next: 'Try another address of the same ledger.',
  },
});

export type PageCode = keyof typeof pageErrors;
