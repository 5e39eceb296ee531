import { errorFamily } from './family.ts';

export const demoErrors = errorFamily('demo', {
  'demo-unexpected': {
    happened: 'A step of the demonstration did not end as it should.',
    means: 'Something in this installation does not work as it is meant to.',
    next: 'Run ./check to see what fails, and report what it prints.',
  },
  'demo-file': {
    happened: 'A file for the demonstration cannot be read.',
    means: 'Nothing was recorded.',
    next: 'Name files that are there and that you may read. One whose name begins with a dash goes after --.',
  },
});

export type DemoCode = keyof typeof demoErrors;
