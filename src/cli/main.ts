#!/usr/bin/env node
/** The command line `countersign`: runs one verb, waits until everything is written, and ends. */
import { dispatch, report } from './dispatch.ts';
import { exit, Stop } from './exit.ts';
import { processTerminal } from './output.ts';

const { terminal, finish } = processTerminal();

const crashed = (error: unknown): void => {
  void report(error, terminal)
    .then(finish)
    .finally(() => process.exit(exit.internal));
};
process.on('uncaughtException', crashed);
process.on('unhandledRejection', crashed);

let code = await dispatch(process.argv.slice(2), terminal);
const failure = await finish();
if (failure !== undefined) {
  code = await report(new Stop(exit.cannotWrite, 'cli-cannot-write', failure.message), terminal);
  await finish();
}
// Said outright: a handle that something left open must not keep a finished command from ending.
process.exit(code);
