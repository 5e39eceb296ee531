/** How the application is bundled: main and its threads, the preload, the pages. `docs/desktop.md` says what comes out. */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { nativePackages } from './scripts/build/native.ts';
import { shippedPackages } from './scripts/build/notices.ts';
import { trayIcons } from './scripts/build/tray-icons.ts';
import { urlChunks } from './scripts/build/url-chunks.ts';

const root = import.meta.dirname;
const source = resolve(root, 'src');

const external = ['electron', ...nativePackages];
const shipped = shippedPackages();

export default defineConfig({
  main: {
    plugins: [urlChunks(source), trayIcons(resolve(root, 'resources/icons')), shipped.see],
    build: {
      outDir: 'out/main',
      target: 'node24',
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(source, 'main/index.ts') },
        external: [...external, /^node:/],
        // All chunks lie side by side, so that a chunk can be named from any other.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    plugins: [shipped.see],
    build: {
      outDir: 'out/preload',
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve(source, 'preload/index.ts') },
        external: ['electron'],
        // A sandboxed preload is one file of the old module format.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(source, 'renderer'),
    plugins: [react(), shipped.write],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: 'chrome140',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: resolve(source, 'renderer/index.html') } },
    },
  },
});
