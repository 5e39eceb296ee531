import { errorFamily } from './family.ts';

const broken = 'The two blocks do not belong together, so what comes after is not followed.';
const keep =
  'Get both from another source; if the signed record really holds both, keep them as evidence against its operator.';

/** Links between consecutive block headers (`docs/spec/blocks.md`). */
export const chainErrors = errorFamily('chain', {
  'chain-height': {
    happened: 'A block does not have the height that comes after the one below it.',
    means: broken,
    next: keep,
  },
  'chain-previous': {
    happened: 'A block names another block below it than the one that is there.',
    means: broken,
    next: keep,
  },
  'chain-ledger': {
    happened: 'A block names another record than the one that it stands in.',
    means: broken,
    next: keep,
  },
  'chain-time': {
    happened: 'A block states an earlier time than the block below it.',
    means: 'The times of the record cannot be relied on from here.',
    next: keep,
  },
  'chain-limits': {
    happened: 'A block holds more messages or bytes than the first block of the record allows.',
    means: 'The operator broke the limits that the record was founded with.',
    next: keep,
  },
});

export type ChainCode = keyof typeof chainErrors;
