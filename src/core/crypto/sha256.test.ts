import { sha256 as portable } from '@noble/hashes/sha2.js';
import { afterEach, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../bytes.ts';
import { sha256, useSha256 } from './sha256.ts';

afterEach(() => {
  expect(useSha256(portable)).toBe(true);
});

describe('SHA-256', () => {
  it('has the published values', () => {
    expect(toHex(sha256(toUtf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(toHex(sha256(new Uint8Array(0)))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('takes an engine that agrees', () => {
    let calls = 0;
    expect(
      useSha256((data) => {
        calls++;
        return portable(data);
      }),
    ).toBe(true);
    const before = calls;
    sha256(toUtf8('abc'));
    expect(calls).toBe(before + 1);
  });

  it.each<[string, (data: Uint8Array) => Uint8Array]>([
    ['a wrong digest', () => new Uint8Array(32)],
    ['a short digest', (data) => portable(data).subarray(1)],
    [
      'one wrong bit for long inputs',
      (data) => portable(data).map((b, i) => (data.length > 5000 && i === 31 ? b ^ 1 : b)),
    ],
    ['the whole buffer hashed instead of the view', (data) => portable(new Uint8Array(data.buffer))],
    [
      'its input changed',
      (data) => {
        const digest = portable(data);
        data.fill(0);
        return digest;
      },
    ],
    [
      'an exception',
      () => {
        throw new Error('no such algorithm');
      },
    ],
  ])('refuses an engine that gives %s', (_, engine) => {
    expect(useSha256(engine)).toBe(false);
    expect(sha256(toUtf8('abc'))).toEqual(portable(toUtf8('abc')));
  });
});
