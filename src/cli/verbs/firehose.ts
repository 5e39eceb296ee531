import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CountersignError } from '../../core/errors/family.ts';
import type { FirehoseCode } from '../../core/errors/firehose.ts';
import type { Sequencer } from '../../firehose/sequencer.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import type { Terminal } from '../output.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly interval: number;
  readonly untilEof?: true;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,7}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number, ${least} to ${most}.`);
    return value;
  };
}

function folder(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give the path of a folder.');
  return resolve(text);
}

/** Opens the ledger in a folder. @throws Stop when its files do not verify or cannot be read, CountersignError */
async function openLedger(
  data: string,
  interval: number,
  onFailure: (error: unknown) => void,
): Promise<Sequencer> {
  const { embeddedStorage } = await import('../../firehose/embedded-storage.ts');
  const { Sequencer } = await import('../../firehose/sequencer.ts');
  const now = (): number => Math.floor(Date.now() / 1000);
  try {
    return await Sequencer.open(embeddedStorage(data), { intervalMs: interval, now, onFailure });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError<FirehoseCode>;
    const isBad = code === 'firehose-damaged' || code === 'firehose-storage';
    throw isBad ? new Stop(exit.failed, code, detail, { cause: error }) : error;
  }
}

/** Waits for a signal to end, or for the end of standard input where that is asked for. */
async function untilToldToStop(isUntilEof: boolean): Promise<void> {
  const stop = new AbortController();
  const ends: Promise<unknown>[] = ['SIGINT', 'SIGTERM'].map((signal) =>
    once(process, signal, { signal: stop.signal }),
  );
  if (isUntilEof) {
    process.stdin.on('error', () => process.stdin.destroy());
    ends.push(once(process.stdin.resume(), 'close', { signal: stop.signal }));
  }
  await Promise.race(ends);
  stop.abort();
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { data, host, port, interval, untilEof } = command.opts<Options>();
  const { startEngines } = await import('../../engines/start.ts');
  const { serve } = await import('../../firehose/server.ts');
  await startEngines();
  const sequencer = await openLedger(data, interval, (error) => {
    terminal.say(`countersign firehose: a block could not be written and is tried again: ${String(error)}`);
  });
  const onFailure = (error: unknown): void => {
    terminal.say(`countersign firehose: a request failed: ${String(error)}`);
  };
  const service = await serve(sequencer, { host, port, onFailure }).catch(async (error: unknown) => {
    await sequencer.stop();
    throw error;
  });
  terminal.line(`ledger ${sequencer.ledger.idText}`);
  terminal.line(`listening on ${service.url}/`);
  await untilToldToStop(untilEof === true);
  await service.stop();
  const { size, waiting } = sequencer;
  terminal.line(`stopped at ${size} ${size === 1 ? 'block' : 'blocks'}`);
  if (waiting > 0) {
    const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`;
    terminal.say(`countersign firehose: ${messages} in the folder for the next start; none is lost.`);
  }
  return exit.ok;
}

export const verb: Verb = {
  summary: 'serve a ledger: take messages, seal blocks, hand out the record',
  configure(command) {
    command
      .requiredOption('--data <DIR>', 'the folder that holds the ledger', folder)
      .option('--host <HOST>', 'the address to listen on', '127.0.0.1')
      .option('--port <N>', 'the port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 0)
      .option(
        '--interval <MS>',
        'how long a message waits for others before a block, in milliseconds',
        wholeNumber(200, 60_000),
        5000,
      )
      .option(
        '--until-eof',
        'stop when standard input ends, for programs that start a firehose of their own',
      );
  },
  run,
};
