import { errorFamily } from './family.ts';

/** Files that are checked without a network, by anybody (`core/verify`). */
export const verifyErrors = errorFamily('verify', {
  'verify-kind': {
    happened: 'This is none of the files that can be checked.',
    means: 'It is no evidence, receipt, promise, ledger card or contact card in a form that is known.',
    next: 'Check that you have the right file, and a version of this program that is at least as new as the file.',
  },
  'verify-unreadable': {
    happened: 'A file could not be read.',
    means: 'Nothing was checked of it.',
    next: 'Check its name and that you may read it, then try again.',
  },
  'verify-no-anchor': {
    happened: 'The file agrees with itself, but nothing says that its ledger is the one that you mean.',
    means: 'Whoever made the file could have made up a ledger with keys of their own.',
    next: 'Give the ledger card with --card, or its id with --ledger, from a source that you trust.',
  },
  'verify-no-founding': {
    happened: 'The key that signs promises stands in the first block of the ledger, which is not at hand.',
    means: 'A ledger card alone does not hold that key, so the signature could not be checked.',
    next: 'Give a receipt or evidence of the same ledger along with it, or use a profile that has joined the ledger.',
  },
  'verify-unsigned': {
    happened: 'The card has its right form, but nobody signs a card.',
    means: 'It is the word of whoever handed it to you, and shows nothing by itself.',
    next: 'Compare its id or its safety number with the other side over another way than the one it came by.',
  },
  'verify-not-recorded': {
    happened: 'The receipt is genuine, and does not show that the file is on record.',
    means: 'It was made before the message stood in a block.',
    next: 'Ask whoever gave it to you for a receipt that was made after the block was sealed.',
  },
});

export type VerifyCode = keyof typeof verifyErrors;
