/**
 * Names the packages that the lockfile wants on this platform and that are not installed; exit 1 when there are any.
 * npm leaves an optional package out in silence when it cannot be fetched, also one that a tool does not work without.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockedPackages, project, resolveFrom } from './lockfile.ts';
import type { LockedPackage } from './lockfile.ts';

/** What a package's `os`, `cpu` and `libc` are compared with. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** `glibc` or `musl`, undefined where there is no such choice. */
  readonly libc: string | undefined;
}

/** Whether a list like `['linux', 'darwin']` or `['!win32']` admits a name; no list admits every name. */
function admits(list: readonly string[], name: string | undefined): boolean {
  if (list.length === 0) return true;
  if (name === undefined) return false;
  return list[0]?.startsWith('!') === true ? !list.includes(`!${name}`) : list.includes(name);
}

/** Whether npm installs a package on a platform. */
export function isWanted({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  return admits(os, platform.os) && admits(cpu, platform.cpu) && admits(libc, platform.libc);
}

function thisPlatform(): Platform {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const libc = header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
  return { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? libc : undefined };
}

/** Every package that is reached from the project's own dependencies without passing one that is not wanted. */
function wantedPackages(platform: Platform): LockedPackage[] {
  const byPath = new Map(lockedPackages('.').map((locked) => [locked.path, locked]));
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Record<string, object>;
  const reached = new Set<LockedPackage>();
  const visit = (path: string, names: readonly string[]): void => {
    for (const name of names) {
      const locked = resolveFrom(path, name, byPath);
      if (locked === undefined || reached.has(locked) || !isWanted(locked, platform)) continue;
      reached.add(locked);
      visit(locked.path, locked.needs);
    }
  };
  visit('', Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] }));
  return [...reached];
}

if (import.meta.main) {
  const missing = wantedPackages(thisPlatform()).filter(
    ({ path }) => !existsSync(join(project, path, 'package.json')),
  );
  for (const { path, version } of missing) console.log(`${path} ${version}`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
