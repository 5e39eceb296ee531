import { errorFamily } from './family.ts';

const nothing = 'Nothing was written, and no part of the document was left behind.';

/** Writing a document into a file of one's own. */
export const exportErrors = errorFamily('export', {
  'export-exists': {
    happened: 'Something has the name of the file to write already.',
    means: `It was left as it is. ${nothing}`,
    next: 'Give another name, or move away what has this one.',
  },
  'export-cannot-write': {
    happened: 'The file could not be written.',
    means: nothing,
    next: 'Give a place where you may write, on a disk with enough room.',
  },
  'export-stopped': {
    happened: 'Writing the document was stopped.',
    means: nothing,
    next: 'Run the command again to begin anew.',
  },
  'export-no-such-document': {
    happened: 'The channel has no such document, or several that could be meant.',
    means: 'Nothing was written.',
    next: 'Take its place from what "countersign document list" shows.',
  },
  'export-too-large': {
    happened: 'The document is too large to be shown.',
    means: 'It is read into memory only up to a limit. Nothing of it was shown.',
    next: 'Write it into a file of your choice instead.',
  },
});

export type ExportCode = keyof typeof exportErrors;
