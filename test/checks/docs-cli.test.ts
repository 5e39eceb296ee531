import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'docs-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function check(text: string): { readonly code: number | null; readonly out: string } {
  const file = join(folder, 'cli.md');
  writeFileSync(file, text);
  const args = ['scripts/docs-cli.ts', '--check', file];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { code: run.status, out: run.stdout + run.stderr };
}

describe('the manual of the command line, docs/cli.md', () => {
  const text = readFileSync(join(root, 'docs/cli.md'), 'utf8');

  it('is what the verbs say of themselves (else: npm run docs)', () => {
    expect(check(text)).toEqual({ code: 0, out: '' });
  });

  it('is found out of date when a line of it is another, with the way out', () => {
    const { code, out } = check(text.replace('only blocks below this height', 'only some blocks'));
    expect(code).toBe(1);
    expect(out).toMatch(
      /^line \d+ is {2}.*only some blocks.*\nand should be .*only blocks below this height/,
    );
    expect(out).toContain('run "npm run docs" and commit it.');
  });
});
