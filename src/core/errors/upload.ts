import { errorFamily } from './family.ts';

/** Sending a document to a channel (`docs/spec/channels.md`, 'Documents'). */
export const uploadErrors = errorFamily('upload', {
  'upload-unreadable': {
    happened: 'The file could not be read to its end.',
    means: 'The document is not complete on the record, so nobody can open it yet.',
    next: 'Make the file readable and send it again: what was sent already is not sent twice.',
  },
  'upload-too-large': {
    happened: 'The file is larger than the largest document.',
    means: 'A document has at most 4,294,967,296 bytes. Nothing was sent.',
    next: 'Cut the file into several and send each of them.',
  },
  'upload-changed': {
    happened: 'The file changed since its sending began.',
    means: 'What was sent of it stays closed for ever: its key was thrown away. No document was added.',
    next: 'Send the file once more as it is now, when nothing writes to it any longer.',
  },
  'upload-limits': {
    happened: 'This ledger takes only messages that are too small for a piece of this document.',
    means: 'Nothing was sent.',
    next: 'Record only the hash of the file with "countersign notarize", or use another ledger.',
  },
  'upload-stopped': {
    happened: 'Sending the document was stopped.',
    means: 'What was sent is kept. The document is not complete on the record, so nobody can open it yet.',
    next: 'Send the same file to the same channel again: it goes on where it stopped.',
  },
  'upload-refused': {
    happened: 'Parts of the document were not taken up into the record.',
    means: 'The document is not complete there, so nobody can open it yet.',
    next: 'Look at "countersign outbox list", then send the file again: only what is missing is sent.',
  },
});

export type UploadCode = keyof typeof uploadErrors;
