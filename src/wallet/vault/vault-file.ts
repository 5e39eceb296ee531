/** The bytes of a vault's file (`docs/spec/backup.md`, 'The sealed identity'), without any key. */
import { toBase64, toHex } from '../../core/bytes.ts';
import { type JsonValue, parseJson, writeJson } from '../../core/encoding/json.ts';
import { base64UpTo, hexOf, integerFrom, oneOf, readObject } from '../../core/encoding/members.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { ok, refuse, type Result } from '../../core/result.ts';

/** Who keeps the key that opens the file. */
export type KeeperKind = 'keychain' | 'passphrase';

export interface VaultFile {
  /** The profile's random name, 32 hexadecimal digits: the account in the keychain. */
  readonly profile: string;
  readonly keeper: KeeperKind;
  /** 32 random bytes for the passphrase's derivation; present exactly when the keeper is a passphrase. */
  readonly salt?: Uint8Array;
  /** The secrets under the keeper's key. */
  readonly sealed: Uint8Array;
  /** The profile key under a key made from the words: the way back when the keeper's key is lost. Absent without words. */
  readonly words?: Uint8Array;
}

/** The longest file that is looked at, in bytes. */
export const maxVaultFileBytes = 4096;

const codes = { members: 'vault-malformed', value: 'vault-malformed' } as const;
const sealedBytes = base64UpTo(256);

/** Reads a vault's file. The cost of the passphrase's derivation is fixed by the version, so no file can raise it. */
export function parseVaultFile(bytes: Uint8Array): Result<VaultFile, VaultCode> {
  const json = parseJson(bytes, maxVaultFileBytes);
  if (!json.ok) return refuse('vault-malformed', json.detail);
  const form = readObject(
    json.value,
    codes,
    {
      keeper: oneOf(['keychain', 'passphrase']),
      profile: hexOf(16),
      sealed: sealedBytes,
      v: integerFrom(1, 1),
    },
    { salt: hexOf(32), words: sealedBytes },
  );
  if (!form.ok) return form;
  const { keeper, profile, salt, sealed, words } = form.value;
  if ((salt === undefined) === (keeper === 'passphrase')) return refuse('vault-malformed', 'salt');
  return ok({
    profile: toHex(profile),
    keeper,
    sealed,
    ...(salt === undefined ? {} : { salt }),
    ...(words === undefined ? {} : { words }),
  });
}

/** The bytes of a vault's file. */
export function writeVaultFile(file: VaultFile): Uint8Array {
  const json: Record<string, JsonValue> = {
    keeper: file.keeper,
    profile: file.profile,
    sealed: toBase64(file.sealed),
    v: 1,
  };
  if (file.salt !== undefined) json['salt'] = toHex(file.salt);
  if (file.words !== undefined) json['words'] = toBase64(file.words);
  return writeJson(json);
}
