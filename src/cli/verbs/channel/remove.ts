import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addSendOptions } from '../../channel/options.ts';
import type { ExitCode } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

const help = `
Removes members: the others get a new key, and what is said from then on is sealed without them. They are told, and they
keep what they could read until then; nothing can take that back. It is said how much that is.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Examples:
  countersign channel remove Price Seller
  countersign channel remove Price 3b6a27bcceb6`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = '', ...names] = command.args;
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { membersNamed, readableUntil } = await import('../../channel/members.ts');
  const { channelTitle, counted, nameOf } = await import('../../channel/words.ts');
  const { planRemoval } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    const members = await membersNamed(wallet, pinned, row, names);
    const before: string[] = [];
    const removed: Record<string, unknown>[] = [];
    for (const member of members) {
      const readable = await readableUntil(wallet, pinned, row, member);
      before.push(`${nameOf(member)} keeps what was sealed until now: ${counted(readable, 'message')}.`);
      removed.push({ sign: toHex(member.sign), readable });
    }
    const plan = planRemoval(
      row,
      members.map(({ sign }) => sign),
    );
    const who = members.map(nameOf).join(', ');
    return { plan, before, done: `Removed from ${channelTitle(row)}: ${who}.`, json: { removed } };
  });
}

export const verb: Verb = {
  summary: 'remove members from a channel: the others get a new key',
  configure(command) {
    command
      .argument('<CHANNEL>', 'its name, or the beginning of its id')
      .argument('<MEMBER...>', 'names of contacts, or beginnings of keys');
    addSendOptions(command).addHelpText('after', help);
  },
  run,
};
