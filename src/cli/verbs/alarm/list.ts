import type { Command } from 'commander';
import { alarmJson, sayAlarm } from '../../alarm/show.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import { addLedgerOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly json?: true;
}

const help = `
Lists what the operators of your ledgers, or their addresses, were seen to do that an honest one does not do.

"With proof": the operator's own signatures show it, and the evidence can be handed to anybody. Nothing newer is then fetched
from that ledger until you decide with "countersign alarm acknowledge". "Without proof": this profile alone saw it.

An address that sends garbage, is behind or cannot be reached is no alarm: another one may do better.

Exit codes: 0 there are none that stop a ledger; 1 there are.

Example:
  countersign alarm list`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { ledger, json } = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { shownAlarms } = await import('../../../wallet/alarms/shown.ts');
  await startEngines();
  const alarms = await withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const only = ledger === undefined ? undefined : [(await findLedger(database, ledger)).joined];
      return shownAlarms(database, only);
    }),
  );
  if (json === true) terminal.line(JSON.stringify({ alarms: await Promise.all(alarms.map(alarmJson)) }));
  else for (const alarm of alarms) await sayAlarm(alarm, terminal);
  if (json !== true && alarms.length === 0) terminal.say('There are no alarms.');
  return alarms.some(({ isStopping }) => isStopping) ? exit.failed : exit.ok;
}

export const verb: Verb = {
  summary: 'list what operators were seen to do that honest ones do not do',
  configure(command) {
    addJsonOption(addLedgerOption(addProfileOption(command))).addHelpText('after', help);
  },
  run,
};
