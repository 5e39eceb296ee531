import { errorFamily } from './family.ts';

const refused = 'The request was refused before anything was done.';

/** What can go wrong between a window and the program behind it. */
export const ipcErrors = errorFamily('ipc', {
  'ipc-frame': {
    happened: 'A request came from a page that may not ask for anything.',
    means: refused,
    next: 'Close the application and start it again; report it when it happens once more.',
  },
  'ipc-window': {
    happened: 'A request came from a window that may not ask for this.',
    means: refused,
    next: 'Close the application and start it again; report it when it happens once more.',
  },
  'ipc-size': {
    happened: 'A request or its answer is longer than it may be.',
    means: 'Nothing that long is passed on between the windows and the program behind them.',
    next: 'Ask for less at a time, for example for fewer files.',
  },
  'ipc-schema': {
    happened: 'A request does not have the form that it must have.',
    means: refused,
    next: 'Look at what was entered; when nothing is wrong with it, report this.',
  },
  'ipc-failed': {
    happened: 'The program met an error that it did not foresee.',
    means: 'What was asked for was not done, or not all of it. What was kept before is still there.',
    next: 'Try again. When it happens once more, start the application anew and report it.',
  },
  'ipc-stopped': {
    happened: 'The part of the program that does the work ended and was started again.',
    means: 'What was under way was stopped. What was kept before is still there.',
    next: 'Do it again; what was already done is not done twice.',
  },
  'ipc-busy': {
    happened: 'The same kind of work is under way already.',
    means: 'Nothing was begun.',
    next: 'Wait until it is done, or stop it, then try again.',
  },
  'ipc-gone': {
    happened: 'What this request is about is not there any more.',
    means: 'It was replaced or closed meanwhile. Nothing was done.',
    next: 'Choose it again, then try once more.',
  },
});

export type IpcCode = keyof typeof ipcErrors;
