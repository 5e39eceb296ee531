import { errorFamily } from './family.ts';

const nothing = 'Nothing was disclosed, and nothing was said about it in the channel.';

/** Disclosing, and looking at what was disclosed. */
export const discloseErrors = errorFamily('disclose', {
  'disclose-nothing': {
    happened: 'There is nothing that could be disclosed so.',
    means: nothing,
    next: 'Look at "countersign channel read" for what there is, and synchronise if something is missing.',
  },
  'disclose-no-such-message': {
    happened: 'The channel has no such message.',
    means: nothing,
    next: 'Take its place from what "countersign channel read" shows.',
  },
  'disclose-too-many': {
    happened: 'These are more messages than one disclosure lists.',
    means: nothing,
    next: 'Choose a shorter time, or disclose in several steps.',
  },
  'disclose-too-large': {
    happened: 'The disclosure is too large to be sent over this ledger.',
    means: nothing,
    next: 'Write it into a file instead, and hand that over.',
  },
  'disclose-not-member': {
    happened: 'You are no member of the channel any more.',
    means: `What is disclosed is logged in the channel before, and only members can do that. ${nothing}`,
    next: 'Ask a member to disclose it.',
  },
  'disclose-exists': {
    happened: 'Something has the name of the file for the disclosure already.',
    means: 'It was left as it is, and the disclosure was not handed out.',
    next: 'Give another name, or move away what has this one and run "countersign disclose" to go on.',
  },
  'disclose-cannot-write': {
    happened: 'The file for the disclosure could not be written.',
    means: 'The disclosure was not handed out.',
    next: 'Make its folder writable, then run "countersign disclose" to go on.',
  },
  'disclose-unreadable': {
    happened: 'The file with the disclosure could not be read.',
    means: 'Nothing was opened with it.',
    next: 'Give the path of the file as it was handed over.',
  },
  'disclose-absent': {
    happened: 'Something that was disclosed is not in the local copy of the record.',
    means: 'It stays closed here. That says nothing about whether it is on the record.',
    next: 'Synchronise the whole ledger, then open the disclosure again.',
  },
});

export type DiscloseCode = keyof typeof discloseErrors;
