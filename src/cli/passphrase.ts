/** Where a passphrase comes from: a file descriptor, the environment, or the person. Never an argument. */
import { closeSync, readSync } from 'node:fs';
import { askHidden, canAsk } from './ask.ts';
import { exit, Stop, UsageError } from './exit.ts';
import type { VaultCode } from '../core/errors/vault.ts';

const longest = 4096;

/** The first line of an open file descriptor. @throws UsageError when it cannot be read or has no end. */
function firstLine(descriptor: number): string {
  const buffer = Buffer.alloc(longest);
  let length = 0;
  try {
    while (length < longest && !buffer.subarray(0, length).includes(10)) {
      const read = readSync(descriptor, buffer, length, longest - length, null);
      if (read === 0) break;
      length += read;
    }
    if (descriptor > 2) closeSync(descriptor);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(`File descriptor ${descriptor} cannot be read (${code}).`);
  }
  const end = buffer.subarray(0, length).indexOf(10);
  if (end < 0 && length === longest)
    throw new UsageError(`File descriptor ${descriptor} has a line too long.`);
  const line = buffer.toString('utf8', 0, end < 0 ? length : end).replace(/\r$/, '');
  buffer.fill(0);
  return line;
}

/** A passphrase that a command line may need: where it can come from, and how it is asked for. */
export interface PassphraseSource {
  /** An open file descriptor whose first line it is. */
  readonly descriptor: number | undefined;
  /** The environment variable that may hold it. */
  readonly variable: string;
  readonly question: string;
}

/** The passphrase of a profile. */
export function profilePassphrase(descriptor: number | undefined): PassphraseSource {
  return { descriptor, variable: 'COUNTERSIGN_PASSPHRASE', question: 'Passphrase of this profile:' };
}

/** The passphrase of a backup. */
export function backupPassphrase(descriptor: number | undefined): PassphraseSource {
  return { descriptor, variable: 'COUNTERSIGN_BACKUP_PASSPHRASE', question: 'Passphrase of the backup:' };
}

/**
 * The passphrase, or undefined when none was given and there is nobody to ask. The environment's is taken out of it, so
 * that no child process sees it.
 */
export async function passphraseFrom(source: PassphraseSource): Promise<string | undefined> {
  const { descriptor, variable, question } = source;
  if (descriptor !== undefined) return firstLine(descriptor);
  const given = process.env[variable];
  Reflect.deleteProperty(process.env, variable);
  if (given !== undefined) return given;
  return canAsk() ? askHidden(question) : undefined;
}

/**
 * A new passphrase: given, or typed twice.
 * @returns undefined when none was given and there is nobody to ask.
 * @throws Stop `vault-passphrase-differs`
 */
export async function newPassphraseFrom(source: PassphraseSource): Promise<string | undefined> {
  const isAsked = source.descriptor === undefined && process.env[source.variable] === undefined;
  const passphrase = await passphraseFrom(source);
  if (passphrase !== undefined && isAsked && (await askHidden('The same again:')) !== passphrase) {
    throw new Stop(exit.failed, 'vault-passphrase-differs' satisfies VaultCode);
  }
  return passphrase;
}
