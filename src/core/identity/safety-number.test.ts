import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SafetySide } from './safety-number.ts';
import { safetyNumber } from './safety-number.ts';

const fill = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const one: SafetySide = { ledger: fill(1), sign: fill(2), encrypt: fill(3) };
const other: SafetySide = { ledger: fill(1), sign: fill(4), encrypt: fill(5) };

function numberOf(a: SafetySide, b: SafetySide): string {
  const result = safetyNumber(a, b);
  if (!result.ok) throw new Error(result.code);
  return result.value.groups.join(' ');
}

describe('a safety number', () => {
  it('is the same from both sides', () => {
    expect(safetyNumber(one, other)).toEqual(safetyNumber(other, one));
  });

  it('is the one of the specification', () => {
    const digest = createHash('sha512')
      .update('countersign/safety-number/v1')
      .update(Buffer.concat([fill(1), fill(2), fill(3), fill(1), fill(4), fill(5)]))
      .digest();
    const groups = Array.from({ length: 16 }, (_, i) =>
      `000${digest.readUInt32BE(4 * i) % 10_000}`.slice(-4),
    );
    expect(safetyNumber(one, other)).toEqual({
      ok: true,
      value: { groups, qr: `countersign-safety-v1:${digest.toString('hex')}` },
    });
  });

  it('has 16 groups of four digits, leading zeros kept', () => {
    let zeros = 0;
    for (let n = 10; n < 60; n++) {
      const text = numberOf(one, { ...other, sign: fill(n) });
      expect(text).toMatch(/^\d{4}( \d{4}){15}$/);
      if (/\b0/.test(text)) zeros++;
    }
    expect(zeros).toBeGreaterThan(0);
  });

  it('changes with every byte of either key of either side, and with the ledger', () => {
    const seen = new Set([numberOf(one, other)]);
    const flip = (bytes: Uint8Array, i: number): Uint8Array =>
      bytes.map((byte, at) => (at === i ? byte ^ 1 : byte));
    for (let i = 0; i < 32; i++) {
      seen.add(numberOf({ ...one, sign: flip(one.sign, i) }, other));
      seen.add(numberOf({ ...one, encrypt: flip(one.encrypt, i) }, other));
      seen.add(numberOf(one, { ...other, sign: flip(other.sign, i) }));
      seen.add(numberOf(one, { ...other, encrypt: flip(other.encrypt, i) }));
      const ledger = flip(one.ledger, i);
      seen.add(numberOf({ ...one, ledger }, { ...other, ledger }));
    }
    expect(seen.size).toBe(1 + 5 * 32);
  });

  it('is refused for one identity and for two ledgers', () => {
    expect(safetyNumber(one, { ...one })).toEqual({ ok: false, code: 'safety-same' });
    expect(safetyNumber(one, { ...other, ledger: fill(9) })).toEqual({ ok: false, code: 'safety-ledger' });
    expect(safetyNumber(one, { ...one, ledger: fill(9) })).toEqual({ ok: false, code: 'safety-ledger' });
  });

  it('needs whole keys', () => {
    for (const name of ['ledger', 'sign', 'encrypt'] as const) {
      expect(() => safetyNumber({ ...one, [name]: new Uint8Array(31) }, other)).toThrow(RangeError);
    }
  });
});
