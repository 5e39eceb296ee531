import { errorFamily } from './family.ts';

const nobody = 'Nobody was added and nothing was sealed to anyone.';
const whole = 'Ask for it again, and copy it whole, from its first character to its last.';

/** Invitations into channels (`docs/spec/channels.md`, 'Invitations'). */
export const inviteErrors = errorFamily('invite', {
  'invite-link': {
    happened: 'This is neither an invitation, nor an answer to one, nor the link of either.',
    means: nobody,
    next: whole,
  },
  'invite-unread': {
    happened: 'The file with the invitation or answer could not be read.',
    means: nobody,
    next: 'Give the name of the file, or the link itself, or - for standard input.',
  },
  'invite-members': {
    happened: 'The invitation or answer lacks an entry that it must have, or has one too many.',
    means: nobody,
    next: whole,
  },
  'invite-value': {
    happened: 'An entry of the invitation or answer has a form that is not allowed.',
    means: nobody,
    next: whole,
  },
  'invite-ledger': {
    happened: 'The invitation is for another ledger.',
    means: nobody,
    next: 'Join that ledger if you trust it, and answer there.',
  },
  'invite-token': {
    happened: 'The answer is not to this invitation.',
    means: nobody,
    next: 'Look for the invitation that it answers, or invite the person again.',
  },
  'invite-signature': {
    happened: 'The answer was not signed with the key on its card.',
    means: `${nobody} The card may have been put there by someone else.`,
    next: 'Ask the person for a new answer over a way that you trust.',
  },
  'invite-tag': {
    happened: 'The invitation was not addressed to this key.',
    means: 'It was not opened.',
    next: 'Open it with the identity that it was sent to.',
  },
  'invite-withheld': {
    happened: 'The operator did not hand out what the invitation holds.',
    means: 'It was not opened.',
    next: 'Synchronise from another copy of the ledger, or ask the inviter.',
  },
});

export type InviteCode = keyof typeof inviteErrors;
