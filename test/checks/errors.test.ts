import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { declaredCodes, explain } from '../../src/core/errors/family.ts';

const folder = join(dirname(dirname(import.meta.dirname)), 'src/core/errors');
const families = readdirSync(folder).filter((name) => /^(?!family\.).*(?<!\.test)\.ts$/.test(name));
for (const file of families) await import(pathToFileURL(join(folder, file)).href);

/** One or more whole sentences in plain words: no code names, no unfilled places, no marks of unfinished text. */
function faultsOf(text: string): string[] {
  return [
    /^\p{Lu}/u.test(text) ? undefined : 'does not begin like a sentence',
    /[.?!]$/.test(text) ? undefined : 'does not end like a sentence',
    text.split(/\s+/).length >= 3 ? undefined : 'is too short to be a sentence',
    text.length <= 300 ? undefined : 'is too long to be read',
    /\b(?:undefined|null|NaN|TODO|TBD|FIXME)\b|\$\{|%s|\s{2}/.test(text) ? 'is not finished' : undefined,
  ].filter((fault) => fault !== undefined);
}

describe('the explanation of every code', () => {
  const codes = declaredCodes();

  it('is declared in a file of its family', () => {
    const named = new Set(families.map((file) => file.slice(0, -'.ts'.length)));
    expect(families.length).toBeGreaterThan(0);
    expect(codes.filter((code) => ![...named].some((family) => code.startsWith(`${family}-`)))).toEqual([]);
    expect([...named].filter((family) => !codes.some((code) => code.startsWith(`${family}-`)))).toEqual([]);
  });

  it.each(codes)('%s: says what happened, what it means and what to do next', (code) => {
    const { happened = '', means = '', next = '' } = explain(code) ?? {};
    expect({ happened: faultsOf(happened), means: faultsOf(means), next: faultsOf(next) }).toEqual({
      happened: [],
      means: [],
      next: [],
    });
    expect(new Set([happened, means, next]).size).toBe(3);
  });

  it('is refused when it is empty, unfinished or no sentence', () => {
    for (const text of [
      '',
      'no capital letter here.',
      'No full stop here',
      'Why?',
      'The ${name} is missing.',
    ]) {
      expect(faultsOf(text)).not.toEqual([]);
    }
  });
});
