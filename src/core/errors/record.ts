import { errorFamily } from './family.ts';

export const recordErrors = errorFamily('record', {
  'record-members': {
    happened: 'The record of a file lacks an entry that it must have, or has one that it must not have.',
    means: 'The message is signed, but it does not record a file by the rules, so it is shown as it is.',
    next: 'Ask the sender to record the file again with a current release.',
  },
  'record-value': {
    happened: 'An entry in the record of a file has a form that is not allowed.',
    means: 'The message is signed, but it does not record a file by the rules, so it is shown as it is.',
    next: 'Ask the sender to record the file again with a current release.',
  },
  'record-tag': {
    happened: 'The record of a file does not carry the label by which it is found.',
    means: 'A search for the file would miss it, so it does not count as a record of that file.',
    next: 'Ask the sender to record the file again with a current release.',
  },
});

export type RecordCode = keyof typeof recordErrors;
