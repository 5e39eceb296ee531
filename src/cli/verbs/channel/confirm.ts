import type { Command } from 'commander';
import { addSendOptions } from '../../channel/options.ts';
import type { ExitCode } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

const help = `
Tells the members, signed, which of their messages opened for you: the newest that you did not confirm before, at most 1,000.
Nothing is confirmed by reading alone. Whoever is shown one message later can be shown by this that a member could read it.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done, or everything is confirmed; 69 it could not be sent yet.

Example:
  countersign channel confirm Price`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = ''] = command.args;
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { channelTitle, counted } = await import('../../channel/words.ts');
  const { planConfirmation } = await import('../../../wallet/channels/confirm.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { exit, Stop } = await import('../../exit.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    const found = await planConfirmation(wallet, pinned, row);
    if (found === undefined) throw new Stop(exit.failed, 'channel-confirmed');
    const { count, plan } = found;
    const done = `Confirmed in ${channelTitle(row)} that you could read ${counted(count, 'message')}.`;
    return { plan, done, json: { confirmed: count } };
  });
}

export const verb: Verb = {
  summary: 'tell the members which of their messages you could read',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addSendOptions(command).addHelpText('after', help);
  },
  run,
};
