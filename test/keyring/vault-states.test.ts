/**
 * An identity whose keyring fails in every way there is, with a real keyring and the real command line: each state is
 * named, with its sentences and the way out, and nothing that is met on the way is changed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PrivateKeyring, startPrivateKeyring } from '../../src/cli/private-keyring.ts';
import { explain } from '../../src/core/errors/family.ts';
import '../../src/core/errors/keychain.ts';
import '../../src/core/errors/vault.ts';
import { osKeychain } from '../../src/wallet/keychain/os-keychain.ts';
import { parseVaultFile } from '../../src/wallet/vault/vault-file.ts';
import { type CliRun, runCli } from '../support/cli.ts';
import { canUseKeyring, keyringSuite } from '../support/cli-people.ts';
import { unwrap } from '../support/ledger.ts';

const parent = mkdtempSync(join(tmpdir(), 'vault-states-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

/** Processes of the keyring in a folder, by a word of their command. */
function processesOf(folder: string, word: string): readonly number[] {
  const found = readdirSync('/proc').filter((id) => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      const isThere = /^\d+$/.test(id) && readlinkSync(`/proc/${id}/cwd`).startsWith(folder);
      return isThere && !command.startsWith('/bin/sh') && command.includes(word);
    } catch {
      return false;
    }
  });
  return found.map(Number);
}

describe.skipIf(!canUseKeyring)(keyringSuite('an identity in a keyring'), () => {
  let keyring: PrivateKeyring;
  let place: string;
  let home: string;

  const countersign = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliRun> =>
    runCli(args, { ...keyring.env, COUNTERSIGN_HOME: home, ...env });
  const sealed = (): Buffer => readFileSync(join(home, 'default/identity.sealed'));
  const account = (): string => unwrap(parseVaultFile(sealed())).profile;
  const keychain = (): ReturnType<typeof osKeychain> =>
    osKeychain({ service: 'Countersign', env: { ...process.env, ...keyring.env } });
  const words = (name: string): string => join(place, name);
  const restore = ['identity', 'restore', '--words-from'];
  const sheets = (name: string): readonly string[] => [
    ...['--words-to-file', words(`${name}.words`)],
    ...['--recovery-words-to-file', words(`${name}.recovery`)],
  ];

  beforeAll(async () => {
    place = mkdtempSync(join(parent, 'place-'));
    home = join(place, 'home');
    keyring = await startPrivateKeyring(place);
    expect((await countersign(['identity', 'new', ...sheets('own')])).code).toBe(0);
  });
  afterAll(() => keyring.stop());

  let before: Buffer;
  beforeEach(() => {
    before = sealed();
  });
  afterEach(() => {
    expect(sealed(), 'the sealed file').toEqual(before);
  });

  /** What the command line says of the identity now: state and all sentences of the code. */
  async function expectState(name: string, code: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const shown = await countersign(['identity', 'show'], env);
    expect([shown.code, shown.stderr]).toEqual([69, '']);
    expect(shown.stdout).toMatch(/^profile {3}default\nidentity {2}closed: /);
    const { happened = '', means = '', next = '' } = explain(code) ?? {};
    expect(happened).not.toBe('');
    for (const sentence of [happened, means, next]) expect(shown.stdout).toContain(`          ${sentence}\n`);
    const json = await countersign(['identity', 'show', '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({ state: name, code });
  }

  it('without a session bus has no keychain', async () => {
    for (const address of ['unix:path=/nowhere', '']) {
      await expectState('no-keychain', 'keychain-unavailable', { DBUS_SESSION_BUS_ADDRESS: address });
    }
  });

  it('whose entry is another key is not opened by it', async () => {
    const key = (await keychain().read(account())) ?? new Uint8Array();
    expect(key).toHaveLength(32);
    await keychain().write(account(), new Uint8Array(32).fill(7));
    await expectState('changed', 'vault-changed');
    await keychain().write(account(), key);
    expect((await countersign(['contact', 'list'])).code).toBe(0);
  });

  it('in a locked keyring waits for it; nothing is made meanwhile, and nobody is shown words', async () => {
    await keyring.lock?.();
    await expectState('locked', 'vault-locked');
    const made = await countersign(['identity', 'new', '--profile', 'other', ...sheets('other')]);
    expect([made.code, made.stderr.includes('[keychain-locked]')]).toEqual([69, true]);
    const again = await countersign([...restore, words('own.words')]);
    expect([again.code, again.stderr.includes('[keychain-locked]')]).toEqual([69, true]);
    expect(readdirSync(home)).toEqual(['default']);
    expect(readdirSync(place).filter((name) => name.startsWith('other'))).toEqual([]);
  });

  it('whose keyring hangs is told apart from one that is gone', async () => {
    const [daemon] = processesOf(place, '--components=secrets');
    if (daemon === undefined) throw new Error('the keyring does not run');
    process.kill(daemon, 'SIGSTOP');
    await expectState('locked-or-lost', 'keychain-no-answer');
    process.kill(daemon, 'SIGKILL');
    await expectState('no-keychain', 'keychain-unavailable');
    expect(processesOf(place, 'dbus-daemon')).toHaveLength(1);
  });
});

describe.skipIf(!canUseKeyring)(keyringSuite('the way back of an identity by its words'), () => {
  let keyring: PrivateKeyring;
  let place: string;

  beforeAll(async () => {
    place = mkdtempSync(join(parent, 'place-'));
    keyring = await startPrivateKeyring(place);
  });
  afterAll(() => keyring.stop());

  it('opens it again after its entry was removed, to those words only, and into a passphrase too', async () => {
    const home = join(place, 'home');
    const sheet = join(place, 'words');
    const countersign = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliRun> =>
      runCli(args, { ...keyring.env, COUNTERSIGN_HOME: home, ...env });
    const sealed = (): Buffer => readFileSync(join(home, 'default/identity.sealed'));
    const files = ['--words-to-file', sheet, '--recovery-words-to-file', `${sheet}.recovery`];
    expect((await countersign(['identity', 'new', ...files])).code).toBe(0);
    const keychain = osKeychain({ service: 'Countersign', env: { ...process.env, ...keyring.env } });
    expect(await keychain.remove(unwrap(parseVaultFile(sealed())).profile)).toBe(true);
    const lost = await countersign(['identity', 'show', '--json']);
    expect([lost.code, JSON.parse(lost.stdout)]).toMatchObject([69, { state: 'lost', code: 'vault-lost' }]);

    const before = sealed();
    const other = await countersign(['identity', 'restore', '--words-from', `${sheet}.recovery`]);
    expect([other.code, other.stderr.includes('[vault-other-words]')]).toEqual([1, true]);
    expect(sealed()).toEqual(before);
    expect((await countersign(['identity', 'restore', '--words-from', sheet])).code).toBe(0);
    // The private rows are the same ones: they are compared as a whole when they are opened.
    expect((await countersign(['contact', 'list'])).code).toBe(0);

    const none = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    const passphrase = { COUNTERSIGN_PASSPHRASE: 'four words that nobody guesses', ...none };
    const withPassphrase = ['identity', 'restore', '--words-from', sheet, '--keeper', 'passphrase'];
    expect((await countersign(withPassphrase, passphrase)).code).toBe(0);
    expect((await countersign(['contact', 'list'], passphrase)).code).toBe(0);
    expect(spawnSync('grep', ['-rlF', readFileSync(sheet, 'utf8').slice(0, 40), home]).status).toBe(1);
  });
});
