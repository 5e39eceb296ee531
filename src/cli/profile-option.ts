/**
 * The options that verbs with a profile share, and the way from them to an open wallet. Loading this file is cheap:
 * the wallet, its database and its keychain are loaded when they are used.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { KeySources } from '../wallet/vault/vault.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { defaultProfile, isProfileName, type Profile, profileOf } from '../wallet/profile.ts';
import type { Terminal } from './output.ts';

interface ProfileOptions {
  readonly profile: string;
  readonly passphraseFd?: number;
}

function profileName(text: string): string {
  if (isProfileName(text)) return text;
  throw new InvalidArgumentError(
    'Use 1 to 32 small letters, digits and hyphens, beginning with a letter or a digit.',
  );
}

/** Reads the number of a file descriptor from a command line. */
export function fileDescriptor(text: string): number {
  if (/^[0-9]{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give the number of an open file descriptor.');
}

/** Declares `--profile`. */
export function addProfileOption(command: Command): Command {
  return command.option('--profile <NAME>', 'the profile to use', profileName, defaultProfile);
}

/** Declares `--profile`, and where a passphrase comes from, for verbs that need the identity. */
export function addIdentityOptions(command: Command): Command {
  return addProfileOption(command).option(
    '--passphrase-fd <N>',
    'read the passphrase from this file descriptor (else COUNTERSIGN_PASSPHRASE, else it is asked for)',
    fileDescriptor,
  );
}

/** Declares `--json`. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON object instead of sentences');
}

/** The profile that a command line names. @throws CountersignError `profile-home` */
export function profileFrom(command: Command): Profile {
  return profileOf(command.opts<ProfileOptions>().profile);
}

/** How long a verb waits for the person to unlock the keychain. */
const unlockWithinMs = 120_000;

/** The user's keychain, and the person at the keyboard where there is one. */
export async function keySources(command: Command, terminal: Terminal): Promise<KeySources> {
  const { osKeychain } = await import('../wallet/keychain/os-keychain.ts');
  const { passphraseFrom, profilePassphrase } = await import('./passphrase.ts');
  const { passphraseFd } = command.opts<ProfileOptions>();
  const keychain = osKeychain({ service: 'Countersign' });
  const passphrase = (): Promise<string | undefined> => passphraseFrom(profilePassphrase(passphraseFd));
  if (!process.stderr.isTTY) return { keychain, passphrase };
  const onWaiting = (): void => {
    terminal.say('The keychain is locked. Unlock it in the window that asks for its password.');
  };
  return { keychain, passphrase, patience: { waitMs: unlockWithinMs, onWaiting } };
}

/**
 * Opens the profile of a command line, does something with it, and closes it whatever happens.
 * @param mode `create` for verbs that may begin a profile: creating or restoring an identity, joining a ledger.
 * @throws CountersignError with a `profile-`, `store-`, `vault-` or `keychain-` code.
 */
export async function withWallet<T>(
  command: Command,
  terminal: Terminal,
  mode: 'existing' | 'create',
  use: (wallet: Wallet) => Promise<T>,
): Promise<T> {
  const { openWallet } = await import('../wallet/wallet.ts');
  const wallet = await openWallet(profileFrom(command), await keySources(command, terminal), mode);
  try {
    return await use(wallet);
  } finally {
    await wallet.close();
  }
}
