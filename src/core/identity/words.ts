/**
 * The words that an identity is kept in: 24 words of BIP-39, English list, no passphrase
 * (`docs/spec/identities.md`, 'Keys from words').
 */
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { WordsCode } from '../errors/words.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

declare const checked: unique symbol;

/** 24 checked words with one space between. As secret as the keys that are made from them. */
export type Words = string & { readonly [checked]: true };

const known = new Set(wordlist);

/** The words of 32 random bytes. @throws RangeError on another length. */
export function wordsOf(entropy: Uint8Array): Words {
  if (entropy.length !== 32) throw new RangeError('24 words hold 32 bytes');
  return entropyToMnemonic(entropy, wordlist) as Words;
}

/** Reads words as a person typed them. A refusal never repeats them: it says at most which one is unknown. */
export function parseWords(text: string): Result<Words, WordsCode> {
  const words = text
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .split(/[ \t\r\n]+/)
    .filter((word) => word !== '');
  if (words.length !== 24) return refuse('words-count', `${words.length} words`);
  const unknown = words.findIndex((word) => !known.has(word));
  if (unknown >= 0) return refuse('words-unknown', `word ${unknown + 1}`);
  const phrase = words.join(' ');
  return validateMnemonic(phrase, wordlist) ? ok(phrase as Words) : refuse('words-checksum');
}

/** The 32 bytes that the words stand for: what {@link wordsOf} was given. */
export function entropyOf(words: Words): Uint8Array {
  return mnemonicToEntropy(words, wordlist);
}

/** The 64-byte BIP-39 seed of the words. Takes about as long as checking ten signatures, on purpose. */
export function seedOfWords(words: Words): Uint8Array {
  return mnemonicToSeedSync(words);
}
