import { errorFamily } from './family.ts';

export const safetyErrors = errorFamily('safety', {
  'safety-same': {
    happened: 'Both sides of the comparison are the same identity.',
    means: 'A safety number compares two people; with yourself it would say nothing.',
    next: 'Choose the other person, and check that their card is not your own.',
  },
  'safety-ledger': {
    happened: 'The two sides belong to different ledgers.',
    means: 'Keys of different ledgers are never compared, because each counts only in its own.',
    next: 'Compare the identities that both of you have on the same ledger.',
  },
});

export type SafetyCode = keyof typeof safetyErrors;
