import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { ChannelCode } from '../../../core/errors/channel.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode, Stop } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import { numberFrom } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly discard?: string;
  readonly wait: number;
}

const help = `
Seals and sends what waits in your channels, in its order, for those who are members now. It also joins again where members
changed in channels that you joined. Every verb that says something in a channel does this too.

What cannot be done stands in the way of what comes after it in the same channel. Give it up with --discard and the beginning
of what "countersign channel read" shows beside it. What the operator promised to record cannot be given up.

Exit codes: 0 nothing waits any more, or only for its block; 1 something cannot be done; 69 it could not be sent yet.

Examples:
  countersign channel send
  countersign channel send --discard 1f3a5c7e`;

async function discardOne(
  wallet: Wallet,
  pinned: PinnedLedger,
  digits: string,
  terminal: Terminal,
): Promise<void> {
  const { openDrafts } = await import('../../../wallet/channels/drafts.ts');
  const { discard } = await import('../../../wallet/channels/deliver.ts');
  const drafts = await openDrafts(await wallet.privateRows(), pinned.joined.ledger.id);
  const found = drafts.filter(({ id }) => digits.length >= 4 && id.startsWith(digits));
  const [one] = found;
  if (one === undefined || found.length > 1 || !(await discard(wallet, pinned, one))) {
    throw new Stop(exit.insufficient, 'channel-not-given-up' satisfies ChannelCode, digits.slice(0, 40));
  }
  terminal.line(`Given up: ${one.id.slice(0, 8)}. It was not sent.`);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { exitOf, withExits } = await import('../../exits.ts');
  const { channelsOf, send } = await import('../../channel/carry-out.ts');
  const { counted } = await import('../../channel/words.ts');
  const { pendingJson, pendingLine } = await import('../../channel/conversation.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      if (options.discard !== undefined) {
        await discardOne(wallet, pinned, options.discard, terminal);
        return exit.ok;
      }
      const { done, failure, waiting } = await send(wallet, pinned, options.wait, terminal);
      const { pendingOf } = await import('../../../wallet/channels/pending.ts');
      const pending = await pendingOf(wallet, pinned.joined, waiting);
      if (options.json === true) {
        const ids = done.flatMap(({ sent }) => (sent === undefined ? [] : [toHex(sent)]));
        terminal.line(JSON.stringify({ done: ids, pending: pending.map(pendingJson) }));
      } else {
        terminal.line(`${counted(done.length, 'step')} done, ${counted(waiting.length, 'step')} waiting.`);
        for (const one of pending) terminal.line(pendingLine(one));
      }
      const stuck = waiting.find(({ problem }) => problem !== undefined)?.problem;
      if (stuck !== undefined) throw new Stop(exitOf(stuck), stuck);
      if (failure !== undefined) throw new Stop(exit.unavailable, failure.code, failure.detail);
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'seal and send what waits in your channels',
  configure(command) {
    addChannelOptions(command)
      .option('--discard <ID>', 'give up one thing that waits')
      .option('--wait <SECONDS>', 'wait at most so long for the block', numberFrom(0, 86_400), 60)
      .addHelpText('after', help);
  },
  run,
};
