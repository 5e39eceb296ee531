import { describe, expect, it } from 'vitest';
import { ed25519EngineName } from '../core/crypto/signature.ts';
import { nodeEd25519 } from './signatures.ts';
import { startEngines, startSignatures } from './start.ts';

const fine = { name: 'node:crypto', load: () => nodeEd25519 };
const broken = { name: 'broken', load: () => ({ ...nodeEd25519, name: 'broken', verify: () => true }) };
const missing = {
  name: 'missing',
  load: () => Promise.reject(new Error('No prebuild for this computer')),
};

describe('at the start', () => {
  it('the fastest engines are taken and none is dropped', async () => {
    expect(await startEngines()).toEqual({ signatures: 'libsodium', hashes: 'node:crypto', dropped: [] });
    expect(ed25519EngineName()).toBe('libsodium');
  });

  it('an engine that cannot be loaded or that differs is dropped with its reason', async () => {
    const { name, dropped } = await startSignatures([missing, broken, fine]);
    expect(name).toBe('node:crypto');
    expect(ed25519EngineName()).toBe('node:crypto');
    expect(dropped).toEqual([
      { name: 'missing', reason: 'No prebuild for this computer' },
      { name: 'broken', reason: 'broken, changed-r-bit-0: true instead of false' },
    ]);
  });

  it('nothing goes on without any engine that passes', async () => {
    await expect(startSignatures([missing, broken])).rejects.toThrow(
      /missing: No prebuild.*; broken: broken, /,
    );
    await expect(startSignatures([])).rejects.toThrow('no engine');
  });
});
