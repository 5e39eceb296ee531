import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../bytes.ts';
import { formatVerifierKey, isKeyName, keyType, parseVerifierKey, verifierKey } from './verifier-key.ts';

// From C2SP signed-note and from the tests of Go's sumdb/note.
const foreign = [
  'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
];

describe('verifier keys', () => {
  it.each(foreign)('of others are read and written back: %s', (text) => {
    const key = parseVerifierKey(text);
    expect(key.ok && key.value.type).toBe(keyType.ed25519);
    expect(key.ok && formatVerifierKey(key.value)).toBe(text);
  });

  it('are refused after every change of one character', () => {
    for (const text of foreign) {
      for (let i = 0; i < text.length; i++) {
        for (const char of ['A', 'b', '+', ' ', '0', '\u0000', '\u00a0']) {
          if (text[i] === char) continue;
          expect(parseVerifierKey(text.slice(0, i) + char + text.slice(i + 1)).ok).toBe(false);
        }
        expect(parseVerifierKey(text.slice(0, i) + text.slice(i + 1)).ok).toBe(false);
      }
    }
  });

  it('are refused by code', () => {
    const zeros = toBase64(new Uint8Array(33));
    const code = (text: string): string => {
      const key = parseVerifierKey(text);
      return key.ok ? 'ok' : key.code;
    };
    expect(code('')).toBe('note-key-malformed');
    expect(code('a+00000000+')).toBe('note-key-malformed');
    expect(code('+00000000+AAAA')).toBe('note-key-malformed');
    expect(code('a b+00000000+AQ==')).toBe('note-key-malformed');
    expect(code('a+0000000+AQ==')).toBe('note-key-malformed');
    expect(code('a+0000000A+AQ==')).toBe('note-key-malformed');
    expect(code('a+00000000+AR==')).toBe('note-key-malformed');
    expect(code('a+00000000+AQ==')).toBe('note-key-malformed');
    expect(code(`a+00000000+${toBase64(new Uint8Array(34).fill(1))}`)).toBe('note-key-malformed');
    expect(code(`a+00000000+${zeros}`)).toBe('note-key-type');
    expect(code(`a+00000000+${toBase64(new Uint8Array(1313).fill(6))}`)).toBe('note-key-type');
    expect(code(`a+00000000+${toBase64(new Uint8Array(33).fill(1))}`)).toBe('note-key-id');
    expect(code(`a+00000000+${'A'.repeat(1_000_000)}`)).toBe('note-key-malformed');
  });

  it('make the id from name, type and key', () => {
    const bytes = new Uint8Array(32);
    const ids = [
      verifierKey('a', keyType.ed25519, bytes),
      verifierKey('b', keyType.ed25519, bytes),
      verifierKey('a', keyType.cosignature, bytes),
      verifierKey('a', keyType.ed25519, new Uint8Array(32).fill(1)),
    ].map((key) => key.id);
    expect(new Set(ids).size).toBe(4);
  });

  it('come back from their text, for every name and key', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter(isKeyName),
        fc.constantFrom(keyType.ed25519, keyType.cosignature),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (name, type, publicKey) => {
          const key = verifierKey(name, type, publicKey);
          expect(parseVerifierKey(formatVerifierKey(key))).toEqual({ ok: true, value: key });
        },
      ),
    );
  });

  it('cannot be made from what is no name or no key', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\u0085', 'a\nb', '\ud800']) {
      expect(() => verifierKey(name, keyType.ed25519, new Uint8Array(32))).toThrow(RangeError);
    }
    expect(() => verifierKey('a', keyType.ed25519, new Uint8Array(31))).toThrow(RangeError);
  });

  it('are copies of what they are made from', () => {
    const bytes = new Uint8Array(32);
    const key = verifierKey('a', keyType.ed25519, bytes);
    bytes.fill(9);
    expect(key.publicKey).toEqual(new Uint8Array(32));
  });
});
