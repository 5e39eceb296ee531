/** What stands at the beginning of a backup, inside the encryption: what it holds (`docs/spec/backup.md`). */
import { toBase64, toHex } from '../../core/bytes.ts';
import { parseJson, writeJson } from '../../core/encoding/json.ts';
import {
  arrayOf,
  base64UpTo,
  hexOf,
  integerFrom,
  plainText,
  readObject,
  time,
  type ValueReader,
} from '../../core/encoding/members.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { isProfileName } from '../profile.ts';

/** A ledger that the profile had joined. */
export interface BackedUpLedger {
  readonly id: Uint8Array;
  readonly origin: string;
  /** How many headers the local copy had, under a signed head. */
  readonly size: number;
}

export interface BackupManifest {
  /** Seconds since 1970. */
  readonly created: number;
  /** The name that the profile had. */
  readonly profile: string;
  /** Whether it holds the words of an identity; a profile that only watches has none. */
  readonly hasWords: boolean;
  /** Whether the copy of the record is in it; without it that is fetched again. */
  readonly hasRecord: boolean;
  readonly ledgers: readonly BackedUpLedger[];
  /** The vault's random name: part of the derivation under which `secrets` are sealed. */
  readonly vault: string;
  /** The vault's secrets, sealed under the backup's vault key. */
  readonly secrets: Uint8Array;
  /** Bytes of the database that follows. */
  readonly database: number;
}

/** The longest manifest, in bytes. */
export const maxManifestBytes = 1_048_576;
const mostLedgers = 1000;
const codes = { members: 'backup-damaged', value: 'backup-damaged' } as const;

const ledgerReader: ValueReader<BackedUpLedger> = (value) => {
  const read = readObject(value, codes, {
    id: hexOf(32),
    origin: plainText(255),
    size: integerFrom(0, Number.MAX_SAFE_INTEGER),
  });
  return read.ok ? read.value : undefined;
};
const flag: ValueReader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const profileName: ValueReader<string> = (value) =>
  typeof value === 'string' && isProfileName(value) ? value : undefined;

export function parseManifest(bytes: Uint8Array): Result<BackupManifest, BackupCode> {
  const json = parseJson(bytes, maxManifestBytes);
  if (!json.ok) return refuse('backup-damaged', json.code);
  const read = readObject(json.value, codes, {
    created: time,
    // No SQLite file is shorter than its header.
    database: integerFrom(100, Number.MAX_SAFE_INTEGER),
    hasRecord: flag,
    hasWords: flag,
    ledgers: arrayOf(ledgerReader, mostLedgers),
    profile: profileName,
    secrets: base64UpTo(256),
    v: integerFrom(1, 1),
    vault: hexOf(16),
  });
  if (!read.ok) return read;
  const { created, database, hasRecord, hasWords, ledgers, profile, secrets, vault } = read.value;
  return ok({ created, database, hasRecord, hasWords, ledgers, profile, secrets, vault: toHex(vault) });
}

export function writeManifest(manifest: BackupManifest): Uint8Array {
  const { ledgers, secrets, ...rest } = manifest;
  return writeJson({
    ...rest,
    ledgers: ledgers.map(({ id, origin, size }) => ({ id: toHex(id), origin, size })),
    secrets: toBase64(secrets),
    v: 1,
  });
}
