import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  type PrivateKeyring,
  privateKeyringLacks,
  startPrivateKeyring,
} from '../../src/cli/private-keyring.ts';
import { toBase64, toHex } from '../../src/core/bytes.ts';
import { osKeychain } from '../../src/wallet/keychain/os-keychain.ts';
import { createVault, newSecrets, openVault } from '../../src/wallet/vault/vault.ts';
import { secretsIn, wordsOfError } from '../support/canary.ts';
import { bytes32 } from '../support/ledger.ts';

const project = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'keychain-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const lacks = privateKeyringLacks();
const isLinux = process.platform === 'linux';
const canRun = isLinux && lacks.length === 0;
const reason = isLinux ? `this machine lacks ${lacks.join(', ')}` : 'it would be the keychain of this user';

const key = bytes32('wrapping key');
const keyrings: PrivateKeyring[] = [];
afterEach(async () => {
  await Promise.all(keyrings.splice(0).map((keyring) => keyring.stop()));
});

async function privateKeyring(): Promise<{ keyring: PrivateKeyring; env: NodeJS.ProcessEnv }> {
  const keyring = await startPrivateKeyring(folder);
  keyrings.push(keyring);
  return { keyring, env: { ...process.env, ...keyring.env } };
}

describe.skipIf(!canRun)(canRun ? 'a real keychain' : `a real keychain (skipped: ${reason})`, () => {
  it('keeps keys by service and account until they are removed', async () => {
    const { env } = await privateKeyring();
    const keychain = osKeychain({ service: 'Countersign', env });
    expect(await keychain.read('profile')).toBeUndefined();
    await keychain.write('profile', key);
    expect(toHex((await keychain.read('profile')) ?? new Uint8Array())).toBe(toHex(key));
    expect(await keychain.read('another')).toBeUndefined();
    expect(await osKeychain({ service: 'Other', env }).read('profile')).toBeUndefined();
    expect([await keychain.remove('profile'), await keychain.remove('profile')]).toEqual([true, false]);
    expect(await keychain.read('profile')).toBeUndefined();
  });

  it('opens a vault again in another process, and only with it', async () => {
    const { keyring, env } = await privateKeyring();
    const keychain = osKeychain({ service: 'Countersign', env });
    const file = join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
    const vault = await createVault(file, { kind: 'keychain', keychain }, newSecrets(bytes32('entropy')));
    const script = `
      import { openVault } from ${JSON.stringify(pathToFileURL(join(project, 'src/wallet/vault/vault.ts')).href)};
      import { osKeychain } from ${JSON.stringify(pathToFileURL(join(project, 'src/wallet/keychain/os-keychain.ts')).href)};
      const vault = await openVault(process.argv[1], { keychain: osKeychain({ service: 'Countersign' }) });
      console.log(Buffer.from(vault.signerFor(new Uint8Array(32), 0).publicKey).toString('hex'));`;
    const run = (): { stdout: string; stderr: string } =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script, file], { env, encoding: 'utf8' });
    expect(run().stdout.trim()).toBe(toHex(vault.signerFor(new Uint8Array(32), 0).publicKey));
    const before = readFileSync(file);
    await keyring.lock?.();
    await expect(openVault(file, { keychain })).rejects.toMatchObject({ code: 'vault-locked' });
    const locked = run();
    expect([locked.stdout, locked.stderr.includes('vault-locked')]).toEqual(['', true]);
    const other = join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
    await expect(
      createVault(other, { kind: 'keychain', keychain }, newSecrets(bytes32('entropy'))),
    ).rejects.toMatchObject({
      code: 'keychain-refused',
    });
    expect(readFileSync(file)).toEqual(before);
  });

  it('takes what others stored under its name for a key that opens nothing', async () => {
    const { env } = await privateKeyring();
    const keychain = osKeychain({ service: 'Countersign', env });
    const file = join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
    const { profile } = await createVault(
      file,
      { kind: 'keychain', keychain },
      newSecrets(bytes32('entropy')),
    );
    const script = `require('keytar').setPassword('Countersign', ${JSON.stringify(profile)}, 'hunter2')`;
    spawnSync(process.execPath, ['--input-type=commonjs', '-e', script], { cwd: project, env });
    await expect(openVault(file, { keychain })).rejects.toMatchObject({ code: 'vault-changed' });
  });

  it('says that there is none when its bus is gone', async () => {
    const { keyring, env } = await privateKeyring();
    const keychain = osKeychain({ service: 'Countersign', env });
    await keychain.write('profile', key);
    await keyring.stop();
    await expect(keychain.read('profile')).rejects.toMatchObject({ code: 'keychain-unavailable' });
    await expect(keychain.write('profile', key)).rejects.toMatchObject({ code: 'keychain-unavailable' });
    await expect(keychain.remove('profile')).rejects.toMatchObject({ code: 'keychain-unavailable' });
  });
});

describe.skipIf(!isLinux)('a machine without a keychain', () => {
  it('says so: no session bus at all', async () => {
    const env = { ...process.env };
    for (const name of ['DBUS_SESSION_BUS_ADDRESS', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR'])
      Reflect.deleteProperty(env, name);
    const keychain = osKeychain({ service: 'Countersign', env });
    await expect(keychain.read('profile')).rejects.toMatchObject({ code: 'keychain-unavailable' });
  });
});

describe('the process that asks the keychain', () => {
  /** A keychain whose child is this script. */
  function childOf(script: string, timeoutMs = 10_000): ReturnType<typeof osKeychain> {
    const program = join(mkdtempSync(join(folder, 'child-')), 'child.mjs');
    writeFileSync(program, script);
    return osKeychain({ service: 'Countersign', program, timeoutMs });
  }

  function isRunning(pid: number): boolean {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  async function gone(pid: number): Promise<boolean> {
    for (let i = 0; i < 100 && isRunning(pid); i++) await new Promise((next) => setTimeout(next, 20));
    return !isRunning(pid);
  }

  it('is ended when it does not answer in time', async () => {
    const file = join(folder, 'slow.pid');
    const script = `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => undefined, 1000);`;
    const begun = performance.now();
    await expect(childOf(script, 2000).read('profile')).rejects.toMatchObject({ code: 'keychain-no-answer' });
    expect(performance.now() - begun).toBeLessThan(6000);
    expect(await gone(Number(readFileSync(file, 'utf8')))).toBe(true);
  });

  it('is not waited for when something that it started holds its output open', async () => {
    const file = join(folder, 'grandchild.pid');
    const script = `import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 20000)'], { stdio: 'inherit', detached: true });
      writeFileSync(${JSON.stringify(file)}, String(child.pid));
      process.stdout.write(JSON.stringify({ ok: true, secret: null, removed: false }) + '\\n');
      process.exit(0);`;
    const begun = performance.now();
    expect(await childOf(script).read('profile')).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(8000);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
  });

  it('gets the key on its input alone: neither arguments nor environment show it to others', async () => {
    const file = join(folder, 'seen.json');
    const script = `import { readFileSync, writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.argv, process.env]));
      const request = JSON.parse(readFileSync(0, 'utf8'));
      console.log(JSON.stringify({ ok: true, secret: null, removed: request.secret === ${JSON.stringify(toBase64(key))} }));`;
    await childOf(script).write('profile', key);
    expect(secretsIn('seen', readFileSync(file), [{ name: 'key', secret: key }])).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['half an answer', `{"ok":true,"secret":"SECRET`],
    ['what is no answer', `{"ok":true,"secret":5}\n`],
    ['null', 'null\n'],
    ['a list', '[1]\n'],
    ['an endless line', 'SECRET'.repeat(1000)],
    ['another answer', `{"ok":"SECRET","message":"SECRET"}\n`],
  ])('never has its words repeated when it writes %s', async (_, output) => {
    const text = output.replaceAll('SECRET', toBase64(key));
    const script = `process.stdout.write(${JSON.stringify(text)}, () => process.exit(3));`;
    const error: unknown = await childOf(script)
      .read('profile')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'keychain-driver' });
    expect(secretsIn('the error', Buffer.from(wordsOfError(error)), [{ name: 'key', secret: key }])).toEqual(
      [],
    );
  });

  it.each([
    ['load', 'libsecret-1.so.0: cannot open shared object file', 'keychain-driver'],
    ['call', 'Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain-unavailable'],
    [
      'call',
      'The name org.freedesktop.secrets was not provided by any .service files',
      'keychain-unavailable',
    ],
    ['call', 'Could not connect: Connection refused', 'keychain-unavailable'],
    ['call', 'Cannot create an item in a locked collection', 'keychain-refused'],
    ['call', 'x'.repeat(4000), 'keychain-refused'],
  ])('tells a failure at %s, "%s", by its code', async (at, message, code) => {
    const reply = JSON.stringify({ ok: false, at, message });
    const script = `console.log(${JSON.stringify(reply)});`;
    const error: unknown = await childOf(script)
      .read('profile')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, detail: message.slice(0, 200) });
  });

  it('may be missing', async () => {
    const keychain = osKeychain({ service: 'Countersign', program: join(folder, 'no-such-file.mjs') });
    await expect(keychain.read('profile')).rejects.toMatchObject({ code: 'keychain-driver' });
  });
});
