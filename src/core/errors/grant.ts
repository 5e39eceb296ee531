import { errorFamily } from './family.ts';

const nothing = 'Nothing was opened with it.';
const again = 'Ask whoever disclosed it for the grant again, whole and unchanged.';

/** Disclosures (`docs/spec/channels.md`, 'Disclosure'). */
export const grantErrors = errorFamily('grant', {
  'grant-members': {
    happened: 'The disclosure lacks an entry that it must have, or has one too many.',
    means: nothing,
    next: again,
  },
  'grant-value': {
    happened: 'An entry of the disclosure has a form that is not allowed.',
    means: nothing,
    next: again,
  },
  'grant-order': {
    happened: 'The disclosure lists something twice or out of order.',
    means: nothing,
    next: again,
  },
  'grant-scope': {
    happened: 'The disclosure lists more, less or other things than it says it discloses.',
    means: nothing,
    next: again,
  },
  'grant-ledger': {
    happened: 'The disclosure is about another ledger.',
    means: nothing,
    next: 'Use it with a copy of the ledger that it names.',
  },
  'grant-transaction': {
    happened: 'The disclosure is about another transaction.',
    means: nothing,
    next: 'Look at the transaction that it names.',
  },
  'grant-not-covered': {
    happened: 'This is not among what was disclosed.',
    means: 'It stays closed. The disclosure opens exactly what it lists.',
    next: 'Ask a member to disclose it, if you need it.',
  },
  'grant-tag': {
    happened: 'The disclosure was not addressed to this key, or not to this transaction.',
    means: nothing,
    next: 'Open it with the identity that it was sent to.',
  },
  'grant-withheld': {
    happened: 'The operator did not hand out what the disclosure holds.',
    means: nothing,
    next: 'Synchronise from another copy of the ledger, or ask for the disclosure as a file.',
  },
});

export type GrantCode = keyof typeof grantErrors;
