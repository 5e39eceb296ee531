import '../support/fast-engines.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CountersignError } from '../../src/core/errors/family.ts';
import { VaultSession } from '../../src/wallet/vault/session.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-session-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entropy = bytes32('entropy');
const ledger = bytes32('ledger');
const place = { table: 't', row: 1, column: 'c', version: 1 };

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

describe('a session', () => {
  const patience = { waitMs: 1, onWaiting: () => undefined };

  it('knows how the vault stands without asking anybody', async () => {
    const session = new VaultSession(file, { keychain, patience });
    expect(await session.state()).toEqual({ name: 'none', code: 'vault-missing' });
    const profile = await kept();
    keychain.mood = 'locked';
    expect(await session.state()).toEqual({ name: 'locked', code: 'vault-locked' });
    expect(keychain.waitedMs).toBeUndefined();
    keychain.mood = 'unlocked';
    keychain.fault = () => 'keychain-unavailable';
    expect(await session.state()).toEqual({ name: 'no-keychain', code: 'keychain-unavailable' });
    keychain.fault = () => 'keychain-no-answer';
    expect(await session.state()).toEqual({ name: 'locked-or-lost', code: 'keychain-no-answer' });
    keychain.fault = undefined;
    expect(await session.state()).toEqual({ name: 'open' });
    const vault = await session.unlock();
    expect(vault.profile).toBe(profile);
    session.lock();
    expect(vault.isClosed).toBe(true);
    expect(await session.state()).toEqual({ name: 'closed' });
  });

  it('locks: what it gave out signs and opens nothing any more', async () => {
    await kept();
    const session = new VaultSession(file, { keychain });
    const vault = await session.unlock();
    expect(await session.unlock()).toBe(vault);
    const signer = vault.signerFor(ledger, 0);
    const sealed = vault.sealRow(place, entropy);
    session.lock();
    expect(() => signer.sign(entropy)).toThrow('vault-closed');
    expect(() => vault.signerFor(ledger, 0)).toThrow('vault-closed');
    expect(() => vault.sealRow(place, entropy)).toThrow('vault-closed');
    expect(() => vault.openRow(place, sealed)).toThrow('vault-closed');
    expect(() => vault.sealedUnder(entropy, 'backup')).toThrow('vault-closed');
    const again = await session.unlock();
    expect(again).not.toBe(vault);
    expect(again.openRow(place, sealed)).toEqual(entropy);
  });

  it('opens once for all who ask at the same time, and not for those who were locked out meanwhile', async () => {
    await kept();
    const session = new VaultSession(file, { keychain });
    const [one, two] = await Promise.all([session.unlock(), session.unlock()]);
    expect(one).toBe(two);
    session.lock();
    const opening = session.unlock();
    session.lock();
    expect(await codeOf(opening)).toBe('vault-closed');
    expect(await session.state()).toEqual({ name: 'closed' });
  });

  it('locks by itself after a while without use', async () => {
    await kept();
    const session = new VaultSession(file, { keychain }, { idleMs: 60_000 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const vault = await session.unlock();
      for (let i = 0; i < 5; i++) {
        vi.advanceTimersByTime(59_000);
        if (i % 2 === 0) session.touch();
        else await session.unlock();
      }
      vi.advanceTimersByTime(59_999);
      expect((await session.state()).name).toBe('open');
      vi.advanceTimersByTime(1);
      expect((await session.state()).name).toBe('closed');
      expect(() => vault.sealRow(place, entropy)).toThrow('vault-closed');
    } finally {
      vi.useRealTimers();
    }
  });
});
