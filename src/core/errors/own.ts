import { errorFamily } from './family.ts';

/** What can go wrong with one's own keys on a ledger. */
export const ownErrors = errorFamily('own', {
  'own-announced': {
    happened: 'This identity is announced on this ledger already.',
    means: 'A key is announced once. Nothing was sent.',
    next: 'To change the contact card or the key, use "countersign identity rotate".',
  },
  'own-unannounced': {
    happened:
      'This identity is not announced on this ledger, as far as the local copy of the record reaches.',
    means: 'Nobody there knows its key, so there is nothing to show, rotate or revoke.',
    next: 'Run "countersign sync", then "countersign identity announce" if it was never announced.',
  },
  'own-unsynced': {
    happened: 'The local copy of this ledger is empty, or not complete yet.',
    means: 'Nobody can tell which of your keys counts there, so nothing was signed.',
    next: 'Run "countersign sync" to its end, then try again. Afterwards it works without a network too.',
  },
  'own-pending': {
    happened: 'A change of this identity was sent, but it is not in a block of the local copy yet.',
    means: 'Until it is, nobody can tell which key counts, so nothing was signed.',
    next: 'Run "countersign sync" and try again in a moment.',
  },
  'own-not-watching': {
    happened: 'This profile has an identity of its own.',
    means: 'Only a profile without words watches the identity of other words. Nothing was changed.',
    next: 'Make another profile with "countersign identity new --watch-only --profile NAME".',
  },
  'own-not-current': {
    happened: 'This key is not, or no longer, the key of the identity that may hand over.',
    means: 'The statement would have no effect. Nothing was sent.',
    next: 'Use the recovery words: "countersign identity rotate --recovery".',
  },
  'own-not-key': {
    happened: 'This key does not belong to the identity, as far as the local copy of the record reaches.',
    means: 'Nothing was sent.',
    next: 'Compare the key with what "countersign identity show" lists, and run "countersign sync" before.',
  },
  'own-card-unknown': {
    happened: 'The contact card of this key is not known on this machine.',
    means: 'The record holds only a commitment to it, from which the card cannot be read.',
    next: 'Say again exactly what the card said, with --name, --firm and --role; it is compared with the record.',
  },
  'own-card-differs': {
    happened: 'This is not what the contact card of this key said when it was announced.',
    means: 'Others would find that the card does not match the record, so it was not made.',
    next: 'Write name, firm and role exactly as before, or announce a new card with "countersign identity rotate".',
  },
  'own-recovery-words': {
    happened: 'These are not the recovery words of this identity.',
    means: 'The record commits to another recovery key. Nothing was sent.',
    next: 'Find the sheet with the recovery words; the words of the identity itself do not recover it.',
  },
  'own-recovery-needed': {
    happened: 'To announce an identity on this ledger, its recovery words are needed once.',
    means: 'They were not kept on this machine, which is what makes them safe. Nothing was sent.',
    next: 'Run the command in a terminal, or give them with --recovery-words-from FILE.',
  },
  'own-same-words': {
    happened: 'The recovery words are the same as the words of the identity.',
    means: 'Whoever finds one sheet would have everything. Nothing was sent.',
    next: 'Use the other sheet.',
  },
  'own-declined': {
    happened: 'There was no yes.',
    means: 'Nothing was sent and nothing was changed.',
    next: 'Run the command again when you are sure.',
  },
  'own-words-screen': {
    happened: 'New words can only be shown on a terminal.',
    means: 'They are never printed into a pipe or a log. Nothing was created.',
    next: 'Run the command in a terminal, or give files with --words-to-file and --recovery-words-to-file.',
  },
  'own-words-file': {
    happened: 'The file for the words could not be written.',
    means: 'It exists already, or its folder may not be written. Nothing was created.',
    next: 'Give the path of a file that does not exist yet, in a folder that only you can read.',
  },
  'own-words-unread': {
    happened: 'The words could not be read.',
    means: 'Nothing was changed.',
    next: 'Give the path of a file that holds the 24 words and nothing else, or - for standard input.',
  },
  'own-words-check': {
    happened: 'The words that were asked back were not the ones shown.',
    means: 'They may have been written down wrongly, so no identity was created.',
    next: 'Run the command again; it shows new words.',
  },
});

export type OwnCode = keyof typeof ownErrors;
