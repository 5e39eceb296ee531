/** A plugin for the bundle of main: the pictures for the bar of the system lie beside the program that shows them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** @param folder where they are kept. */
export function trayIcons(folder: string): Plugin {
  return {
    name: 'countersign:tray-icons',
    generateBundle() {
      for (const fileName of ['tray.png', 'trayTemplate.png', 'trayTemplate@2x.png'])
        this.emitFile({ type: 'asset', fileName, source: readFileSync(join(folder, fileName)) });
    },
  };
}
