/** The application as it goes into a package: the bundles, a package.json of its own, and the packages with native code. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { project } from '../lockfile.ts';
import { nativePaths } from './native.ts';

/** What a package with native code needs while it runs: its scripts, its licence, its binaries for this system. */
function isNeeded(file: string, target: string): boolean {
  const name = file.split(sep).join('/');
  if (/(^|\/)(test|tests|docs?|examples?|script|deps|src)\//.test(name)) return false;
  if (/(^|\/)(package\.json|licen[cs]e[^/]*)$/i.test(name)) return true;
  if (name.endsWith('.node'))
    return name.startsWith(`prebuilds/${target}/`) || name.startsWith('build/Release/');
  return /\.[cm]?js$/.test(name);
}

function stagePackage(path: string, app: string, target: string): void {
  const from = join(project, path);
  for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (file.split(sep).includes('node_modules') || !isNeeded(file, target)) continue;
    const to = join(app, path, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(from, file), to);
  }
}

/** What Electron and electron-builder read of a package.json. */
function manifest(): object {
  const own = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, description, license, type, main } = own;
  return {
    name,
    productName: 'Countersign',
    version,
    description,
    license,
    type,
    main,
    author: 'Countersign',
  };
}

/**
 * Puts the application together in a folder, which is made anew.
 * @param target system and processor, `linux-x64`.
 * @throws Error when the bundles or the compiled driver of the database are not there.
 */
export function stageApp(app: string, target: string): void {
  const out = join(project, 'out');
  const driver = 'node_modules/sqlite3/build/Release/node_sqlite3.node';
  for (const needed of [join(out, 'main/index.js'), join(project, driver)])
    if (!existsSync(needed)) throw new Error(`not there: ${relative(project, needed)}`);
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  for (const part of ['main', 'preload', 'renderer'])
    cpSync(join(out, part), join(app, 'out', part), { recursive: true });
  for (const path of nativePaths()) stagePackage(path, app, target);
  writeFileSync(join(app, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  cpSync(join(project, 'LICENSE'), join(app, 'LICENSE'));
}
