import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { padded, sizeStep, unpadded } from './padding.ts';

describe('size steps', () => {
  it('are never smaller, at most a quarter larger, four to each doubling, and steps themselves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 }), (length) => {
        const step = sizeStep(length);
        expect(step).toBeGreaterThanOrEqual(Math.max(256, length));
        if (length >= 1024) expect(step).toBeLessThanOrEqual(length * 1.25);
        expect(sizeStep(step)).toBe(step);
      }),
      { numRuns: 300 },
    );
    for (const power of [1024, 65_536, 2 ** 24, 2 ** 31]) {
      const steps = new Set([0.01, 0.3, 0.6, 0.9].map((part) => sizeStep(Math.floor(power * (1 + part)))));
      expect([...steps].map((step) => step / power)).toEqual([1.25, 1.5, 1.75, 2]);
    }
  });

  it('grow with the length', () => {
    let before = 0;
    for (let length = 0; length < 20_000; length++) {
      expect(sizeStep(length)).toBeGreaterThanOrEqual(before);
      before = sizeStep(length);
    }
  });
});

describe('padding', () => {
  it('gives back what was padded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(unpadded(padded(bytes))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused with any other length, and with any bit behind the text', () => {
    const whole = padded(new Uint8Array(10).fill(7));
    for (let length = 0; length < whole.length; length++)
      expect(unpadded(whole.subarray(0, length))).toBeUndefined();
    for (let at = 14; at < whole.length; at++)
      expect(unpadded(whole.with(at, 1)), `byte ${at}`).toBeUndefined();
    for (let at = 0; at < 3; at++) expect(unpadded(whole.with(at, 1)), `byte ${at}`).toBeUndefined();
  });
});
