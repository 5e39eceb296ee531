/**
 * A plugin for the bundle of main. In the source, threads and child processes are started from
 * `new URL('./x.ts', import.meta.url)`, and folders of files are read from `new URL('./folder/', import.meta.url)`. In the
 * bundle each such file becomes a chunk of its own, each such folder a folder of chunks, at a place beside all others.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

const call = /new URL\(\s*'(\.{1,2}\/[^']*)',\s*import\.meta\.url,?\s*\)/g;

/** A name that no other file of the source has: its path, with hyphens. */
function flat(root: string, path: string): string {
  return relative(root, path).replace(/\.ts$/, '').split(sep).join('-');
}

/** @param root the folder with the source, `src`. */
export function urlChunks(root: string): Plugin {
  return {
    name: 'countersign:url-chunks',
    // Before types are taken away and the code is written anew.
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(root + sep) || !code.includes('import.meta.url')) return undefined;
      const changed = code.replace(call, (whole: string, given: string) => {
        const path = resolve(dirname(id), given);
        if (given.endsWith('.ts')) {
          const fileName = `${flat(root, path)}.js`;
          this.emitFile({ type: 'chunk', id: path, fileName });
          return `new URL('./${fileName}', import.meta.url)`;
        }
        if (!given.endsWith('/')) return whole;
        const folder = flat(root, path);
        for (const name of readdirSync(path).filter((file) => /^[a-z0-9-]+\.ts$/.test(file))) {
          const fileName = `${folder}/${basename(name, '.ts')}.js`;
          this.emitFile({ type: 'chunk', id: join(path, name), fileName });
        }
        return `new URL('./${folder}/', import.meta.url)`;
      });
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}
