import { errorFamily } from './family.ts';

const nothing = 'No profile was made or changed.';

/** What can go wrong with backups. */
export const backupErrors = errorFamily('backup', {
  'backup-unread': {
    happened: 'The backup could not be read.',
    means: nothing,
    next: 'Check the path, and that it is a file which you may read.',
  },
  'backup-malformed': {
    happened: 'This file is not a backup of Countersign.',
    means: nothing,
    next: 'Give the file that "countersign backup" wrote.',
  },
  'backup-version': {
    happened: 'This backup was written by a newer version of Countersign.',
    means: `This version does not know its form. ${nothing}`,
    next: 'Install the newer version and restore the backup with it.',
  },
  'backup-passphrase': {
    happened: 'The passphrase does not open this backup.',
    means: `It was mistyped, or the beginning of the file is damaged. ${nothing}`,
    next: 'Try again with the passphrase of this very backup; if it still fails, use another copy of the file.',
  },
  'backup-passphrase-missing': {
    happened: 'A backup is protected by a passphrase of its own, and none was given.',
    means: 'Nothing was read or written.',
    next: 'Run the command in a terminal, or use --backup-passphrase-fd or COUNTERSIGN_BACKUP_PASSPHRASE.',
  },
  'backup-damaged': {
    happened: 'The backup is damaged or cut short.',
    means: `The passphrase is right, but not everything is as it was written, so nothing of it is used. ${nothing}`,
    next: 'Use another copy of the file, or an earlier backup.',
  },
  'backup-exists': {
    happened: 'There is a file of this name already.',
    means: 'It was left as it is; no backup was written.',
    next: 'Choose another name for the backup.',
  },
  'backup-cannot-write': {
    happened: 'The backup could not be written.',
    means: 'There is no backup of now. What was written in part was removed.',
    next: 'Check that the place has room and may be written, then try again.',
  },
  'backup-rows': {
    happened: 'The private records in the backup do not belong together.',
    means: `They were changed before the backup was made. ${nothing}`,
    next: 'Use an earlier backup.',
  },
});

export type BackupCode = keyof typeof backupErrors;
