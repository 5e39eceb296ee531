import { errorFamily } from './family.ts';

const nothing = 'It proves nothing against anybody.';

/** Evidence of an operator's lie (`docs/spec/evidence.md`). */
export const evidenceErrors = errorFamily('evidence', {
  'evidence-format': {
    happened: 'This does not have the form of an evidence file, or is of a kind that is not known.',
    means: nothing,
    next: 'Check that you have the right file, and a version of this program that is at least as new as the file.',
  },
  'evidence-ledger': {
    happened: 'The evidence is about another record than the one asked about.',
    means: 'It says nothing about the record that you asked about.',
    next: 'Check the id of the record; the evidence names the one that it is about.',
  },
  'evidence-founding': {
    happened: 'The first block in the evidence is not the one that the id of the record stands for.',
    means: `So the keys in it are not known to be the operator's. ${nothing}`,
    next: 'Get the evidence again from whoever made it.',
  },
  'evidence-checkpoint': {
    happened: 'The head of the record in the evidence is not signed by the operator of this record.',
    means: `The operator is not bound by it. ${nothing}`,
    next: 'Get the evidence again from whoever made it.',
  },
  'evidence-proof': {
    happened: 'A part of the evidence is missing, out of form, or not part of what the operator signed.',
    means: `It was changed, cut short or made up. ${nothing}`,
    next: 'Get the evidence again from whoever made it.',
  },
  'evidence-no-lie': {
    happened: 'What the operator signed is genuine, but it holds no contradiction of this kind.',
    means: 'The operator is not shown to have lied.',
    next: 'Nothing has to be done; whoever made the evidence should say what they mean by it.',
  },
});

export type EvidenceCode = keyof typeof evidenceErrors;
