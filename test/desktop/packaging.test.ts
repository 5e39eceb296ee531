/**
 * Packages: electron-builder packs the application with a stand-in for Electron's program, and what came out is looked at.
 * That the packed program runs only Electron's own can show.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { AfterPackContext } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePackages } from '../../scripts/package.ts';
import { hostLacks } from './host.ts';

const isLinux = process.platform === 'linux';
const lacks = isLinux ? hostLacks() : 'it is written for Linux';

/** As much of Electron's program as packing looks at: the mark before the fuses, and all fuses as they are delivered. */
const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const delivered = Buffer.concat([
  Buffer.from(`\x7fELF ${mark}`),
  Buffer.from([1, 9]),
  Buffer.from('101001011'),
]);

function fakeElectron(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  writeFileSync(join(folder, 'electron'), delivered, { mode: 0o755 });
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox', 'icudtl.dat'])
    writeFileSync(join(folder, name), name);
  return folder;
}

/** Resolves as electron-builder does. */
const builder = createRequire(import.meta.resolve('electron-builder'));
const { extractFile, listPackage } = builder('@electron/asar') as {
  extractFile: (archive: string, name: string) => Buffer;
  listPackage: (archive: string, options: { isPack: boolean }) => readonly string[];
};

interface DesktopHelper {
  computeDesktopEntry(options: unknown): Promise<string>;
  readonly mimeTypeFiles: Promise<string | null>;
}

/** The entry for the menu of the system and the table of types, as packages for Linux get them. */
async function desktopData({ packager }: AfterPackContext): Promise<{ entry: string; types: string }> {
  const { LinuxTargetHelper } = builder('app-builder-lib/out/targets/LinuxTargetHelper.js') as {
    LinuxTargetHelper: new (packager: object) => DesktopHelper;
  };
  const helper = new LinuxTargetHelper(packager);
  const file = await helper.mimeTypeFiles;
  return {
    entry: await helper.computeDesktopEntry(packager.platformSpecificBuildOptions),
    types: file === null ? '' : readFileSync(file, 'utf8'),
  };
}

describe.skipIf(lacks !== undefined)(`a package${lacks === undefined ? '' : ` (skipped: ${lacks})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  const unpacked = join(folder, 'packages/linux-unpacked');
  const archive = join(unpacked, 'resources/app.asar');
  let desktop = { entry: '', types: '' };
  let members: readonly string[] = [];

  beforeAll(async () => {
    // Whoever tried to fetch something would find nobody.
    for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'])
      vi.stubEnv(name, 'http://127.0.0.1:9');
    await makePackages({
      isUnpacked: true,
      folder,
      electron: fakeElectron(join(folder, 'electron')),
      onPacked: async (context) => {
        desktop = await desktopData(context);
      },
    });
    members = listPackage(archive, { isPack: false }).map((name) => name.replace(/^\//, ''));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds the bundles, its licence and packages with native code, and nothing else', () => {
    const tops = new Set(members.map((name) => name.split('/').slice(0, 2).join('/')));
    expect([...tops].filter((name) => !name.startsWith('node_modules')).sort()).toEqual([
      ...['LICENSE', 'out', 'out/main', 'out/preload', 'out/renderer', 'package.json'],
    ]);
    expect(members).toContain('out/main/index.js');
    expect(members).toContain('out/main/desk-keychain-child.js');
    expect(members).toContain('out/preload/index.cjs');
    expect(members).toContain('out/renderer/notices.json');
    const packages = [...tops].filter((name) => name.startsWith('node_modules/'));
    expect(packages).toEqual(
      expect.arrayContaining(
        ['keytar', 'sodium-native', 'sqlite3', 'bindings'].map((one) => `node_modules/${one}`),
      ),
    );
    for (const name of [
      'electron',
      'vitest',
      'react',
      'playwright-core',
      'node-gyp',
      'tar',
      'prebuild-install',
    ])
      expect(packages).not.toContain(`node_modules/${name}`);
  });

  it('holds no tests, no sources, no maps and nothing of the stand-in', () => {
    expect(members.filter((name) => /(^|\/)(test|tests|src)\/|\.(ts|tsx|map|cc|c|h)$/.test(name))).toEqual(
      [],
    );
    const code = members.filter((name) => /^out\/.*\.(c?js|html|css)$/.test(name));
    expect(code.length).toBeGreaterThan(20);
    for (const name of code)
      expect(extractFile(archive, name).toString(), name).not.toMatch(
        /STAND_IN|standIn|sourceMappingURL|app\.invalid/,
      );
  });

  it('has its binaries outside of the archive, for this system only', () => {
    const outside = readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' });
    const target = `linux-${process.arch}`;
    expect(outside.filter((name) => name.endsWith('.node')).sort()).toEqual([
      `node_modules/keytar/prebuilds/${target}/keytar.node`,
      `node_modules/sodium-native/prebuilds/${target}/sodium-native.node`,
      'node_modules/sqlite3/build/Release/node_sqlite3.node',
    ]);
  });

  it('has a package.json without scripts and without packages to fetch', () => {
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: 'countersign',
      main: 'out/main/index.js',
      license: 'Apache-2.0',
      type: 'module',
    });
    expect(Object.keys(manifest).filter((key) => /^scripts|depend|build|engines|private/i.test(key))).toEqual(
      [],
    );
  });

  it('has every fuse as it is written', async () => {
    const { version, ...wire } = await getCurrentFuseWire(join(unpacked, 'countersign'));
    const on = Object.entries(wire)
      .filter(([, state]) => state === FuseState.ENABLE)
      .map(([fuse]) => FuseV1Options[Number(fuse)]);
    expect(version).toBe('1');
    expect(on).toEqual([
      'EnableCookieEncryption',
      'EnableEmbeddedAsarIntegrityValidation',
      'OnlyLoadAppFromAsar',
      'WasmTrapHandlers',
    ]);
    expect(Object.values(wire)).toHaveLength(9);
    // Whatever asks for the program as Node would not get it.
    const code = members.filter((name) => /^out\/main\/.*\.js$/.test(name));
    for (const name of code)
      expect(extractFile(archive, name).toString(), name).not.toContain('ELECTRON_RUN_AS_NODE');
  });

  it('tells the system which links and files it opens', () => {
    expect(desktop.entry).toMatch(/^Name=Countersign$/m);
    expect(desktop.entry).toMatch(/^Exec=.*countersign %U$/m);
    const [, types = ''] = /^MimeType=(.*)$/m.exec(desktop.entry) ?? [];
    expect(types.split(';')).toContain('x-scheme-handler/countersign');
    for (const [ending, type] of [
      ['card', 'card'],
      ['receipt.json', 'receipt'],
    ] as const) {
      expect(types.split(';')).toContain(`application/vnd.countersign.${type}+json`);
      expect(desktop.types).toContain(`glob pattern="*.${ending}"`);
    }
  });
});
