import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../src/core/crypto/kdf.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { hex, vectors } from './support.ts';

const { labels, derived } = vectors('kdf') as {
  readonly labels: readonly {
    readonly parts: readonly ({ readonly text: string } | { readonly bytes: string })[];
    readonly label: string;
  }[];
  readonly derived: readonly {
    readonly salt: string;
    readonly material: string;
    readonly key: string;
    readonly info: string;
    readonly length: number;
    readonly out?: string;
    readonly outSha256?: string;
  }[];
};

describe('key derivation of the second implementation', () => {
  it.each(labels)('writes the label $label', ({ parts, label: expected }) => {
    expect(toHex(label(...parts.map((part) => ('text' in part ? part.text : hex(part.bytes)))))).toBe(
      expected,
    );
  });

  it.each(derived)('derives $length bytes', ({ salt, material, key, info, length, out, outSha256 }) => {
    const extracted = hkdfExtract(hex(salt), hex(material));
    expect(toHex(extracted)).toBe(key);
    const expanded = hkdfExpand(extracted, hex(info), length);
    if (out !== undefined) expect(toHex(expanded)).toBe(out);
    else expect(toHex(sha256(expanded))).toBe(outSha256);
  });
});
