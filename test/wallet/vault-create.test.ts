import '../support/fast-engines.ts';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { replaceFile, writeNewFile } from '../../src/wallet/vault/new-file.ts';
import { checkKeychain, createVault, newSecrets, openVault } from '../../src/wallet/vault/vault.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-create-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entropy = bytes32('entropy');
const ledger = bytes32('ledger');

let count = 0;
let file = '';
let keychain = new MemoryKeychain();
beforeEach(() => {
  file = join(mkdtempSync(join(folder, 'one-')), `${++count}.sealed`);
  keychain = new MemoryKeychain();
});

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

describe('creating a vault where it cannot be', () => {
  const create = (): Promise<unknown> =>
    createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));

  it('overwrites nothing that appears while the keychain is asked', async () => {
    keychain.fault = (call) => {
      if (call === 'write') writeFileSync(file, 'somebody else was quicker');
      return undefined;
    };
    expect(await codeOf(create())).toBe('vault-exists');
    expect(readFileSync(file, 'utf8')).toBe('somebody else was quicker');
    expect(keychain.keys.size).toBe(0);
  });

  it('lets one of many win', async () => {
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(create())));
    expect(codes.sort()).toEqual(['none', ...Array.from({ length: 7 }, () => 'vault-exists')]);
    expect(keychain.keys.size).toBe(1);
    expect(await codeOf(openVault(file, { keychain }))).toBe('none');
  });

  it.each(['keychain-unavailable', 'keychain-no-answer', 'keychain-refused', 'keychain-driver'] as const)(
    'leaves nothing when the keychain fails with %s, at its first call or its second',
    async (code) => {
      for (const failing of ['write', 'read']) {
        keychain.fault = (call) => (call === failing ? code : undefined);
        expect(await codeOf(create())).toBe(code);
        expect(readdirSync(join(file, '..'))).toEqual([]);
        expect(keychain.keys.size).toBe(0);
      }
    },
  );

  it('leaves no file when the keychain does not keep what it was given', async () => {
    keychain.fault = (call) => (call === 'write' ? 'forgets' : undefined);
    expect(await codeOf(create())).toBe('keychain-refused');
    expect(readdirSync(join(file, '..'))).toEqual([]);
    expect(await codeOf(checkKeychain(keychain))).toBe('keychain-refused');
  });

  it('says why it failed even when the keychain cannot be cleaned up', async () => {
    keychain.fault = (call) => (call === 'remove' ? 'keychain-no-answer' : undefined);
    file = join(folder, 'no', 'such', 'identity.sealed');
    expect(await codeOf(create())).toBe('vault-cannot-write');
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('takes a copy of what it is given, also out of a buffer of Node', async () => {
    const given = Buffer.from(entropy);
    const vault = await createVault(file, { kind: 'keychain', keychain }, newSecrets(given));
    given.fill(0);
    const again = await openVault(file, { keychain });
    expect(vault.signerFor(ledger, 0).publicKey).toEqual(again.signerFor(ledger, 0).publicKey);
    expect(() => newSecrets(new Uint8Array(16))).toThrow(RangeError);
  });
});

describe('looking whether a keychain can be used', () => {
  it('leaves nothing in it', async () => {
    await checkKeychain(keychain);
    expect(keychain.keys.size).toBe(0);
    keychain.mood = 'locked';
    expect(await codeOf(checkKeychain(keychain))).toBe('keychain-locked');
    keychain.mood = 'hidden';
    expect(await codeOf(checkKeychain(keychain))).toBe('keychain-refused');
  });
});

describe('a new file', () => {
  it('is whole or not there, and leaves nothing when it fails', async () => {
    await writeNewFile(file, toUtf8('first'));
    expect(await writeNewFile(file, toUtf8('second')).catch((error: unknown) => error)).toMatchObject({
      code: 'EEXIST',
    });
    expect(readFileSync(file, 'utf8')).toBe('first');
    await replaceFile(file, toUtf8('third'));
    expect(readFileSync(file, 'utf8')).toBe('third');
    expect(readdirSync(join(file, '..'))).toEqual([`${count}.sealed`]);
    const below = writeNewFile(join(file, 'below'), toUtf8('x'));
    expect(await below.catch((error: unknown) => error)).toMatchObject({ code: 'ENOTDIR' });
  });
});
