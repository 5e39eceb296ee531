import { errorFamily } from './family.ts';

const shut = 'It stays closed. That it was sent, by whom and when, is on record all the same.';
const release = 'If someone sent it to you, ask them to make it again with a current release.';

/** Sealed messages of channels (`docs/spec/channels.md`). */
export const sealedErrors = errorFamily('sealed', {
  'sealed-members': {
    happened: 'A sealed message lacks an entry that it must have, or has one too many.',
    means: shut,
    next: release,
  },
  'sealed-value': {
    happened: 'An entry of a sealed message has a form that is not allowed.',
    means: shut,
    next: release,
  },
  'sealed-size': {
    happened: 'The length of a sealed message is not one of those that all sealed messages have.',
    means: shut,
    next: release,
  },
  'sealed-epoch': {
    happened: 'The sealed message belongs to another channel, or to other members of this one.',
    means: 'It says nothing here, even if it was copied from where it does.',
    next: 'Look for it in the channel that it was sent to.',
  },
  'sealed-tag': {
    happened: 'The sealed message lacks a label by which the members find it.',
    means: 'Members who search the record could miss it, so it does not count as said to them.',
    next: release,
  },
  'sealed-sender': {
    happened: 'The sealed message was sent by someone who is no member.',
    means: 'It is not part of the conversation, although its author knew the key.',
    next: 'Find out who disclosed the key, and change the members of the channel.',
  },
  'sealed-withheld': {
    happened: 'The operator did not hand out what the sealed message holds.',
    means: shut,
    next: 'Synchronise from another copy of the ledger.',
  },
  'sealed-commitment': {
    happened: 'The key is not the one that this message was sealed with.',
    means: `${shut} Whatever the key would make of it is not what its author signed.`,
    next: 'Ask for the right key. If you are a member, say that you cannot read the message.',
  },
  'sealed-box': {
    happened: 'The sealed message does not open.',
    means: `${shut} Its author sealed something that nobody can read.`,
    next: 'Say that you cannot read it, and ask its author to send it again.',
  },
});

export type SealedCode = keyof typeof sealedErrors;
