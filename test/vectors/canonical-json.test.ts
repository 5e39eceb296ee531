import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import type { JsonValue } from '../../src/core/encoding/json.ts';
import { parseJson, writeJson } from '../../src/core/encoding/json.ts';
import type { Cuts, PackedBytes } from './support.ts';
import { cutDifferences, good, unpack, vectors, verdict } from './support.ts';

interface Input {
  readonly name: string;
  readonly bytes: PackedBytes;
  readonly limit: number;
}

const { values, accepted, refused, prefixes } = vectors('canonical-json') as {
  readonly values: readonly { readonly name: string; readonly value: JsonValue; readonly bytes: string }[];
  readonly accepted: readonly Input[];
  readonly refused: readonly (Input & { readonly code: string })[];
  readonly prefixes: readonly { readonly bytes: string; readonly limit: number; readonly cuts: Cuts }[];
};

/** The value with ordinary objects, so that it compares with what JSON.parse made of the vector file. */
function plain(value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const object = {};
  for (const [name, member] of Object.entries(value)) {
    Object.defineProperty(object, name, { value: plain(member), enumerable: true });
  }
  return object;
}

describe('canonical JSON of the second implementation', () => {
  it.each(values)('writes and reads: $name', ({ value, bytes }) => {
    expect(toHex(writeJson(value))).toBe(bytes);
    const read = good(parseJson(unpack(bytes), 4096));
    expect(toHex(writeJson(read))).toBe(bytes);
    expect(plain(read)).toEqual(value);
  });

  it.each(accepted)('accepts: $name', ({ bytes, limit }) => {
    expect(writeJson(good(parseJson(unpack(bytes), limit)))).toEqual(unpack(bytes));
  });

  it.each(refused)('refuses with $code: $name', ({ bytes, limit, code }) => {
    expect(verdict(parseJson(unpack(bytes), limit))).toBe(code);
  });

  it.each(prefixes)('refuses every prefix of $bytes', ({ bytes, limit, cuts }) => {
    expect(cutDifferences(unpack(bytes), cuts, (prefix) => verdict(parseJson(prefix, limit)))).toEqual([]);
  });
});
