import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import type { FirehoseStorage } from '../../src/firehose/storage.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const folder = mkdtempSync(join(tmpdir(), 'storage-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const fresh = (): string => mkdtempSync(join(folder, 'ledger-'));
const text = (stored: Uint8Array | undefined): string | undefined => stored && Buffer.from(stored).toString();
const bytes = (content: string): Uint8Array => new Uint8Array(Buffer.from(content));

const storages: readonly (readonly [string, () => FirehoseStorage])[] = [
  ['embedded storage', () => embeddedStorage(fresh())],
  ['storage in memory', () => new MemoryStorage()],
];

describe.each(storages)('the storage port: %s', (_, make) => {
  it('reads what was written, and replaces it as a whole', async () => {
    const { public: storage } = make();
    for (const content of ['first', 'second, longer', '', '3']) {
      await storage.write('tile/0/000.p/1', bytes(content));
      expect(text(await storage.read('tile/0/000.p/1'))).toBe(content);
    }
  });

  it('does not take what it is given by reference', async () => {
    const { public: storage } = make();
    const given = bytes('as it was');
    await storage.write('a', given);
    given.fill(0);
    expect(text(await storage.read('a'))).toBe('as it was');
  });

  it('keeps public and private apart', async () => {
    const storage = make();
    await storage.private.write('keys.json', bytes('secret'));
    expect(await storage.public.read('keys.json')).toBeUndefined();
    expect(await storage.public.list('pending')).toEqual([]);
  });

  it('knows nothing of what is not there', async () => {
    const { public: storage } = make();
    expect(await storage.read('body/001')).toBeUndefined();
    expect(await storage.open('body/001')).toBeUndefined();
    expect(await storage.list('body')).toEqual([]);
    await storage.remove('body/001');
  });

  it('hands out a file piece by piece, as it was when it was opened', async () => {
    const { public: storage } = make();
    const long = new Uint8Array(1_000_000).map((__, i) => i % 251);
    await storage.write('body/001', long);
    const file = await storage.open('body/001');
    await storage.write('body/001', bytes('another'));
    expect(file?.length).toBe(long.length);
    expect(Buffer.concat((await file?.bytes.toArray()) as Buffer[])).toEqual(Buffer.from(long));
  });

  it('hands out a part of a file', async () => {
    const { public: storage } = make();
    await storage.write('body/001', bytes('0123456789'));
    for (const [start, end, part] of [
      [0, 10, '0123456789'],
      [3, 5, '34'],
      [8, 100, '89'],
      [9, Infinity, '9'],
      [10, 12, ''],
      [50, 60, ''],
    ] as const) {
      const file = await storage.open('body/001', { start, end });
      expect(file?.length).toBe(10);
      expect(Buffer.concat((await file?.bytes.toArray()) as Buffer[]).toString(), `${start}`).toBe(part);
    }
  });

  it('reads a file here and there, as it was when it was opened', async () => {
    const { private: storage } = make();
    await storage.write('index/a', bytes('0123456789'));
    const reader = await storage.openAnywhere('index/a');
    if (reader === undefined) throw new Error('not there');
    await storage.write('index/a', bytes('other'));
    expect(reader.length).toBe(10);
    for (const [start, length, part] of [
      [0, 3, '012'],
      [7, 3, '789'],
      [8, 5, '89'],
      [10, 1, ''],
      [99, 1, ''],
      [4, 0, ''],
    ] as const) {
      expect(text(await reader.readAt(start, length))).toBe(part);
    }
    await reader.close();
    expect(await storage.openAnywhere('index/b')).toBeUndefined();
  });

  it('takes content piece by piece, and keeps nothing of one that fails', async () => {
    const { public: storage } = make();
    async function* pieces(count: number): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < count; n++) yield Promise.resolve(bytes(`${n},`));
      if (count > 3) throw new RangeError('no more');
    }
    await storage.write('rollup/1/256', pieces(3));
    expect(text(await storage.read('rollup/1/256'))).toBe('0,1,2,');
    await expect(storage.write('rollup/1/256', pieces(4))).rejects.toThrow(RangeError);
    expect(text(await storage.read('rollup/1/256'))).toBe('0,1,2,');
    await storage.write('rollup/1/512', pieces(0));
    expect(text(await storage.read('rollup/1/512'))).toBe('');
  });

  it('lets a new file grow', async () => {
    const { private: storage } = make();
    const file = await storage.grow('pending/1');
    expect(text(await storage.read('pending/1'))).toBe('');
    for (const part of ['one ', '', 'two ', 'three']) await file.append(bytes(part));
    expect(text(await storage.read('pending/1'))).toBe('one two three');
    await file.close();
    await expect(storage.grow('pending/1')).rejects.toMatchObject({ code: 'firehose-storage' });
    expect(text(await storage.read('pending/1'))).toBe('one two three');
  });

  it('lists the names in a folder in order, files and folders', async () => {
    const { private: storage } = make();
    for (const name of ['b', 'a', 'c/d', 'c/e']) await storage.write(`pending/${name}`, bytes(name));
    expect(await storage.list('pending')).toEqual(['a', 'b', 'c']);
    await storage.remove('pending/a');
    expect(await storage.list('pending')).toEqual(['b', 'c']);
    expect(await storage.read('pending/a')).toBeUndefined();
  });

  it.each([
    ...['', '/', '..', '.', '../keys.json', 'a/../b', 'a/./b', 'a//b', '/a', 'a/', '.lock', '.new', 'a/.b'],
    ...['a\\b', 'A', 'a b', 'a\0b', 'a\n', 'ä', 'c:a', '~', '$home', 'a/%2e%2e/b'],
  ])('refuses the path %j, which no file of a ledger has', async (path) => {
    const { public: storage } = make();
    for (const call of [
      () => storage.read(path),
      () => storage.open(path),
      () => storage.write(path, bytes('x')),
      () => storage.list(path),
      () => storage.remove(path),
      () => storage.openAnywhere(path),
      () => storage.grow(path),
    ]) {
      await expect(call()).rejects.toThrow(RangeError);
    }
  });

  it('belongs to one writer until that one releases it', async () => {
    const storage = make();
    const release = await storage.claim();
    await expect(storage.claim()).rejects.toMatchObject({ code: 'firehose-in-use' });
    await release();
    const again = await storage.claim();
    await again();
  });
});

describe('embedded storage', () => {
  it('is another one in another folder, and the same in the same', async () => {
    const root = fresh();
    await embeddedStorage(root).public.write('checkpoint', bytes('x'));
    expect(text(await embeddedStorage(root).public.read('checkpoint'))).toBe('x');
    expect(await embeddedStorage(fresh()).public.read('checkpoint')).toBeUndefined();
  });

  it('makes no folder by reading', async () => {
    const root = join(fresh(), 'missing');
    const storage = embeddedStorage(root);
    await storage.public.read('checkpoint');
    await storage.private.list('pending');
    expect(existsSync(root)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('lets others read the public part and nothing else', async () => {
    const root = fresh();
    const storage = embeddedStorage(root);
    await storage.public.write('body/001', bytes('x'));
    await storage.private.write('pending/abc', bytes('x'));
    const mode = (path: string): number => statSync(join(root, path)).mode & 0o777;
    expect([mode('public/body'), mode('public/body/001')]).toEqual([0o755, 0o644]);
    expect([mode('private'), mode('private/pending'), mode('private/pending/abc')]).toEqual([
      0o700, 0o700, 0o600,
    ]);
    expect(mode('.new')).toBe(0o700);
  });

  it('leaves nothing of a write that failed', async () => {
    const root = fresh();
    const storage = embeddedStorage(root);
    mkdirSync(join(root, 'public/checkpoint/x'), { recursive: true });
    await expect(storage.public.write('checkpoint', bytes('x'))).rejects.toMatchObject({
      code: 'firehose-storage',
      detail: expect.stringMatching(/^checkpoint: E/) as string,
    });
    expect(readdirSync(join(root, '.new'))).toEqual([]);
    await expect(storage.public.read('checkpoint')).rejects.toMatchObject({ code: 'firehose-storage' });
  });

  it('removes what an interrupted write left, when it is claimed', async () => {
    const root = fresh();
    mkdirSync(join(root, '.new'));
    writeFileSync(join(root, '.new/0123'), 'half of a fi');
    const release = await embeddedStorage(root).claim();
    expect(existsSync(join(root, '.new'))).toBe(false);
    await release();
  });

  it('does not clean up under the writer that holds it', async () => {
    const root = fresh();
    const release = await embeddedStorage(root).claim();
    mkdirSync(join(root, '.new'));
    writeFileSync(join(root, '.new/0123'), 'being written');
    await expect(embeddedStorage(root).claim()).rejects.toMatchObject({ code: 'firehose-in-use' });
    expect(readdirSync(join(root, '.new'))).toEqual(['0123']);
    await release();
  });

  it('is free again when the process that held it was killed', async () => {
    const root = fresh();
    const module = pathToFileURL(join(import.meta.dirname, '../../src/firehose/embedded-storage.ts')).href;
    const script = `import { embeddedStorage } from ${JSON.stringify(module)};
      await embeddedStorage(${JSON.stringify(root)}).claim();
      console.log('held'); setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(embeddedStorage(root).claim()).rejects.toMatchObject({ code: 'firehose-in-use' });
    child.kill('SIGKILL');
    await once(child, 'close');
    const release = await embeddedStorage(root).claim();
    await release();
  });

  it('says so when its folder cannot be used', async () => {
    const file = join(fresh(), 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    await expect(embeddedStorage(file).claim()).rejects.toMatchObject({ code: 'firehose-storage' });
    await expect(embeddedStorage(file).public.write('checkpoint', bytes('x'))).rejects.toMatchObject({
      code: 'firehose-storage',
    });
  });
});
