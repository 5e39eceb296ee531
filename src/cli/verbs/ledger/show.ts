import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type LedgerCard, ledgerLink } from '../../../core/record/ledger-card.ts';
import type { Ledger } from '../../../core/record/ledger.ts';
import { alarmMember } from '../../alarm/tell.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import {
  addCardOptions,
  type CardOptions,
  composedCard,
  ending,
  readPolicy,
  writeCardFile,
} from '../../ledger/given.ts';
import { cardJson, cardLines, pinnedJson, pinnedLines, print } from '../../ledger/show-card.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends CardOptions {
  readonly data?: string;
  readonly json?: true;
}

const help = `
Shows a ledger that the profile has joined, with the link that others can join it by. With --data it shows the ledger
of a firehose's folder instead, for its operator: then --endpoint says what goes on the card.

Examples:
  countersign ledger show
  countersign ledger show ledger.example.org/2026 --card ledger-card.json
  countersign ledger show --data ./ledger --endpoint https://new.example.org/ --card ledger-card.json`;

function folder(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give the path of a folder.');
  return resolve(text);
}

/** The ledger in a firehose's data folder, which may be at work meanwhile. @throws Stop */
async function ledgerIn(data: string): Promise<Ledger> {
  const { embeddedStorage } = await import('../../../firehose/embedded-storage.ts');
  const { readLedger } = await import('../../../firehose/block-log.ts');
  try {
    return await readLedger(embeddedStorage(data).public);
  } catch (error) {
    throw ending(exit.failed, error);
  }
}

async function showFolder(data: string, options: Options, terminal: Terminal): Promise<LedgerCard> {
  const { endpoint = [] } = options;
  if (endpoint.length === 0) throw new UsageError('With --data the card needs an address: give --endpoint.');
  const policy = options.policy === undefined ? {} : { policy: await readPolicy(options.policy) };
  const ledger = await ledgerIn(data);
  const card = composedCard({ endpoints: endpoint, ledger: ledger.id, log: ledger.logKey, ...policy });
  const lines = [...cardLines(card), `data       ${data}`, `link       ${ledgerLink(card)}`];
  print(terminal, options.json === true, { ...cardJson(card), data }, lines);
  return card;
}

async function showJoined(command: Command, options: Options, terminal: Terminal): Promise<LedgerCard> {
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  if (options.endpoint !== undefined || options.policy !== undefined) {
    throw new UsageError(
      '--endpoint and --policy go with --data: the card of a joined ledger is the one it was joined by.',
    );
  }
  const { pinned, told } = await withWallet(command, terminal, 'existing', async ({ database }) => {
    const found = await findLedger(database, command.args[0]);
    return { pinned: found, told: await alarmMember(database, found.joined) };
  });
  const alarm = told.alarm === undefined ? [] : [told.alarm];
  const lines = [...pinnedLines(pinned), `link       ${ledgerLink(pinned.card)}`, ...alarm];
  print(terminal, options.json === true, { ...pinnedJson(pinned), ...told }, lines);
  return pinned.card;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { data } = options;
  if (data !== undefined && command.args.length > 0) {
    throw new UsageError('Name a joined ledger or give --data, not both.');
  }
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  const card = await (data === undefined
    ? showJoined(command, options, terminal)
    : showFolder(data, options, terminal));
  if (options.card !== undefined) await writeCardFile(options.card, card);
  return exit.ok;
}

export const verb: Verb = {
  summary: 'show a ledger, and the card that others can join it by',
  configure(command) {
    command.argument('[LEDGER]', 'its origin or the beginning of its id; not needed when only one is joined');
    addProfileOption(command).option('--data <DIR>', 'the data folder of a firehose instead', folder);
    addJsonOption(addCardOptions(command)).addHelpText('after', help);
  },
  run,
};
