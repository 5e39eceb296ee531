import { afterEach, describe, expect, it } from 'vitest';
import nacl from 'tweetnacl';
import { useScalarMult } from '../core/crypto/scalar-mult.ts';
import { useBoxes } from '../core/crypto/sealed.ts';
import { ed25519EngineName, portableEd25519, useEd25519Engine } from '../core/crypto/signature.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumBoxes, sodiumScalarMult } from './sodium.ts';
import { startEngines } from './start.ts';
import { startFurtherThread, startOne, startSignatures } from './verification.ts';

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
    const other = { ...whole, seal: (plaintext: Uint8Array) => new Uint8Array(plaintext.length + 16) };
    for (const broken of [opensAll, ignoresOffset, changesInput, other]) {
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
    const flipped = (secret: Uint8Array, key: Uint8Array): Uint8Array =>
      whole(secret, key).map((byte, i) => (secret[0] === 0x77 && key[0] === 9 && i === 31 ? byte ^ 1 : byte));
    const changing = (secret: Uint8Array, key: Uint8Array): Uint8Array => {
      const shared = whole(secret, key);
      secret.fill(0);
      return shared;
    };
    expect(await startOne(() => whole, useScalarMult)).toBeUndefined();
    for (const broken of [throwing, exact, flipped, changing]) {
      expect(await startOne(() => broken, useScalarMult)).toBe('differs from the portable engine');
    }
  });

  it('what the native engines must give is what the portable ones give', async () => {
    const boxes = {
      name: 'tweetnacl',
      seal: (plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array) =>
        nacl.secretbox(plaintext, nonce, key),
      open: (box: Uint8Array, nonce: Uint8Array, key: Uint8Array) =>
        nacl.secretbox.open(box, nonce, key) ?? undefined,
    };
    expect(await startOne(() => boxes, useBoxes)).toBeUndefined();
    expect(await startOne(() => nacl.scalarMult, useScalarMult)).toBeUndefined();
  });
});

describe('in a further thread', () => {
  afterEach(() => {
    useEd25519Engine(portableEd25519);
  });

  it('the engine of the first one is taken into use', async () => {
    expect(useEd25519Engine(portableEd25519).ok).toBe(true);
    await startFurtherThread('node:crypto');
    expect(ed25519EngineName()).toBe('node:crypto');
  });

  it('all are tested when the first one tested none, or another program did', async () => {
    for (const tested of ['tweetnacl', 'unheard of']) {
      expect(useEd25519Engine(portableEd25519).ok).toBe(true);
      await startFurtherThread(tested);
      expect(ed25519EngineName()).toBe('libsodium');
    }
  });
});
