import { errorFamily } from './family.ts';

const notOne = 'What was signed is not the head of a log, or the log writes its heads in a way of its own.';

/** Checkpoints: the signed heads of logs (`docs/spec/notes.md`). */
export const checkpointErrors = errorFamily('checkpoint', {
  'checkpoint-malformed': {
    happened: 'A signed text is not a checkpoint: origin, size and root hash, each on a line of its own.',
    means: notOne,
    next: 'Check that this file is the checkpoint of the log you mean.',
  },
  'checkpoint-size': {
    happened: 'The size in a checkpoint is not a whole number up to 9,007,199,254,740,991 in plain digits.',
    means: notOne,
    next: 'Check that this file is the checkpoint of the log you mean; tell its operator.',
  },
  'checkpoint-root': {
    happened: 'The root hash in a checkpoint is not 32 bytes in base64.',
    means: notOne,
    next: 'Check that this file is the checkpoint of the log you mean; tell its operator.',
  },
  'checkpoint-extension': {
    happened: 'A checkpoint of a ledger carries lines after the root hash.',
    means: 'Ledgers never sign such lines, because nobody could audit what they say.',
    next: 'Check that this checkpoint is really one of the ledger; if so, keep it and tell its operator.',
  },
  'checkpoint-origin': {
    happened: "A checkpoint's first line is not the name of the log whose key signed it.",
    means:
      'It is the head of another log, or the key you gave belongs to another log, or has another name than its log.',
    next: 'Compare the first line of the checkpoint with the name at the start of the verifier key, and with what the operator publishes as the origin of the log.',
  },
  'checkpoint-not-by-log': {
    happened: 'A checkpoint is cosigned, but none of the accepted logs has signed it.',
    means: 'Witnesses alone do not make a head of a log.',
    next: 'Check that the log key you gave is the one of this log.',
  },
});

export type CheckpointCode = keyof typeof checkpointErrors;
