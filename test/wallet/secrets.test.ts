import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { seedOfWords, wordsOf } from '../../src/core/identity/words.ts';
import { createVault, newSecrets, openVault } from '../../src/wallet/vault/vault.ts';
import { type Canary, secretsBelow, secretsIn, wordsOfError } from '../support/canary.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ledger = bytes32('ledger');
const entropy = bytes32('entropy');

function freshFile(): string {
  return join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
}

/** Everything secret about the identity, and whatever a keychain holds. */
function canaries(keychain: MemoryKeychain): readonly Canary[] {
  const words = wordsOf(entropy);
  const seed = seedOfWords(words);
  const named = words.split(' ').slice(0, 6).join(' ');
  return [
    { name: 'entropy', secret: entropy },
    { name: 'words', secret: toUtf8(named) },
    { name: 'words without spaces', secret: toUtf8(named.replaceAll(' ', '')) },
    { name: 'seed', secret: seed },
    ...(['signing', 'encryption', 'acting', 'recovery'] as const).map((role) => ({
      name: `${role} key`,
      secret: deriveKey(seed, ledger, role, 0),
    })),
    ...[...keychain.keys.values()].map((secret) => ({ name: 'wrapping key', secret })),
  ];
}

describe('secrets of an identity', () => {
  it('are found by the search that the next test relies on', () => {
    const secret = bytes32('secret');
    const list = [{ name: 'it', secret }];
    const hidden = (content: Uint8Array | string): boolean =>
      secretsIn('here', Buffer.concat([Buffer.from('xy'), Buffer.from(content), Buffer.from('z')]), list)
        .length > 0;
    const buffer = Buffer.from(secret);
    for (const content of [
      buffer,
      buffer.toString('hex'),
      buffer.toString('hex').toUpperCase(),
      buffer.toString('base64'),
      buffer.toString('base64url'),
      Buffer.concat([Buffer.from('a'), buffer, Buffer.from('b')]).toString('base64'),
      Buffer.concat([Buffer.from('ab'), buffer]).toString('base64'),
      Buffer.from(buffer.toString('hex'), 'utf16le'),
      JSON.stringify([...secret]),
    ]) {
      expect(hidden(content)).toBe(true);
    }
    expect(hidden(Buffer.from(bytes32('another')))).toBe(false);
  });

  it('stand in no file and in no error, whatever goes wrong', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    const errors: unknown[] = [];
    const failing = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: unknown) => errors.push(error));
    };
    const vault = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
    const list = canaries(keychain);
    expect(list).toHaveLength(9);
    const good = readFileSync(file);
    await failing(() => createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy)));
    await failing(() =>
      createVault(join(folder, 'no', 'x'), { kind: 'keychain', keychain }, newSecrets(entropy)),
    );
    await failing(async () =>
      createVault(freshFile(), { kind: 'keychain', keychain }, newSecrets(entropy.slice(1))),
    );
    for (const bad of [good.subarray(3), good.toString().replace('"v":1', '"v":2'), 'x', good]) {
      writeFileSync(file, bad);
      await failing(() => openVault(file, { keychain: new MemoryKeychain() }));
    }
    keychain.keys.set(vault.profile, bytes32('another'));
    await failing(() => openVault(file, { keychain }));
    vault.close();
    await failing(() => Promise.resolve().then(() => vault.signerFor(ledger, 0)));
    expect(errors).toHaveLength(9);
    const said = errors.map(wordsOfError).join('\n');
    expect(secretsIn('errors', Buffer.from(said), list)).toEqual([]);
    expect(secretsBelow(folder, list)).toEqual([]);
  });
});
