import { type Command, InvalidArgumentError } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { Conversation } from '../../../wallet/channels/conversation.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import { addLimitOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Place {
  readonly height: number;
  readonly position: number;
}

interface Options extends ReadOptions {
  readonly limit: number;
  readonly before?: Place;
  readonly keepUnread?: true;
  readonly offline?: true;
}

const help = `
Shows what was said in a channel, oldest first: the place and the time of the block, who, and what. Who is no member any more
is marked. What is not sealed for you stands in its place, with its size and the beginning of its hash. What waits here to be
said comes last. What is shown counts as read, on this machine only: nobody is told.

Exit codes: 0 shown; 1 something is wrong with the channel; 2 no such channel.

Examples:
  countersign channel read Price
  countersign channel read Price --limit 20 --before 1204.3`;

function place(text: string): Place {
  const [, height, position] = /^(\d{1,15})\.(\d{1,9})$/.exec(text) ?? [];
  if (height !== undefined && position !== undefined)
    return { height: Number(height), position: Number(position) };
  throw new InvalidArgumentError('Give a place as it is shown: 1204.3');
}

async function print(told: Conversation, title: string, isJson: boolean, terminal: Terminal): Promise<void> {
  const { entryJson, entryLines, pendingJson, pendingLine } = await import('../../channel/conversation.ts');
  const { entries, older, pending } = told;
  const before = older && `${older.height}.${older.position}`;
  if (isJson) {
    const more = before === undefined ? {} : { older: before };
    terminal.line(
      JSON.stringify({ entries: entries.map(entryJson), pending: pending.map(pendingJson), ...more }),
    );
    return;
  }
  terminal.line(title);
  if (before !== undefined) terminal.say(`There is more before this: --before ${before}`);
  for (const entry of entries) for (const line of entryLines(entry)) terminal.line(line);
  for (const waiting of pending) terminal.line(pendingLine(waiting));
  if (entries.length + pending.length === 0) terminal.say('Nothing is on the record yet.');
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  const { startEngines } = await import('../../../engines/start.ts');
  const { withExits } = await import('../../exits.ts');
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { conversation } = await import('../../../wallet/channels/conversation.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { openChannel } = await import('../../../wallet/channels/open.ts');
  const { markRead } = await import('../../../wallet/channels/list.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const row = await findChannel(wallet, pinned, given);
      const { before, keepUnread, limit } = options;
      const page = { limit, ...(before === undefined ? {} : { before }) };
      const told = await conversation(wallet, await openChannel(wallet, pinned, row), page);
      const title = `${channelTitle(row)}, transaction ${toHex(row.transaction).slice(0, 12)}, on ${pinned.card.origin}`;
      await print(told, title, options.json === true, terminal);
      const newest = told.entries.at(-1);
      if (newest !== undefined && keepUnread !== true) await markRead(wallet, row, newest);
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'show what was said in a channel',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addLimitOption(addChannelOptions(command), 50)
      .option('--before <PLACE>', 'only what stands before this place', place)
      .option('--keep-unread', 'let what is shown count as unread')
      .option('--offline', 'show what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
