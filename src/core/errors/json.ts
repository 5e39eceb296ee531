import { errorFamily } from './family.ts';

export const jsonErrors = errorFamily('json', {
  'json-too-long': {
    happened: 'The text is longer than anything of its kind may be.',
    means: 'It was not read at all, so nothing is known about its content.',
    next: 'Get the data again from another source; if it is the same there, whoever wrote it broke the format.',
  },
  'json-not-utf8': {
    happened: 'The text is not written in clean UTF-8.',
    means: 'It was damaged on the way or saved again by a program that changed its bytes; it proves nothing.',
    next: 'Get the data again as it was first published, and do not open and save it in an editor.',
  },
  'json-too-deep': {
    happened: 'The text nests lists and groups in each other more than 16 deep.',
    means: 'Nothing in the record is that deep; such data is made to exhaust programs that read it.',
    next: 'Ignore this data, and tell whoever gave it to you.',
  },
  'json-duplicate-name': {
    happened: 'Two entries of one group in the text have the same name.',
    means: 'Two readers could take it to say two different things, so it is refused.',
    next: 'Get the data again from another source; if it is the same there, whoever wrote it broke the format.',
  },
  'json-unsorted': {
    happened: 'The entries of a group in the text are not in the order that the format fixes.',
    means: 'The text is not the one that was hashed and signed, even if it seems to say the same.',
    next: 'Get the data again as it was first published, and do not open and save it with another program.',
  },
  'json-number': {
    happened: 'A number in the text is not a plain whole number within the exact range.',
    means: 'Different programs would read it as different values, so it is refused.',
    next: 'Get the data again from another source; if it is the same there, whoever wrote it broke the format.',
  },
  'json-string': {
    happened: 'A character in the text is written in a way that the format does not allow.',
    means: 'The text is not the one that was hashed and signed, even if it looks the same.',
    next: 'Get the data again as it was first published, and do not open and save it with another program.',
  },
  'json-syntax': {
    happened: 'The text breaks off, carries something extra, or is not of the expected form at all.',
    means: 'It is damaged, was reformatted, or is another kind of file; it proves nothing.',
    next: 'Get the data again as it was first published, and do not open and save it in an editor.',
  },
});

export type JsonCode = keyof typeof jsonErrors;
