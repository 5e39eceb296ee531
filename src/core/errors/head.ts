import { errorFamily } from './family.ts';

export const headErrors = errorFamily('head', {
  'head-members': {
    happened: 'The head of the message lacks an entry that every message has, or has one that none may have.',
    means: 'It was not made by the rules of this record and has no effect in it.',
    next: 'If someone sent it to you, ask them to make it again with a current release.',
  },
  'head-value': {
    happened: 'An entry in the head of the message has a form that is not allowed.',
    means: 'It was not made by the rules of this record and has no effect in it.',
    next: 'If someone sent it to you, ask them to make it again with a current release.',
  },
  'head-tags': {
    happened: 'The message carries more than 8 labels, the same label twice, or labels out of order.',
    means: 'It was not made by the rules of this record and has no effect in it.',
    next: 'If someone sent it to you, ask them to make it again with a current release.',
  },
  'head-ledger': {
    happened: 'The message was signed for another ledger.',
    means: 'It may be sound there; here it binds nobody, because a signature counts only where it was meant.',
    next: 'Check it against the ledger that it names.',
  },
});

export type HeadCode = keyof typeof headErrors;
