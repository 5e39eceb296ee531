import type { Command } from 'commander';
import { contactJson, contactLines } from '../../contact/show.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
Lists your contacts by the names that you gave them, with what they say of themselves, their key, how it stands on the
record of the local copy, and whether, how and when you checked it.

A changed key is not used until you approve it: countersign contact verify NAME

Example:
  countersign contact list`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { knownContacts } = await import('../../../wallet/contacts/contacts.ts');
  await startEngines();
  const contacts = await withExits(() => withWallet(command, terminal, 'existing', knownContacts));
  if (json === true) terminal.line(JSON.stringify({ contacts: contacts.map(contactJson) }));
  else for (const contact of contacts) for (const line of contactLines(contact)) terminal.line(line);
  if (json !== true && contacts.length === 0) {
    terminal.say('No contacts yet. Add one with "countersign contact add CARD --name NAME".');
  }
  return exit.ok;
}

export const verb: Verb = {
  summary: 'list contacts, with the state of their keys',
  configure(command) {
    addJsonOption(addIdentityOptions(command)).addHelpText('after', help);
  },
  run,
};
