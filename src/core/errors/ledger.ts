import { errorFamily } from './family.ts';

/** Ledger cards (`docs/spec/ledger-card.md`), and what can go wrong when one joins or founds a ledger. */
export const ledgerErrors = errorFamily('ledger', {
  'ledger-members': {
    happened: 'The ledger card lacks an entry that it must have, or has one that it must not have.',
    means: 'It is not a ledger card of this format, so nothing was joined.',
    next: 'Ask for a new card, made with a current release.',
  },
  'ledger-value': {
    happened: 'An entry on the ledger card has a form that is not allowed.',
    means: 'The card is damaged or was made to mislead, so nothing was joined.',
    next: 'Ask for a new card over a way that you trust.',
  },
  'ledger-key': {
    happened: 'The log key on the ledger card cannot be used.',
    means: 'Without the key that signs the ledger its record cannot be checked, so nothing was joined.',
    next: 'Ask for a new card over a way that you trust.',
  },
  'ledger-endpoint': {
    happened: 'An address on the ledger card is not one where a ledger can be.',
    means: 'A card has one to eight different http or https addresses that end with a slash.',
    next: 'Ask for a new card, or look at the address once more if you wrote it yourself.',
  },
  'ledger-policy': {
    happened: 'The trust policy on the ledger card cannot be used.',
    means: 'A policy that is not wholly understood could be weaker than its author meant.',
    next: 'Ask for a new card; the code that follows says what is wrong with the policy.',
  },
  'ledger-link': {
    happened: 'What was given is neither a ledger card nor the link of one.',
    means: 'A card begins with a brace, a link with countersign:ledger/, and neither was found whole.',
    next: 'Copy the whole link once more, or name the file of the card.',
  },
  'ledger-mismatch': {
    happened: 'The ledger does not have the id and the log key that its card names.',
    means: 'Card and ledger do not belong together; one of them may be forged. Nothing was joined.',
    next: 'Ask whoever gave you the card, over another way than the one it came by.',
  },
  'ledger-changed': {
    happened: 'ALARM: a ledger of this name is joined already, with another id or another key.',
    means:
      'A name can be copied. Either the card is for another ledger, or someone wants you on a false one.',
    next: 'Nothing was changed. Compare the ledger id with the operator by telephone before you do anything.',
  },
  'ledger-not-joined': {
    happened: 'This profile has not joined such a ledger.',
    means: 'There is no key to check its record by.',
    next: 'Join it with its card: countersign ledger join. Those that are joined shows: countersign ledger list.',
  },
  'ledger-ambiguous': {
    happened: 'More than one joined ledger fits what was given.',
    means: 'Nothing was done, because it could have been done on the wrong ledger.',
    next: 'Give the whole origin, or more digits of the ledger id.',
  },
  'ledger-declined': {
    happened: 'The ledger was not joined, because its key was not confirmed.',
    means: 'Nothing was changed.',
    next: 'Compare the ledger id with whoever gave you the card, then join again and answer yes.',
  },
  'ledger-no-card': {
    happened: 'The file of the ledger card could not be read or written.',
    means: 'Nothing was joined; a ledger that was founded or shown just now is as it was said to be.',
    next: 'Look at the name and the permissions of the file.',
  },
});

export type LedgerCode = keyof typeof ledgerErrors;
