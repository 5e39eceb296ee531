import '../support/fast-engines.ts';
import {
  chmodSync,
  copyFileSync,
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { verifySignature } from '../../src/core/crypto/signature.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { createVault, keeperOf, newSecrets, openVault, recoverVault } from '../../src/wallet/vault/vault.ts';
import { parseVaultFile } from '../../src/wallet/vault/vault-file.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { makePipe } from '../support/pipe.ts';
import { noOrdinaryUser, runScriptAsUser, userFolder } from '../support/ordinary-user.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entropy = bytes32('entropy');
const ledger = bytes32('ledger');
const place = { table: 't', row: 1, column: 'c', version: 1 };
const passphrase = 'correct horse battery staple';
const passphraseKeeper = { kind: 'passphrase', passphrase } as const;

let count = 0;
let file = '';
let keychain = new MemoryKeychain();
beforeEach(() => {
  file = join(mkdtempSync(join(folder, 'one-')), `${++count}.sealed`);
  keychain = new MemoryKeychain();
});

const kept = async (): Promise<string> => {
  const vault = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
  vault.close();
  return vault.profile;
};
/** The code that some work is refused with, or 'none'. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof CountersignError) return String(error.code);
    throw error;
  }
}

describe('a vault in the keychain', () => {
  it('opens again and signs with the same keys', async () => {
    const made = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
    const first = made.signerFor(ledger, 0);
    const vault = await openVault(file, { keychain });
    const signer = vault.signerFor(ledger, 0);
    expect(toHex(signer.publicKey)).toBe(toHex(first.publicKey));
    const message = toUtf8('agreed');
    expect(verifySignature(first.publicKey, message, signer.sign(message))).toBe(true);
    expect(toHex(vault.signerFor(ledger, 1).publicKey)).not.toBe(toHex(first.publicKey));
    expect(toHex(vault.signerFor(ledger.slice().fill(2), 0).publicKey)).not.toBe(toHex(first.publicKey));
    expect(vault.canSign).toBe(true);
    const sealed = made.sealRow(place, toUtf8('private'));
    expect(vault.openRow(place, sealed)).toEqual(toUtf8('private'));
  });

  it('is one file for its owner only, and one entry of 32 bytes', async () => {
    const profile = await kept();
    expect(readdirSync(join(file, '..'))).toEqual([`${count}.sealed`]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([...keychain.keys].map(([name, key]) => [name, key.length])).toEqual([[profile, 32]]);
    expect(await keeperOf(file)).toBe('keychain');
  });

  it('is never made over another', async () => {
    await kept();
    const before = readFileSync(file);
    const again = createVault(file, { kind: 'keychain', keychain }, newSecrets());
    expect(await codeOf(again)).toBe('vault-exists');
    expect(readFileSync(file)).toEqual(before);
    expect(keychain.keys.size).toBe(1);
  });

  it('leaves no key behind when its file cannot be written', async () => {
    const missing = join(folder, 'missing', 'x.sealed');
    const made = createVault(missing, { kind: 'keychain', keychain }, newSecrets(entropy));
    expect(await codeOf(made)).toBe('vault-cannot-write');
    expect(keychain.keys.size).toBe(0);
  });

  it('leaves no file behind when the keychain refuses', async () => {
    keychain.mood = 'locked';
    const made = createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
    expect(await codeOf(made)).toBe('keychain-refused');
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  it('names every state it cannot be opened in, and changes nothing', async () => {
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-missing');
    const profile = await kept();
    const before = readFileSync(file);
    const key = keychain.keys.get(profile) ?? new Uint8Array();
    keychain.mood = 'locked';
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-locked');
    keychain.mood = 'hidden';
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-locked-or-lost');
    keychain.mood = 'unlocked';
    keychain.keys.clear();
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-lost');
    keychain.keys.set(profile, key.slice().fill(3));
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-changed');
    keychain.fault = () => 'keychain-no-answer';
    expect(await codeOf(openVault(file, { keychain }))).toBe('keychain-no-answer');
    keychain.fault = undefined;
    keychain.keys.set(profile, key);
    expect(await codeOf(openVault(file, { keychain }))).toBe('none');
    expect(readFileSync(file)).toEqual(before);
  });

  it('waits for a person who unlocks the keychain, and only where there is one', async () => {
    await kept();
    keychain.mood = 'locked';
    let said = 0;
    const patience = { waitMs: 60_000, onWaiting: () => said++ };
    keychain.fault = () => {
      keychain.mood = 'unlocked';
      return undefined;
    };
    expect(await codeOf(openVault(file, { keychain, patience }))).toBe('none');
    expect([said, keychain.waitedMs]).toEqual([1, 60_000]);
    keychain.mood = 'locked';
    keychain.fault = undefined;
    expect(await codeOf(openVault(file, { keychain, patience }))).toBe('vault-locked');
    keychain.mood = 'unlocked';
    expect(await codeOf(openVault(file, { keychain, patience }))).toBe('none');
    expect([said, keychain.waitedMs]).toEqual([2, undefined]);
  });

  it('does not open when any byte of its file is changed', async () => {
    await kept();
    const bytes = readFileSync(file);
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
      writeFileSync(file, changed);
      const isWays = changed.toString('latin1').indexOf('"words":"') < i && i < changed.length - 2;
      const code = await codeOf(openVault(file, { keychain }));
      // The way back by words is not looked at when the keychain's key opens the rest.
      if (isWays) expect(['none', 'vault-malformed']).toContain(code);
      else expect(['vault-malformed', 'vault-changed', 'vault-lost']).toContain(code);
    }
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length));
      expect(await codeOf(openVault(file, { keychain }))).toBe('vault-malformed');
    }
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(' ')]));
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-malformed');
  });

  it('does not open the file of one profile with the key of another', async () => {
    const one = await kept();
    const text = readFileSync(file, 'utf8').replace(one, 'ab'.repeat(16));
    writeFileSync(file, text);
    keychain.keys.set('ab'.repeat(16), keychain.keys.get(one) ?? new Uint8Array());
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-changed');
  });

  it('reads nothing but a plain file, and not much of it', async () => {
    const place = join(file, '..');
    const huge = join(place, 'huge');
    writeFileSync(huge, '');
    // A file of a terabyte that takes no room: whoever reads it all does not come back.
    truncateSync(huge, 2 ** 40);
    mkdirSync(join(place, 'folder'));
    symlinkSync(join(place, 'away'), join(place, 'link'));
    makePipe(join(place, 'pipe'));
    for (const [name, code] of [
      ['huge', 'vault-malformed'],
      ['folder', 'vault-malformed'],
      ['pipe', 'vault-malformed'],
      ['link', 'vault-unreadable'],
    ] as const) {
      expect(await codeOf(openVault(join(place, name), { keychain })), name).toBe(code);
      const made = createVault(join(place, name), { kind: 'keychain', keychain }, newSecrets());
      expect(await codeOf(made), name).toBe('vault-exists');
    }
    expect(keychain.keys.size).toBe(0);
    rmSync(huge);
  });

  const why = noOrdinaryUser();
  it.skipIf(why !== undefined)(
    `says that a file or a folder may not be used${why === undefined ? '' : ` (skipped: ${why})`}`,
    async () => {
      await kept();
      const place = userFolder('vault-user');
      const own = join(place, 'identity.sealed');
      copyFileSync(file, own);
      chmodSync(own, 0);
      chmodSync(place, 0o555);
      const run = runScriptAsUser(
        `const { createVault, newSecrets, openVault } = await import(process.argv[1]);
        const keychain = { lockState: async () => 'unknown', read: async () => keychain.key,
          write: async (_, key) => { keychain.key = Uint8Array.from(key); }, remove: async () => true };
        const codeOf = (work) => work.then(() => 'done', (error) => error.code);
        console.log(await codeOf(openVault(process.argv[2], { keychain })));
        console.log(await codeOf(createVault(process.argv[2] + '.new', { kind: 'keychain', keychain }, newSecrets())));`,
        join(import.meta.dirname, '../../src/wallet/vault/vault.ts'),
        own,
      );
      expect(run).toEqual({ code: 0, stdout: 'vault-unreadable\nvault-cannot-write\n', stderr: '' });
      rmSync(place, { recursive: true });
    },
  );
});

describe('a vault under a passphrase', () => {
  it('opens with it and with nothing else, and asks no keychain', async () => {
    keychain.fault = () => 'keychain-unavailable';
    (await createVault(file, passphraseKeeper, newSecrets(entropy))).close();
    expect(await keeperOf(file)).toBe('passphrase');
    const open = (given: string | undefined): Promise<string> =>
      codeOf(openVault(file, { keychain, passphrase: () => Promise.resolve(given) }));
    expect(await open(passphrase)).toBe('none');
    expect(await open('correct horse battery stapler')).toBe('vault-passphrase');
    expect(await open('')).toBe('vault-passphrase');
    expect(await open(undefined)).toBe('vault-passphrase-missing');
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-passphrase-missing');
  });

  it('takes the same characters however they were composed', async () => {
    const composed = 'Gr\u00fc\u00dfe aus K\u00f6ln';
    (await createVault(file, { kind: 'passphrase', passphrase: composed }, newSecrets())).close();
    const decomposed = composed.normalize('NFD');
    expect(decomposed).not.toBe(composed);
    const opened = openVault(file, { keychain, passphrase: () => Promise.resolve(decomposed) });
    expect(await codeOf(opened)).toBe('none');
  });

  it('is not made under a short one', async () => {
    const made = createVault(file, { kind: 'passphrase', passphrase: 'eleven char' }, newSecrets(entropy));
    expect(await codeOf(made)).toBe('vault-passphrase-weak');
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });
});

describe('a profile that only watches', () => {
  it('seals rows and signs nothing', async () => {
    (await createVault(file, { kind: 'keychain', keychain }, newSecrets())).close();
    const vault = await openVault(file, { keychain });
    expect(vault.canSign).toBe(false);
    expect(vault.openRow(place, vault.sealRow(place, entropy))).toEqual(entropy);
    expect(() => vault.signerFor(ledger, 0)).toThrow('vault-watch-only');
  });
});

describe('the way back by words', () => {
  it('opens the same private rows again when the key is lost', async () => {
    const made = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
    const sealed = made.sealRow(place, toUtf8('private'));
    keychain.keys.clear();
    expect(await codeOf(openVault(file, { keychain }))).toBe('vault-lost');
    (await recoverVault(file, { kind: 'keychain', keychain }, entropy)).close();
    const vault = await openVault(file, { keychain });
    expect(vault.openRow(place, sealed)).toEqual(toUtf8('private'));
    expect(toHex(vault.signerFor(ledger, 0).publicKey)).toBe(toHex(made.signerFor(ledger, 0).publicKey));
    expect([...keychain.keys.keys()]).toEqual([vault.profile]);
  });

  it('can change who keeps the key, both ways', async () => {
    await kept();
    (await recoverVault(file, passphraseKeeper, entropy)).close();
    expect(await keeperOf(file)).toBe('passphrase');
    expect(await codeOf(openVault(file, { keychain, passphrase: () => Promise.resolve(passphrase) }))).toBe(
      'none',
    );
    (await recoverVault(file, { kind: 'keychain', keychain }, entropy)).close();
    expect(await codeOf(openVault(file, { keychain }))).toBe('none');
  });

  it('refuses other words, and a profile without any, and changes nothing', async () => {
    await kept();
    const before = readFileSync(file);
    const other = recoverVault(file, { kind: 'keychain', keychain }, entropy.slice().fill(8));
    expect(await codeOf(other)).toBe('vault-other-words');
    expect(readFileSync(file)).toEqual(before);
    expect(await codeOf(openVault(file, { keychain }))).toBe('none');
    rmSync(file);
    (await createVault(file, { kind: 'keychain', keychain }, newSecrets())).close();
    expect(await codeOf(recoverVault(file, { kind: 'keychain', keychain }, entropy))).toBe(
      'vault-other-words',
    );
  });

  it('keeps the old file and takes its key out again when the new file cannot be written', async () => {
    await kept();
    const before = readFileSync(file);
    keychain.fault = () => 'keychain-refused';
    expect(await codeOf(recoverVault(file, { kind: 'keychain', keychain }, entropy))).toBe(
      'keychain-refused',
    );
    keychain.fault = undefined;
    expect(readFileSync(file)).toEqual(before);
    expect(await codeOf(openVault(file, { keychain }))).toBe('none');
  });
});

describe('the form of a vault file', () => {
  const good = { keeper: 'keychain', profile: 'ab'.repeat(16), sealed: 'AAAA', v: 1 };
  const refusal = (changes: object): string => {
    const entries = Object.entries<unknown>({ ...good, ...changes }).filter(
      ([, value]) => value !== undefined,
    );
    const sorted = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    const read = parseVaultFile(toUtf8(JSON.stringify(sorted)));
    return read.ok ? 'none' : read.code;
  };

  it('is exact', () => {
    expect(refusal({})).toBe('none');
    expect(refusal({ keeper: 'passphrase', salt: 'cd'.repeat(32) })).toBe('none');
    for (const changes of [
      { v: 2 },
      { v: undefined },
      { keeper: 'file' },
      { profile: 'AB'.repeat(16) },
      { sealed: 'A' },
      { sealed: 'A'.repeat(400) },
      { salt: 'cd'.repeat(32) },
      { keeper: 'passphrase' },
      { keeper: 'passphrase', salt: 'cd'.repeat(31) },
      { scrypt: 1 },
      { words: 1 },
    ]) {
      expect(refusal(changes)).toBe('vault-malformed');
    }
  });
});
