import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addSendOptions, several, textUpTo } from '../../channel/options.ts';
import type { ExitCode } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly name: string;
  readonly with?: readonly string[];
  readonly transaction?: string;
  readonly note?: string;
}

const help = `
Founds a channel: a conversation on the record that only its members read. Everyone else sees that something was said, by
which key, when, and about how much. The members are you and the contacts of --with; each gets a sealed invitation once the
channel stands in a block. The name is sealed too.

A channel belongs to a transaction. Without --transaction it begins one; with it the channel is a further one on the
transaction of another channel, which you name as for every other verb, or on the transaction with this id. Members of the
one read nothing of the other. That both belong to one transaction is public.

What everyone will see is said before it is sent; --preview says it and does nothing.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Examples:
  countersign channel new --name 'Price' --with Seller
  countersign channel new --name 'Our side' --with Colleague --transaction Price`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { name, note, transaction: given, with: names = [] } = command.opts<Options>();
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { transactionNamed } = await import('../../channel/transaction.ts');
  const { cautions, contactsNamed } = await import('../../channel/members.ts');
  const { channelTitle, counted } = await import('../../channel/words.ts');
  const { membershipOf, planChannel } = await import('../../../wallet/channels/actions.ts');
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const contacts = await contactsNamed(wallet, pinned, names);
    const { add: members } = membershipOf({ ledger: pinned.joined.ledger.id }, contacts);
    const transaction = given === undefined ? undefined : await transactionNamed(wallet, pinned, given);
    const plan = await planChannel(
      wallet,
      pinned,
      {
        name,
        members,
        ...(note === undefined ? {} : { note }),
        ...(transaction === undefined ? {} : { transaction }),
      },
      Math.floor(Date.now() / 1000),
    );
    return {
      plan,
      before: cautions(contacts),
      done: `Channel ${channelTitle(plan.row)} with you and ${counted(members.length, 'other member')}.`,
      json: { name, members: members.map(({ sign }) => toHex(sign)) },
    };
  });
}

export const verb: Verb = {
  summary: 'found a private channel, on a new or an existing transaction',
  configure(command) {
    addSendOptions(command)
      .requiredOption('--name <NAME>', 'what the channel is called, by its members only', textUpTo(200))
      .option('--with <CONTACT>', 'a contact who is a member from the beginning; may be given again', several)
      .option('--transaction <CHANNEL>', 'the transaction of this channel, or with this id')
      .option('--note <TEXT>', 'what the invitations say', textUpTo(1000))
      .addHelpText('after', help);
  },
  run,
};
