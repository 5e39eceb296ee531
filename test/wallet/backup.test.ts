import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concatBytes, toHex, uintToBytes } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { backupPath, writeBackup } from '../../src/wallet/backup/backup.ts';
import { recordTables, tablesOf, withDatabaseCopy } from '../../src/wallet/backup/copy-database.ts';
import { writeManifest } from '../../src/wallet/backup/manifest.ts';
import { describeBackup, restoreBackup } from '../../src/wallet/backup/restore.ts';
import { backupKeys, sealStream, writeHeader } from '../../src/wallet/backup/stream.ts';
import { addContact, knownContacts, proposeContact } from '../../src/wallet/contacts/contacts.ts';
import { ownCard } from '../../src/wallet/identity/own-identity.ts';
import { type Profile, profileOf } from '../../src/wallet/profile.ts';
import { OpenVault } from '../../src/wallet/vault/open-vault.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { secretsBelow, secretsIn } from '../support/canary.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { now, type Person, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'backup-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const passphrase = 'a passphrase for the backup';
const options = { withRecord: false, now: 1_700_000_000 };

let place: Place;
let alice: Person;
let wallet: Wallet;
let home = '';
let file = '';
let count = 0;
beforeEach(async () => {
  home = join(folder, String(++count));
  place = await Place.start(home);
  alice = await place.person('alice');
  ({ wallet } = alice);
  file = join(home, 'alice.backup');
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof CountersignError) return String(error.code);
    throw error;
  }
}

const profileOfAlice = (name: string): Profile => profileOf(name, { COUNTERSIGN_HOME: join(home, 'alice') });
const restore = (
  name: string,
  keychain = new MemoryKeychain(),
  given = passphrase,
): ReturnType<typeof restoreBackup> =>
  restoreBackup(file, given, profileOfAlice(name), () => Promise.resolve({ kind: 'keychain', keychain }));
const blocks = async (of: Wallet): Promise<readonly number[]> => {
  const { joined } = await place.pinned(of);
  return [joined.size, joined.filled];
};
const everything = (below: string): readonly string[] =>
  readdirSync(below, { recursive: true }).map(String).sort();

describe('a backup', () => {
  it('brings back identity, private rows, ledgers and known heads in a new profile', async () => {
    await place.announce(wallet, { name: 'Alice' });
    const bob = (await place.person('bob')).wallet;
    await place.announce(bob, { name: 'Bob' });
    await place.sync(wallet);
    const { card } = await ownCard(bob, await place.pinned(bob));
    await addContact(wallet, await proposeContact(wallet, await place.pinned(wallet), card, 'Bob', now()));
    const manifest = await writeBackup(wallet, file, passphrase, options);
    expect(manifest).toMatchObject({
      created: options.now,
      profile: 'default',
      hasWords: true,
      hasRecord: false,
      ledgers: [{ origin: place.served.ledger.origin, size: 3 }],
    });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(everything(join(home, 'alice'))).toEqual([
      'default',
      'default/identity.sealed',
      ...storeFiles('default'),
    ]);

    const keychain = new MemoryKeychain();
    expect(await restore('again', keychain)).toEqual(manifest);
    const again = await place.open('alice', keychain, 'again');
    expect(await blocks(again)).toEqual([3, 0]);
    expect((await knownContacts(again)).map(({ contact }) => contact.name)).toEqual(['Bob']);
    expect(await codeOf(again.signer(place.served.ledger.id))).toBe('own-unsynced');
    await place.sync(again);
    expect(await blocks(again)).toEqual([3, 3]);
    expect((await knownContacts(again)).map(({ standing }) => standing)).toEqual(['current']);
    const [one, two] = await Promise.all([wallet, again].map((w) => w.signer(place.served.ledger.id)));
    expect(toHex(one?.publicKey ?? new Uint8Array())).toBe(toHex(two?.publicKey ?? new Uint8Array()));
  });

  /** The files of an open database. */
  function storeFiles(name: string): readonly string[] {
    return ['', '-shm', '-wal'].map((end) => `${name}/record.sqlite${end}`);
  }

  it('takes the record along on demand', async () => {
    await place.announce(wallet, {});
    await writeBackup(wallet, file, passphrase, { ...options, withRecord: true });
    const keychain = new MemoryKeychain();
    await restore('again', keychain);
    await stopServices();
    const again = await place.open('alice', keychain, 'again');
    expect(await blocks(again)).toEqual([2, 2]);
    expect((await place.identity(again)).current).toBe(0);
  });

  it('can be read to its end without making anything of it', async () => {
    const manifest = await writeBackup(wallet, file, passphrase, options);
    const before = everything(home);
    expect(await describeBackup(file, passphrase)).toEqual(manifest);
    expect(everything(home)).toEqual(before);
  });

  it('keeps what a profile without words has', async () => {
    const keychain = new MemoryKeychain();
    const watcher = await place.open('watcher', keychain);
    const keeper = { kind: 'keychain', keychain } as const;
    watcher.vault.adopt(await createVault(watcher.profile.vaultFile, keeper, newSecrets()));
    await (await watcher.privateRows()).put('kind', 'key', new Uint8Array([1, 2, 3]));
    expect((await writeBackup(watcher, file, passphrase, options)).hasWords).toBe(false);
    await restore('again', keychain);
    const again = await place.open('alice', keychain, 'again');
    expect((await again.unlock()).canSign).toBe(false);
    expect(await (await again.privateRows()).get('kind', 'key')).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('overwrites nothing, and leaves nothing when it fails', async () => {
    writeFileSync(file, 'of somebody else');
    const before = everything(home);
    expect(await codeOf(writeBackup(wallet, file, passphrase, options))).toBe('backup-exists');
    const nowhere = join(home, 'no', 'folder', 'x');
    expect(await codeOf(writeBackup(wallet, nowhere, passphrase, options))).toBe('backup-cannot-write');
    expect(await codeOf(writeBackup(wallet, join(home, 'y'), 'too short', options))).toBe(
      'vault-passphrase-weak',
    );
    expect(everything(home)).toEqual(before);
    expect(readFileSync(file, 'utf8')).toBe('of somebody else');
  });

  it('goes into the profile by default, named by its time', async () => {
    const path = backupPath(wallet, options.now);
    expect(path).toBe(join(wallet.profile.backupsFolder, 'default-20231114T221320Z.countersign-backup'));
    await writeBackup(wallet, path, passphrase, options);
    expect(await describeBackup(path, passphrase)).toMatchObject({ profile: 'default' });
  });

  it('is not made of private rows that were tampered with', async () => {
    const rows = await wallet.privateRows();
    await rows.put('kind', 'key', new Uint8Array([1]));
    await wallet.database.exec("DELETE FROM private_row WHERE kind = 'kind'");
    expect(await codeOf(writeBackup(wallet, file, passphrase, options))).toBe('vault-rows');
    expect(existsSync(file)).toBe(false);
  });

  it('says of every table whether it is kept or can be fetched again', async () => {
    const kept = [
      'address_head',
      'alarm',
      'block',
      'followed_tag',
      'ledger',
      'ledger_pin',
      'outbox',
      'private_mark',
      'private_row',
    ];
    expect([...(await tablesOf(wallet.database))].sort()).toEqual([...kept, ...recordTables].sort());
  });
});

describe('a backup that cannot be used', () => {
  let before: readonly string[];
  beforeEach(async () => {
    await writeBackup(wallet, file, passphrase, options);
    before = everything(home);
  });
  const refused = async (given = passphrase): Promise<string> => {
    const keychain = new MemoryKeychain();
    const code = await codeOf(restore('again', keychain, given));
    expect(keychain.keys.size).toBe(0);
    expect(everything(home)).toEqual(before);
    return code;
  };

  it('destroys nothing when the passphrase is wrong', async () => {
    expect(await refused('a passphrase for the backuq')).toBe('backup-passphrase');
    expect(await codeOf(describeBackup(file, ''))).toBe('backup-passphrase');
  });

  it('destroys nothing when it is damaged, cut short or made longer', async () => {
    const good = readFileSync(file);
    const changed = (at: number, value: number): Buffer => {
      const bad = Buffer.from(good);
      bad.writeUInt8(value, at);
      return bad;
    };
    const last = good.length - 1;
    for (const [bad, code] of [
      [changed(0, 0), 'backup-malformed'],
      [changed(18, 0), 'backup-malformed'],
      [changed(18, 2), 'backup-version'],
      [good.subarray(0, 50), 'backup-malformed'],
      [good.subarray(0, 51), 'backup-passphrase'],
      [changed(19, good.readUInt8(19) ^ 1), 'backup-passphrase'],
      [changed(51, good.readUInt8(51) ^ 1), 'backup-passphrase'],
      [changed(last, good.readUInt8(last) ^ 1), 'backup-damaged'],
      [good.subarray(0, last), 'backup-damaged'],
      [Buffer.concat([good, Buffer.alloc(1)]), 'backup-damaged'],
    ] as const) {
      writeFileSync(file, bad);
      expect(await refused()).toBe(code);
    }
    expect(await codeOf(describeBackup(file, passphrase))).toBe('backup-damaged');
  });

  it('destroys nothing when it is no backup, a folder or not there', async () => {
    writeFileSync(file, 'x'.repeat(1000));
    expect(await refused()).toBe('backup-malformed');
    rmSync(file);
    before = everything(home);
    expect(await refused()).toBe('backup-unread');
    mkdirSync(file);
    before = everything(home);
    expect(await refused()).toBe('backup-unread');
    expect(await codeOf(describeBackup(file, passphrase))).toBe('backup-unread');
  });

  it("is not restored when its private rows do not belong together, or are another vault's", async () => {
    const crafted = async (vault: OpenVault, database: Uint8Array): Promise<void> => {
      const header = writeHeader(bytes32('salt'));
      const keys = await backupKeys(passphrase, header);
      const manifest = writeManifest({
        ...{ created: 1, profile: 'default', hasWords: vault.canSign, hasRecord: false, ledgers: [] },
        ...{
          vault: vault.profile,
          secrets: vault.sealedUnder(keys.vault, 'backup'),
          database: database.length,
        },
      });
      const plain = async function* (): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(concatBytes(uintToBytes(manifest.length, 4), manifest, database));
      };
      const chunks: Uint8Array[] = [header];
      for await (const chunk of sealStream(plain(), keys.stream)) chunks.push(chunk);
      writeFileSync(file, concatBytes(...chunks));
    };
    const vault = await wallet.unlock();
    const copy = async (): Promise<Uint8Array> =>
      withDatabaseCopy(wallet.profile, wallet.database, false, (path) => Promise.resolve(readFileSync(path)));
    const good = await copy();
    await crafted(vault, good);
    await restore('crafted');
    await crafted(new OpenVault(vault.profile, newSecrets(bytes32('other'))), good);
    before = everything(home);
    expect(await refused()).toBe('backup-rows');
    await wallet.database.exec('UPDATE private_row SET version = version + 1');
    await crafted(vault, await copy());
    expect(await refused()).toBe('backup-rows');
    await crafted(vault, good.subarray(0, good.length - 4096));
    expect(await refused()).toMatch(/^backup-|^store-/);
    await crafted(vault, new Uint8Array());
    expect(await refused()).toBe('backup-damaged');
  });

  it('is not restored over a profile, into a keychain that refuses, or under a short passphrase', async () => {
    expect(await codeOf(restore('default'))).toBe('profile-exists');
    const keychain = new MemoryKeychain();
    keychain.mood = 'locked';
    expect(await codeOf(restore('again', keychain))).toBe('keychain-refused');
    const short = restoreBackup(file, passphrase, profileOfAlice('again'), () =>
      Promise.resolve({ kind: 'passphrase', passphrase: 'short' }),
    );
    expect(await codeOf(short)).toBe('vault-passphrase-weak');
    expect(everything(home).filter((name) => name !== 'alice/again')).toEqual(before);
    await restore('again');
    expect(await codeOf(restore('again'))).toBe('profile-exists');
  });
});

describe('what lies around', () => {
  it('holds no secret: neither the backup nor anything beside it', async () => {
    await place.announce(wallet, { name: 'Alice' });
    await writeBackup(wallet, file, passphrase, { ...options, withRecord: true });
    await restore('again', alice.keychain);
    const secrets = [
      { name: 'entropy', secret: alice.entropy },
      { name: 'words', secret: Buffer.from(alice.words.slice(0, 40)) },
      { name: 'recovery words', secret: Buffer.from(alice.recoveryWords.slice(0, 40)) },
      { name: 'passphrase', secret: Buffer.from(passphrase) },
      ...[...alice.keychain.keys.values()].map((secret) => ({ name: 'wrapping key', secret })),
    ];
    expect(secrets).toHaveLength(6);
    expect(secretsBelow(home, secrets)).toEqual([]);
    expect(secretsIn('itself', Buffer.concat([alice.entropy]), secrets)).not.toEqual([]);
  });
});
