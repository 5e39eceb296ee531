import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { AlarmCode } from '../../../core/errors/alarm.ts';
import { CountersignError } from '../../../core/errors/family.ts';
import { addAlarmNumber, alarmNumber } from '../../alarm/show.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
Writes the evidence of an alarm into a file, for others. Whoever has the ledger card can check it on any machine, without a
network: countersign verify --card CARD FILE. It holds nothing private, except that evidence of a promise that was not kept
names the message that was promised.

Example:
  countersign alarm export 1 evidence.json`;

async function write(path: string, evidence: Uint8Array): Promise<void> {
  try {
    await writeFile(path, evidence, { flag: 'wx', flush: true });
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CountersignError<AlarmCode>('alarm-cannot-write', `${path}: ${code}`, { cause });
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  const number = alarmNumber(command);
  const [, path = ''] = command.args;
  if (path === '') throw new UsageError('The name of the file is empty.');
  const { startEngines } = await import('../../../engines/start.ts');
  const { alarmNumbered } = await import('../../../wallet/alarms/shown.ts');
  await startEngines();
  await withExits(async () => {
    const { alarm, lie } = await withWallet(command, terminal, 'existing', ({ database }) =>
      alarmNumbered(database, number),
    );
    const { evidence } = alarm;
    if (evidence === undefined || lie === undefined)
      throw new CountersignError<AlarmCode>('alarm-no-evidence', `alarm ${number}`);
    await write(path, evidence);
    const { kind } = lie;
    const said = `Wrote ${evidence.length} bytes of evidence of the kind ${kind} to ${path}.`;
    terminal.line(
      json === true ? JSON.stringify({ number, kind, file: path, bytes: evidence.length }) : said,
    );
  });
  return exit.ok;
}

export const verb: Verb = {
  summary: 'write the evidence of an alarm into a file, for others',
  configure(command) {
    addAlarmNumber(command).argument('<FILE>', 'the file, which must not be there yet');
    addJsonOption(addProfileOption(command)).addHelpText('after', help);
  },
  run,
};
