/** Where a passphrase comes from: a file descriptor, the environment, or the person. Never an argument. */
import { closeSync, readSync } from 'node:fs';
import { askHidden, canAsk } from './ask.ts';
import { exit, Stop, UsageError } from './exit.ts';
import type { VaultCode } from '../core/errors/vault.ts';

const variable = 'COUNTERSIGN_PASSPHRASE';
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

/**
 * The passphrase, or undefined when none was given and there is nobody to ask. The environment's is taken out of it, so
 * that no child process sees it.
 */
export async function passphraseFrom(
  descriptor: number | undefined,
  question: string,
): Promise<string | undefined> {
  if (descriptor !== undefined) return firstLine(descriptor);
  const given = process.env[variable];
  Reflect.deleteProperty(process.env, variable);
  if (given !== undefined) return given;
  return canAsk() ? askHidden(question) : undefined;
}

/**
 * A new passphrase: given, or typed twice.
 * @throws Stop `vault-passphrase-missing`, `vault-passphrase-differs`
 */
export async function newPassphraseFrom(descriptor: number | undefined, question: string): Promise<string> {
  const isAsked = descriptor === undefined && process.env[variable] === undefined;
  const passphrase = await passphraseFrom(descriptor, question);
  if (passphrase === undefined) {
    throw new Stop(exit.unavailable, 'vault-passphrase-missing' satisfies VaultCode);
  }
  if (isAsked && (await askHidden('The same again:')) !== passphrase) {
    throw new Stop(exit.failed, 'vault-passphrase-differs' satisfies VaultCode);
  }
  return passphrase;
}
