import { errorFamily } from './family.ts';

export const treeErrors = errorFamily('tree', {
  'tree-size': {
    happened: 'A tree size is not a whole number from 0 to 2^63 - 1.',
    means: 'No record has such a size, so nothing can be checked against it.',
    next: 'Get the data again from another source; keep the faulty copy if you mean to complain about it.',
  },
  'tree-index': {
    happened: 'A position lies outside the tree that it is said to be in.',
    means: 'The entry cannot be in this record at this position.',
    next: 'Get the proof again from another source, for a head of the record that is at least as new.',
  },
  'tree-sizes-order': {
    happened: 'The head that is called the older one is larger than the newer one.',
    means: 'A record only grows, so the two heads were given in the wrong order or one of them is wrong.',
    next: 'Give the smaller head first; if both claim otherwise, keep them both as evidence.',
  },
  'tree-hash-length': {
    happened: 'A hash in the proof or in a head is not exactly 32 bytes long.',
    means: 'The data is damaged or comes from another kind of record; it proves nothing.',
    next: 'Get the data again from another source.',
  },
  'tree-proof-length': {
    happened: 'The proof does not hold exactly the number of hashes that these sizes call for.',
    means: 'The proof is cut short, padded, or made for other sizes; it proves nothing.',
    next: 'Get a proof for exactly these sizes.',
  },
  'tree-root': {
    happened: 'The proof does not lead to the root hash of the head.',
    means: 'The entry, the proof or the head was changed, or they do not belong together.',
    next: 'Get proof and head again from another source; if both are signed and still differ, keep them as evidence.',
  },
  'tree-old-root': {
    happened: 'The newer head does not continue the older one.',
    means: 'Either the proof was made for other heads, or the record was rewritten between the two.',
    next: 'Keep both signed heads: two that contradict each other are evidence against the operator.',
  },
  'tree-state': {
    happened: 'The saved state of a growing tree does not hold together.',
    means: 'It was damaged on disk; appending to it would give wrong root hashes.',
    next: 'Rebuild the state from the stored entries.',
  },
});

export type TreeCode = keyof typeof treeErrors;
