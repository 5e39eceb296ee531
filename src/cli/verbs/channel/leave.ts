import type { Command } from 'commander';
import { addSendOptions } from '../../channel/options.ts';
import type { ExitCode } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

const help = `
Tells the members that you leave. You still hold the key until one of them changes the members without you; what you could
read stays readable for you. Nobody but the members sees that you left.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Example:
  countersign channel leave Price`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = ''] = command.args;
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { planLeave } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    return { plan: planLeave(row), done: `You said in ${channelTitle(row)} that you leave.` };
  });
}

export const verb: Verb = {
  summary: 'tell the members of a channel that you leave',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addSendOptions(command).addHelpText('after', help);
  },
  run,
};
