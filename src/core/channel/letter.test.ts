import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { bytes32, codeOf, person, value } from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { toUtf8 } from '../bytes.ts';
import { openLetter, sealLetter } from './letter.ts';

const [ann, bob, eve] = ['Ann', 'Bob', 'Eve'].map(person) as [Person, Person, Person];
const context = { payloadType: 'a/b', ledger: bytes32('ledger'), author: ann.sign };
const randomness = { localKey: ann.localKey, random: bytes32('random') };

describe('a letter', () => {
  it('opens to what was sealed, for its recipient alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (plaintext) => {
        const letter = sealLetter(context, bob, plaintext, randomness);
        expect(value(openLetter(context, bob, letter))).toEqual(plaintext);
        expect(codeOf(openLetter(context, eve, letter))).toBe('letter-commitment');
        expect(codeOf(openLetter(context, { ...bob, sign: eve.sign }, letter))).toBe('letter-commitment');
      }),
      { numRuns: 20 },
    );
  });

  it('opens in the message that it was written for alone', () => {
    const letter = sealLetter(context, bob, toUtf8('hello'), randomness);
    for (const other of [
      { ...context, payloadType: 'a/c' },
      { ...context, ledger: bytes32('other') },
      { ...context, author: eve.sign },
    ]) {
      expect(codeOf(openLetter(other, bob, letter))).toBe('letter-commitment');
    }
  });

  it('is refused with any byte changed or missing', () => {
    const letter = sealLetter(context, bob, toUtf8('hello'), randomness);
    for (let at = 0; at < letter.length; at++) {
      expect(codeOf(openLetter(context, bob, letter.with(at, (letter[at] ?? 0) ^ 4))), `byte ${at}`).not.toBe(
        'ok',
      );
    }
    for (let length = 0; length < letter.length; length++) {
      expect(codeOf(openLetter(context, bob, letter.subarray(0, length)))).toBe('letter-form');
    }
  });
});
