/**
 * A plugin for the bundles: it sees which packages are in them, and writes `notices.json` beside the pages: every package
 * that is shipped, as the bill of materials names it, with the text of its licence. The bundles are made one after the
 * other, that of the pages last.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { lockedPackages, project } from '../lockfile.ts';
import { nativePaths } from './native.ts';

/** A package that is shipped. */
interface Notice {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its place among the texts; absent when it brings none and its licence is all that is said. */
  readonly text?: number;
}

interface Notices {
  readonly packages: readonly Notice[];
  readonly texts: readonly string[];
}

/** The folder of the package that a module of a bundle comes from, as the lockfile writes it. */
function packagePath(module: string): string | undefined {
  const within = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module.replace(/^\0+/, ''))?.[1];
  const start = within?.indexOf('node_modules/') ?? -1;
  return start < 0 ? undefined : within?.slice(start);
}

function licenceText(path: string): string | undefined {
  const folder = join(project, path);
  const name = existsSync(folder)
    ? readdirSync(folder).find((one) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(one))
    : undefined;
  return name === undefined
    ? undefined
    : readFileSync(join(folder, name), 'utf8').replace(/\r\n/g, '\n').trim();
}

/** The notices of these packages, by name. */
function noticesOf(paths: Iterable<string>): Notices {
  const byPath = new Map(lockedPackages('.').map((locked) => [locked.path, locked]));
  const texts: string[] = [];
  const packages = new Map<string, Notice>();
  for (const path of paths) {
    const locked = byPath.get(path);
    if (locked === undefined) throw new RangeError(`the lockfile does not know ${path}`);
    const { name, version, license = 'not named' } = locked;
    const text = licenceText(path);
    if (text !== undefined && !texts.includes(text)) texts.push(text);
    const notice = { name, version, license };
    packages.set(
      `${name} ${version}`,
      text === undefined ? notice : { ...notice, text: texts.indexOf(text) },
    );
  }
  const sorted = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { packages: sorted, texts };
}

/** The plugin for every bundle, and the one for the last. */
export function shippedPackages(): { readonly see: Plugin; readonly write: Plugin } {
  const seen = new Set<string>();
  const look = (modules: Iterable<string>): void => {
    for (const path of Array.from(modules, packagePath)) if (path !== undefined) seen.add(path);
  };
  return {
    see: {
      name: 'countersign:see-packages',
      generateBundle() {
        look(this.getModuleIds());
      },
    },
    write: {
      name: 'countersign:notices',
      generateBundle() {
        look(this.getModuleIds());
        const source = JSON.stringify(noticesOf([...seen, ...nativePaths()]));
        this.emitFile({ type: 'asset', fileName: 'notices.json', source });
      },
    },
  };
}
