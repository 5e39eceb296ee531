import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { verifySignature } from '../../src/core/crypto/signature.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { seedOfWords, wordsOf } from '../../src/core/identity/words.ts';
import { writeNewFile } from '../../src/wallet/vault/new-file.ts';
import { createVault, openVault, type Vault } from '../../src/wallet/vault/vault.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { noOrdinaryUser, runScriptAsUser, userFolder } from '../support/ordinary-user.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ledger = bytes32('ledger');
const entropy = bytes32('entropy');

/** A profile's folder that is empty, and the name of its sealed file. */
function freshFile(): string {
  return join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
}

function keyOf(vault: Vault): string {
  return toHex(vault.signerFor(ledger).publicKey);
}

describe('a new vault', () => {
  it('signs for each ledger with a key of its own, and opens again with the same keys', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    const vault = await createVault(file, keychain, entropy);
    const signer = vault.signerFor(ledger);
    expect(verifySignature(signer.publicKey, toUtf8('x'), signer.sign(toUtf8('x')))).toBe(true);
    const seed = seedOfWords(wordsOf(entropy));
    expect(signer.sign(toUtf8('y'))).not.toEqual(signer.sign(toUtf8('x')));
    const again = await openVault(file, keychain);
    expect(keyOf(again)).toBe(toHex(signer.publicKey));
    expect(toHex(again.signerFor(bytes32('other')).publicKey)).not.toBe(toHex(signer.publicKey));
    expect(deriveKey(seed, ledger, 'signing', 0)).toHaveLength(32);
    expect(again.profile).toBe(vault.profile);
    expect([...keychain.keys.keys()]).toEqual([vault.profile]);
  });

  it('takes a copy of what it is given', async () => {
    const given = entropy.slice();
    const vault = await createVault(freshFile(), new MemoryKeychain(), given);
    const before = keyOf(vault);
    given.fill(0);
    expect(keyOf(vault)).toBe(before);
    await expect(createVault(freshFile(), new MemoryKeychain(), new Uint8Array(16))).rejects.toThrow(
      RangeError,
    );
  });

  it('leaves one file, readable by its owner only', async () => {
    const file = freshFile();
    await createVault(file, new MemoryKeychain(), entropy);
    expect(readdirSync(join(file, '..'))).toEqual(['identity.sealed']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has a name and keys that no other vault of the same words has', async () => {
    const keychain = new MemoryKeychain();
    const files = [freshFile(), freshFile()];
    for (const file of files) await createVault(file, keychain, entropy);
    expect(new Set([...keychain.keys.values()].map(toHex)).size).toBe(2);
    expect(readFileSync(files[0] ?? '')).not.toEqual(readFileSync(files[1] ?? ''));
  });

  it('signs nothing after it is closed, by none of its signers', async () => {
    const vault = await createVault(freshFile(), new MemoryKeychain(), entropy);
    const signer = vault.signerFor(ledger);
    vault.close();
    expect(() => vault.signerFor(ledger)).toThrow(RangeError);
    expect(() => signer.sign(toUtf8('x'))).toThrow(RangeError);
  });
});

describe('creating a vault where it cannot be', () => {
  it.each([
    [
      'a vault',
      (file: string) => {
        writeFileSync(file, '{}');
      },
    ],
    [
      'an empty file',
      (file: string) => {
        writeFileSync(file, '');
      },
    ],
    [
      'a folder',
      (file: string) => {
        mkdirSync(file);
      },
    ],
    [
      'a link to nowhere',
      (file: string) => {
        symlinkSync('/nowhere/at/all', file);
      },
    ],
  ])('leaves %s that has its name as it is', async (_, make) => {
    const file = freshFile();
    make(file);
    const keychain = new MemoryKeychain();
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'vault-exists' });
    expect(readdirSync(join(file, '..'))).toEqual(['identity.sealed']);
    expect(keychain.keys.size).toBe(0);
  });

  it('overwrites nothing that appears while the keychain is asked', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    keychain.fault = (call) => {
      if (call === 'write') writeFileSync(file, 'somebody else was quicker');
      return undefined;
    };
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'vault-exists' });
    expect(readFileSync(file, 'utf8')).toBe('somebody else was quicker');
    expect(keychain.keys.size).toBe(0);
  });

  it('lets one of many win', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, () => createVault(file, keychain, entropy)),
    );
    const codes = ends.map((end) =>
      end.status === 'rejected' ? (end.reason as { code: string }).code : 'made',
    );
    expect(codes.sort()).toEqual(['made', ...Array.from({ length: 7 }, () => 'vault-exists')]);
    expect(keychain.keys.size).toBe(1);
    await openVault(file, keychain);
  });

  it('leaves nothing when the file cannot be written', async () => {
    const file = join(folder, 'no', 'such', 'folder', 'identity.sealed');
    const keychain = new MemoryKeychain();
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'vault-cannot-write' });
    expect(keychain.keys.size).toBe(0);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it.each(['keychain-unavailable', 'keychain-no-answer', 'keychain-refused', 'keychain-driver'] as const)(
    'leaves no file when the keychain fails with %s, at its first call or its second',
    async (code) => {
      for (const failing of ['write', 'read']) {
        const file = freshFile();
        const keychain = new MemoryKeychain();
        keychain.fault = (call) => (call === failing ? code : undefined);
        await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code });
        expect(readdirSync(join(file, '..'))).toEqual([]);
        expect(keychain.keys.size).toBe(0);
      }
    },
  );

  it('leaves no file when the keychain does not keep what it was given', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    keychain.fault = (call) => (call === 'write' ? 'forgets' : undefined);
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'keychain-refused' });
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  it('says why it failed even when the keychain cannot be cleaned up', async () => {
    const keychain = new MemoryKeychain();
    keychain.fault = (call) => (call === 'remove' ? 'keychain-no-answer' : undefined);
    const file = join(folder, 'no', 'such', 'identity.sealed');
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'vault-cannot-write' });
  });
});

describe('opening a vault', () => {
  async function made(): Promise<{ file: string; keychain: MemoryKeychain; key: string; profile: string }> {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    const vault = await createVault(file, keychain, entropy);
    return { file, keychain, key: keyOf(vault), profile: vault.profile };
  }

  it('says that there is none, without asking the keychain', async () => {
    const keychain = new MemoryKeychain();
    keychain.fault = () => 'keychain-no-answer';
    await expect(openVault(freshFile(), keychain)).rejects.toMatchObject({ code: 'vault-missing' });
  });

  it('never takes a keychain that hands out nothing for a new user', async () => {
    const { file, keychain, key } = await made();
    const before = readFileSync(file);
    keychain.isLocked = true;
    await expect(openVault(file, keychain)).rejects.toMatchObject({ code: 'vault-locked-or-lost' });
    await expect(createVault(file, keychain, entropy)).rejects.toMatchObject({ code: 'vault-exists' });
    await expect(openVault(file, new MemoryKeychain())).rejects.toMatchObject({
      code: 'vault-locked-or-lost',
    });
    keychain.isLocked = false;
    expect(keyOf(await openVault(file, keychain))).toBe(key);
    expect(readFileSync(file)).toEqual(before);
  });

  it('says that key and file do not belong together', async () => {
    const { file, keychain, profile } = await made();
    for (const key of [bytes32('another key'), new Uint8Array(32)]) {
      keychain.keys.set(profile, key);
      await expect(openVault(file, keychain)).rejects.toMatchObject({ code: 'vault-changed' });
    }
  });

  it('does not open the file of one profile with the key of another', async () => {
    const [one, two] = [await made(), await made()];
    const text = readFileSync(one.file, 'utf8').replace(one.profile, two.profile);
    writeFileSync(one.file, text);
    two.keychain.keys.set(two.profile, one.keychain.keys.get(one.profile) ?? new Uint8Array());
    await expect(openVault(one.file, two.keychain)).rejects.toMatchObject({ code: 'vault-changed' });
  });

  it('refuses a file in which any byte was changed, added or is missing', async () => {
    const { file, keychain } = await made();
    const good = readFileSync(file);
    const codes = new Set<unknown>();
    const codeWith = async (bytes: Uint8Array): Promise<unknown> => {
      writeFileSync(file, bytes);
      const error: unknown = await openVault(file, keychain).then(
        () => 'opened',
        (reason: unknown) => (reason as { code: string }).code,
      );
      codes.add(error);
      return error;
    };
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(at) ^ 1, at);
      expect(await codeWith(bad), `byte ${at}`).toMatch(/^vault-(malformed|changed|locked-or-lost)$/);
    }
    for (let length = 0; length < good.length; length++)
      expect(await codeWith(good.subarray(0, length))).toBe('vault-malformed');
    expect(await codeWith(Buffer.concat([good, Buffer.from(' ')]))).toBe('vault-malformed');
    expect(await codeWith(Buffer.alloc(5000, 32))).toBe('vault-malformed');
    expect([...codes].sort()).toEqual(['vault-changed', 'vault-locked-or-lost', 'vault-malformed']);
    expect(await codeWith(good)).toBe('opened');
  });

  it('reads nothing but a plain file, and not much of it', async () => {
    const keychain = new MemoryKeychain();
    const place = mkdtempSync(join(folder, 'odd-'));
    const huge = join(place, 'huge');
    writeFileSync(huge, '');
    // A file of a terabyte that takes no room: whoever reads it all does not come back.
    truncateSync(huge, 2 ** 40);
    mkdirSync(join(place, 'folder'));
    symlinkSync(join(place, 'away'), join(place, 'link'));
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(place, 'pipe')]);
    for (const [name, code] of [
      ['huge', 'vault-malformed'],
      ['folder', 'vault-malformed'],
      ['pipe', 'vault-malformed'],
      ['link', 'vault-unreadable'],
    ] as const) {
      await expect(openVault(join(place, name), keychain), name).rejects.toMatchObject({ code });
    }
    rmSync(huge);
  });

  const why = noOrdinaryUser();
  it.skipIf(why !== undefined)(
    `says that a file or a folder may not be used${why === undefined ? '' : ` (skipped: ${why})`}`,
    async () => {
      const { file } = await made();
      const place = userFolder('vault-user');
      const own = join(place, 'identity.sealed');
      copyFileSync(file, own);
      chmodSync(own, 0);
      chmodSync(place, 0o555);
      const run = runScriptAsUser(
        `const { createVault, openVault } = await import(process.argv[1]);
        const keychain = { read: async () => keychain.key, write: async (_, key) => { keychain.key = Uint8Array.from(key); }, remove: async () => true };
        const codeOf = (work) => work.then(() => 'done', (error) => error.code);
        console.log(await codeOf(openVault(process.argv[2], keychain)));
        console.log(await codeOf(createVault(process.argv[2] + '.new', keychain, new Uint8Array(32))));`,
        join(import.meta.dirname, '../../src/wallet/vault/vault.ts'),
        own,
      );
      expect(run).toEqual({ code: 0, stdout: 'vault-unreadable\nvault-cannot-write\n', stderr: '' });
      rmSync(place, { recursive: true });
    },
  );

  it.each(['keychain-unavailable', 'keychain-no-answer', 'keychain-refused', 'keychain-driver'] as const)(
    'passes %s on, and changes nothing',
    async (code) => {
      const { file, keychain, key } = await made();
      keychain.fault = () => code;
      await expect(openVault(file, keychain)).rejects.toMatchObject({ code });
      keychain.fault = undefined;
      expect(keyOf(await openVault(file, keychain))).toBe(key);
    },
  );
});

describe('a new file', () => {
  it('is whole or not there, and leaves nothing when it fails', async () => {
    const file = freshFile();
    await writeNewFile(file, toUtf8('first'));
    await expect(writeNewFile(file, toUtf8('second'))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(join(file, '..'))).toEqual(['identity.sealed']);
    await expect(writeNewFile(join(file, 'below'), toUtf8('x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
