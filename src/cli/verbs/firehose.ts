import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Terminal } from '../output.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly interval: number;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,7}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number, ${least} to ${most}.`);
    return value;
  };
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { data, host, port, interval } = command.opts<Options>();
  const { startEngines } = await import('../../engines/start.ts');
  const { embeddedStorage } = await import('../../firehose/embedded-storage.ts');
  const { Sequencer } = await import('../../firehose/sequencer.ts');
  const { serve } = await import('../../firehose/server.ts');
  await startEngines();
  const folder = resolve(data);
  const storage = {
    public: embeddedStorage(join(folder, 'public')),
    private: embeddedStorage(join(folder, 'private')),
  };
  const sequencer = await Sequencer.open(storage, {
    intervalMs: interval,
    now: () => Math.floor(Date.now() / 1000),
    onFailure: (error) => {
      terminal.say(`firehose: a block could not be sealed and is tried again: ${String(error)}`);
    },
  });
  const service = await serve(sequencer, host, port);
  terminal.line(`ledger ${sequencer.ledger.idText}`);
  terminal.line(`listening on ${service.url}/`);
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  await Promise.race(signals.map((signal) => once(process, signal, { signal: stop.signal })));
  stop.abort();
  await service.stop();
  terminal.line(`stopped at ${sequencer.size} blocks`);
  return exit.ok;
}

export const verb: Verb = {
  summary: 'serve a ledger: take messages, seal blocks, hand out the record',
  configure(command) {
    command
      .requiredOption('--data <DIR>', 'the folder that holds the ledger')
      .option('--host <HOST>', 'the address to listen on', '127.0.0.1')
      .option('--port <N>', 'the port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 0)
      .option(
        '--interval <MS>',
        'how long a message waits for others before a block',
        wholeNumber(200, 60_000),
        5000,
      );
  },
  run,
};
