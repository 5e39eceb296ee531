import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(project, 'docs', 'spec', 'channels.md'), 'utf8');

/** What stands in brackets behind a rule: the tests that fail when it does not hold. */
const named = [...page.matchAll(/`([a-z-]+\/)?([a-z-]+)\.(test|json)`/g)].map(
  ([, folder, name = '', kind]) => {
    if (kind === 'json') return `test/vectors/${name}.json`;
    return folder === undefined ? `src/core/channel/${name}.test.ts` : `test/${folder}${name}.test.ts`;
  },
);

describe('the specification of channels', () => {
  it('names tests, all of which are there', () => {
    expect(new Set(named).size).toBeGreaterThan(15);
    expect(named.filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });

  it('names the tests of single attacks by words that stand in them', () => {
    const attacks = readFileSync(join(project, 'src', 'core', 'channel', 'attacks.test.ts'), 'utf8');
    const words = [...page.matchAll(/`attacks\.test`: ([a-z0-9 -]+)/gi)].map(([, text = '']) => text.trim());
    expect(words.length).toBeGreaterThan(5);
    expect(words.filter((text) => !attacks.includes(text))).toEqual([]);
  });
});
