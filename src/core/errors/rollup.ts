import { errorFamily } from './family.ts';

const badEntry = 'An honest operator commits to no such entry, so it shows nothing.';
const again =
  'Get the proof from another source; if the signed summary really holds this entry, keep it as evidence.';

/** Entries of the roll-up index (`docs/spec/tags.md`). */
export const rollupErrors = errorFamily('rollup', {
  'rollup-length': {
    happened: 'An entry of the summary over many blocks is not 48 bytes long.',
    means: badEntry,
    next: again,
  },
  'rollup-height': {
    happened: 'An entry of the summary names a block outside the blocks that it sums up.',
    means: badEntry,
    next: again,
  },
  'rollup-total': {
    happened: 'The running total of an entry of the summary cannot be right.',
    means: badEntry,
    next: again,
  },
});

export type RollupCode = keyof typeof rollupErrors;
