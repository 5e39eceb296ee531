import { errorFamily } from './family.ts';

/** What can go wrong with contacts. */
export const contactErrors = errorFamily('contact', {
  'contact-name': {
    happened: 'This cannot be the name of a contact.',
    means: 'Nothing was added or changed.',
    next: 'Use 1 to 100 characters, without line breaks and invisible characters.',
  },
  'contact-note': {
    happened: 'This cannot be kept as a note about the check.',
    means: 'The check was not kept.',
    next: 'Use 1 to 500 characters, without line breaks and invisible characters.',
  },
  'contact-name-taken': {
    happened: 'You have a contact of this name already.',
    means: 'Nothing was added: two contacts of one name could be taken for each other.',
    next: 'Choose another name for the new one.',
  },
  'contact-exists': {
    happened: 'The key on this card belongs to one of your contacts already.',
    means: 'Nothing was added or changed.',
    next: 'Look at "countersign contact list".',
  },
  'contact-self': {
    happened: 'This is your own contact card.',
    means: 'Nothing was added.',
    next: 'Give your card to others, and ask them for theirs.',
  },
  'contact-same-person': {
    happened: 'The key on this card is a later or earlier key of one of your contacts.',
    means: 'It is the same identity on the record, so no second contact was added.',
    next: 'Compare safety numbers for the new key with "countersign contact verify NAME".',
  },
  'contact-look-alike': {
    happened: 'A name or key on this card looks like one that you know already.',
    means: 'It may be somebody who wants to be taken for someone else. Nothing was added.',
    next: 'Ask the person over a way that you trust. If it is right, add it with --accept-look-alike.',
  },
  'contact-unknown': {
    happened: 'You have no contact of this name or key.',
    means: 'Nothing was changed.',
    next: 'Look at "countersign contact list", and write the name as it stands there.',
  },
  'contact-ambiguous': {
    happened: 'More than one contact begins like this.',
    means: 'Nothing was changed.',
    next: 'Write the whole name, or more digits of the key.',
  },
  'contact-unannounced': {
    happened: 'The key of this contact is not on the record, as far as the local copy reaches.',
    means: 'Nobody can tell whether it counts, so nothing can be done with it yet.',
    next: 'Run "countersign sync". If it is still not there, ask the person to announce the identity.',
  },
  'contact-changed': {
    happened: 'The key of this contact is another one than you approved.',
    means:
      'They may have changed it themselves, or someone took over their identity. Nothing is signed with them until then.',
    next: 'Ask them over another way, then compare safety numbers with "countersign contact verify NAME".',
  },
  'contact-revoked': {
    happened: 'The key of this contact was revoked, and no new one took its place.',
    means: 'What it signs now does not count, so nothing can be signed with this contact.',
    next: 'Ask the person whether they will recover the identity or make a new one.',
  },
  'contact-number': {
    happened: 'The two safety numbers are not the same.',
    means:
      'One of you has a wrong key of the other, or someone is between you. The key was not marked as checked.',
    next: 'Read both numbers again, slowly. If they still differ, do not rely on this contact, and exchange cards anew.',
  },
  'contact-declined': {
    happened: 'There was no yes.',
    means: 'Nothing was added or changed.',
    next: 'Run the command again when you are sure.',
  },
});

export type ContactCode = keyof typeof contactErrors;
