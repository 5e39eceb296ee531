import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exit } from '../exit.ts';
import { environmentVariables } from './facts.ts';
import { manualPage } from './page.ts';

const source = join(import.meta.dirname, '../..');
const page = await manualPage();

/** Every file of the product that is TypeScript, with its text. */
function productFiles(): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('manual/'))
    .map((path) => readFileSync(join(source, path), 'utf8'));
}

describe('the manual', () => {
  it('has a section for every verb, which says in a sentence what it does', () => {
    const verbs = readdirSync(join(import.meta.dirname, '../verbs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('about.ts'))
      .map((path) => path.slice(0, -'.ts'.length).replaceAll('/', ' '));
    expect(verbs.length).toBeGreaterThan(20);
    for (const verb of verbs) {
      const [, section = ''] = page.split(`\n### ${verb}\n`);
      const [own = ''] = section.split('\n### ');
      expect(own, verb).toContain(`\ncountersign ${verb}`);
      // Synopsis, options, and what the verb itself says: running text that is a sentence.
      expect(own, `${verb} describes itself`).toMatch(/\n\n[A-Z][^|\n]{40}/);
    }
    expect(page).not.toMatch(/undefined|\[object|NaN/);
  });

  it('names every environment variable of ours that the code reads, and no other', () => {
    const read = new Set(productFiles().flatMap((text) => text.match(/\bCOUNTERSIGN_[A-Z_]*[A-Z]\b/g) ?? []));
    const told = Object.keys(environmentVariables).filter((name) => name.startsWith('COUNTERSIGN_'));
    expect([...read].sort()).toEqual(told.sort());
  });

  it('explains every exit code', () => {
    for (const code of Object.values(exit)) expect(page).toMatch(new RegExp(`\\n\\| ${code} \\| `));
  });
});
