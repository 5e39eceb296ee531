import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePipe } from '../../test/support/pipe.ts';
import type { Result } from '../core/result.ts';
import { checkFolder, diskReader, readNamedFile } from './disk-reader.ts';

let folder = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-disk-')));
  mkdirSync(join(folder, 'tile/0'), { recursive: true });
  writeFileSync(join(folder, 'checkpoint'), 'head');
  writeFileSync(join(folder, 'tile/0/000'), 'tile');
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.code;
}

const asRoot = process.getuid?.() === 0;
const windows = process.platform === 'win32';

describe('a log read from a folder', () => {
  const read = async (path: string, limit = 100): Promise<Result<Uint8Array | undefined>> =>
    await diskReader(folder).read(path, limit);

  it('gives files, and nothing for what is not there', async () => {
    expect(await read('checkpoint')).toEqual({ ok: true, value: new Uint8Array(Buffer.from('head')) });
    expect(await read('tile/0/000')).toEqual({ ok: true, value: new Uint8Array(Buffer.from('tile')) });
    for (const path of [
      'checkpoint.1',
      'tile/0/001',
      'tile/1/000',
      'a/b/c',
      'tile/0/000.p/1',
      'x'.repeat(300),
    ]) {
      expect(await read(path)).toEqual({ ok: true, value: undefined });
    }
  });

  it('gives no more than the limit', async () => {
    expect(codeOf(await read('checkpoint', 4))).toBe('ok');
    expect(codeOf(await read('checkpoint', 3))).toBe('log-too-large');
    truncateSync(join(folder, 'checkpoint'), 50 * 2 ** 30);
    expect(codeOf(await read('checkpoint', 1_048_576))).toBe('log-too-large');
  });

  it('follows no link, to a file or to a folder', async () => {
    symlinkSync('checkpoint', join(folder, 'checkpoint.1'));
    symlinkSync('/dev/zero', join(folder, 'checkpoint.2'));
    symlinkSync('nowhere', join(folder, 'checkpoint.3'));
    symlinkSync('0', join(folder, 'tile/1'));
    symlinkSync('.', join(folder, 'tile/loop'));
    for (const path of ['checkpoint.1', 'checkpoint.2', 'checkpoint.3']) {
      expect(codeOf(await read(path))).toBe('log-not-a-file');
    }
    for (const path of ['tile/1/000', 'tile/loop/0/000', 'tile/loop/loop/0/000']) {
      expect(codeOf(await read(path))).toBe('log-not-a-folder');
    }
    expect(codeOf(await diskReader(folder).list('tile/1', 10))).toBe('log-not-a-folder');
  });

  it('may itself be reached over a link', async () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      expect(codeOf(await checkFolder(link))).toBe('ok');
      expect(codeOf(await diskReader(link).read('tile/0/000', 10))).toBe('ok');
    } finally {
      rmSync(link);
    }
  });

  const pipes = windows ? ' (skipped: Windows has no pipes in folders)' : '';
  it.skipIf(windows)(`opens no pipe and no device, and does not wait for one${pipes}`, async () => {
    makePipe(join(folder, 'tile/0/001'));
    expect(codeOf(await read('tile/0/001'))).toBe('log-not-a-file');
    expect(codeOf(await readNamedFile(join(folder, 'tile/0/001'), 10))).toBe('log-not-a-file');
    expect(codeOf(await readNamedFile('/dev/zero', 10))).toBe('log-not-a-file');
  });

  it('takes no folder for a file and no file for a folder', async () => {
    expect(codeOf(await read('tile'))).toBe('log-not-a-file');
    expect(codeOf(await read('checkpoint/000'))).toBe('log-not-a-folder');
    expect(codeOf(await diskReader(folder).list('checkpoint', 10))).toBe('log-not-a-folder');
  });

  const why = asRoot ? ' (skipped: root may read everything)' : windows ? ' (skipped: not on Windows)' : '';
  it.skipIf(why !== '')(`says what may not be read${why}`, async () => {
    chmodSync(join(folder, 'checkpoint'), 0);
    expect(codeOf(await read('checkpoint'))).toBe('log-unreadable');
    chmodSync(join(folder, 'tile'), 0);
    expect(codeOf(await read('tile/0/000'))).toBe('log-unreadable');
    expect(codeOf(await diskReader(folder).list('tile', 10))).toBe('log-unreadable');
    chmodSync(join(folder, 'tile'), 0o700);
    chmodSync(folder, 0);
    expect(codeOf(await checkFolder(folder))).toBe('log-unreadable');
  });

  it('lists names with their kinds, up to a limit', async () => {
    symlinkSync('checkpoint', join(folder, 'link'));
    const listed = await diskReader(folder).list('', 10);
    const sorted = listed.ok ? [...(listed.value ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)) : [];
    expect(sorted).toEqual([
      { name: 'checkpoint', kind: 'file' },
      { name: 'link', kind: 'other' },
      { name: 'tile', kind: 'folder' },
    ]);
    expect(codeOf(await diskReader(folder).list('', 3))).toBe('ok');
    expect(codeOf(await diskReader(folder).list('', 2))).toBe('log-folder-too-large');
    expect(await diskReader(folder).list('tile/5', 2)).toEqual({ ok: true, value: undefined });
  });
});

describe('a folder to be audited', () => {
  it('is there, and a folder', async () => {
    expect(codeOf(await checkFolder(folder))).toBe('ok');
    expect(codeOf(await checkFolder(join(folder, 'nowhere')))).toBe('log-missing');
    expect(codeOf(await checkFolder(join(folder, 'checkpoint')))).toBe('log-not-a-folder');
  });
});

describe('a file that the user named', () => {
  it('may be a link to a plain file', async () => {
    symlinkSync('checkpoint', join(folder, 'link'));
    expect(codeOf(await readNamedFile(join(folder, 'link'), 10))).toBe('ok');
    expect(await readNamedFile(join(folder, 'nowhere'), 10)).toEqual({ ok: true, value: undefined });
    expect(codeOf(await readNamedFile(folder, 10))).toBe('log-not-a-file');
    expect(codeOf(await readNamedFile(join(folder, 'checkpoint'), 3))).toBe('log-too-large');
  });
});
