/**
 * The vault: the one place where an identity's secret is open. It signs; it never hands a secret out.
 *
 * On disk lies one sealed file. The key that opens it lies in the operating system's keychain and nowhere else, or, on
 * explicit choice, is made from a passphrase. That the file exists says that a key must exist: a keychain that has none
 * is 'locked' or 'lost', because a locked keyring answers exactly like an empty one. It is never taken for a new user.
 */
import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { toHex } from '../../core/bytes.ts';
import { equalSecrets } from '../../core/crypto/kdf.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { KeychainCode } from '../../core/errors/keychain.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { readNamedFile } from '../../engines/disk-reader.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { replaceFile, writeNewFile } from './new-file.ts';
import { OpenVault } from './open-vault.ts';
import { checkNewPassphrase, keyOfPassphrase } from './passphrase.ts';
import { openByWords, openSecrets, sealForWords, sealSecrets, type Secrets } from './secrets.ts';
import { maxVaultFileBytes, parseVaultFile, type VaultFile, writeVaultFile } from './vault-file.ts';

/** Who is to keep the key of a new vault. A passphrase is taken on explicit choice only. */
export type Keeper =
  | { readonly kind: 'keychain'; readonly keychain: Keychain }
  | { readonly kind: 'passphrase'; readonly passphrase: string };

/** Where the key of an existing vault can come from. */
export interface KeySources {
  readonly keychain: Keychain;
  /** Asks the person for the passphrase; undefined when there is nobody to ask. */
  readonly passphrase?: () => Promise<string | undefined>;
  /** Where somebody sits who can unlock the keychain: how long to wait for them, and what to say before. */
  readonly patience?: { readonly waitMs: number; readonly onWaiting: () => void };
}

function fail(code: VaultCode, detail?: string, options?: { cause?: unknown }): CountersignError<VaultCode> {
  return new CountersignError<VaultCode>(code, detail, options);
}

/**
 * Whether a profile has a vault: anything has its name, a link that leads nowhere included. What cannot be looked at
 * counts as one: it is never taken for a new user.
 */
export async function hasVault(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''),
  );
}

/** Makes sure that a key is really there: a file without its key would be lost. */
async function checkKept(keychain: Keychain, account: string, key: Uint8Array): Promise<void> {
  const kept = await keychain.read(account);
  const isKept = kept !== undefined && equalSecrets(kept, key);
  if (kept !== undefined) zeroize(kept);
  if (!isKept) {
    throw new CountersignError<KeychainCode>('keychain-refused', 'what was stored cannot be read back');
  }
}

/** Seals secrets for a keeper. What was put into a keychain is taken out again by `undo` when the file cannot be kept. */
async function sealFor(
  keeper: Keeper,
  secrets: Secrets,
): Promise<{ readonly content: VaultFile; readonly undo: () => Promise<void> }> {
  const profile = toHex(randomBytes(16));
  const salt = new Uint8Array(randomBytes(32));
  const isKept = keeper.kind === 'keychain';
  if (keeper.kind === 'passphrase') checkNewPassphrase(keeper.passphrase);
  const key = isKept ? new Uint8Array(randomBytes(32)) : await keyOfPassphrase(keeper.passphrase, salt);
  try {
    const { entropy, profileKey } = secrets;
    const content: VaultFile = {
      keeper: keeper.kind,
      profile,
      sealed: sealSecrets(secrets, key, keeper.kind, profile),
      ...(isKept ? {} : { salt }),
      ...(entropy === undefined ? {} : { words: sealForWords(profileKey, entropy, profile) }),
    };
    const undo = async (): Promise<void> => {
      // As far as it goes: a key that stays behind opens nothing.
      if (isKept) await keeper.keychain.remove(profile).catch(() => false);
    };
    // The keychain first: a key without a file is harmless, a file without a key would be lost.
    if (isKept) {
      await keeper.keychain.write(profile, key);
      await checkKept(keeper.keychain, profile, key).catch(async (error: unknown) => {
        await undo();
        throw error;
      });
    }
    return { content, undo };
  } finally {
    zeroize(key);
  }
}

/**
 * Makes a vault.
 * @param secrets copied.
 * @throws CountersignError `vault-exists`, `vault-cannot-write`, `vault-passphrase-weak`, or a `keychain-` code. Nothing
 *   is overwritten.
 */
export async function createVault(file: string, keeper: Keeper, secrets: Secrets): Promise<OpenVault> {
  if (await hasVault(file)) throw fail('vault-exists');
  const { content, undo } = await sealFor(keeper, secrets);
  try {
    await writeNewFile(file, writeVaultFile(content));
  } catch (cause) {
    await undo();
    const { code } = cause as NodeJS.ErrnoException;
    throw fail(code === 'EEXIST' ? 'vault-exists' : 'vault-cannot-write', code, { cause });
  }
  return new OpenVault(content.profile, secrets);
}

/**
 * Looks whether a keychain can take a key, before anybody writes words down: puts one in, reads it, takes it out.
 * @throws CountersignError `keychain-locked`, `keychain-refused`, or another `keychain-` code.
 */
export async function checkKeychain(keychain: Keychain): Promise<void> {
  if ((await keychain.lockState()) === 'locked') {
    throw new CountersignError<KeychainCode>('keychain-locked');
  }
  const account = `check-${toHex(randomBytes(8))}`;
  const key = new Uint8Array(randomBytes(32));
  await keychain.write(account, key);
  try {
    await checkKept(keychain, account, key);
  } finally {
    await keychain.remove(account).catch(() => false);
  }
}

/** Fresh secrets for a profile. @param entropy of the words; absent when the profile only watches. @throws RangeError */
export function newSecrets(entropy?: Uint8Array): Secrets {
  if (entropy !== undefined && entropy.length !== 32) throw new RangeError('24 words stand for 32 bytes');
  return { profileKey: new Uint8Array(randomBytes(32)), ...(entropy === undefined ? {} : { entropy }) };
}

async function readVaultFile(file: string): Promise<VaultFile> {
  const read = await readNamedFile(file, maxVaultFileBytes);
  if (!read.ok) {
    throw fail(read.code === 'log-unreadable' ? 'vault-unreadable' : 'vault-malformed', read.detail);
  }
  // A link whose disk is away is no new user.
  if (read.value === undefined) throw fail((await hasVault(file)) ? 'vault-unreadable' : 'vault-missing');
  const content = parseVaultFile(read.value);
  // No detail: it could repeat what stands in the file.
  if (!content.ok) throw fail(content.code);
  return content.value;
}

/** The key from the keychain. @throws CountersignError that tells locked from lost, as far as the system tells. */
async function keyFromKeychain(profile: string, { keychain, patience }: KeySources): Promise<Uint8Array> {
  const before = await keychain.lockState();
  if (before === 'locked') {
    // Reading opens a dialog; without anybody who could answer it there is no sense in that.
    if (patience === undefined) throw fail('vault-locked');
    patience.onWaiting();
  }
  const key = await keychain.read(profile, before === 'locked' ? patience?.waitMs : undefined);
  if (key !== undefined) return key;
  const after = before === 'locked' ? await keychain.lockState() : before;
  const codes = { locked: 'vault-locked', unlocked: 'vault-lost', unknown: 'vault-locked-or-lost' } as const;
  throw fail(codes[after]);
}

async function keyOf(content: VaultFile, sources: KeySources): Promise<Uint8Array> {
  if (content.salt === undefined) return keyFromKeychain(content.profile, sources);
  const passphrase = await sources.passphrase?.();
  if (passphrase === undefined) throw fail('vault-passphrase-missing');
  return keyOfPassphrase(passphrase, content.salt);
}

/**
 * Opens the vault of a profile.
 * @throws CountersignError `vault-missing` (no identity yet), `vault-unreadable`, `vault-malformed`; of a keychain: `vault-locked`,
 *   `vault-lost`, `vault-locked-or-lost`, `vault-changed` (its key does not open the file), or a `keychain-` code; of a
 *   passphrase: `vault-passphrase-missing`, `vault-passphrase`.
 */
export async function openVault(file: string, sources: KeySources): Promise<OpenVault> {
  const content = await readVaultFile(file);
  const key = await keyOf(content, sources);
  const secrets = openSecrets(content.sealed, key, content.keeper, content.profile);
  zeroize(key);
  if (secrets === undefined) throw fail(content.keeper === 'keychain' ? 'vault-changed' : 'vault-passphrase');
  const vault = new OpenVault(content.profile, secrets);
  zeroize(secrets.profileKey, secrets.entropy ?? new Uint8Array());
  return vault;
}

/** Who keeps the key of a vault. @throws CountersignError `vault-missing`, `vault-malformed` */
export async function keeperOf(file: string): Promise<VaultFile['keeper']> {
  return (await readVaultFile(file)).keeper;
}

/** The profile key of a vault, by the words that it was made for. @throws CountersignError `vault-other-words` */
function byWords(content: VaultFile, entropy: Uint8Array): Uint8Array {
  const profileKey = content.words && openByWords(content.words, entropy, content.profile);
  if (profileKey === undefined) throw fail('vault-other-words');
  return profileKey;
}

/**
 * Looks whether these are the words of a vault, before anything is asked or changed.
 * @throws CountersignError `vault-missing`, `vault-malformed`, `vault-other-words`
 */
export async function checkWords(file: string, entropy: Uint8Array): Promise<void> {
  zeroize(byWords(await readVaultFile(file), entropy));
}

/**
 * The way back when the keeper's key is lost: opens a vault with the identity's words and gives it to a new keeper.
 * Everything private in the profile can be read again.
 * @param entropy the 32 bytes of the words; copied.
 * @throws CountersignError `vault-other-words` (nothing is changed), and as {@link createVault}
 */
export async function recoverVault(file: string, keeper: Keeper, entropy: Uint8Array): Promise<OpenVault> {
  const old = await readVaultFile(file);
  const secrets = { profileKey: byWords(old, entropy), entropy };
  const { content, undo } = await sealFor(keeper, secrets);
  try {
    await replaceFile(file, writeVaultFile(content));
  } catch (cause) {
    await undo();
    throw fail('vault-cannot-write', (cause as NodeJS.ErrnoException).code, { cause });
  }
  // The old entry, if it is still there, opens nothing any more.
  if (old.keeper === 'keychain' && keeper.kind === 'keychain') {
    await keeper.keychain.remove(old.profile).catch(() => false);
  }
  const vault = new OpenVault(content.profile, secrets);
  zeroize(secrets.profileKey);
  return vault;
}
