import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { ChannelCode } from '../../../core/errors/channel.ts';
import type { ChannelMember } from '../../../wallet/channels/people.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import { addLimitOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly public?: true;
  readonly limit: number;
  readonly offline?: true;
}

const help = `
Shows one of your channels: who its members are and which of them showed that they can read, who was removed and what they
keep, what waits here, and what you should look at. Who can read is the least: a member can hand a key on, and nobody sees it.

With --public it shows what everyone sees of the transaction of a channel: its channels, and what is sealed in it, by author,
size and time, with the count. Give the beginning of the id of the channel or of the transaction. That needs no identity.

Examples:
  countersign channel show Price
  countersign channel show 3b6a27bcceb6 --public`;

async function showPublic(command: Command, terminal: Terminal, given: string): Promise<ExitCode> {
  const { json, ledger, limit, offline } = command.opts<Options>();
  if (!/^[0-9a-f]{4,64}$/.test(given))
    throw new UsageError('Give at least 4 digits of the id of a channel or transaction.');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { upToDate } = await import('../../identity/up-to-date.ts');
  const { publicChannels, publicTransaction } = await import('../../../wallet/channels/outside.ts');
  const { transactionJson, transactionLines } = await import('../../channel/outside.ts');
  return withWallet(command, terminal, 'existing', async (wallet) => {
    const { joined } = await (offline === true
      ? findLedger(wallet.database, ledger)
      : upToDate(wallet, ledger, terminal));
    const found = await publicChannels(wallet.database, joined, 100, given);
    const transactions = new Set(found.map(({ transaction }) => toHex(transaction)));
    const [one] = found;
    const code: ChannelCode = transactions.size > 1 ? 'channel-ambiguous' : 'channel-unknown';
    if (one === undefined || transactions.size > 1) throw new Stop(exit.insufficient, code, given);
    const shown = await publicTransaction(wallet.database, joined, one.transaction, limit);
    if (json === true) terminal.line(JSON.stringify(transactionJson(shown)));
    else for (const line of transactionLines(shown)) terminal.line(line);
    return exit.ok;
  });
}

const keyWords: Readonly<Record<ChannelMember['key'], string>> = {
  valid: '',
  unannounced: '; KEY NOT ON THE RECORD of the local copy',
  rotated: '; KEY REPLACED since',
  revoked: '; KEY REVOKED',
  recovered: '; KEY TAKEN OVER by a recovery',
};

async function showOwn(
  wallet: Wallet,
  pinned: PinnedLedger,
  given: string,
  isJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { openChannel } = await import('../../../wallet/channels/open.ts');
  const { summaryOf } = await import('../../../wallet/channels/list.ts');
  const { channelMembers } = await import('../../../wallet/channels/people.ts');
  const { pendingIn } = await import('../../../wallet/channels/pending.ts');
  const { openInvitations } = await import('../../../wallet/channels/open-invitations.ts');
  const { alarmLines, summaryJson } = await import('../../channel/summary.ts');
  const { pendingJson, pendingLine } = await import('../../channel/conversation.ts');
  const { channelTitle, nameOf, short, standingWords, statusWords } = await import('../../channel/words.ts');
  const row = await findChannel(wallet, pinned, given);
  const channel = await openChannel(wallet, pinned, row);
  const summary = await summaryOf(wallet, pinned, row, channel);
  const members = await channelMembers(wallet, channel);
  const pending = await pendingIn(wallet, pinned.joined, row);
  const open = await openInvitations(await wallet.privateRows(), row);
  if (isJson) {
    const { channels } = summaryJson([summary], []) as { readonly channels: readonly object[] };
    const people = members.map(({ encrypt, isMe, key, lastEpoch, name, sign, status }) => ({
      sign: toHex(sign),
      encrypt: toHex(encrypt),
      ...(name === undefined ? {} : { name }),
      ...{ me: isMe, status, lastEpoch, key },
    }));
    terminal.line(
      JSON.stringify({
        ...channels[0],
        people,
        pending: pending.map(pendingJson),
        openInvitations: open.length,
      }),
    );
    return;
  }
  terminal.line(channelTitle(summary));
  terminal.line(`  ${standingWords[summary.standing]}; ${summary.unread} unread`);
  terminal.line(`  channel     ${toHex(row.channel)}`);
  terminal.line(`  transaction ${toHex(row.transaction)}`);
  for (const member of members) {
    terminal.line(
      `  ${nameOf(member).padEnd(16)} ${short(member.sign)}  ${statusWords[member.status]}${keyWords[member.key]}`,
    );
  }
  if (open.length > 0) terminal.line(`  ${open.length} handed out to people without a key, not answered yet`);
  for (const waiting of pending) terminal.line(`  ${pendingLine(waiting)}`);
  const names = new Map(members.map((member) => [toHex(member.sign), nameOf(member)]));
  const lines = await alarmLines(summary.alarms, (sign) => names.get(toHex(sign)) ?? `key ${short(sign)}`);
  for (const line of lines) terminal.line(`  ${line}`);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  const { startEngines } = await import('../../../engines/start.ts');
  const { withExits } = await import('../../exits.ts');
  await startEngines();
  if (options.public === true) return withExits(() => showPublic(command, terminal, given));
  const { channelsOf } = await import('../../channel/carry-out.ts');
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      await showOwn(wallet, pinned, given, options.json === true, terminal);
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'show the members of a channel, or what everyone sees of its transaction',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addLimitOption(addChannelOptions(command), 50)
      .option('--public', 'show what everyone sees, for a channel or transaction of anybody')
      .option('--offline', 'show what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
