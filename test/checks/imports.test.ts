import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const project = dirname(dirname(import.meta.dirname));
const trees = mkdtempSync(join(tmpdir(), 'import-rules-'));
afterAll(() => {
  rmSync(trees, { recursive: true, force: true });
});

/** A project folder with these files; each package it names is there and empty. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(trees, 'tree-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const packages = ['tweetnacl', 'sqlite3', 'keytar', 'electron', 'commander', 'vitest'];
  const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
  const { vitest, ...product } = dependencies;
  write(
    'package.json',
    JSON.stringify({ type: 'module', dependencies: product, devDependencies: { vitest } }),
  );
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [path, text] of Object.entries(files)) write(path, text);
  return root;
}

/** Runs the import check on a folder. */
function check(root: string, ...nodeOptions: string[]): { code: number | null; refused: string[] } {
  const script = join(project, 'scripts/checks/imports.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeOptions, script, root], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return { code: status, refused: stdout.trim().split('\n').slice(0, -1) };
}

/** A small project that keeps every rule. */
const sound = {
  'src/core/tree.ts':
    "import nacl from 'tweetnacl';\nexport type Tree = string;\nexport const leaf = nacl;\n",
  'src/core/root.ts': "import type { Tree } from './tree.ts';\nexport const root = (tree: Tree) => tree;\n",
  'src/core/tree.test.ts':
    "import { readFileSync } from 'node:fs';\nimport { leaf } from './tree.ts';\nreadFileSync(leaf);\n",
  'src/wallet/store.ts':
    "import sqlite3 from 'sqlite3';\nimport { root } from '../core/root.ts';\nexport { sqlite3, root };\n",
  'src/cli/main.ts': "import { root } from '../wallet/store.ts';\nroot('');\n",
};

/** Files that break one rule each. Type imports count like any other. */
const breaches: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['core-imports-its-rooms-only', 'src/core/a.ts', "import { root } from '../wallet/store.ts';\nroot('');\n"],
  [
    'core-imports-no-node-module',
    'src/core/b.ts',
    "import { readFileSync } from 'node:fs';\nreadFileSync('');\n",
  ],
  [
    'core-imports-no-node-module',
    'src/core/c.ts',
    "import type { Stats } from 'node:fs';\nexport type S = Stats;\n",
  ],
  [
    'core-imports-pure-packages-only',
    'src/core/d.ts',
    "import { Command } from 'commander';\nnew Command();\n",
  ],
  [
    'wallet-imports-its-rooms-only',
    'src/wallet/a.ts',
    "import type { X } from '../cli/main.ts';\nexport type Y = X;\n",
  ],
  [
    'renderer-imports-its-rooms-only',
    'src/renderer/a.tsx',
    "import { root } from '../core/root.ts';\nroot('');\n",
  ],
  [
    'contract-imports-core-types-only',
    'src/contract/a.ts',
    "import { root } from '../core/root.ts';\nroot('');\n",
  ],
  [
    'main-imports-of-core-errors-only',
    'src/main/c.ts',
    "import { root } from '../core/root.ts';\nroot('');\n",
  ],
  ['electron-in-the-shell-only', 'src/wallet/b.ts', "import { app } from 'electron';\napp.quit();\n"],
  ['known-rooms-only', 'src/misc/a.ts', "import '../core/root.ts';\n"],
  ['product-imports-no-test', 'src/core/e.ts', "import './tree.test.ts';\n"],
  ['product-imports-no-development-package', 'src/cli/a.ts', "import { it } from 'vitest';\nit('');\n"],
  ['scripts-stand-alone', 'scripts/a.ts', "import '../src/core/root.ts';\n"],
  ['no-cycle', 'src/core/f.ts', "import type { G } from './g.ts';\nexport type F = G;\n"],
  ['no-cycle', 'src/core/g.ts', "import type { F } from './f.ts';\nexport type G = F;\n"],
  ['no-orphan', 'src/core/h.ts', 'export const alone = 1;\n'],
  ['everything-resolves', 'src/core/i.ts', "import './gone.ts';\n"],
  [
    'one-driver-per-native-package',
    'src/wallet/c.ts',
    "import sqlite3 from 'sqlite3';\nsqlite3.verbose();\n",
  ],
  ['ipcMain-in-its-place-only', 'src/main/a.ts', "import { ipcMain } from 'electron';\nipcMain.handle();\n"],
  [
    'ipcRenderer-in-its-place-only',
    'src/main/b.ts',
    "import { ipcRenderer } from 'electron';\nipcRenderer.send();\n",
  ],
];

describe('the import check', () => {
  it('accepts a project that keeps the rules', () => {
    expect(check(tree(sound))).toEqual({ code: 0, refused: [] });
  });

  describe('in a project that breaks them', () => {
    const files = Object.fromEntries(breaches.map(([, path, text]) => [path, text]));
    const { code, refused } = check(tree({ ...sound, ...files }));

    it('fails', () => {
      expect(code).toBe(1);
    });

    it.each(breaches)('names the rule %s and the file %s', (rule, path) => {
      expect(refused.some((line) => line.startsWith(`${rule}: `) && line.includes(path))).toBe(true);
    });

    it('names no file that keeps them', () => {
      const broken = new Set(breaches.map(([, path]) => path));
      const innocent = refused.filter((line) => !line.split(/[ ,]+/).some((word) => broken.has(word)));
      expect(innocent).toEqual([]);
    });
  });

  it('refuses a folder in which it sees nothing', () => {
    const { code, refused } = check(tree({}));
    expect(refused).toContain('nothing-seen: there is no file under src/');
    expect(code).toBe(1);
  });

  it('refuses when the compiler is gone, without which it would see no TypeScript', () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(specifier, context, next) {
        if (specifier === 'typescript') throw new Error('hidden');
        return next(specifier, context);
      } });`;
    const { code, refused } = check(
      tree(sound),
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
    );
    expect(refused).toContain('not-seen: src/core/root.ts');
    expect(code).toBe(1);
  });
});
