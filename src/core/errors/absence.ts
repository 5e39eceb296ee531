import { errorFamily } from './family.ts';

const unproven = 'The proof leaves room for what it says is not there, so it shows nothing.';

/** Proofs that a tag is not in an index (`docs/spec/tags.md`). */
export const absenceErrors = errorFamily('absence', {
  'absence-gap': {
    happened: 'The two entries of a proof that nothing stands between them are not neighbours.',
    means: unproven,
    next: 'Get the proof again from another source.',
  },
  'absence-order': {
    happened: 'The tag asked for does not lie between the two entries of the proof.',
    means: unproven,
    next: 'Get the proof for the right tag.',
  },
});

export type AbsenceCode = keyof typeof absenceErrors;
