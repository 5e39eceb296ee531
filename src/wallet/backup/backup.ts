/** Backups: one encrypted file that holds a profile (`docs/spec/backup.md`). */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uintToBytes } from '../../core/bytes.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { makeFolders } from '../../engines/folders.ts';
import { pinnedLedgers } from '../ledgers.ts';
import { nameNewFile } from '../vault/new-file.ts';
import { checkNewPassphrase } from '../vault/passphrase.ts';
import { PrivateRows } from '../vault/private-rows.ts';
import type { Wallet } from '../wallet.ts';
import { withDatabaseCopy } from './copy-database.ts';
import { type BackupManifest, writeManifest } from './manifest.ts';
import { backupKeys, sealStream, writeHeader } from './stream.ts';

export interface BackupOptions {
  /** Whether the copy of the record goes into it too; it can be large, and anybody can fetch it again. */
  readonly withRecord: boolean;
  /** Seconds since 1970. */
  readonly now: number;
  readonly onProgress?: (done: number, of: number) => void;
}

function cannotWrite(cause: unknown): CountersignError<BackupCode> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  const isTaken = code === 'EEXIST';
  return new CountersignError(isTaken ? 'backup-exists' : 'backup-cannot-write', code, { cause });
}

/** Where a backup goes when no place is named: in the profile's folder, by its time in UTC. */
export function backupPath(wallet: Wallet, now: number): string {
  const time = new Date(now * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return join(wallet.profile.backupsFolder, `${wallet.profile.name}-${time}Z.countersign-backup`);
}

async function manifestOf(
  wallet: Wallet,
  options: BackupOptions,
  database: number,
  vaultKey: Uint8Array,
): Promise<BackupManifest> {
  const vault = await wallet.unlock();
  const ledgers = (await pinnedLedgers(wallet.database)).map(({ card, joined }) => ({
    id: joined.ledger.id,
    origin: card.origin,
    size: joined.size,
  }));
  return {
    created: options.now,
    profile: wallet.profile.name,
    hasWords: vault.canSign,
    hasRecord: options.withRecord,
    ledgers,
    vault: vault.profile,
    secrets: vault.sealedUnder(vaultKey, 'backup'),
    database,
  };
}

/** The plain text of a backup: length and bytes of the manifest, then the database. */
async function* plainText(
  manifest: BackupManifest,
  path: string,
  onProgress: BackupOptions['onProgress'],
): AsyncGenerator<Uint8Array> {
  const bytes = writeManifest(manifest);
  yield uintToBytes(bytes.length, 4);
  yield bytes;
  let done = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield chunk;
    done += chunk.length;
    onProgress?.(done, manifest.database);
  }
}

/** Writes a file whole or not at all, under a name that must be free. */
async function writeWhole(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.backup-${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await open(temporary, 'wx', 0o600).catch((cause: unknown) => {
      throw cannotWrite(cause);
    });
    try {
      for await (const piece of content) {
        await handle.writeFile(piece).catch((cause: unknown) => {
          throw cannotWrite(cause);
        });
      }
      await handle.sync().catch((cause: unknown) => {
        throw cannotWrite(cause);
      });
    } finally {
      await handle.close();
    }
    await nameNewFile(temporary, path).catch((cause: unknown) => {
      throw cannotWrite(cause);
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Writes a backup of an open profile: its secrets, everything private, the joined ledgers, and on demand the record.
 * @param path a file that must not be there yet.
 * @returns what is in it.
 * @throws CountersignError `backup-exists`, `backup-cannot-write`, `vault-passphrase-weak`, or with a `vault-`,
 *   `keychain-` or `store-` code.
 */
export async function writeBackup(
  wallet: Wallet,
  path: string,
  passphrase: string,
  options: BackupOptions,
): Promise<BackupManifest> {
  checkNewPassphrase(passphrase);
  // Compared with their mark anew: what was tampered with does not get into a backup.
  await PrivateRows.open(wallet.database, await wallet.unlock());
  if (dirname(path) === wallet.profile.backupsFolder) {
    await makeFolders(wallet.profile.backupsFolder, 0o700).catch((cause: unknown) => {
      throw cannotWrite(cause);
    });
  }
  const header = writeHeader(new Uint8Array(randomBytes(32)));
  const keys = await backupKeys(passphrase, header);
  try {
    return await withDatabaseCopy(
      wallet.profile,
      wallet.database,
      options.withRecord,
      async (copy, length) => {
        const manifest = await manifestOf(wallet, options, length, keys.vault);
        const content = async function* (): AsyncGenerator<Uint8Array> {
          yield header;
          yield* sealStream(plainText(manifest, copy, options.onProgress), keys.stream);
        };
        await writeWhole(path, content());
        return manifest;
      },
    );
  } finally {
    zeroize(keys.stream, keys.vault);
  }
}
