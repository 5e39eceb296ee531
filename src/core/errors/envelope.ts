import { errorFamily } from './family.ts';

export const envelopeErrors = errorFamily('envelope', {
  'envelope-too-long': {
    happened: 'The message is longer than any message may be.',
    means: 'It was not read at all, so nothing is known about its content.',
    next: 'Get it again from another source; if it is the same there, it is not a message of this record.',
  },
  'envelope-truncated': {
    happened: 'The message breaks off before its end.',
    means: 'A part is missing, so its signature cannot be checked and it proves nothing.',
    next: 'Get the whole message again, from another source if need be.',
  },
  'envelope-type': {
    happened: 'The name that says what kind of message it is has a form that is not allowed.',
    means: 'It is damaged or is not a message of this record.',
    next: 'Get it again from another source.',
  },
  'envelope-version': {
    happened: 'The message is written in a version of the format that this program does not know.',
    means: 'It may be sound, but nothing in it can be judged here.',
    next: 'Use a newer release of Countersign; if there is none, the message is damaged.',
  },
  'envelope-head-too-long': {
    happened: 'The head of the message is longer than this record allows.',
    means: 'The message has no place in this record.',
    next: 'If it is your own, shorten it and put long content into the attached data.',
  },
  'envelope-data-too-long': {
    happened: 'The data attached to the message is longer than this record allows.',
    means: 'The message has no place in this record.',
    next: 'If it is your own, attach less, or split the data over several messages.',
  },
  'envelope-trailing': {
    happened: 'Something follows after the end of the message.',
    means: 'What follows is covered by no signature, so all of it is refused.',
    next: 'Get the message again from another source, by itself.',
  },
  'envelope-signature': {
    happened: 'The signature does not belong to this message and this sender.',
    means: 'The message was changed after signing, or someone else made it. It binds nobody.',
    next: 'Do not rely on it. Get it again from another source, and keep this copy if you mean to complain.',
  },
  'envelope-data': {
    happened: 'The attached data is not the data that the sender signed.',
    means: 'It was changed or exchanged. The message without it may still be sound.',
    next: 'Get the data again from another source, and do not use this copy.',
  },
});

export type EnvelopeCode = keyof typeof envelopeErrors;
