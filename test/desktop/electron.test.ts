/**
 * What only Electron's own program can show; skipped, by name, where there is none. Electron's cryptography is BoringSSL, so
 * the suite in which all engines must agree runs inside of it too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { electronLacks, electronPath } from './electron-port.ts';
import { builtMain, environment, root } from './host-port.ts';

const program = electronPath();
const noProgram = program === undefined ? "Electron's program is not on this machine" : undefined;
const noWindow = electronLacks() ?? (existsSync(builtMain) ? undefined : 'the application is not built');
const named = (name: string, lacks: string | undefined): string =>
  lacks === undefined ? `${name} [host=electron]` : `${name} (skipped: ${lacks})`;

describe.skipIf(noProgram !== undefined)(named('the engines inside Electron', noProgram), () => {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };

  it('are those of BoringSSL, and agree with the portable ones', () => {
    const said = spawnSync(
      program ?? '',
      ['-p', 'process.versions.electron + " " + process.versions.openssl'],
      {
        ...{ env, encoding: 'utf8' },
      },
    );
    expect(said.stdout).toMatch(/^\d+\.\d+\.\d+ /);
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const ran = spawnSync(program ?? '', [vitest, 'run', 'src/engines', '--reporter=dot'], {
      ...{ cwd: root, env, encoding: 'utf8' },
    });
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
  }, 300_000);
});

describe.skipIf(noWindow !== undefined)(named('the windows of Electron', noWindow), () => {
  it('are sandboxed, isolated and served by our own protocol', async () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-electron-'));
    const asRoot = process.getuid?.() === 0;
    const app = await electron.launch({
      executablePath: program ?? '',
      args: [...(asRoot ? ['--no-sandbox'] : []), `--user-data-dir=${join(home, 'userData')}`, root],
      env: environment(home, {}) as Record<string, string>,
    });
    try {
      const page = await app.firstWindow();
      await page.waitForSelector('h1');
      expect(page.url()).toMatch(/^app:\/\/main\/index\.html/);
      expect(
        await page.evaluate("['require', 'process', 'module'].filter((name) => name in globalThis)"),
      ).toEqual([]);
      const seen = await app.evaluate(({ app: itself }) => ({
        sandboxed: itself.getAppMetrics().map(({ type, sandboxed }) => ({ type, sandboxed })),
        isSingle: itself.hasSingleInstanceLock(),
      }));
      expect(seen.isSingle).toBe(true);
      const renderers = seen.sandboxed.filter(({ type }) => type === 'Tab');
      // The sandbox of Chromium refuses to run as root.
      if (!asRoot) expect(renderers.every(({ sandboxed }) => sandboxed === true)).toBe(true);
    } finally {
      await app.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
