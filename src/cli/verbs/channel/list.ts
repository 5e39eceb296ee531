import type { Command } from 'commander';
import type { Terminal } from '../../output.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withWallet } from '../../profile-option.ts';
import { addLimitOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly public?: true;
  readonly limit: number;
  readonly offline?: true;
}

const help = `
Lists your channels, with how you stand in each, what is unread, what waits here to be sent, and what you should look at.

With --public it lists every channel that was founded on the ledger, as everyone sees it: by whom, when, on which transaction.
That needs no identity.

Examples:
  countersign channel list
  countersign channel list --public --limit 20`;

async function listPublic(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json, ledger, limit, offline } = command.opts<Options>();
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { upToDate } = await import('../../identity/up-to-date.ts');
  const { publicChannels } = await import('../../../wallet/channels/outside.ts');
  const { publicChannelJson, publicChannelLine } = await import('../../channel/outside.ts');
  return withWallet(command, terminal, 'existing', async (wallet) => {
    const { joined } = await (offline === true
      ? findLedger(wallet.database, ledger)
      : upToDate(wallet, ledger, terminal));
    const channels = await publicChannels(wallet.database, joined, limit);
    if (json === true) terminal.line(JSON.stringify({ channels: channels.map(publicChannelJson) }));
    else for (const channel of channels) terminal.line(publicChannelLine(channel));
    if (json !== true && channels.length === 0)
      terminal.say('No channel was founded on this ledger, as far as the copy reaches.');
    return exit.ok;
  });
}

async function listOwn(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { summaryJson, summaryLines } = await import('../../channel/summary.ts');
  const { listChannels } = await import('../../../wallet/channels/list.ts');
  return withWallet(command, terminal, 'existing', async (wallet) => {
    const pinned = await channelsOf(wallet, options, terminal);
    const { channels, unseen } = await listChannels(wallet, pinned);
    if (options.json === true) {
      terminal.line(JSON.stringify(summaryJson(channels, unseen)));
      return exit.ok;
    }
    for (const line of await summaryLines(channels, unseen)) terminal.line(line);
    if (channels.length + unseen.length === 0) {
      terminal.say('No channels yet. Found one with "countersign channel new --name NAME --with CONTACT".');
    }
    return exit.ok;
  });
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { startEngines } = await import('../../../engines/start.ts');
  const { withExits } = await import('../../exits.ts');
  await startEngines();
  const isPublic = command.opts<Options>().public === true;
  return withExits(() => (isPublic ? listPublic : listOwn)(command, terminal));
}

export const verb: Verb = {
  summary: 'list your channels, with what is unread and what to look at',
  configure(command) {
    addLimitOption(addChannelOptions(command), 100)
      .option('--public', 'list all channels of the ledger, as everyone sees them')
      .option('--offline', 'list what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
