import type { Command } from 'commander';
import { exit, type ExitCode } from '../../exit.ts';
import { blocksHere, pinnedJson } from '../../ledger/show-card.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
Lists the ledgers that the profile has joined, one to a line: the beginning of its id, its origin, how much of it is here,
and its first address. Wherever a verb takes --ledger, the origin or the beginning of the id names one of them.

Example:
  countersign ledger list`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  const { pinnedLedgers } = await import('../../../wallet/ledgers.ts');
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  const ledgers = await withWallet(command, terminal, 'existing', ({ database }) => pinnedLedgers(database));
  if (json === true) terminal.line(JSON.stringify({ ledgers: ledgers.map(pinnedJson) }));
  else {
    for (const { card, joined } of ledgers) {
      const blocks = `${blocksHere(joined)} of ${joined.size} blocks here`;
      terminal.line(
        `${joined.ledger.idText.slice(0, 16)}  ${card.origin}  ${blocks}  ${card.endpoints[0] ?? ''}`,
      );
    }
    if (ledgers.length === 0) terminal.say('This profile has joined no ledger.');
  }
  return exit.ok;
}

export const verb: Verb = {
  summary: 'list the ledgers that a profile has joined',
  configure(command) {
    addJsonOption(addProfileOption(command)).addHelpText('after', help);
  },
  run,
};
