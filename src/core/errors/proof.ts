import { errorFamily } from './family.ts';

const damaged = 'It is damaged, or it is another kind of file; it proves nothing.';
const again = 'Get the proof again from where it came from.';

/** Log proofs: files that show offline that an entry is in a log (`docs/spec/notes.md`). */
export const proofErrors = errorFamily('proof', {
  'proof-too-long': {
    happened: 'A proof file is longer than 2,097,152 bytes.',
    means: 'No honest proof is that long, so it was not read.',
    next: again,
  },
  'proof-malformed': {
    happened: 'A file is not a log proof of version 1 (c2sp.org/tlog-proof@v1).',
    means: damaged,
    next: again,
  },
  'proof-extra': {
    happened: 'The extra data of a log proof is not written in base64.',
    means: damaged,
    next: again,
  },
  'proof-index': {
    happened: 'The index in a log proof is not a whole number in plain digits.',
    means: damaged,
    next: again,
  },
  'proof-hash': {
    happened: 'A line of a log proof is not a hash of 32 bytes in base64.',
    means: damaged,
    next: again,
  },
});

export type ProofCode = keyof typeof proofErrors;
