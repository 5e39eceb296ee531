import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toUtf8, uintToBytes } from '../bytes.ts';
import type { BodyPart } from './body.ts';
import { bodyPartLength, BodyReader, composeBody, parseBody } from './body.ts';
import { maxDataBytes, maxLeafBytes } from './envelope.ts';

const anyLimits = (count: number) => ({ count, maxBytes: 1_000_000 });
const leaf = toUtf8('a leaf');
const parts: readonly BodyPart[] = [
  { leaf, data: undefined },
  { leaf: toUtf8('b'), data: new Uint8Array(0) },
  { leaf, data: toUtf8('data') },
];
const body = composeBody(parts);

const part: fc.Arbitrary<BodyPart> = fc.record({
  leaf: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  data: fc.option(fc.uint8Array({ maxLength: 80 }), { nil: undefined }),
});

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

describe('a body', () => {
  it('is laid out as specified', () => {
    const expected = concatBytes(
      ...[uintToBytes(6, 4), leaf, uintToBytes(0xffff_ffff, 4)],
      ...[uintToBytes(1, 4), toUtf8('b'), uintToBytes(0, 4)],
      ...[uintToBytes(6, 4), leaf, uintToBytes(4, 4), toUtf8('data')],
    );
    expect(body).toEqual(expected);
    expect(parts.map(bodyPartLength).reduce((a, b) => a + b)).toBe(body.length);
    expect(parseBody(body, anyLimits(3))).toEqual({ ok: true, value: parts });
  });

  it('is read the same in whatever pieces it arrives', () => {
    const property = fc.property(
      fc.array(part, { maxLength: 6 }),
      fc.array(fc.nat(200), { maxLength: 8 }),
      (sent, cuts) => {
        const bytes = composeBody(sent);
        const reader = new BodyReader(anyLimits(sent.length));
        const read: BodyPart[] = [];
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        for (let i = 1; i < at.length; i++) {
          const pushed = reader.push(bytes.subarray(at[i - 1], at[i]));
          expect(pushed.ok).toBe(true);
          if (pushed.ok) read.push(...pushed.value);
        }
        expect(reader.end().ok).toBe(true);
        expect(read).toEqual(sent);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('is judged the same as a whole and in pieces, whatever its bytes', () => {
    const sent = fc.array(part, { minLength: 1, maxLength: 4 });
    const changes = fc.array(fc.record({ at: fc.nat(), to: fc.constantFrom(0, 1, 2, 7, 0x7f, 0x80, 0xff) }), {
      maxLength: 4,
    });
    const property = fc.property(
      sent,
      changes,
      fc.nat(5),
      fc.nat(6),
      fc.nat(30),
      (parts, all, count, cut, less) => {
        const whole = composeBody(parts);
        for (const { at, to } of all) whole[at % whole.length] = to;
        const bytes = whole.subarray(0, whole.length - (cut === 0 ? less : 0));
        const limits = { count, maxBytes: cut === 1 ? bytes.length - 1 : 1_000_000 };
        const reader = new BodyReader(limits);
        const read: BodyPart[] = [];
        const push = (piece: Uint8Array): ReturnType<BodyReader['push']> => {
          const pushed = reader.push(piece);
          if (pushed.ok) read.push(...pushed.value);
          return pushed;
        };
        const middle = Math.floor(bytes.length / 2);
        const pushes =
          cut > 1 ? [push(bytes.subarray(0, middle)), push(bytes.subarray(middle))] : [push(bytes)];
        const end = reader.end();
        const refusal = pushes.find(({ ok }) => !ok) ?? (end.ok ? undefined : end);
        expect(parseBody(bytes, limits)).toEqual(refusal ?? { ok: true, value: read });
      },
    );
    fc.assert(property, { numRuns: 3000 });
  });

  it('is refused at every length but its own', () => {
    for (let length = 0; length < body.length; length++) {
      const atBoundary = [0, 14, 23].includes(length);
      const expected = atBoundary ? 'body-count' : 'body-truncated';
      expect([length, codeOf(parseBody(body.subarray(0, length), anyLimits(3)))]).toEqual([length, expected]);
    }
    expect(codeOf(parseBody(concatBytes(body, Uint8Array.of(0)), anyLimits(3)))).toBe('body-count');
    expect(codeOf(parseBody(body, anyLimits(2)))).toBe('body-count');
  });

  it.each([
    ['a leaf of no length', concatBytes(uintToBytes(0, 4), body), 'body-leaf'],
    ['a leaf too long', concatBytes(uintToBytes(maxLeafBytes + 1, 4), body), 'body-leaf'],
    ['data too long', concatBytes(uintToBytes(6, 4), leaf, uintToBytes(maxDataBytes + 1, 4)), 'body-data'],
    ['data nearly absent', concatBytes(uintToBytes(6, 4), leaf, uintToBytes(0xffff_fffe, 4)), 'body-data'],
    ['nothing', new Uint8Array(0), 'body-count'],
  ])('is refused with %s', (_, bytes, code) => {
    expect(codeOf(parseBody(bytes, anyLimits(1)))).toBe(code);
  });

  it('is refused as soon as it is too long, and stays refused', () => {
    const reader = new BodyReader({ count: 3, maxBytes: body.length - 1 });
    expect(reader.push(body.subarray(0, 20)).ok).toBe(true);
    expect(codeOf(reader.push(body.subarray(20)))).toBe('body-too-long');
    expect(codeOf(reader.push(new Uint8Array(0)))).toBe('body-too-long');
    expect(codeOf(reader.end())).toBe('body-too-long');
    expect(codeOf(parseBody(body, { count: 3, maxBytes: body.length }))).toBe('ok');
  });

  it('is not composed of parts that no reader takes', () => {
    expect(() => composeBody([{ leaf: new Uint8Array(0), data: undefined }])).toThrow(RangeError);
    expect(() => composeBody([{ leaf: new Uint8Array(maxLeafBytes + 1), data: undefined }])).toThrow(
      RangeError,
    );
    expect(() => composeBody([{ leaf, data: new Uint8Array(maxDataBytes + 1) }])).toThrow(RangeError);
  });
});
