import { errorFamily } from './family.ts';

const changed = 'The log was changed after its operator signed it, or this copy of it is damaged.';
const compare =
  'Keep this copy as it is, get the file from another copy of the log, and tell the operator what you found.';
const hostile = 'A log consists of plain files and folders only, so nothing was read from it.';

/** Auditing a whole log (`docs/spec/tiles.md`). */
export const logErrors = errorFamily('log', {
  'log-missing': {
    happened: 'A file that must be there is not.',
    means: 'The log is incomplete, or this is not where it lies; what the file should hold was not checked.',
    next: 'Check the folder or address you gave; get the file from another copy of the log.',
  },
  'log-unreadable': {
    happened: 'A file or folder of the log could not be read.',
    means: 'What it holds was not checked. That says nothing about whether it is genuine.',
    next: 'Check the permissions and the disk, then run the command again.',
  },
  'log-unreachable': {
    happened: 'A file of the log could not be fetched.',
    means: 'It was not checked. That says nothing about whether the log is genuine.',
    next: 'Check the network and the address, then run the command again.',
  },
  'log-forbidden': {
    happened: 'The server forbids a file of the log.',
    means:
      'It was not checked. That says nothing about whether the log is genuine; some servers say so for what they have not.',
    next: 'Ask the operator for the file, or audit another copy of the log.',
  },
  'log-redirect': {
    happened: 'The server sent the reader to another place for a file of the log.',
    means: 'An audit follows redirections within the address you gave only, so the file was not fetched.',
    next: 'If the log has moved, give its new address.',
  },
  'log-too-large': {
    happened: 'A file of the log is larger than any honest file of its kind.',
    means: 'It was not read.',
    next: compare,
  },
  'log-folder-too-large': {
    happened: 'A folder of the log holds more names than any honest one.',
    means: 'It was not read to its end, so files in it may have gone unchecked.',
    next: 'Look into the folder and remove what does not belong there.',
  },
  'log-not-a-file': {
    happened: 'Where a file of the log should be there is a folder, a link, a pipe or a device.',
    means: hostile,
    next: 'Copy the log with its links resolved, and audit the copy.',
  },
  'log-not-a-folder': {
    happened: 'Where a folder of the log should be there is something else.',
    means: hostile,
    next: 'Give the folder in which the file named checkpoint lies.',
  },
  'log-tile-mismatch': {
    happened: 'A tile does not hold the hashes that the signed root calls for.',
    means: changed,
    next: compare,
  },
  'log-bundle-mismatch': {
    happened: 'An entry is not the one whose hash is in the log.',
    means: changed,
    next: compare,
  },
  'log-root-mismatch': {
    happened: "The log's entries and tiles agree with each other, but not with the root that is signed.",
    means: 'The operator signed another content than the one that is served here.',
    next: 'Keep this copy: together with the signed checkpoint it shows what was served.',
  },
  'log-inconsistent': {
    happened: 'Two checkpoints that the log signed cannot both be true of one growing log.',
    means: 'The record was rewritten, or different people were shown different records.',
    next: 'Keep both signed checkpoints: together they are evidence against the operator.',
  },
  'log-checkpoint-misnamed': {
    happened: 'A stored checkpoint states another size than its file name says.',
    means: 'It was put in the wrong place, perhaps to hide the one that belongs there.',
    next: compare,
  },
});

export type LogCode = keyof typeof logErrors;
