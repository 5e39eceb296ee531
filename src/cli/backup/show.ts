/** What a backup holds, and where its passphrase comes from. */
import type { Command } from 'commander';
import { toHex } from '../../core/bytes.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import type { BackupManifest } from '../../wallet/backup/manifest.ts';
import { exit, Stop } from '../exit.ts';
import { fileDescriptor } from '../profile-option.ts';

/** UTC, to the second. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** A backup in lines. */
export function backupLines(manifest: BackupManifest): readonly string[] {
  const { ledgers } = manifest;
  return [
    `made      ${utc(manifest.created)}`,
    `profile   ${manifest.profile}`,
    `identity  ${manifest.hasWords ? 'with its words' : 'none: the profile only watches'}`,
    'private   contacts, checks of keys, receipts, messages that wait, pinned ledgers',
    `record    ${manifest.hasRecord ? 'the local copy' : 'not in it: it is fetched again'}`,
    ...ledgers.map(
      ({ id, origin, size }) => `ledger    ${origin} (${toHex(id).slice(0, 16)}), ${size} blocks then`,
    ),
  ];
}

/** A backup as JSON, in the form of the command line. */
export function backupJson(manifest: BackupManifest): Record<string, unknown> {
  const { created, profile, hasWords, hasRecord, ledgers } = manifest;
  return {
    made: utc(created),
    profile,
    words: hasWords,
    record: hasRecord,
    ledgers: ledgers.map(({ id, origin, size }) => ({ ledger: toHex(id), origin, blocks: size })),
  };
}

/** Declares `--backup-passphrase-fd`. */
export function addBackupPassphraseOption(command: Command): Command {
  return command.option(
    '--backup-passphrase-fd <N>',
    'read the passphrase of the backup from this file descriptor (else COUNTERSIGN_BACKUP_PASSPHRASE, else asked for)',
    fileDescriptor,
  );
}

/** The passphrase that was given. @throws Stop `backup-passphrase-missing` when there was none. */
export function needPassphrase(passphrase: string | undefined): string {
  if (passphrase !== undefined) return passphrase;
  throw new Stop(exit.unavailable, 'backup-passphrase-missing' satisfies BackupCode);
}
