import { errorFamily } from './family.ts';

export const cardErrors = errorFamily('card', {
  'card-unread': {
    happened: 'The contact card could not be read.',
    means: 'Nothing was added or changed.',
    next: 'Give the path of a file that you may read, the link or text of the card itself, or - for standard input.',
  },
  'card-cannot-write': {
    happened: 'The contact card could not be saved.',
    means: 'Nothing was written. The card itself is as it was.',
    next: 'Free room or choose another folder, then save it again.',
  },
  'card-link': {
    happened: 'This is neither a contact card nor the link of one.',
    means: 'It cannot be read, so no contact was added.',
    next: 'Copy the whole card or link again, from its first character to its last.',
  },
  'card-members': {
    happened: 'The contact card lacks an entry that it must have, or has one that it must not have.',
    means: 'It is not a contact card of this format, so no contact was added.',
    next: 'Ask the person for a new card, made with a current release.',
  },
  'card-value': {
    happened: 'An entry on the contact card has a form that is not allowed.',
    means: 'The card is damaged or was made to mislead, so no contact was added.',
    next: 'Ask the person for a new card over a way that you trust.',
  },
  'card-key': {
    happened: 'The contact card holds a key that cannot be used safely.',
    means: 'Anyone could sign or read with such a key, so no contact was added.',
    next: 'Ask the person for a new card over a way that you trust, and say that this one was refused.',
  },
  'card-ledger': {
    happened: 'The contact card is meant for another ledger.',
    means: 'The person may have another key here, so no contact was added.',
    next: 'Ask the person for the card of their identity on this ledger.',
  },
  'card-announced': {
    happened: 'The contact card does not match what its key announced on the record.',
    means: 'The card was changed, is out of date, or is not theirs. Do not trust the name on it.',
    next: 'Ask the person for their present card, and compare the safety number with them.',
  },
});

export type CardCode = keyof typeof cardErrors;
