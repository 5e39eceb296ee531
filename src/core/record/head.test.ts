import { describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../bytes.ts';
import type { JsonObject } from '../encoding/json.ts';
import { writeJson } from '../encoding/json.ts';
import { maxHeadBytes, parseHead, writeHead } from './head.ts';

const tag = (n: number): string => toHex(new Uint8Array(32).fill(n));
const head: JsonObject = {
  body: {},
  ledger: tag(0xcd),
  nonce: '00112233445566778899aabbccddeeff',
  tags: [tag(1), tag(2), tag(3)],
  time: 0,
  v: 1,
};
const codeOf = (value: JsonObject): string => {
  const result = parseHead(writeJson(value));
  return result.ok ? 'accepted' : result.code;
};
const without = (name: string): JsonObject =>
  Object.fromEntries(Object.entries(head).filter(([member]) => member !== name));

describe('a head', () => {
  it('is read and written back byte for byte', () => {
    const result = parseHead(writeJson(head));
    expect(result.ok && writeHead(result.value)).toEqual(writeJson(head));
  });

  it('keeps the body as it is', () => {
    const body = { __proto__x: [null, { deep: true }], 'any name': -5 };
    const result = parseHead(writeJson({ ...head, body }));
    expect(result.ok && writeJson(result.value.body)).toEqual(writeJson(body));
  });

  it.each(Object.keys(head))('is refused without %s', (name) => {
    expect(codeOf(without(name))).toBe('head-members');
    expect(codeOf({ ...head, [name]: null })).toBe('head-value');
  });

  it.each<[string, JsonObject]>([
    ['head-members', { ...head, extra: 1 }],
    ['head-members', { ...without('time'), Time: 0 }],
    ['head-members', { ...head, extra: 1, v: 0 }],
    ['head-value', { ...head, body: [] }],
    ['head-value', { ...head, body: 'text' }],
    ['head-value', { ...head, ledger: tag(0xcd).toUpperCase() }],
    ['head-value', { ...head, ledger: tag(0xcd).slice(2) }],
    ['head-value', { ...head, nonce: tag(1) }],
    ['head-value', { ...head, tags: {} }],
    ['head-value', { ...head, tags: [1] }],
    ['head-value', { ...head, tags: [tag(2), tag(1), tag(1).slice(1)] }],
    ['head-value', { ...head, tags: [tag(2), tag(1)], v: 0 }],
    ['head-value', { ...head, time: -1 }],
    ['head-value', { ...head, time: '0' }],
    ['head-value', { ...head, time: 253_402_300_800 }],
    ['head-value', { ...head, v: 0 }],
    ['head-value', { ...head, v: true }],
    ['head-tags', { ...head, tags: [tag(2), tag(1)] }],
    ['head-tags', { ...head, tags: [tag(1), tag(1)] }],
    ['head-tags', { ...head, tags: Array.from({ length: 9 }, (_, i) => tag(i)) }],
    ['head-tags', { ...head, tags: Array.from({ length: 900 }, (_, i) => tag(i & 255)) }],
    ['accepted', { ...head, tags: Array.from({ length: 8 }, (_, i) => tag(i)) }],
    ['accepted', { ...head, tags: [], time: 253_402_300_799, v: Number.MAX_SAFE_INTEGER }],
  ])('%s: %j', (code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it('is at most 65,535 bytes long', () => {
    const filled = (length: number): Uint8Array => {
      const rest = writeJson({ ...head, body: { x: '' } }).length;
      return writeJson({ ...head, body: { x: 'x'.repeat(length - rest) } });
    };
    expect(parseHead(filled(maxHeadBytes)).ok).toBe(true);
    expect(parseHead(filled(maxHeadBytes + 1))).toMatchObject({ code: 'json-too-long' });
  });

  it('is JSON in canonical form', () => {
    const text = JSON.stringify(head);
    expect(parseHead(toUtf8(text)).ok).toBe(true);
    expect(parseHead(toUtf8(text.replace(',', ', ')))).toMatchObject({ code: 'json-syntax' });
    expect(parseHead(toUtf8(text.replace('"v":1', '"v":1,"v":1')))).toMatchObject({
      code: 'json-duplicate-name',
    });
  });
});
