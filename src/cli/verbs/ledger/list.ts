import type { Command } from 'commander';
import { alarmMember } from '../../alarm/tell.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { copyWords, pinnedJson } from '../../ledger/show-card.ts';
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
  const ledgers = await withWallet(command, terminal, 'existing', async ({ database }) => {
    const all = [];
    for (const pinned of await pinnedLedgers(database))
      all.push({ pinned, told: await alarmMember(database, pinned.joined) });
    return all;
  });
  if (json === true) {
    const list = ledgers.map(({ pinned, told }) => ({ ...pinnedJson(pinned), ...told }));
    terminal.line(JSON.stringify({ ledgers: list }));
  } else {
    for (const { pinned, told } of ledgers) {
      const { card, joined } = pinned;
      const blocks = `${copyWords(joined)} here`;
      terminal.line(
        `${joined.ledger.idText.slice(0, 16)}  ${card.origin}  ${blocks}  ${card.endpoints[0] ?? ''}`,
      );
      if (told.alarm !== undefined) terminal.line(`  ${told.alarm}`);
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
