import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CountersignError } from '../../../core/errors/family.ts';
import { keyType, verifierKey } from '../../../core/log/verifier-key.ts';
import { isLedgerOrigin } from '../../../core/log/checkpoint.ts';
import { absoluteLimits, type LedgerLimits } from '../../../core/record/founding.ts';
import { ledgerLink } from '../../../core/record/ledger-card.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import {
  addCardOptions,
  type CardOptions,
  composedCard,
  ending,
  readPolicy,
  writeCardFile,
} from '../../ledger/given.ts';
import { cardJson, cardLines, print } from '../../ledger/show-card.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends CardOptions {
  readonly data: string;
  readonly origin: string;
  readonly dataBytes: number;
  readonly headBytes: number;
  readonly blockMessages: number;
  readonly blockBytes: number;
  readonly json?: true;
}

const help = `
Makes the keys of a new ledger, its first block, and its card. Origin, keys and limits are founded with the first block
and cannot be changed afterwards: its hash is the ledger's id. The folder must not hold a ledger yet.

The card goes to everybody who joins. It is public: hand it out as a file, a link or a QR code, and tell its id another way.

Examples:
  countersign ledger create --data ./ledger --origin ledger.example.org/2026 \\
    --endpoint https://ledger.example.org/ --card ledger-card.json
  countersign firehose --data ./ledger --port 8080`;

function folder(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give the path of a folder.');
  return resolve(text);
}

function origin(text: string): string {
  if (isLedgerOrigin(text)) return text;
  throw new InvalidArgumentError('Use 1 to 255 bytes without white space, + and control characters.');
}

/** An option for one of the limits. */
function limit(name: keyof LedgerLimits): (text: string) => number {
  const most = absoluteLimits[name];
  return (text) => {
    const value = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > most) throw new InvalidArgumentError(`Give a whole number, 1 to ${most}.`);
    return value;
  };
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { endpoint = [], json } = options;
  if (endpoint.length === 0) throw new UsageError('Where will others reach it? Give --endpoint.');
  const policy = options.policy === undefined ? undefined : await readPolicy(options.policy);
  const { startEngines } = await import('../../../engines/start.ts');
  const { foundLedger } = await import('../../../firehose/operator.ts');
  const { embeddedStorage } = await import('../../../firehose/embedded-storage.ts');
  await startEngines();
  const { dataBytes, headBytes, blockMessages, blockBytes } = options;
  const onCard = { endpoints: endpoint, ...(policy === undefined ? {} : { policy }) };
  // What is wrong with the card is found out before there is a ledger: any key and id will do for that.
  const anyKey = verifierKey(options.origin, keyType.ed25519, new Uint8Array(32));
  composedCard({ ...onCard, ledger: new Uint8Array(32), log: anyKey });
  const now = Math.floor(Date.now() / 1000);
  const limits = { dataBytes, headBytes, blockMessages, blockBytes };
  const ledger = await foundLedger(embeddedStorage(options.data), options.origin, limits, now).catch(
    (error: unknown) => {
      const isDisk = error instanceof CountersignError && error.code === 'firehose-storage';
      throw ending(isDisk ? exit.cannotWrite : exit.failed, error);
    },
  );
  const card = composedCard({ ...onCard, ledger: ledger.id, log: ledger.logKey });
  const lines = [
    'Founded a ledger.',
    ...cardLines(card),
    `data       ${options.data}`,
    ...(options.card === undefined ? [] : [`card       ${options.card}`]),
    `link       ${ledgerLink(card)}`,
  ];
  print(terminal, json === true, { ...cardJson(card), data: options.data }, lines);
  terminal.say(
    'Its keys lie in the folder private of its data. Keep a copy of that folder where nobody else can read it.',
  );
  if (options.card !== undefined) await writeCardFile(options.card, card);
  return exit.ok;
}

export const verb: Verb = {
  summary: 'found a ledger in a folder, and write its card',
  configure(command) {
    command
      .requiredOption('--data <DIR>', 'the folder that will hold the ledger', folder)
      .requiredOption('--origin <NAME>', "the ledger's name, best below a domain of yours", origin);
    addCardOptions(command)
      .option(
        '--data-bytes <N>',
        'the most bytes of data of one message',
        limit('dataBytes'),
        absoluteLimits.dataBytes,
      )
      .option(
        '--head-bytes <N>',
        'the most bytes of the head of one message',
        limit('headBytes'),
        absoluteLimits.headBytes,
      )
      .option(
        '--block-messages <N>',
        'the most messages of one block',
        limit('blockMessages'),
        absoluteLimits.blockMessages,
      )
      .option(
        '--block-bytes <N>',
        'the most bytes of one block',
        limit('blockBytes'),
        absoluteLimits.blockBytes,
      );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
