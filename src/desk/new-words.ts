/**
 * The two sheets of words of an identity that is being made. They are shown once, in the window for secrets, and asked
 * back; they are overwritten when the identity is made or the window closes.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { CountersignError } from '../core/errors/family.ts';
import type { OwnCode } from '../core/errors/own.ts';
import { parseWords, type Words, wordsOf } from '../core/identity/words.ts';
import type { SheetView } from '../contract/channels/secret.ts';

export type SheetName = 'identity' | 'recovery';

const asked = 3;

/** Different places of words, from 0, in ascending order. */
function places(): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < asked) chosen.add(randomInt(24));
  return [...chosen].sort((a, b) => a - b);
}

interface Sheet {
  readonly entropy: Uint8Array;
  asked: readonly number[];
  isAnswered: boolean;
}

function newSheet(): Sheet {
  return { entropy: new Uint8Array(randomBytes(32)), asked: places(), isAnswered: false };
}

export class NewWords {
  readonly #sheets: Readonly<Record<SheetName, Sheet>> = { identity: newSheet(), recovery: newSheet() };

  /** A sheet to be written down. Other places are asked for each time it is shown. */
  show(name: SheetName): SheetView {
    const sheet = this.#sheets[name];
    sheet.asked = places();
    return { words: wordsOf(sheet.entropy).split(' '), asked: sheet.asked };
  }

  /** Whether these are the words at the places that were asked for. */
  answer(name: SheetName, words: readonly string[]): boolean {
    const sheet = this.#sheets[name];
    const all = wordsOf(sheet.entropy).split(' ');
    const isRight = sheet.asked.every((place, i) => words[i]?.trim().toLowerCase() === all[place]);
    sheet.isAnswered ||= isRight;
    return isRight;
  }

  /** What an identity is made from. @throws CountersignError `own-words-check` when a sheet was not answered. */
  get finished(): { readonly entropy: Uint8Array; readonly recovery: Words } {
    const { identity, recovery } = this.#sheets;
    if (!identity.isAnswered || !recovery.isAnswered) throw new CountersignError<OwnCode>('own-words-check');
    const words = parseWords(wordsOf(recovery.entropy));
    if (!words.ok) throw new RangeError('words of our own');
    return { entropy: identity.entropy, recovery: words.value };
  }

  close(): void {
    for (const { entropy } of Object.values(this.#sheets)) entropy.fill(0);
  }
}
