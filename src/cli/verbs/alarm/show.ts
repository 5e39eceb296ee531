import type { Command } from 'commander';
import { addAlarmNumber, alarmJson, alarmNumber, sayWholeAlarm } from '../../alarm/show.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
Shows an alarm: what was seen, where and when, what its evidence shows, and what that means. The evidence is checked again
before anything is said of it.

Example:
  countersign alarm show 1`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  const number = alarmNumber(command);
  const { startEngines } = await import('../../../engines/start.ts');
  const { alarmNumbered } = await import('../../../wallet/alarms/shown.ts');
  await startEngines();
  const found = await withExits(() =>
    withWallet(command, terminal, 'existing', ({ database }) => alarmNumbered(database, number)),
  );
  if (json === true) terminal.line(JSON.stringify(await alarmJson(found)));
  else await sayWholeAlarm(found, terminal);
  return exit.ok;
}

export const verb: Verb = {
  summary: 'show an alarm, and what its evidence shows',
  configure(command) {
    addJsonOption(addProfileOption(addAlarmNumber(command))).addHelpText('after', help);
  },
  run,
};
