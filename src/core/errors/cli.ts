import { errorFamily } from './family.ts';

/** What can go wrong with the command line's own work. */
export const cliErrors = errorFamily('cli', {
  'cli-cannot-write': {
    happened: 'The output could not be written.',
    means: 'What was printed is not complete, so do not rely on it.',
    next: 'Check that the place you write to has room and may be written, then run the command again.',
  },
  'cli-internal': {
    happened: 'Countersign met a fault of its own and stopped.',
    means: 'The command has no result. That says nothing about the data it was given.',
    next: 'Run it again with COUNTERSIGN_DEBUG=1 set and report what it prints.',
  },
});

export type CliCode = keyof typeof cliErrors;
