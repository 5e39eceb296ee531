import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CountersignError } from '../../core/errors/family.ts';
import type { FirehoseCode } from '../../core/errors/firehose.ts';
import type { Admission } from '../../firehose/admission.ts';
import { errorFields, eventLog, type EventLog, type LogLevel, logLevels } from '../../firehose/event-log.ts';
import type { CompressFor } from '../../firehose/http/compress.ts';
import type { Sequencer } from '../../firehose/sequencer.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import type { Terminal } from '../output.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly interval: number;
  readonly sealMessages: number;
  readonly rate: number;
  readonly burst: number;
  readonly admit?: string;
  readonly compress: CompressFor;
  readonly connections: number;
  readonly logLevel: LogLevel;
  readonly untilEof?: true;
}

const help = `
Serves the ledger that 'countersign ledger create' founded in the folder: takes messages at POST /messages, seals them into
blocks, serves the record below the same address, tells of new blocks at /events, and of itself at /healthz and /metrics.
docs/firehose.md is its operator's guide.

Only this machine can reach it unless --host says otherwise. --admit names a file with one key to a line, in hexadecimal
digits; it is read again when it changes.

What happens is reported on stderr, one JSON object to a line. SIGTERM and Ctrl-C stop it in order: what was taken is
sealed first. A kill loses nothing that was acknowledged.

Exit codes: 0 stopped in order; 1 files of the folder or the list of keys cannot be used; 69 the folder holds no ledger,
another firehose serves it, or it cannot listen there.

Examples:
  countersign firehose --data ./ledger --port 8080
  countersign firehose --data ./ledger --port 8080 --admit ./keys --log-level warn`;

/** How often the list of admitted keys is looked at, in milliseconds. */
const admissionMs = 2_000;

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number, ${least} to ${most}.`);
    return value;
  };
}

function path(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give a path.');
  return resolve(text);
}

/** The error of a ledger that cannot be opened: with its exit code. */
function openingError(error: unknown): unknown {
  if (!(error instanceof CountersignError)) return error;
  const { code, detail } = error as CountersignError<FirehoseCode>;
  const isBad = code === 'firehose-damaged' || code === 'firehose-storage' || code === 'firehose-admission';
  return isBad ? new Stop(exit.failed, code, detail, { cause: error }) : error;
}

/** Opens the ledger in a folder, with its gate. @throws Stop when its files cannot be used, CountersignError */
async function openLedger(
  options: Options,
  log: EventLog,
): Promise<{ sequencer: Sequencer; admission: Admission | undefined }> {
  const { Admission } = await import('../../firehose/admission.ts');
  const { embeddedStorage } = await import('../../firehose/embedded-storage.ts');
  const { gateWith } = await import('../../firehose/gate.ts');
  const { RateLimit } = await import('../../firehose/rate-limit.ts');
  const { Sequencer } = await import('../../firehose/sequencer.ts');
  const { rate, burst, admit } = options;
  try {
    const admission = admit === undefined ? undefined : await Admission.read(admit);
    const limit = rate === 0 ? undefined : new RateLimit({ perSecond: rate, burst });
    const sequencer = await Sequencer.open(embeddedStorage(options.data), {
      intervalMs: options.interval,
      sealMessages: options.sealMessages,
      gate: gateWith(admission, limit),
      now: () => Math.floor(Date.now() / 1000),
      onFailure: (error) => {
        log.report('error', 'block-failed', errorFields(error));
      },
    });
    return { sequencer, admission };
  } catch (error) {
    throw openingError(error);
  }
}

/** Waits for a signal to end, or for the end of standard input where that is asked for. @returns what it was. */
async function untilToldToStop(isUntilEof: boolean): Promise<string> {
  const stop = new AbortController();
  const ends: Promise<string>[] = ['SIGINT', 'SIGTERM'].map((signal) =>
    once(process, signal, { signal: stop.signal }).then(() => signal),
  );
  if (isUntilEof) {
    process.stdin.on('error', () => process.stdin.destroy());
    ends.push(once(process.stdin.resume(), 'close', { signal: stop.signal }).then(() => 'end of input'));
  }
  const reason = await Promise.race(ends);
  for (const end of ends) end.catch(() => undefined);
  stop.abort();
  return reason;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

function reportStart(log: EventLog, options: Options, sequencer: Sequencer, url: string, ms: number): void {
  const { size, waiting, ledger } = sequencer;
  log.report('info', 'started', { ledger: ledger.idText, blocks: size, waiting, ms: Math.round(ms) });
  log.report('info', 'listening', { url: `${url}/` });
  if (isLoopback(options.host)) return;
  log.report('warn', 'no-tls', {
    says:
      'Other machines can reach this address, and it is not encrypted. What is served is public and signed, but whoever ' +
      'is on the way sees who asks for what. Put a proxy that speaks TLS in front of it: see docs/firehose.md.',
  });
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const begun = performance.now();
  const options = command.opts<Options>();
  const { host, port, compress: compressFor, connections: mostConnections } = options;
  const log = eventLog(options.logLevel, terminal.say, Date.now);
  const { startEngines } = await import('../../engines/start.ts');
  const { serve } = await import('../../firehose/server.ts');
  await startEngines();
  const { sequencer, admission } = await openLedger(options, log);
  admission?.watch(admissionMs, {
    onRead: (keys) => {
      log.report('info', 'admission', { keys });
    },
    onFailure: (error) => {
      log.report('error', 'admission-failed', errorFields(error));
    },
  });
  // Requests that fail are in the log already.
  const onFailure = (): void => undefined;
  const serviceOptions = { host, port, compressFor, mostConnections, log, onFailure };
  const service = await serve(sequencer, serviceOptions).catch(async (error: unknown) => {
    await sequencer.stop();
    throw error;
  });
  reportStart(log, options, sequencer, service.url, performance.now() - begun);
  // Before anybody learns that it listens: a signal that comes at once counts too.
  const toldToStop = untilToldToStop(options.untilEof === true);
  terminal.line(`ledger ${sequencer.ledger.idText}`);
  terminal.line(`listening on ${service.url}/`);
  log.report('info', 'stopping', { reason: await toldToStop });
  admission?.close();
  await service.stop();
  const { size, waiting } = sequencer;
  log.report('info', 'stopped', { blocks: size, waiting });
  terminal.line(`stopped at ${size} ${size === 1 ? 'block' : 'blocks'}`);
  if (waiting > 0) {
    const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`;
    log.report('warn', 'left', {
      waiting,
      says: `${messages} in the folder for the next start; none is lost.`,
    });
  }
  return exit.ok;
}

export const verb: Verb = {
  summary: 'serve a ledger: take messages, seal blocks, hand out the record',
  configure(command) {
    command
      .requiredOption('--data <DIR>', 'the folder that holds the ledger', path)
      .option('--host <HOST>', 'the address to listen on', '127.0.0.1')
      .option('--port <N>', 'the port to listen on; 0 takes any free one', wholeNumber(0, 65_535), 0)
      .option(
        '--interval <MS>',
        'how long a message waits for others before a block, in milliseconds',
        wholeNumber(200, 60_000),
        5000,
      )
      .option('--seal-messages <N>', 'seal at once when so many wait', wholeNumber(1, 65_536), 1024)
      .option(
        '--rate <N>',
        'messages per second from one key; 0 for no limit',
        wholeNumber(0, 1_000_000),
        100,
      )
      .option('--burst <N>', 'messages at once from one key after a pause', wholeNumber(1, 1_000_000), 1000)
      .option('--admit <FILE>', 'take messages only from the keys in this file', path)
      .addOption(
        new Option('--compress <WHOM>', 'for whom files are compressed on the way out')
          .choices(['remote', 'all', 'none'])
          .default('remote'),
      )
      .option('--connections <N>', 'the most connections at the same time', wholeNumber(1, 65_536), 1024)
      .addOption(
        new Option('--log-level <LEVEL>', 'what is reported on stderr')
          .choices([...logLevels])
          .default('info'),
      )
      .option('--until-eof', 'stop when standard input ends, for programs that start a firehose of their own')
      .addHelpText('after', help);
  },
  run,
};
