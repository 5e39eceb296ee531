/** The demonstration as its user runs it: real processes, a keychain, HTTP and SQLite, in a TMPDIR of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chosenFiles } from '../../src/cli/demo/files.ts';
import { privateKeyringLacks } from '../../src/cli/private-keyring.ts';
import { cliMain } from '../support/cli.ts';
import { noOrdinaryUser, runAsUser, runScriptAsUser, userFolder } from '../support/ordinary-user.ts';

// A short path: where it is long the keyring lies elsewhere, and its processes could not be told by their folder.
const parent = mkdtempSync(join(process.platform === 'linux' ? '/tmp' : tmpdir(), 'demo-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

const lacks = privateKeyringLacks();
const canRun = lacks.length === 0;
const suffix = canRun ? '' : ` (skipped: this machine lacks ${lacks.join(', ')})`;
const isLinux = process.platform === 'linux';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Its TMPDIR. */
  readonly place: string;
}

function start(
  place: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [cliMain, 'demo', ...args], {
    cwd,
    env: { ...process.env, TMPDIR: place, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function demo(args: readonly string[], cwd = parent, env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const place = mkdtempSync(join(parent, 'tmp-'));
  const child = start(place, args, cwd, env);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr, place };
}

/** Processes that were started with this TMPDIR, or that work below it. */
function processesOf(place: string): string[] {
  return readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      const about =
        readFileSync(`/proc/${id}/environ`, 'latin1') + readFileSync(`/proc/${id}/cmdline`, 'latin1');
      return about.includes(place);
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 15_000;
  while (!condition() && performance.now() < deadline) await new Promise((next) => setTimeout(next, 50));
  return condition();
}

describe.skipIf(!canRun)(`the demonstration${suffix}`, () => {
  it('shows every step on files with any name and content, and says where everything lies', async () => {
    const cwd = mkdtempSync(join(parent, 'files-'));
    const names = [
      'a b.txt',
      'überschrift – 契約.txt',
      'bell\u0007 and \u001b[31mred.txt',
      '-dash.txt',
      'empty',
      'record.sqlite',
      'public',
    ];
    for (const name of names) writeFileSync(join(cwd, name), name === 'empty' ? '' : `content of ${name}`);
    mkdirSync(join(cwd, 'other'));
    writeFileSync(join(cwd, 'other/a b.txt'), 'another content');
    chmodSync(join(cwd, 'a b.txt'), 0o444);
    const { code, stdout, stderr, place } = await demo(
      ['--', ...names, 'other/a b.txt', join(cwd, 'empty')],
      cwd,
    );
    expect([code, stderr]).toEqual([0, '']);
    // Control characters are what is looked for.
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stdout).toContain('5. Alice puts 9 files on record');
    const shown = [...names, 'a b.txt', 'empty'].map((name) =>
      name.replace('\u0007', '\\u{7}').replace('\u001b', '\\u{1b}'),
    );
    for (const label of shown) {
      expect(stdout).toContain(`\n     ${label}: recorded before; on record in block `);
    }
    for (const label of shown.slice(0, 5)) {
      expect(stdout).toContain(`\n     ${label} is identical to the file recorded in block `);
    }
    expect(
      stdout.match(/: (recorded before; )?promised, signed by the operator, to be on record by /g),
    ).toHaveLength(9);
    expect(stdout).toContain('The other 4 are found in the same way.');
    expect(stdout).toContain('confirmation.txt: signed and kept here; waits to be sent');
    expect(stdout).toContain('confirmation.txt: on record in block');
    // Two announcements, eight different files, and what Bob signed.
    expect(stdout).toMatch(
      / from the ledger's id alone: \d+ blocks and 11 messages are as they were signed\./,
    );
    expect(stdout).toMatch(/\n {5}log verify: OK \d+\n/);
    expect(stdout.match(/\n {5}Caught: /g)).toHaveLength(3);
    expect(stdout).toContain('Caught: The file is not the one that the receipt is about. [receipt-file]');
    expect(stdout).toContain('[copy-message: ');
    expect(stdout).toMatch(/Caught: log verify: FAILED log-bundle-mismatch tile\/entries/);
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);

    const [folder = '', ...others] = readdirSync(place);
    expect(others).toEqual([]);
    expect(stdout).toContain(`Everything went as it should. It lies in ${join(place, folder)}:`);
    expect(readdirSync(join(place, folder)).sort()).toEqual([
      'alice',
      'bob',
      'changed',
      'ledger',
      'ledger-card.json',
    ]);
    expect(readdirSync(join(place, folder, 'changed')).sort()).toEqual([
      'a b.txt',
      'public',
      'record.sqlite',
    ]);
    for (const name of [
      'ledger/public',
      'ledger/private',
      'alice/default/identity.sealed',
      'bob/default/identity.sealed',
      'bob/default/record.sqlite',
    ])
      expect(existsSync(join(place, folder, name)), name).toBe(true);
    for (const name of names) {
      const content = name === 'empty' ? '' : `content of ${name}`;
      expect(readFileSync(join(cwd, name), 'utf8')).toBe(content);
    }
    if (isLinux) expect(processesOf(place)).toEqual([]);
  });

  it.skipIf(!isLinux).each([
    ['SIGINT', 'group', 130],
    ['SIGKILL', 'process', null],
  ] as const)('leaves no process behind when %s ends the %s', async (signal, target, code) => {
    const place = mkdtempSync(join(parent, 'tmp-'));
    const child = start(place, [], parent);
    let [stdout, stderr] = ['', ''];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const closed = once(child, 'close');
    expect(await until(() => stdout.includes('listening on'))).toBe(true);
    expect(processesOf(place).length).toBeGreaterThanOrEqual(4);
    const { pid = 0 } = child;
    process.kill(target === 'group' ? -pid : pid, signal);
    expect((await closed)[0]).toBe(code);
    expect(await until(() => processesOf(place).length === 0)).toBe(true);
    const [folder = ''] = readdirSync(place);
    if (signal === 'SIGINT') expect(stderr).toContain(`What there is so far lies in ${join(place, folder)};`);
    expect(readdirSync(join(place, folder)).filter((name) => name.startsWith('keyring'))).toEqual([]);
  });
});

describe('the files of the demonstration', () => {
  it('are samples when none is given', async () => {
    const folder = join(import.meta.dirname, '../../resources/samples');
    const names = readdirSync(folder).sort();
    expect(names.length).toBeGreaterThan(0);
    expect(await chosenFiles([])).toEqual(names.map((name) => ({ path: join(folder, name), label: name })));
  });
});

describe('the demonstration of what cannot be read', () => {
  function expectRefused(run: Omit<Run, 'place'>, label: string, reason: string): void {
    expect(run.stderr.split('\n')).toEqual([
      'countersign: A file for the demonstration cannot be read. [demo-file]',
      `  What was met: ${label}: ${reason}`,
      '  Nothing was recorded.',
      '  Name files that are there and that you may read. One whose name begins with a dash goes after --.',
      '',
    ]);
    expect([run.code, run.stdout]).toEqual([1, '']);
  }

  it.each([
    ['missing.pdf', 'there is no such file'],
    ['.', 'it is a folder'],
    ['', 'there is no such file'],
    ['pipe', 'it is not a plain file'],
    ['a\u001b[2Jb', 'there is no such file'],
  ])('says so and leaves nothing: %j', async (name, reason) => {
    const cwd = mkdtempSync(join(parent, 'files-'));
    writeFileSync(join(cwd, 'good.txt'), 'good');
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(cwd, 'pipe')]);
    const run = await demo(['good.txt', name], cwd);
    expectRefused(run, name.replace('\u001b', '\\u{1b}'), reason);
    expect(readdirSync(run.place)).toEqual([]);
  });

  const why = noOrdinaryUser();
  it.skipIf(why !== undefined)(
    `says so when the user may not read a file${why === undefined ? '' : ` (skipped: ${why})`}`,
    () => {
      const place = userFolder('demo-user');
      const file = join(place, 'secret.txt');
      writeFileSync(file, 'secret', { mode: 0o600 });
      chmodSync(file, 0);
      expectRefused(runAsUser([cliMain, 'demo', file], { TMPDIR: place }), file, 'you may not read it');
      // A file that may be read and not written is copied and changed all the same.
      chmodSync(file, 0o444);
      const module = join(dirname(cliMain), 'demo/tamper.ts');
      const script = `const { changedCopy } = await import(process.argv[1]);
        console.log(await changedCopy(process.argv[2], process.argv[2] + '.copy'));`;
      expect(runScriptAsUser(script, module, file)).toMatchObject({ code: 0, stdout: '3\n' });
      expect(readFileSync(`${file}.copy`, 'utf8')).toBe('secset');
      rmSync(place, { recursive: true });
    },
  );

  it('is a mistake in the command line when it is an option that there is not', async () => {
    const { code, stderr } = await demo(['--fast']);
    expect(code).toBe(64);
    expect(stderr).toContain('countersign demo --help');
  });

  it.skipIf(!isLinux)('needs a keyring: says which programs are missing, and leaves nothing', async () => {
    const { code, stderr, place } = await demo([], parent, { PATH: dirname(process.execPath) });
    expect(code).toBe(69);
    expect(stderr).toContain('missing programs: dbus-daemon, dbus-send, gnome-keyring-daemon');
    expect(readdirSync(place)).toEqual([]);
  });
});
