import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, toUtf8 } from '../bytes.ts';
import { equalSecrets, hkdfExpand, hkdfExtract, hmacSha256, hmacSha512, label, sha512 } from './kdf.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? expect.fail('not hexadecimal');

describe('hashes and keys', () => {
  it('have the published values', () => {
    expect(toHex(sha512(toUtf8('abc')))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
        '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    );
    // RFC 4231, case 2.
    const [key, data] = [toUtf8('Jefe'), toUtf8('what do ya want for nothing?')];
    expect(toHex(hmacSha256(key, data))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(toHex(hmacSha512(key, data))).toBe(
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
        '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    );
    // RFC 5869, case 1.
    const pseudorandomKey = hkdfExtract(bytes('000102030405060708090a0b0c'), bytes('0b'.repeat(22)));
    expect(toHex(pseudorandomKey)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
    expect(toHex(hkdfExpand(pseudorandomKey, bytes('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  it('are refused where a key or a length cannot be', () => {
    const key = new Uint8Array(32);
    expect(() => hkdfExpand(key.subarray(1), key, 32)).toThrow(RangeError);
    for (const length of [0, -1, 1.5, 8161]) expect(() => hkdfExpand(key, key, length)).toThrow(RangeError);
    expect(hkdfExpand(key, key, 8160).length).toBe(8160);
  });
});

describe('labels', () => {
  it('put the length before each part', () => {
    expect(toHex(label('ab', Uint8Array.of(0), ''))).toBe('0002' + '6162' + '0001' + '00' + '0000');
    expect(toHex(label('ü'))).toBe('0002c3bc');
    expect(label().length).toBe(0);
  });

  it('differ for different lists of parts', () => {
    const list = fc.array(fc.uint8Array({ maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const same = a.length === b.length && a.every((part, i) => toHex(part) === toHex(b[i] ?? part));
        expect(toHex(label(...a)) === toHex(label(...b))).toBe(same);
      }),
      { numRuns: 1000 },
    );
    expect(label('a', 'b')).not.toEqual(label('ab'));
    expect(label('a', '')).not.toEqual(label('a'));
  });

  it('have parts of at most 65,535 bytes', () => {
    expect(label(new Uint8Array(65_535)).length).toBe(65_537);
    expect(() => label(new Uint8Array(65_536))).toThrow(RangeError);
  });
});

describe('comparing secrets', () => {
  it('says what comparing bytes says', () => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
    expect(equalSecrets(secret, secret.slice())).toBe(true);
    expect(equalSecrets(secret, secret.subarray(1))).toBe(false);
    expect(equalSecrets(new Uint8Array(0), new Uint8Array(0))).toBe(true);
    for (let i = 0; i < 32; i++) expect(equalSecrets(secret, secret.with(i, 200))).toBe(false);
  });
});
