/**
 * The import rules: `.dependency-cruiser.mjs` for everything that is a matter of paths, and here what is not. It is
 * no use that a checker is content when it saw nothing, so every source file on the disk must have been seen.
 *
 *     node scripts/checks/imports.ts [FOLDER]     FOLDER holds src/ and is the project's own by default
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IFlattenedRuleSet, IForbiddenRuleType } from 'dependency-cruiser';

const project = dirname(dirname(import.meta.dirname));

/** Packages with native code: each is imported by one driver file, so that one file knows its traps. */
const drivenPackages = ['sqlite3', 'keytar', 'sodium-native'];

/** Names of Electron that one place alone may use, as a pattern of the files that may. */
const keptNames: readonly (readonly [name: string, allowed: RegExp])[] = [
  ['ipcMain', /^src\/main\/router\.ts$/],
  ['ipcRenderer', /^src\/preload\//],
];

/** What `.dependency-cruiser.mjs` exports. */
interface Configuration {
  /** By the name of the room's folder under src. */
  readonly rooms: Readonly<Record<string, object>>;
  readonly default: { readonly forbidden: IForbiddenRuleType[]; readonly options: object };
}

const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** The TypeScript files below the rooms and tools of a project folder, as paths relative to it. */
function sourcesOnDisk(root: string): string[] {
  return ['src', 'test', 'scripts'].flatMap((top) => {
    try {
      return readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
        .map((path) => `${top}/${path}`)
        .filter((path) => /\.tsx?$/.test(path) && !path.includes('/node_modules/'));
    } catch {
      return [];
    }
  });
}

/** What the rules over paths refuse, one line each. */
function brokenRules(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to, cycle }) => {
    const way =
      cycle === undefined ? `${from} -> ${to}` : [from, ...cycle.map((step) => step.name)].join(' -> ');
    return `${rule.name}: ${from === to ? from : way}`;
  });
}

/** Files that the checker did not see although they are there, and a run without any import at all. */
function unseen(result: ICruiseResult, sources: readonly string[]): string[] {
  const seen = new Set(result.modules.map((module) => module.source));
  const imports = result.modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  return [
    ...sources.filter((path) => !seen.has(path)).map((path) => `not-seen: ${path}`),
    ...(sources.some((path) => path.startsWith('src/')) ? [] : ['nothing-seen: there is no file under src/']),
    ...(imports > 0 ? [] : ['nothing-seen: no import was found in any file']),
  ];
}

/** Files under src that lie in no room, so that no rule speaks about them. */
function outsideRooms(sources: readonly string[], rooms: readonly string[]): string[] {
  return sources
    .filter((path) => path.startsWith('src/') && !rooms.some((room) => path.startsWith(`src/${room}/`)))
    .map((path) => `known-rooms-only: ${path}`);
}

/** More than one file that drives the same native package. */
function secondDrivers(result: ICruiseResult): string[] {
  return drivenPackages.flatMap((name) => {
    const drivers = result.modules
      .filter(({ source }) => source.startsWith('src/') && !isTest(source))
      .filter(({ dependencies }) => dependencies.some((dependency) => dependency.module === name))
      .map(({ source }) => source);
    return drivers.length > 1 ? [`one-driver-per-native-package: ${name} in ${drivers.join(', ')}`] : [];
  });
}

/** Names that stand in a file which may not use them. */
function misplacedNames(root: string, sources: readonly string[]): string[] {
  return sources
    .filter((path) => path.startsWith('src/'))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return keptNames
        .filter(([name, allowed]) => new RegExp(`\\b${name}\\b`).test(text) && !allowed.test(path))
        .map(([name]) => `${name}-in-its-place-only: ${path}`);
    });
}

/** Checks the project in a folder. @returns what is wrong, one line each, and how much was looked at */
async function checkImports(root: string): Promise<{ wrong: string[]; modules: number; imports: number }> {
  const configuration = pathToFileURL(join(project, '.dependency-cruiser.mjs')).href;
  const { rooms, default: rules } = (await import(configuration)) as Configuration;
  const sources = sourcesOnDisk(root);
  const tops = ['src', 'test', 'scripts'].filter((top) => sources.some((path) => path.startsWith(`${top}/`)));
  const ruleSet: IFlattenedRuleSet = { forbidden: rules.forbidden };
  const { output } = await cruise(tops, { ...rules.options, baseDir: root, validate: true, ruleSet });
  const result = output as ICruiseResult;
  const wrong = [
    ...unseen(result, sources),
    ...brokenRules(result),
    ...outsideRooms(sources, Object.keys(rooms)),
    ...secondDrivers(result),
    ...misplacedNames(root, sources),
  ];
  const imports = result.modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  return { wrong, modules: sources.length, imports };
}

const { wrong, modules, imports } = await checkImports(resolve(process.argv[2] ?? project));
for (const line of wrong) console.log(line);
console.log(`imports: ${wrong.length} refused; ${imports} imports of ${modules} files looked at`);
process.exitCode = wrong.length === 0 ? 0 : 1;
