import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addSendOptions, type SendVerbOptions, textUpTo } from '../../channel/options.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends SendVerbOptions {
  readonly note?: string;
  readonly open?: true;
  readonly out?: string;
  readonly answer?: string;
  readonly name?: string;
}

const help = `
Makes contacts members of a channel: the members get a new key, and each of the new ones a sealed invitation. They read what
is said from then on, nothing from before. Someone whose key changed is invited again with the new one.

Someone who has no key yet, in three steps:
  1. countersign channel invite CHANNEL --open --out invitation     Hand them the file, or the link that is printed without
                                                                   --out. It holds nothing of the channel.
  2. They make an identity, announce it, and hand back what "countersign channel join --invitation FILE" gives them.
  3. countersign channel invite CHANNEL --answer FILE --name NAME   Keeps them as a contact. Compare safety numbers: whoever
                                                                   got hold of the invitation could have answered it. Then
                                                                   invite them like any contact.

What everyone will see is said before it is sent; --preview says it and does nothing.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Examples:
  countersign channel invite Price Auditor --note 'For your review'
  countersign channel invite Price --open --out invitation
  countersign channel invite Price --answer answer --name Seller`;

async function handOut(command: Command, terminal: Terminal, given: string): Promise<ExitCode> {
  const { ledger, note, out } = command.opts<Options>();
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { handOutInvitation } = await import('../../../wallet/channels/open-invitations.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { handOver } = await import('../../channel/hand-over.ts');
  return withWallet(command, terminal, 'existing', async (wallet) => {
    const pinned = await findLedger(wallet.database, ledger);
    const row = await findChannel(wallet, pinned, given);
    await handOver(
      await handOutInvitation(wallet, pinned, row, note, Math.floor(Date.now() / 1000)),
      out,
      terminal,
    );
    terminal.say(
      'Hand it to the person over a way that both of you trust. What they give back goes to --answer.',
    );
    return exit.ok;
  });
}

async function takeAnswer(
  command: Command,
  terminal: Terminal,
  given: string,
  answer: string,
): Promise<ExitCode> {
  const { json, ledger, name, offline } = command.opts<Options>();
  if (name === undefined) throw new UsageError('Say what you call the person: --name NAME.');
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { handedOver, keepCard } = await import('../../channel/hand-over.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { forgetInvitation, readAnswer } = await import('../../../wallet/channels/open-invitations.ts');
  const bytes = await handedOver(answer);
  return withWallet(command, terminal, 'existing', async (wallet) => {
    const where = {
      ...(ledger === undefined ? {} : { ledger }),
      ...(offline === undefined ? {} : { offline }),
    };
    const pinned = await channelsOf(wallet, where, terminal);
    const { name: channel = toHex((await findChannel(wallet, pinned, given)).channel) } = await findChannel(
      wallet,
      pinned,
      given,
    );
    const rows = await wallet.privateRows();
    const { answer: taken, handedOut } = await readAnswer(rows, bytes);
    const kept = await keepCard(wallet, pinned, taken.card, name);
    await forgetInvitation(rows, handedOut);
    if (json === true) terminal.line(JSON.stringify({ contact: kept, sign: toHex(taken.card.sign) }));
    else
      terminal.line(
        `${kept} answered your invitation, and is a contact now. Nobody was added to the channel yet.`,
      );
    terminal.say(
      `Whoever got hold of the invitation could have answered it. Compare: countersign contact verify '${kept}'`,
    );
    terminal.say(`Then invite them: countersign channel invite '${channel}' '${kept}'`);
    return exit.ok;
  });
}

async function invite(
  command: Command,
  terminal: Terminal,
  given: string,
  names: readonly string[],
): Promise<ExitCode> {
  const { note } = command.opts<Options>();
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { cautions, contactsNamed } = await import('../../channel/members.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { membershipOf, planInvitation } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    const contacts = await contactsNamed(wallet, pinned, names);
    const plan = await planInvitation(wallet, pinned, row, contacts, note);
    const who = contacts.map(({ contact: { name } }) => name).join(', ');
    return {
      plan,
      before: cautions(contacts),
      done: `Invited into ${channelTitle(row)}: ${who}. They read what is said from now on.`,
      json: { invited: membershipOf(row, contacts).add.map(({ sign }) => toHex(sign)) },
    };
  });
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = '', ...names] = command.args;
  const { answer, open } = command.opts<Options>();
  const ways = [names.length > 0, open === true, answer !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('Name contacts, or give --open, or give --answer: one of the three.');
  if (names.length > 0) return invite(command, terminal, given, names);
  const { startEngines } = await import('../../../engines/start.ts');
  const { withExits } = await import('../../exits.ts');
  await startEngines();
  return withExits(() =>
    answer === undefined ? handOut(command, terminal, given) : takeAnswer(command, terminal, given, answer),
  );
}

export const verb: Verb = {
  summary: 'make people members of a channel, also such who have no key yet',
  configure(command) {
    command
      .argument('<CHANNEL>', 'its name, or the beginning of its id')
      .argument('[CONTACT...]', 'names of contacts');
    addSendOptions(command)
      .option('--note <TEXT>', 'what the invitation says', textUpTo(1000))
      .option('--open', 'make an invitation for someone who has no key yet')
      .option('--out <FILE>', 'write the open invitation into a new file, in place of printing its link')
      .option('--answer <FILE>', 'what someone gave back: a file, a link, or - for standard input')
      .option('--name <NAME>', 'what you call the person who answered', textUpTo(100))
      .addHelpText('after', help);
  },
  run,
};
