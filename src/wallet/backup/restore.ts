/** Reading backups: all of a file is opened and checked before a profile is made of it. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ByteReader, concatBytes } from '../../core/bytes.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { makeFolders } from '../../engines/folders.ts';
import type { ProfileCode } from '../../core/errors/profile.ts';
import { makeProfileFolder, profileExists, type Profile } from '../profile.ts';
import { openStore } from '../store/open.ts';
import { nameNewFile } from '../vault/new-file.ts';
import { OpenVault } from '../vault/open-vault.ts';
import { PrivateRows } from '../vault/private-rows.ts';
import { openSecrets, type Secrets } from '../vault/secrets.ts';
import { createVault, type Keeper } from '../vault/vault.ts';
import { type BackupManifest, maxManifestBytes, parseManifest } from './manifest.ts';
import { type BackupKeys, backupKeys, headerLength, openStream } from './stream.ts';

function fail(
  code: BackupCode,
  detail?: string,
  options?: { cause?: unknown },
): CountersignError<BackupCode> {
  return new CountersignError<BackupCode>(code, detail, options);
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? '';
}

async function keysOf(handle: FileHandle, passphrase: string): Promise<BackupKeys> {
  const header = new Uint8Array(headerLength);
  const { bytesRead } = await handle.read(header, 0, headerLength, 0).catch((cause: unknown) => {
    throw fail('backup-unread', codeOf(cause), { cause });
  });
  return backupKeys(passphrase, header.subarray(0, bytesRead));
}

/** A backup that is being read. The database is authentic piece by piece, and whole only when all of it was given out. */
interface OpenBackup {
  readonly manifest: BackupManifest;
  readonly keys: BackupKeys;
  readonly database: AsyncGenerator<Uint8Array>;
}

/** Takes the manifest from the beginning of a plain text. */
async function splitManifest(
  plain: AsyncGenerator<Uint8Array>,
): Promise<{ readonly manifest: BackupManifest; readonly rest: Uint8Array }> {
  let held: Uint8Array = new Uint8Array();
  for (;;) {
    const length = new ByteReader(held).uint(4);
    if (length !== undefined && length > maxManifestBytes) throw fail('backup-damaged', 'manifest');
    if (length !== undefined && held.length >= 4 + length) {
      const manifest = parseManifest(held.subarray(4, 4 + length));
      if (!manifest.ok) throw fail(manifest.code, manifest.detail);
      return { manifest: manifest.value, rest: held.slice(4 + length) };
    }
    const next = await plain.next();
    if (next.done === true) throw fail('backup-damaged', 'manifest');
    held = concatBytes(held, next.value);
  }
}

/** Exactly as many bytes as the manifest says, in pieces. */
async function* exactly(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array> {
  let left = length - first.length;
  if (left < 0) throw fail('backup-damaged', 'too long');
  yield first;
  for await (const piece of rest) {
    left -= piece.length;
    if (left < 0) throw fail('backup-damaged', 'too long');
    yield piece;
  }
  if (left > 0) throw fail('backup-damaged', 'too short');
}

/** Opens a backup and hands it to `use`. */
async function withBackup<T>(
  path: string,
  passphrase: string,
  use: (backup: OpenBackup) => Promise<T>,
): Promise<T> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw fail('backup-unread', codeOf(cause), { cause });
  });
  try {
    const keys = await keysOf(handle, passphrase);
    try {
      const sealed = handle.createReadStream({ start: headerLength, autoClose: false });
      const plain = openStream(sealed as AsyncIterable<Uint8Array>, keys.stream);
      const { manifest, rest } = await splitManifest(plain);
      return await use({ manifest, keys, database: exactly(rest, plain, manifest.database) });
    } finally {
      zeroize(keys.stream, keys.vault);
    }
  } finally {
    await handle.close();
  }
}

function secretsOf({ manifest, keys }: OpenBackup): Secrets {
  const secrets = openSecrets(manifest.secrets, keys.vault, 'backup', manifest.vault);
  if (secrets === undefined || (secrets.entropy !== undefined) !== manifest.hasWords) {
    throw fail('backup-damaged', 'secrets');
  }
  return secrets;
}

/**
 * Reads a backup from its first byte to its last and says what it holds. Nothing is written.
 * @throws CountersignError `backup-unread`, `backup-malformed`, `backup-version`, `backup-passphrase`, `backup-damaged`
 */
export async function describeBackup(path: string, passphrase: string): Promise<BackupManifest> {
  return withBackup(path, passphrase, async (backup) => {
    const { profileKey, entropy } = secretsOf(backup);
    zeroize(profileKey, entropy ?? new Uint8Array());
    while ((await backup.database.next()).done !== true);
    return backup.manifest;
  });
}

async function writeAll(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new CountersignError<ProfileCode>('profile-cannot-write', codeOf(cause), { cause });
  });
  try {
    for await (const piece of content) {
      await handle.writeFile(piece).catch((cause: unknown) => {
        throw new CountersignError<ProfileCode>('profile-cannot-write', codeOf(cause), { cause });
      });
    }
    await handle.sync().catch((cause: unknown) => {
      throw new CountersignError<ProfileCode>('profile-cannot-write', codeOf(cause), { cause });
    });
  } finally {
    await handle.close();
  }
}

/** Whether the database and the secrets belong together; brings the database to this version's layout. */
async function checkDatabase(path: string, secrets: Secrets, manifest: BackupManifest): Promise<void> {
  const database = await openStore(path);
  const vault = new OpenVault(manifest.vault, secrets);
  try {
    const [row] = await database.all('PRAGMA quick_check(1)');
    if (row?.['quick_check'] !== 'ok') throw fail('backup-damaged', 'database');
    await PrivateRows.open(database, vault);
    await database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
  } catch (error) {
    const isOurs = error instanceof CountersignError && String(error.code).startsWith('vault-');
    throw isOurs ? fail('backup-rows', String(error.code), { cause: error }) : error;
  } finally {
    vault.close();
    await database.close();
  }
}

/** Gives a checked database and its secrets to a profile: the sealed identity last, which makes it a profile. */
async function place(profile: Profile, database: string, keeper: Keeper, secrets: Secrets): Promise<void> {
  await makeProfileFolder(profile);
  await nameNewFile(database, profile.storeFile).catch((cause: unknown) => {
    const isTaken = codeOf(cause) === 'EEXIST';
    throw new CountersignError<ProfileCode>(isTaken ? 'profile-exists' : 'profile-cannot-write', undefined, {
      cause,
    });
  });
  try {
    (await createVault(profile.vaultFile, keeper, secrets)).close();
  } catch (error) {
    await rm(profile.storeFile, { force: true });
    throw error;
  }
}

/**
 * Makes a new profile of a backup.
 * @param profile one that does not exist yet.
 * @param keeper asked for when the backup was found to be whole.
 * @throws CountersignError `profile-exists`, `profile-cannot-write`, as {@link describeBackup} and `createVault`,
 *   `backup-rows`, or with a `store-` code. Then no profile is left behind.
 */
export async function restoreBackup(
  path: string,
  passphrase: string,
  profile: Profile,
  keeper: () => Promise<Keeper>,
): Promise<BackupManifest> {
  if (await profileExists(profile)) {
    throw new CountersignError<ProfileCode>('profile-exists', profile.name);
  }
  return withBackup(path, passphrase, async (backup) => {
    const secrets = secretsOf(backup);
    const folder = join(dirname(profile.folder), `.restore-${randomBytes(6).toString('hex')}`);
    try {
      await makeFolders(folder, 0o700);
      const database = join(folder, 'record.sqlite');
      await writeAll(database, backup.database);
      await checkDatabase(database, secrets, backup.manifest);
      await place(profile, database, await keeper(), secrets);
      return backup.manifest;
    } finally {
      zeroize(secrets.profileKey, secrets.entropy ?? new Uint8Array());
      await rm(folder, { recursive: true, force: true });
    }
  });
}
