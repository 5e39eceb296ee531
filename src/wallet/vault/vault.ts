/**
 * The vault: the one place where an identity's secret is open. It signs; it never hands a secret out.
 *
 * On disk lies one sealed file. The key that opens it lies in the operating system's keychain and nowhere else.
 * That the file exists says that a key must exist: a keychain that has none is 'locked or lost', because a
 * locked keyring answers exactly like an empty one. It is never taken for a new user.
 */
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { toBase64, toHex, toUtf8 } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { openSealed, sealBytes } from '../../core/crypto/sealed.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import { parseJson, writeJson } from '../../core/encoding/json.ts';
import { base64UpTo, hexOf, integerFrom, oneOf, readObject } from '../../core/encoding/members.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { Keychain } from '../keychain/keychain.ts';
import { writeNewFile } from './new-file.ts';
import { type Signer, signerOf } from './signer.ts';

/** An open vault. */
export interface Vault {
  /** The profile's random name, 32 hexadecimal digits: also the account in the keychain. */
  readonly profile: string;
  /** Signs with the identity's current keys for one ledger. @throws RangeError after `close`. */
  signerFor(ledger: Uint8Array): Signer;
  /** Overwrites the secret in memory. */
  close(): void;
}

const longestFile = 4096;
const entropyLength = 32;

/** The key that seals one profile's vault file: the profile is part of its derivation. */
function sealingKey(wrappingKey: Uint8Array, profile: string): Uint8Array {
  const pseudorandom = hkdfExtract(toUtf8('countersign/vault/v1'), wrappingKey);
  return hkdfExpand(pseudorandom, label('identity', profile), 32);
}

function opened(profile: string, entropy: Uint8Array): Vault {
  let closed = false;
  return {
    profile,
    signerFor(ledger) {
      if (closed) throw new RangeError('the vault is closed');
      return signerOf(entropy, ledger);
    },
    close() {
      closed = true;
      zeroize(entropy);
    },
  };
}

/**
 * Makes a vault for new words. The keychain gets its key first: a key without a file is harmless, a file
 * without a key would be lost.
 * @param entropy the 32 bytes that the 24 words stand for; copied.
 * @throws CountersignError `vault-exists`, `vault-cannot-write`, or a `keychain-` code. Nothing is overwritten.
 */
export async function createVault(file: string, keychain: Keychain, entropy: Uint8Array): Promise<Vault> {
  if (entropy.length !== entropyLength) throw new RangeError('24 words stand for 32 bytes');
  const taken = await stat(file).then(
    () => true,
    () => false,
  );
  if (taken) throw new CountersignError<VaultCode>('vault-exists');
  const profile = toHex(randomBytes(16));
  const wrappingKey = randomBytes(32);
  const key = sealingKey(wrappingKey, profile);
  const sealed = sealBytes(key, randomBytes(24), entropy);
  try {
    await keychain.write(profile, wrappingKey);
    const text = writeJson({ keeper: 'keychain', profile, sealed: toBase64(sealed), v: 1 });
    await writeNewFile(file, text).catch(async (cause: unknown) => {
      await keychain.remove(profile).catch(() => false);
      const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
      throw new CountersignError<VaultCode>(exists ? 'vault-exists' : 'vault-cannot-write', undefined, {
        cause,
      });
    });
  } finally {
    zeroize(wrappingKey, key);
  }
  return opened(profile, entropy.slice());
}

async function readVaultFile(file: string): Promise<{ profile: string; sealed: Uint8Array }> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new CountersignError<VaultCode>(missing ? 'vault-missing' : 'vault-malformed', undefined, {
      cause,
    });
  });
  const json = parseJson(bytes, longestFile);
  const form = json.ok
    ? readObject(json.value, { members: 'vault-malformed', value: 'vault-malformed' } as const, {
        keeper: oneOf(['keychain']),
        profile: hexOf(16),
        sealed: base64UpTo(256),
        v: integerFrom(1, 1),
      })
    : json;
  if (!form.ok) throw new CountersignError<VaultCode>('vault-malformed', form.detail);
  return { profile: toHex(form.value.profile), sealed: form.value.sealed };
}

/**
 * Opens the vault of a profile.
 * @throws CountersignError `vault-missing` (no identity yet), `vault-malformed`, `vault-locked-or-lost` (the
 *   keychain has no key), `vault-changed` (its key does not open the file), or a `keychain-` code.
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
