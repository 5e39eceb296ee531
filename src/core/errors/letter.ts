import { errorFamily } from './family.ts';

const closed = 'Nothing in it was read or acted on.';

/** What is sealed to one key (`docs/spec/channels.md`, 'Letters'). */
export const letterErrors = errorFamily('letter', {
  'letter-form': {
    happened: 'What was sealed to a key has a form that this release does not know.',
    means: closed,
    next: 'Install a current release, or ask the sender to send it again.',
  },
  'letter-key': {
    happened: 'What was sealed to a key was sealed with a number that hides nothing.',
    means: `${closed} Anyone could have read it, and it was made so on purpose.`,
    next: 'Do not rely on it, and ask the sender over a way that you trust.',
  },
  'letter-commitment': {
    happened: 'What was sealed is not for this key, or was taken out of another message.',
    means: closed,
    next: 'Open it with the identity that it was sent to.',
  },
  'letter-box': {
    happened: 'What was sealed to this key does not open.',
    means: `${closed} Its sender sealed something that nobody can read.`,
    next: 'Ask the sender to send it again.',
  },
});

export type LetterCode = keyof typeof letterErrors;
