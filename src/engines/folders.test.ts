import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeFolders } from './folders.ts';

const parent = mkdtempSync(join(tmpdir(), 'folders-'));
afterAll(() => {
  rmSync(parent, { recursive: true });
});

describe('making folders', () => {
  it('makes those that are missing, once, and says which was the first', async () => {
    const path = join(parent, 'a/b/c');
    const made = await Promise.all([makeFolders(path, 0o700), makeFolders(path, 0o700)]);
    expect(made).toContain(join(parent, 'a'));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(await makeFolders(path)).toBeUndefined();
    expect(await makeFolders(join(path, 'd'))).toBe(join(path, 'd'));
  });

  it('fails where a file is in the way', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(makeFolders(join(parent, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(parent, 'file/x/y'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.skipIf(!existsSync('/proc/self'))(
    `ends where nobody can make anything${existsSync('/proc/self') ? '' : ' (skipped: there is no /proc)'}`,
    async () => {
      await expect(makeFolders('/proc/countersign/x')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
