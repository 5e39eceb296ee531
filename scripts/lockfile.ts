/** The lockfiles of npm, read as far as the checks and the bill of materials need them. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder. When the bundler reads its configuration, this file is part of a copy that lies there. */
export const project = existsSync(join(import.meta.dirname, 'package-lock.json'))
  ? import.meta.dirname
  : dirname(import.meta.dirname);

/** One installed package. */
export interface LockedPackage {
  /** Where it lies: `node_modules/a/node_modules/b`. */
  readonly path: string;
  /** What it is called in the registry, which an alias in package.json may hide. */
  readonly name: string;
  readonly version: string;
  /** `sha512-` and base64; undefined when the lockfile vouches for nothing. */
  readonly integrity: string | undefined;
  /** An address that the lockfile fixes; the project's lockfiles leave it to npm's configuration. */
  readonly resolved: string | undefined;
  readonly license: string | undefined;
  /** Only needed to build and check the project, never by its users. */
  readonly dev: boolean;
  /** It asks to run a program when it is installed, which `npm ci --ignore-scripts` does not let it do. */
  readonly hasInstallScript: boolean;
  /** Where it can be installed; empty lists for everywhere. */
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
  /** Names of what it depends on, whether installed or not. */
  readonly needs: readonly string[];
}

type Table = Readonly<Record<string, string>>;
interface Entry {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Table;
  readonly optionalDependencies?: Table;
  readonly peerDependencies?: Table;
}

/** Reads the lockfile (version 3) in a folder of the project: every package but the project itself. */
export function lockedPackages(folder: string): LockedPackage[] {
  const file = join(project, folder, 'package-lock.json');
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as {
    packages: Readonly<Record<string, Entry>>;
  };
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({
      path,
      name: entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      integrity: entry.integrity,
      resolved: entry.resolved,
      license: entry.license,
      dev: entry.dev ?? false,
      hasInstallScript: entry.hasInstallScript ?? false,
      os: entry.os ?? [],
      cpu: entry.cpu ?? [],
      libc: entry.libc ?? [],
      needs: Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies }),
    }));
}

/** The package that `name` means when the package at `path` asks for it: the nearest folder outward that has it. */
export function resolveFrom(
  path: string,
  name: string,
  installed: ReadonlyMap<string, LockedPackage>,
): LockedPackage | undefined {
  let folder = path;
  for (;;) {
    const found = installed.get(`${folder === '' ? '' : `${folder}/`}node_modules/${name}`);
    if (found !== undefined || folder === '') return found;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}
