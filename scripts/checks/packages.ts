/**
 * What the project is made of: exact versions, a lockfile that vouches for every byte, licences from a list, no
 * package that must run a program at installation but the known ones, and a bill of materials that names them all.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockedPackages, project } from '../lockfile.ts';
import type { LockedPackage } from '../lockfile.ts';
import { billOfMaterials } from '../sbom.ts';

/** Licences under which a package may be part of the product. */
const productLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
  '(MIT OR WTFPL)',
]);

/** Licences that are well for tools that no user receives. */
const toolLicences = new Set([
  ...productLicences,
  'CC-BY-4.0',
  'MPL-2.0',
  'Python-2.0',
  'WTFPL',
  'WTFPL OR ISC',
  '(MIT OR CC0-1.0)',
  '(WTFPL OR MIT)',
]);

/**
 * Packages that ask to run a program when they are installed. None is let: set-up compiles sqlite3 itself, keytar
 * and sodium-native bring their binaries along, and fsevents is an optional watcher on macOS that the tools do without.
 */
const knownInstallScripts = new Set(['sqlite3', '@github/keytar', 'fsevents']);

const exactVersion = /^(?:npm:(?:@[a-z0-9-]+\/)?[a-z0-9-]+@)?\d+\.\d+\.\d+$/;

/** Versions in a package.json that leave a choice, one line each. */
export function looseVersions(manifest: Readonly<Record<string, unknown>>): string[] {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries((manifest[kind] ?? {}) as Readonly<Record<string, string>>)
      .filter(([, version]) => !exactVersion.test(version))
      .map(([name, version]) => `${name}: ${version} is not an exact version`),
  );
}

/** What is wrong with one package of a lockfile, one line each. */
export function packageFaults(locked: LockedPackage): string[] {
  const allowed = locked.dev ? toolLicences : productLicences;
  const faults = [
    locked.integrity?.startsWith('sha512-') === true ? undefined : 'has no SHA-512 integrity in the lockfile',
    locked.resolved === undefined ? undefined : `is tied to the address ${locked.resolved}`,
    allowed.has(locked.license ?? '')
      ? undefined
      : `its licence is not on the list: ${locked.license ?? 'none named'}`,
    locked.hasInstallScript && !knownInstallScripts.has(locked.name)
      ? 'wants to run a program when it is installed'
      : undefined,
  ];
  return faults.filter((fault) => fault !== undefined).map((fault) => `${locked.path}: ${fault}`);
}

function checkPackages(): { wrong: string[]; count: number } {
  const folders = ['.', 'scripts/node'];
  const packages = folders.flatMap(lockedPackages);
  const manifests = folders.map((folder) => readFileSync(join(project, folder, 'package.json'), 'utf8'));
  const named = new Set(billOfMaterials().components.map(({ name, version }) => `${name} ${version}`));
  const wrong = [
    ...manifests.flatMap((text) => looseVersions(JSON.parse(text) as Record<string, unknown>)),
    ...packages.flatMap(packageFaults),
    ...packages
      .filter(({ name, version }) => !named.has(`${name} ${version}`))
      .map(({ path }) => `${path}: is missing in the bill of materials`),
    ...(packages.length > 0 ? [] : ['the lockfiles name no package']),
  ];
  return { wrong, count: packages.length };
}

if (import.meta.main) {
  const { wrong, count } = checkPackages();
  for (const line of wrong) console.log(line);
  console.log(`packages: ${wrong.length} faults in ${count} packages`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
