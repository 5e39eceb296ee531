import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { BackupCode } from '../../core/errors/backup.ts';
import { addBackupPassphraseOption, backupJson, backupLines, needPassphrase } from '../backup/show.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../profile-option.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly withRecord?: true;
  readonly backupPassphraseFd?: number;
  readonly json?: true;
}

const help = `
Writes everything that only this profile has into one encrypted file: the words of the identity, contacts and checks,
receipts, messages that wait to be sent, and the ledgers with their pinned keys. The copy of the record is left out, because
it can be fetched again; --with-record takes it along.

The backup has a passphrase of its own, of 12 or more characters. Whoever has file and passphrase has your identity.

Without FILE it goes into the profile's folder: copy it to another place. Then try it: countersign restore FILE --list

Examples:
  countersign backup /media/stick/work.countersign-backup
  countersign backup --profile work --with-record`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given] = command.args;
  const { startEngines } = await import('../../engines/start.ts');
  const { backupPath, writeBackup } = await import('../../wallet/backup/backup.ts');
  const { backupPassphrase, newPassphraseFrom } = await import('../passphrase.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      // The identity first: without it there is nothing to back up, and nobody is asked for a passphrase in vain.
      await wallet.privateRows();
      const now = Math.floor(Date.now() / 1000);
      const path = given === undefined ? backupPath(wallet, now) : resolve(given);
      if (existsSync(path)) throw new Stop(exit.cannotWrite, 'backup-exists' satisfies BackupCode, path);
      const source = {
        ...backupPassphrase(options.backupPassphraseFd),
        question: 'A passphrase for the backup:',
      };
      const passphrase = needPassphrase(await newPassphraseFrom(source));
      const withRecord = options.withRecord === true;
      const onProgress = (done: number, of: number): void => {
        terminal.progress(`${Math.floor((100 * done) / Math.max(of, 1))} % written`);
      };
      const manifest = await writeBackup(wallet, path, passphrase, { withRecord, now, onProgress });
      terminal.progress('');
      if (options.json === true) {
        terminal.line(JSON.stringify({ file: path, ...backupJson(manifest) }));
        return;
      }
      terminal.line(`Wrote ${path}`);
      for (const line of backupLines(manifest)) terminal.line(line);
      terminal.say('Keep a copy in another place. Try it with "countersign restore FILE --list".');
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'write everything that only this profile has into one encrypted file',
  configure(command) {
    command.argument('[FILE]', 'the file to write, which must not be there yet');
    addBackupPassphraseOption(addIdentityOptions(command)).option(
      '--with-record',
      'take the local copy of the record along',
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
