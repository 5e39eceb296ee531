import { errorFamily } from './family.ts';

const unreadable =
  'The content of the block is damaged or not what was sealed; nothing of it was taken over.';
const again = 'Get the block from another source; the header is kept, so nothing is lost.';
const lie = 'The operator sealed something that the rules forbid.';
const evidence = 'Keep the block; evidence can be made of it that anyone can check.';

/** Block bodies (`docs/spec/blocks.md`). */
export const bodyErrors = errorFamily('body', {
  'body-too-long': {
    happened: 'The content of a block is longer than this record allows.',
    means: unreadable,
    next: again,
  },
  'body-truncated': {
    happened: 'The content of a block breaks off inside a message.',
    means: unreadable,
    next: again,
  },
  'body-leaf': {
    happened: 'A message in a block is said to be empty or longer than any message may be.',
    means: unreadable,
    next: again,
  },
  'body-data': {
    happened: 'The data of a message in a block is said to be longer than any data may be.',
    means: unreadable,
    next: again,
  },
  'body-count': {
    happened: 'The content of a block holds more or fewer messages than its header says.',
    means: unreadable,
    next: again,
  },
  'body-root': {
    happened: 'The messages of a block are not those that its header commits to.',
    means: unreadable,
    next: again,
  },
  'body-size': {
    happened: 'The header of a block states another length of its content than its messages have.',
    means: `The limit on the length of a block could be broken unseen. ${lie}`,
    next: 'Keep the block, and ask the operator about it.',
  },
  'body-repeated': {
    happened: 'A message stands in the record a second time.',
    means: `Only its first place counts. ${lie}`,
    next: evidence,
  },
  'body-tags': {
    happened: 'The index by which messages are found is not the one that the messages of this block give.',
    means: `A search could miss messages or find foreign ones. ${lie}`,
    next: evidence,
  },
  'body-rollup': {
    happened: 'The summary of the index over many blocks is not the one that those blocks give.',
    means: `A proof that nothing was there could be wrong. ${lie}`,
    next: evidence,
  },
});

export type BodyCode = keyof typeof bodyErrors;
