/**
 * Names and keys that a person would take for each other. This is a help for the eye, not a proof: what proves a key is
 * the safety number.
 */
import { toHex } from '../../core/bytes.ts';

/** Characters of other scripts, and digits, that look like Latin small letters. */
const twins: Readonly<Record<string, string>> = {
  // Cyrillic
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ё: 'e',
  һ: 'h',
  н: 'h',
  і: 'l',
  ї: 'l',
  ј: 'j',
  к: 'k',
  м: 'm',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  ѕ: 's',
  т: 't',
  у: 'y',
  ү: 'y',
  х: 'x',
  ѡ: 'w',
  ԝ: 'w',
  ӏ: 'l',
  г: 'r',
  п: 'n',
  и: 'u',
  ь: 'b',
  // Greek
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'l',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  γ: 'y',
  ϲ: 'c',
  ϳ: 'j',
  // Latin letters that NFKD leaves as they are
  ı: 'l',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ß: 'b',
  æ: 'ae',
  œ: 'oe',
  þ: 'p',
  ð: 'd',
  // Digits and signs
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '5': 's',
  '6': 'b',
  '8': 'b',
  '9': 'g',
  '|': 'l',
  '!': 'l',
  i: 'l',
  $: 's',
  '@': 'a',
};

/** Pairs of letters that run together. */
const pairs: readonly (readonly [string, string])[] = [
  ['rn', 'm'],
  ['vv', 'w'],
  ['cl', 'd'],
];

/** What is left of a name for the hasty eye: names with the same skeleton can be mistaken for each other. */
export function skeleton(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}|!$@]/gu, '');
  let out = Array.from(plain, (char) => twins[char] ?? char).join('');
  for (const [pair, letter] of pairs) out = out.replaceAll(pair, letter);
  return out.replace(/(.)\1+/gu, '$1');
}

/** Whether one word of a name mixes scripts, as names that are made to mislead do. */
export function mixesScripts(name: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];
  return name
    .split(/[^\p{L}\p{M}]+/u)
    .some((word) => scripts.filter((script) => script.test(word)).length > 1);
}

/** Digits at an end that make people take two keys for the same: by chance once in 16 million pairs. */
const sameDigits = 6;

/** Whether two different keys begin or end alike. */
export function keysLookAlike(one: Uint8Array, other: Uint8Array): boolean {
  const [a, b] = [toHex(one), toHex(other)];
  if (a === b) return false;
  return a.slice(0, sameDigits) === b.slice(0, sameDigits) || a.slice(-sameDigits) === b.slice(-sameDigits);
}
