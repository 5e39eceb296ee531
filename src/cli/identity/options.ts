/** The options that the verbs of `identity` share. */
import { type Command, InvalidArgumentError } from 'commander';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { CardClaims } from '../../core/identity/card.ts';
import type { Keeper } from '../../wallet/vault/vault.ts';
import { exit, Stop } from '../exit.ts';
import { newPassphraseFrom, profilePassphrase } from '../passphrase.ts';

/** Declares `--ledger`. */
export function addLedgerOption(command: Command): Command {
  return command.option(
    '--ledger <LEDGER>',
    'its origin or the beginning of its id; not needed when only one is joined',
  );
}

function claim(text: string): string {
  const length = Array.from(text).length;
  if (length >= 1 && length <= 200) return text;
  throw new InvalidArgumentError('Give 1 to 200 characters.');
}

/** What goes on a contact card. */
export interface ClaimOptions {
  readonly name?: string;
  readonly firm?: string;
  readonly role?: string;
}

/** Declares `--name`, `--firm` and `--role`. */
export function addClaimOptions(command: Command): Command {
  return command
    .option('--name <TEXT>', 'your name, as the contact card says it', claim)
    .option('--firm <TEXT>', 'your firm', claim)
    .option('--role <TEXT>', 'your role', claim);
}

/** What the options say of oneself. */
export function claimsOf({ name, firm, role }: ClaimOptions): CardClaims {
  return {
    ...(firm === undefined ? {} : { firm }),
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
  };
}

export interface KeeperOptions {
  readonly keeper: 'keychain' | 'passphrase';
  readonly passphraseFd?: number;
}

function keeper(text: string): KeeperOptions['keeper'] {
  if (text === 'keychain' || text === 'passphrase') return text;
  throw new InvalidArgumentError('Give keychain or passphrase.');
}

/** Declares `--keeper`. */
export function addKeeperOption(command: Command): Command {
  return command.option(
    '--keeper <KEEPER>',
    'who protects the identity on this machine: keychain, or passphrase where there is no keychain',
    keeper,
    'keychain',
  );
}

/**
 * The keeper that the options choose, looked at before anything is created.
 * @throws CountersignError with a `keychain-` code; Stop `vault-passphrase-missing`
 */
export async function keeperOf(options: KeeperOptions): Promise<Keeper> {
  if (options.keeper === 'passphrase') {
    const { checkNewPassphrase } = await import('../../wallet/vault/passphrase.ts');
    const question = 'A passphrase of four or more words for this profile:';
    const passphrase = await newPassphraseFrom({ ...profilePassphrase(options.passphraseFd), question });
    if (passphrase === undefined) {
      throw new Stop(exit.unavailable, 'vault-passphrase-missing' satisfies VaultCode);
    }
    checkNewPassphrase(passphrase);
    return { kind: 'passphrase', passphrase };
  }
  const { osKeychain } = await import('../../wallet/keychain/os-keychain.ts');
  const { checkKeychain } = await import('../../wallet/vault/vault.ts');
  const keychain = osKeychain({ service: 'Countersign' });
  await checkKeychain(keychain);
  return { kind: 'keychain', keychain };
}
