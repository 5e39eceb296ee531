import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, useUtf8Decoder } from '../core/encoding/utf8.ts';
import { nodeUtf8 } from './texts.ts';

const portable = decodeUtf8(Uint8Array.of(0x61)) === 'a' ? decodeUtf8 : expect.fail('the portable decoder');

/** Bytes around which rules about sequences turn. */
const border = fc.constantFrom(
  ...[
    0x00, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed,
    0xee,
  ],
  ...[0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff],
);

describe('the decoder of Node', () => {
  it('gives what the portable one gives, for texts and for what is none', () => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.array(border, { maxLength: 12 }).map((bytes) => Uint8Array.from(bytes)),
      fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new Uint8Array(Buffer.from(text))),
    );
    fc.assert(
      fc.property(any, (bytes) => {
        expect(nodeUtf8(bytes)).toBe(portable(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('is taken', () => {
    expect(useUtf8Decoder(nodeUtf8)).toBe(true);
    expect(decodeUtf8(Uint8Array.of(0xc3, 0xa9))).toBe('é');
  });

  it.each([
    [
      'replaces what is broken',
      (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    ],
    [
      'drops a byte order mark',
      (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    ],
    [
      'throws',
      (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    ],
    ['takes bytes for characters', (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')],
    ['ignores where a view begins', (bytes: Uint8Array) => nodeUtf8(new Uint8Array(bytes.buffer))],
    [
      'changes what it reads',
      (bytes: Uint8Array) => {
        const text = nodeUtf8(bytes);
        bytes.fill(0);
        return text;
      },
    ],
    ['cuts long texts short', (bytes: Uint8Array) => nodeUtf8(bytes.subarray(0, 4096))],
  ])('is not taken when it %s', (_, candidate) => {
    expect(useUtf8Decoder(candidate)).toBe(false);
    expect(decodeUtf8(Uint8Array.of(0xff))).toBe(undefined);
  });
});
