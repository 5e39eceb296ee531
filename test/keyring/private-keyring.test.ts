import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { privateKeyringLacks, startPrivateKeyring } from '../../src/cli/private-keyring.ts';

const project = dirname(dirname(import.meta.dirname));
const lacks = privateKeyringLacks();
const isLinux = process.platform === 'linux';
const reason = isLinux ? `this machine lacks ${lacks.join(', ')}` : 'the keychain is part of this system';
const canRun = isLinux && lacks.length === 0;

const parent = mkdtempSync(join(tmpdir(), 'keyring-test-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

/** Runs keytar calls in a process of their own, as the product does, and returns what they came to. */
function keytar(env: Readonly<Record<string, string>>, calls: string): unknown {
  const script = `const keytar = require('keytar');
    (async () => { ${calls} })().then(
      (value) => console.log(JSON.stringify(value ?? null)),
      (error) => console.log(JSON.stringify({ error: error.message })),
    );`;
  const child = spawnSync(process.execPath, ['--input-type=commonjs', '-e', script], {
    cwd: project,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 10_000,
  });
  return JSON.parse(child.stdout);
}

/** The processes that work in a folder or below it. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readlinkSync(`/proc/${id}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 5000;
  while (!condition() && performance.now() < deadline) await new Promise((next) => setTimeout(next, 50));
  return condition();
}

describe.skipIf(!canRun)(canRun ? 'a private keyring' : `a private keyring (skipped: ${reason})`, () => {
  it('stores, reads and deletes a secret of a real keychain client', async () => {
    const keyring = await startPrivateKeyring(parent);
    try {
      expect(keytar(keyring.env, "return keytar.getPassword('s', 'a')")).toBeNull();
      expect(keytar(keyring.env, "return keytar.setPassword('s', 'a', 'secret')")).toBeNull();
      expect(keytar(keyring.env, "return keytar.getPassword('s', 'a')")).toBe('secret');
      expect(keytar(keyring.env, "return keytar.deletePassword('s', 'a')")).toBe(true);
      expect(keytar(keyring.env, "return keytar.getPassword('s', 'a')")).toBeNull();
    } finally {
      await keyring.stop();
    }
  });

  it('shares nothing with another one', async () => {
    const [one, two] = await Promise.all([startPrivateKeyring(parent), startPrivateKeyring(parent)]);
    try {
      keytar(one.env, "return keytar.setPassword('s', 'a', 'secret')");
      expect(keytar(two.env, "return keytar.getPassword('s', 'a')")).toBeNull();
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });

  it('reads nothing and refuses to write when it is locked', async () => {
    const keyring = await startPrivateKeyring(parent);
    try {
      keytar(keyring.env, "return keytar.setPassword('s', 'a', 'secret')");
      await keyring.lock?.();
      expect(keytar(keyring.env, "return keytar.getPassword('s', 'a')")).toBeNull();
      expect(keytar(keyring.env, "return keytar.setPassword('s', 'b', 'secret')")).toEqual({
        error: expect.stringContaining('locked') as string,
      });
    } finally {
      await keyring.stop();
    }
  });

  it('leaves no process and no file when it is stopped', async () => {
    const keyring = await startPrivateKeyring(parent);
    const [folder = ''] = readdirSync(parent);
    expect(processesIn(join(parent, folder)).length).toBeGreaterThanOrEqual(3);
    await keyring.stop();
    expect(processesIn(parent)).toEqual([]);
    expect(readdirSync(parent)).toEqual([]);
    expect(keytar(keyring.env, "return keytar.getPassword('s', 'a')")).toHaveProperty('error');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves no process and no file when the process that started it gets %s',
    async (signal) => {
      const own = mkdtempSync(join(parent, 'parent-'));
      const module = pathToFileURL(join(project, 'src/cli/private-keyring.ts')).href;
      const script = `import { startPrivateKeyring } from ${JSON.stringify(module)};
        await startPrivateKeyring(${JSON.stringify(own)});
        console.log('ready');
        setInterval(() => undefined, 1000);`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      });
      await new Promise((ready) => child.stdout.once('data', ready));
      expect(processesIn(own).length).toBeGreaterThanOrEqual(3);
      // To the whole process group, as a terminal sends it.
      process.kill(-(child.pid ?? 0), signal);
      expect(await until(() => processesIn(own).length === 0 && readdirSync(own).length === 0)).toBe(true);
      rmSync(own, { recursive: true });
    },
  );

  it('finds a shorter place for its sockets when the path is long', async () => {
    const keyring = await startPrivateKeyring(mkdtempSync(join(parent, 'x'.repeat(100))));
    const socket = (keyring.env['DBUS_SESSION_BUS_ADDRESS'] ?? '').replace('unix:path=', '');
    expect(existsSync(socket)).toBe(true);
    await keyring.stop();
    expect(existsSync(dirname(dirname(socket)))).toBe(false);
  });
});

describe.skipIf(!isLinux)(
  isLinux ? 'without its programs' : `without its programs (skipped: ${reason})`,
  () => {
    it('names what is missing', async () => {
      const path = process.env['PATH'];
      process.env['PATH'] = parent;
      try {
        expect(privateKeyringLacks()).toEqual(['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']);
        await expect(startPrivateKeyring(parent)).rejects.toMatchObject({ code: 'keychain-unavailable' });
      } finally {
        process.env['PATH'] = path;
      }
    });
  },
);
