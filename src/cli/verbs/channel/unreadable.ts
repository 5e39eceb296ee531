import { type Command, InvalidArgumentError } from 'commander';
import { equalBytes, fromHex, toHex } from '../../../core/bytes.ts';
import type { ChannelCode } from '../../../core/errors/channel.ts';
import type { ChannelRow } from '../../../wallet/channels/rows.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { addSendOptions, type SendVerbOptions } from '../../channel/options.ts';
import { exit, type ExitCode, Stop } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

interface Options extends SendVerbOptions {
  readonly message?: Uint8Array;
}

const help = `
Says in public, signed, that something in a channel does not open for you although it should: the message with this id, or
without --message the change of members after which you cannot read. It never says why. So nobody can claim later that you had
read it, and the others know to invite you again.

Exit codes: 0 done, or waiting for its block; 1 it opens for you; 69 it could not be sent yet and waits here.

Examples:
  countersign channel unreadable Price
  countersign channel unreadable Price --message 5f1c...`;

function messageId(text: string): Uint8Array {
  const id = fromHex(text, 32);
  if (id !== undefined) return id;
  throw new InvalidArgumentError('Give the id of the message: 64 hexadecimal digits in small letters.');
}

/** The epoch and the message that do not open. @throws Stop `channel-opens` when they do. */
async function whatDoesNot(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  wanted: Uint8Array | undefined,
): Promise<{ readonly epoch: Uint8Array; readonly message: Uint8Array }> {
  const { openChannel } = await import('../../../wallet/channels/open.ts');
  const { channelMessages } = await import('../../../wallet/channels/messages.ts');
  const channel = await openChannel(wallet, pinned, row);
  const { current } = channel;
  const isCurrent = current !== undefined && (wanted === undefined || equalBytes(current.epoch.id, wanted));
  if (isCurrent && !current.opened.ok) return { epoch: current.epoch.id, message: current.epoch.id };
  for await (const one of channelMessages(wallet, channel, { order: 'newest first' })) {
    const { epoch, opened, sealed } = one;
    const { id } = sealed.message;
    // Of epochs in which one is no member nothing is to be expected to open, unless somebody says so of one message.
    const isExpected = channel.epochs.some((local) => local.epoch === epoch && local.opened.ok);
    const isMeant = wanted === undefined ? isExpected : equalBytes(id, wanted);
    if (isMeant && !opened.ok) return { epoch: epoch.id, message: id };
  }
  throw new Stop(exit.failed, 'channel-opens' satisfies ChannelCode);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = ''] = command.args;
  const { message: wanted } = command.opts<Options>();
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { channelTitle, short } = await import('../../channel/words.ts');
  const { planNotice } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    const { epoch, message } = await whatDoesNot(wallet, pinned, row, wanted);
    const done = `You said in public that you cannot open ${short(message)} of ${channelTitle(row)}.`;
    return { plan: planNotice(row, epoch, message), done, json: { about: toHex(message) } };
  });
}

export const verb: Verb = {
  summary: 'say in public that something in a channel does not open for you',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addSendOptions(command)
      .option('--message <ID>', 'the message that does not open', messageId)
      .addHelpText('after', help);
  },
  run,
};
