import { describe, expect, it } from 'vitest';
import { useScalarMult } from '../core/crypto/scalar-mult.ts';
import { useBoxes } from '../core/crypto/sealed.ts';
import { ed25519EngineName } from '../core/crypto/signature.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumBoxes, sodiumScalarMult } from './sodium.ts';
import { startEngines, startOne, startSignatures } from './start.ts';

const fine = { name: 'node:crypto', load: () => nodeEd25519 };
const broken = { name: 'broken', load: () => ({ ...nodeEd25519, name: 'broken', verify: () => true }) };
const missing = {
  name: 'missing',
  load: () => Promise.reject(new Error('No prebuild for this computer')),
};

describe('at the start', () => {
  it('the fastest engines are taken and none is dropped', async () => {
    const { signatures, hashes, boxes, agreement, dropped } = await startEngines();
    expect([signatures, hashes]).toEqual(['libsodium', 'node:crypto']);
    expect([boxes, agreement]).toEqual(['libsodium', 'libsodium']);
    expect(dropped).toEqual([]);
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

  it('an engine for secretboxes that cannot be loaded or that differs is not taken', async () => {
    expect(await startOne(sodiumBoxes, useBoxes)).toBeUndefined();
    expect(await startOne(missing.load, () => true)).toBe('No prebuild for this computer');
    const whole = await sodiumBoxes();
    const opensAll = { ...whole, open: (box: Uint8Array) => box.slice(16) };
    const ignoresOffset = {
      ...whole,
      seal: (plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) =>
        whole.seal(new Uint8Array(plaintext.buffer, 0, plaintext.length), nonce, key),
    };
    const changesInput = {
      ...whole,
      seal: (plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) => {
        const box = whole.seal(plaintext, nonce, key);
        plaintext.fill(0);
        return box;
      },
    };
    for (const broken of [opensAll, ignoresOffset, changesInput]) {
      expect(await startOne(() => broken, useBoxes)).toBe('differs from the portable engine');
    }
  });

  it('an engine for X25519 that differs for a key of small order, or reads the top bit, is not taken', async () => {
    const whole = await sodiumScalarMult();
    const throwing = (secret: Uint8Array, key: Uint8Array): Uint8Array => {
      const shared = whole(secret, key);
      if (shared.every((byte) => byte === 0)) throw new Error('small order');
      return shared;
    };
    const exact = (secret: Uint8Array, key: Uint8Array): Uint8Array =>
      (key[31] ?? 0) > 0x7f ? new Uint8Array(32) : whole(secret, key);
    expect(await startOne(() => whole, useScalarMult)).toBeUndefined();
    for (const broken of [throwing, exact]) {
      expect(await startOne(() => broken, useScalarMult)).toBe('differs from the portable engine');
    }
  });
});
