import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { readCardFrom } from '../../identity/card-input.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
In a profile that only watches (countersign identity new --watch-only): says whose identity it watches, by that identity's
contact card. Take the card from "countersign identity card" on the machine that holds the words.

Example:
  countersign identity watch alice.card --profile watch`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  const [given = ''] = command.args;
  if (given === '') throw new UsageError('The card is empty.');
  const { startEngines } = await import('../../../engines/start.ts');
  const { watch } = await import('../../../wallet/identity/own-identity.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const { card, pinned } = await readCardFrom(wallet, given);
      await watch(wallet, card);
      const [sign, { origin }] = [toHex(card.sign), pinned.card];
      terminal.line(json === true ? JSON.stringify({ origin, sign }) : `Watching ${sign} on ${origin}.`);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'watch an identity whose words are elsewhere',
  configure(command) {
    command.argument('<CARD>', 'the file of the card, its link or text, or - for standard input');
    addJsonOption(addIdentityOptions(command)).addHelpText('after', help);
  },
  run,
};
