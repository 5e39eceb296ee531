import type { Command } from 'commander';
import { addAlarmNumber, alarmJson, alarmNumber, sayWholeAlarm } from '../../alarm/show.ts';
import { confirmed } from '../../confirm.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Says that you have seen an alarm and want to go on with the ledger. Fetching and sending work again, as far as the record
allows it; the alarm and its evidence stay, and everything that is said about the ledger keeps saying so.

What contradicts the copy here is never taken over, whatever is acknowledged.

Example:
  countersign alarm acknowledge 1`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json, yes } = command.opts<Options>();
  const number = alarmNumber(command);
  const { startEngines } = await import('../../../engines/start.ts');
  const { alarmNumbered } = await import('../../../wallet/alarms/shown.ts');
  const { acknowledgeAlarm } = await import('../../../wallet/alarms/rows.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const before = await alarmNumbered(database, number);
      if (yes !== true) await sayWholeAlarm(before, { ...terminal, line: terminal.say });
      if (!(await confirmed('Have you seen this, and do you want to go on with the ledger?', yes === true))) {
        terminal.say('Nothing was changed.');
        return exit.insufficient;
      }
      await acknowledgeAlarm(database, number, Math.floor(Date.now() / 1000));
      const after = await alarmNumbered(database, number);
      if (json === true) terminal.line(JSON.stringify(await alarmJson(after)));
      else {
        const kept = after.lie === undefined ? '' : ', with its evidence';
        terminal.line(`Alarm ${number} is acknowledged. It stays in the list${kept}.`);
      }
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'say that you have seen an alarm and want to go on',
  configure(command) {
    addProfileOption(addAlarmNumber(command)).option('--yes', 'say yes without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
