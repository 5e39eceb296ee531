import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { claimsLine } from '../../contact/show.ts';
import { addSendOptions, type SendVerbOptions, textUpTo } from '../../channel/options.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends SendVerbOptions {
  readonly invitation?: string;
  readonly out?: string;
  readonly name?: string;
}

const help = `
Joins a channel that you were invited to: it shows the members, and nobody else, that you hold the key. Until then they see
you as invited. When the members change later, your next run joins again by itself.

With --invitation it answers an invitation that you were handed as a file or link, before you are a member anywhere: it gives
back your contact card, signed for this invitation. Hand that to the inviter. --name keeps the inviter as a contact.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Examples:
  countersign channel join Price
  countersign channel join --invitation invitation --out answer --name Buyer`;

async function answer(command: Command, terminal: Terminal, given: string): Promise<ExitCode> {
  const { json, name, out } = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { withExits } = await import('../../exits.ts');
  const { handedOver, handOver, keepCard } = await import('../../channel/hand-over.ts');
  const { answerInvitation } = await import('../../../wallet/channels/open-invitations.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const made = await answerInvitation(wallet, await handedOver(given));
      const { inviter, note, pinned } = made;
      const kept = name === undefined ? undefined : await keepCard(wallet, pinned, inviter, name);
      terminal.say(
        `The invitation is from the key ${toHex(inviter.sign).slice(0, 12)}, which ${claimsLine(inviter.claims)}.`,
      );
      if (note !== undefined) terminal.say(`It says: ${note}`);
      if (json === true && out === undefined) {
        terminal.line(
          JSON.stringify({ link: made.link, inviter: toHex(inviter.sign), says: { ...inviter.claims } }),
        );
      } else await handOver(made, out, terminal);
      terminal.say(
        'Hand this back to the inviter. Once you are a member, the channel is in: countersign channel list',
      );
      if (kept !== undefined) terminal.say(`Compare safety numbers: countersign contact verify '${kept}'`);
      return exit.ok;
    }),
  );
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given] = command.args;
  const { invitation } = command.opts<Options>();
  if ((given === undefined) === (invitation === undefined)) {
    throw new UsageError('Name the channel, or give the invitation that you were handed.');
  }
  if (invitation !== undefined) return answer(command, terminal, invitation);
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { planJoin } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given ?? '');
    return { plan: planJoin(row), done: `Joined ${channelTitle(row)}.` };
  });
}

export const verb: Verb = {
  summary: 'join a channel that you were invited to, or answer an invitation',
  configure(command) {
    command.argument('[CHANNEL]', 'its name, or the beginning of its id');
    addSendOptions(command)
      .option(
        '--invitation <FILE>',
        'an invitation that you were handed: a file, a link, or - for standard input',
      )
      .option('--out <FILE>', 'write the answer into a new file, in place of printing its link')
      .option('--name <NAME>', 'keep the inviter as a contact under this name', textUpTo(100))
      .addHelpText('after', help);
  },
  run,
};
