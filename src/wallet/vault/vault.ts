/**
 * The vault: the one place where an identity's secret is open. It signs; it never hands a secret out.
 *
 * On disk lies one sealed file. The key that opens it lies in the operating system's keychain and nowhere else.
 * That the file exists says that a key must exist: a keychain that has none is 'locked or lost', because a
 * locked keyring answers exactly like an empty one. It is never taken for a new user.
 */
import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { copyBytes, equalBytes, toBase64, toHex, toUtf8 } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { openSealed, sealBytes } from '../../core/crypto/sealed.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import { parseJson, writeJson } from '../../core/encoding/json.ts';
import { base64UpTo, hexOf, integerFrom, oneOf, readObject } from '../../core/encoding/members.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { KeychainCode } from '../../core/errors/keychain.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { readNamedFile } from '../../engines/disk-reader.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { writeNewFile } from './new-file.ts';
import { type Signer, signerOf } from './signer.ts';

/** An open vault. */
export interface Vault {
  /** The profile's random name, 32 hexadecimal digits: also the account in the keychain. */
  readonly profile: string;
  /** Signs with the identity's first keys for one ledger. @throws RangeError after `close`. */
  signerFor(ledger: Uint8Array): Signer;
  /** Overwrites the secret in memory, and those of all its signers. */
  close(): void;
}

const longestFile = 4096;
const entropyLength = 32;

/** The key that seals one profile's vault file: the profile is part of its derivation. */
function sealingKey(wrappingKey: Uint8Array, profile: string): Uint8Array {
  const pseudorandom = hkdfExtract(toUtf8('countersign/vault/v1'), wrappingKey);
  const key = hkdfExpand(pseudorandom, label('identity', profile), 32);
  zeroize(pseudorandom);
  return key;
}

function opened(profile: string, entropy: Uint8Array): Vault {
  const signers = new Set<Signer>();
  let isClosed = false;
  return {
    profile,
    signerFor(ledger) {
      if (isClosed) throw new RangeError('the vault is closed');
      const signer = signerOf(entropy, ledger);
      signers.add(signer);
      return signer;
    },
    close() {
      isClosed = true;
      zeroize(entropy);
      for (const signer of signers) signer.close();
    },
  };
}

/** Whether anything has this name, a link that leads nowhere included. What cannot be looked at is left to writing. */
async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Makes sure that the wrapping key is really there: a file without its key would be lost. */
async function checkKept(keychain: Keychain, profile: string, wrappingKey: Uint8Array): Promise<void> {
  const kept = await keychain.read(profile);
  const isKept = kept !== undefined && equalBytes(kept, wrappingKey);
  if (kept !== undefined) zeroize(kept);
  if (!isKept)
    throw new CountersignError<KeychainCode>('keychain-refused', 'what was stored cannot be read back');
}

async function writeVaultFile(file: string, profile: string, sealed: Uint8Array): Promise<void> {
  const text = writeJson({ keeper: 'keychain', profile, sealed: toBase64(sealed), v: 1 });
  try {
    await writeNewFile(file, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CountersignError<VaultCode>(code === 'EEXIST' ? 'vault-exists' : 'vault-cannot-write', code, {
      cause,
    });
  }
}

/**
 * Makes a vault for new words. The keychain gets its key first: a key without a file is harmless, a file
 * without a key would be lost.
 * @param entropy the 32 bytes that the 24 words stand for; copied.
 * @throws CountersignError `vault-exists`, `vault-cannot-write`, or a `keychain-` code: then nothing is left, and
 *   nothing is ever overwritten.
 */
export async function createVault(file: string, keychain: Keychain, entropy: Uint8Array): Promise<Vault> {
  if (entropy.length !== entropyLength) throw new RangeError('24 words stand for 32 bytes');
  if (await isTaken(file)) throw new CountersignError<VaultCode>('vault-exists');
  const profile = toHex(randomBytes(16));
  const wrappingKey = randomBytes(32);
  const key = sealingKey(wrappingKey, profile);
  const sealed = sealBytes(key, randomBytes(24), entropy);
  try {
    await keychain.write(profile, wrappingKey);
    try {
      await checkKept(keychain, profile, wrappingKey);
      await writeVaultFile(file, profile, sealed);
    } catch (error) {
      // As far as it goes: a key that stays behind opens nothing.
      await keychain.remove(profile).catch(() => false);
      throw error;
    }
  } finally {
    zeroize(wrappingKey, key);
  }
  return opened(profile, copyBytes(entropy));
}

async function readVaultFile(file: string): Promise<{ profile: string; sealed: Uint8Array }> {
  const read = await readNamedFile(file, longestFile);
  if (!read.ok) {
    const code = read.code === 'log-unreadable' ? 'vault-unreadable' : 'vault-malformed';
    throw new CountersignError<VaultCode>(code, read.detail);
  }
  if (read.value === undefined) {
    // A link whose disk is away is no new user.
    throw new CountersignError<VaultCode>((await isTaken(file)) ? 'vault-unreadable' : 'vault-missing');
  }
  const json = parseJson(read.value, longestFile);
  const form = json.ok
    ? readObject(json.value, { members: 'vault-malformed', value: 'vault-malformed' } as const, {
        keeper: oneOf(['keychain']),
        profile: hexOf(16),
        sealed: base64UpTo(256),
        v: integerFrom(1, 1),
      })
    : json;
  // No detail: it could repeat what stands in the file.
  if (!form.ok) throw new CountersignError<VaultCode>('vault-malformed');
  return { profile: toHex(form.value.profile), sealed: form.value.sealed };
}

/**
 * Opens the vault of a profile.
 * @throws CountersignError `vault-missing` (no identity yet), `vault-unreadable`, `vault-malformed`,
 *   `vault-locked-or-lost` (the keychain has no key), `vault-changed` (its key does not open the file), or a
 *   `keychain-` code.
 */
export async function openVault(file: string, keychain: Keychain): Promise<Vault> {
  const { profile, sealed } = await readVaultFile(file);
  const wrappingKey = await keychain.read(profile);
  if (wrappingKey === undefined) throw new CountersignError<VaultCode>('vault-locked-or-lost');
  const key = sealingKey(wrappingKey, profile);
  const entropy = openSealed(key, sealed);
  zeroize(wrappingKey, key);
  if (entropy?.length !== entropyLength) throw new CountersignError<VaultCode>('vault-changed');
  return opened(profile, entropy);
}
