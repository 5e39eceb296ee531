import { errorFamily } from './family.ts';

const held = 'Nothing of the document was shown or written.';
const release = 'If someone sent it to you, ask them to send the document again with a current release.';

/** Documents in channels (`docs/spec/channels.md`, 'Documents'). */
export const documentErrors = errorFamily('document', {
  'document-members': {
    happened: 'A part of a document lacks an entry that it must have, or has one too many.',
    means: 'The part is not used.',
    next: release,
  },
  'document-value': {
    happened: 'An entry of a part of a document has a form that is not allowed.',
    means: 'The part is not used.',
    next: release,
  },
  'document-size': {
    happened: 'A part of a document has a length that no part has.',
    means: 'The part is not used.',
    next: release,
  },
  'document-tag': {
    happened: 'A part of a document lacks a label by which it is found.',
    means: 'Readers who search the record could miss it, so it is not used.',
    next: release,
  },
  'document-sender': {
    happened: 'A part of a document was sent by someone else than the author of the document.',
    means: 'The part is not used.',
    next: 'Wait for the parts of the author, or ask the author to send the document again.',
  },
  'document-name': {
    happened: 'The key does not belong to this document.',
    means: held,
    next: 'Ask the author to send the document again.',
  },
  'document-withheld': {
    happened: 'The operator did not hand out a part of the document.',
    means: held,
    next: 'Synchronise from another copy of the ledger.',
  },
  'document-missing': {
    happened: 'Parts of the document are missing.',
    means: held,
    next: 'Synchronise again later. If parts stay away, ask the author to send the rest.',
  },
  'document-chunk': {
    happened: 'A piece of the document is not the one that belongs at its place.',
    means: `${held} It was changed, cut short, moved, repeated, or taken from another document.`,
    next: 'Ask the author to send the document again.',
  },
  'document-hash': {
    happened: 'The document is not the one that its author described.',
    means: `${held} Its length or its content differs.`,
    next: 'Ask the author to send the document again.',
  },
});

export type DocumentCode = keyof typeof documentErrors;
