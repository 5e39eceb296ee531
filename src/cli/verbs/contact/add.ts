import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { ContactCode } from '../../../core/errors/contact.ts';
import type { Proposal } from '../../../wallet/contacts/contacts.ts';
import { canAsk } from '../../ask.ts';
import { confirmed } from '../../confirm.ts';
import { claimsLine, standingWords } from '../../contact/show.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { readCardFrom } from '../../identity/card-input.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly name: string;
  readonly acceptLookAlike?: true;
  readonly json?: true;
}

const help = `
Adds a person by their contact card, under a name that you choose. What the card says is only what they say of themselves;
it is shown beside your name for them, never in its place. The card is held against the record: one that does not match
what its key announced is refused.

Names and keys that look like ones you know are pointed out and not added, unless you say --accept-look-alike.

Afterwards compare safety numbers: countersign contact verify NAME

Exit codes: 0 added; 1 the card is not valid or does not match the record, or a name or key looks like another; 2 you said no.

Examples:
  countersign contact add bob.card --name Bob
  countersign contact add countersign:contact/eyJjYXJkIjp7... --name 'Bob (Example Ltd)'`;

/** Lets the person look twice where a contact may be taken for another one. @throws Stop */
async function lookTwice({ warnings }: Proposal, options: Options, terminal: Terminal): Promise<void> {
  if (warnings.length === 0) return;
  for (const warning of warnings) terminal.say(`Warning: ${warning}`);
  if (options.acceptLookAlike === true) return;
  if (!canAsk()) {
    throw new Stop(exit.failed, 'contact-look-alike' satisfies ContactCode, warnings[0]?.slice(0, 200));
  }
  if (!(await confirmed('Are you sure that this is somebody else, and add the contact?', false))) {
    throw new Stop(exit.insufficient, 'contact-declined' satisfies ContactCode);
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  if (given === '') throw new UsageError('The card is empty.');
  const { startEngines } = await import('../../../engines/start.ts');
  const { addContact, proposeContact } = await import('../../../wallet/contacts/contacts.ts');
  const { learnKey } = await import('../../../wallet/follow/choose.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const { card, pinned: before } = await readCardFrom(wallet, given);
      const pinned = await learnKey(wallet, before, card.sign);
      const now = Math.floor(Date.now() / 1000);
      const proposal = await proposeContact(wallet, pinned, card, options.name, now);
      await lookTwice(proposal, options, terminal);
      await addContact(wallet, proposal);
      const { contact, standing, warnings } = proposal;
      const { name } = contact;
      if (options.json === true) {
        const sign = toHex(card.sign);
        terminal.line(JSON.stringify({ name, says: { ...card.claims }, sign, standing, warnings }));
        return;
      }
      terminal.line(`Added ${name}, who ${claimsLine(card.claims)}.`);
      terminal.line(`On ${pinned.card.origin} ${standingWords[standing]}.`);
      terminal.say('Next: compare safety numbers with "countersign contact verify NAME".');
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'add a person by their contact card',
  configure(command) {
    command.argument('<CARD>', 'the file of the card, its link or text, or - for standard input');
    addIdentityOptions(command)
      .requiredOption('--name <NAME>', 'what you call this person')
      .option('--accept-look-alike', 'add it although a name or key looks like one you know');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
