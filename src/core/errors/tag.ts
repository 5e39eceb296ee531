import { errorFamily } from './family.ts';

const badEntry = 'An honest operator commits to no such entry, so it shows nothing.';
const again =
  'Get the proof from another source; if the signed index really holds this entry, keep it as evidence.';

/** Entries of the tag index and proofs of presence (`docs/spec/tags.md`). */
export const tagErrors = errorFamily('tag', {
  'tag-length': {
    happened: 'An entry of the index does not have the length that every entry has, or breaks off.',
    means: badEntry,
    next: again,
  },
  'tag-count': {
    happened:
      'An entry of the index counts no message, more than a block can hold, or another number than it lists.',
    means: badEntry,
    next: again,
  },
  'tag-list': {
    happened:
      'The list of messages shown with an entry of the index is not the one that the entry commits to.',
    means:
      'The list was changed or belongs to another entry; it does not say which messages carry the label.',
    next: 'Get the list again from another source.',
  },
  'tag-sorted': {
    happened: 'The entries of the index are out of order, or one is there twice.',
    means: 'Entries can be hidden in such an index, so nothing is looked up in it.',
    next: again,
  },
  'tag-order': {
    happened: 'An entry of the index lists its messages out of order or twice.',
    means: badEntry,
    next: again,
  },
  'tag-own': {
    happened: 'An entry of the index says that a message stands in the block but does not list it.',
    means: badEntry,
    next: again,
  },
  'tag-previous': {
    happened: 'An entry of the index names an earlier block that is not earlier.',
    means: badEntry,
    next: again,
  },
  'tag-total': {
    happened: 'The running total of an entry of the index cannot be right.',
    means: badEntry,
    next: again,
  },
  'tag-other': {
    happened: 'The proof is about another tag than the one asked for.',
    means: 'It says nothing about what was asked.',
    next: 'Get the proof for the right tag.',
  },
  'tag-proof': {
    happened: 'An entry is not at this place of the index that the block commits to.',
    means: 'The entry or its proof was changed, or they belong to another block; it shows nothing.',
    next: 'Get entry and proof again from another source.',
  },
});

export type TagCode = keyof typeof tagErrors;
