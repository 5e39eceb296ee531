/** Packages with native code, which no bundle can hold, and what they need while they run. Everything else is bundled. */
import { lockedPackages, resolveFrom } from '../lockfile.ts';

export const nativePackages: readonly string[] = ['sqlite3', 'keytar', 'sodium-native'];

/** What they need only while they are compiled. */
const forCompiling: readonly string[] = ['node-addon-api', 'node-gyp', 'prebuild-install', 'tar'];

/** The folders of these packages and of all that they need while they run, as the lockfile writes them. */
export function nativePaths(): readonly string[] {
  const byPath = new Map(lockedPackages('.').map((locked) => [locked.path, locked]));
  const seen = new Set<string>();
  const todo = nativePackages.map((name) => `node_modules/${name}`);
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const locked = byPath.get(path);
    if (locked === undefined || seen.has(path)) continue;
    seen.add(path);
    for (const name of locked.needs.filter((one) => !forCompiling.includes(one))) {
      const found = resolveFrom(path, name, byPath);
      if (found !== undefined) todo.push(found.path);
    }
  }
  return [...seen].sort();
}
