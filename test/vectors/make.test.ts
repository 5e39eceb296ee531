import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
const name = python
  ? 'the test vectors'
  : 'the test vectors (skipped: there is no python3 of version 3.9 or later)';

/** Runs the generator of a folder of vectors and gives its exit code and what it printed. */
function check(
  folder: string,
  ...areas: readonly string[]
): { readonly code: number | null; readonly out: string } {
  const script = join(folder, 'make', 'make.py');
  const run = spawnSync('python3', ['-B', script, '--check', ...areas], { encoding: 'utf8' });
  return { code: run.status, out: run.stdout + run.stderr };
}

describe.skipIf(!python)(name, () => {
  it('are what their generator writes', { timeout: 180_000 }, () => {
    expect(check(import.meta.dirname)).toEqual({ code: 0, out: 'as made: 23 areas\n' });
  });

  it('are found out when one byte differs, or when nothing makes a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-vectors-'));
    try {
      cpSync(import.meta.dirname, folder, { recursive: true });
      const file = join(folder, 'kdf.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"length": 16', '"length": 17'));
      expect(check(folder, 'kdf')).toEqual({ code: 1, out: 'differs: kdf.json\n' });
      expect(check(folder, 'nothing').code).toBe(64);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
