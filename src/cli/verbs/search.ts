import { type Command, InvalidArgumentError } from 'commander';
import type { Place } from '../../wallet/explorer/copy.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { tellAlarm } from '../alarm/tell.ts';
import { exit, type ExitCode, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../profile-option.ts';
import {
  addFilterOptions,
  addLabelOptions,
  addLedgerOption,
  addLimitOption,
  addTimeOptions,
  type FilterOptions,
  filterOf,
  type LabelOptions,
  labelsOf,
} from '../records/options.ts';
import { followsOnly, messageJson, messageLine } from '../records/show.ts';
import type { Verb } from '../verb.ts';

interface Options extends FilterOptions, LabelOptions {
  readonly said?: string;
  readonly channel?: string;
  readonly ledger?: string;
  readonly limit: number;
  readonly before?: Place;
  readonly json?: true;
}

const help = `
Searches the verified copy on this machine, newest first. Every option that is given must fit. Go on with --before and the
place that the last page ended with.

--matter, --client, --reference and --text search what you recorded yourself; they fit when they are part of the label.
These labels are sealed, so the identity is opened for them, and they cannot be combined with --key, --type and --tag. After a
restore from words alone only published labels are found; private ones are in a backup.

--said searches what was said in your channels, and the names of documents there: all words must occur, the last one at least
with its beginning. The index for it is made in memory each time and is never written to a disk. Other people on this machine
can see command lines: with --said - the words are read from standard input.

Times are UTC: a day like 2026-01-31, or 2026-01-31T12:00:00Z.

Nothing that fits is no error: the list is empty.

Examples:
  countersign search --type file --since 2026-01-01
  countersign search --matter 2026-117
  countersign search --said 'closing price' --channel Price`;

function place(text: string): Place {
  const match = /^(0|[1-9][0-9]{0,14})\.(0|[1-9][0-9]{0,9})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a place as it is shown: height.position');
  return { height: Number(match[1]), position: Number(match[2]) };
}

async function searchRecord(
  { database }: Wallet,
  { joined, card }: PinnedLedger,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const { isKnown } = await import('../../wallet/follow/known.ts');
  const { findMessages } = await import('../../wallet/explorer/search.ts');
  const { headerAt } = await import('../../wallet/explorer/copy.ts');
  const { limit, before, json } = options;
  const page = { limit, ...(before === undefined ? {} : { before }) };
  const found = await findMessages(database, joined, filterOf(options), page);
  const rows = [];
  for (const message of found) {
    const header = await headerAt(database, joined, message.height);
    rows.push({ message, sealed: header?.time ?? 0 });
  }
  const isWhole = await isKnown(database, joined, options.tag);
  const exitCode = isWhole || rows.length > 0 ? exit.ok : exit.insufficient;
  const last = found.length === limit ? found.at(-1) : undefined;
  const next = last && `${last.height}.${last.position}`;
  if (json === true) {
    const messages = rows.map(({ message, sealed }) => messageJson(message, sealed));
    const more = next === undefined ? {} : { next };
    terminal.line(JSON.stringify({ origin: card.origin, complete: isWhole, messages, ...more }));
    return exitCode;
  }
  for (const { message, sealed } of rows) terminal.line(messageLine(message, sealed));
  if (!isWhole) terminal.say(followsOnly);
  if (rows.length === 0) terminal.say('Nothing in the copy on this machine fits.');
  else if (next !== undefined) terminal.say(`Older ones: --before ${next}`);
  return exitCode;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const isOwn = Object.keys(labelsOf(options)).length > 0;
  const { key, type, tag, before, since, until, said, channel } = options;
  const others = [key, type, tag, before].some((given) => given !== undefined);
  if (isOwn && others) {
    throw new UsageError('Labels are searched by themselves, or with --since and --until.');
  }
  if (said !== undefined && (isOwn || others || since !== undefined || until !== undefined)) {
    throw new UsageError('--said is searched by itself, or with --channel, and --limit.');
  }
  if (channel !== undefined && said === undefined) {
    throw new UsageError('--channel is for --said: "countersign channel read" shows all of a channel.');
  }
  if (since !== undefined && until !== undefined && since > until) {
    throw new UsageError('--since is later than --until.');
  }
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await findLedger(wallet.database, options.ledger);
      await tellAlarm(wallet.database, pinned.joined, terminal);
      if (said !== undefined) {
        const { searchSaid } = await import('../records/search-said.ts');
        const { limit, json } = options;
        return searchSaid(wallet, pinned, { words: said, channel, limit, isJson: json === true }, terminal);
      }
      if (!isOwn) return searchRecord(wallet, pinned, options, terminal);
      const { searchOwn } = await import('../records/search-own.ts');
      const { limit, json } = options;
      const times = { since: since ?? 0, until: until ?? Number.MAX_SAFE_INTEGER };
      const asked = { labels: labelsOf(options), limit, ...times, isJson: json === true };
      await searchOwn(wallet, pinned, asked, terminal);
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'search the record, your own labels, and what was said in your channels',
  configure(command) {
    addLimitOption(addLedgerOption(addIdentityOptions(command)), 20).option(
      '--before <PLACE>',
      'only what stands before this place',
      place,
    );
    addTimeOptions(addFilterOptions(command));
    addLabelOptions(command, 'of what you recorded yourself')
      .option('--said <WORDS>', 'words that were said in your channels; - takes them from standard input')
      .option('--channel <CHANNEL>', 'only in this one: its name, or the beginning of its id');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
