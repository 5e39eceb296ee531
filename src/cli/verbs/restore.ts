import type { Command } from 'commander';
import type { BackupCode } from '../../core/errors/backup.ts';
import type { BackupManifest } from '../../wallet/backup/manifest.ts';
import { addBackupPassphraseOption, backupJson, backupLines, needPassphrase } from '../backup/show.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import { withExits } from '../exits.ts';
import { startOf, Unreadable } from '../given.ts';
import { addKeeperOption, keeperOf, type KeeperOptions } from '../identity/options.ts';
import type { Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, profileFrom } from '../profile-option.ts';
import type { Verb } from '../verb.ts';

interface Options extends KeeperOptions {
  readonly list?: true;
  readonly backupPassphraseFd?: number;
  readonly json?: true;
}

const help = `
Makes a profile of a backup. The profile must not exist yet: nothing is ever overwritten. The whole file is opened and
checked before anything is made of it; with a wrong passphrase or a damaged file nothing happens.

With --list it only says what the backup holds, after reading it to its end: a way to try it.

Exit codes: 0 restored, or the backup is whole; 1 it cannot be opened with this passphrase, or a profile of the name is there.

Examples:
  countersign restore work.countersign-backup --list
  countersign restore work.countersign-backup --profile work`;

async function read(command: Command, options: Options, passphrase: string): Promise<BackupManifest> {
  const { describeBackup, restoreBackup } = await import('../../wallet/backup/restore.ts');
  const [path = ''] = command.args;
  if (options.list === true) return describeBackup(path, passphrase);
  return restoreBackup(path, passphrase, profileFrom(command), () => keeperOf(options));
}

/** @throws Stop `backup-unread` */
async function checkReadable(path: string): Promise<void> {
  try {
    await startOf(path, 0);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    throw new Stop(exit.failed, 'backup-unread' satisfies BackupCode, `${path}: ${cause.message}`, { cause });
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { startEngines } = await import('../../engines/start.ts');
  const { backupPassphrase, passphraseFrom } = await import('../passphrase.ts');
  const { profileExists } = await import('../../wallet/profile.ts');
  await startEngines();
  await withExits(async () => {
    if (options.list !== true && (await profileExists(profileFrom(command)))) {
      const { CountersignError } = await import('../../core/errors/family.ts');
      throw new CountersignError('profile-exists', profileFrom(command).name);
    }
    // Before anybody is asked for a passphrase in vain.
    await checkReadable(command.args[0] ?? '');
    const passphrase = needPassphrase(await passphraseFrom(backupPassphrase(options.backupPassphraseFd)));
    const manifest = await read(command, options, passphrase);
    const isList = options.list === true;
    if (options.json === true) {
      const restored = isList ? {} : { restored: profileFrom(command).name };
      terminal.line(JSON.stringify({ ...restored, ...backupJson(manifest) }));
      return;
    }
    terminal.line(
      isList
        ? 'The backup is whole.'
        : `Restored the profile ${profileFrom(command).name}, protected by the ${options.keeper}.`,
    );
    for (const line of backupLines(manifest)) terminal.line(line);
    if (!isList && !manifest.hasRecord) terminal.say('Run "countersign sync" to fetch the record again.');
  });
  return exit.ok;
}

export const verb: Verb = {
  summary: 'make a profile of a backup, or say what a backup holds',
  configure(command) {
    command.argument('<FILE>', 'the backup');
    addKeeperOption(addBackupPassphraseOption(addIdentityOptions(command))).option(
      '--list',
      'only say what the backup holds, after reading it to its end',
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
