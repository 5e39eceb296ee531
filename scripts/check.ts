/**
 * `./check`: every check and test of the project, all of them even when one fails. The last line stands alone and
 * counts: `N passed, N failed, N skipped`; before it come the failures and, last, each skip with its reason.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { run } from './checks/run.ts';
import { tally } from './checks/vitest-report.ts';
import type { Tally } from './checks/vitest-report.ts';

const root = dirname(import.meta.dirname);
const node = process.execPath;
const tool = (path: string): string => join(root, 'node_modules', path);
const shellScripts = ['start', 'check', 'countersign', '.ci/run', 'scripts/setup.sh'];

/** One check that is one command: it passed when the command ended with 0. */
const commands: readonly (readonly [name: string, ...command: string[]])[] = [
  ['format', node, tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
  ['types', node, tool('@typescript/native/bin/tsc'), '-b', '--pretty'],
  ['lint', node, tool('eslint/bin/eslint.js'), '--max-warnings=0', '.'],
  ['imports', node, 'scripts/checks/imports.ts'],
  ['dead code', node, tool('knip/bin/knip.js'), '--no-progress', '--treat-config-hints-as-errors'],
  ['packages', node, 'scripts/checks/packages.ts'],
  ['build', node, tool('electron-vite/bin/electron-vite.js'), 'build', '--logLevel=warn'],
  ['shell syntax', 'bash', '-c', 'for f; do bash -n "$f" || exit; done', 'bash', ...shellScripts],
];

/** A home of their own for the tests: nothing of the user's profile, session bus or keyring is within reach. */
function ownHome(home: string): NodeJS.ProcessEnv {
  const folder = (name: string, mode = 0o700): string => {
    mkdirSync(join(home, name), { mode });
    return join(home, name);
  };
  // Tests run as root start programs as another user, who must get through to a folder whose name they are told.
  chmodSync(home, 0o711);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    TMPDIR: folder('tmp', 0o711),
    XDG_RUNTIME_DIR: folder('run'),
    XDG_CONFIG_HOME: folder('config'),
    XDG_DATA_HOME: folder('data'),
    XDG_CACHE_HOME: folder('cache'),
    XDG_STATE_HOME: folder('state'),
    COUNTERSIGN_CONFORMANCE: process.env['COUNTERSIGN_CONFORMANCE'] ?? join(root, '../shared/conformance'),
  };
  const others = [
    'COUNTERSIGN_HOME',
    'COUNTERSIGN_PASSPHRASE',
    'DBUS_SESSION_BUS_ADDRESS',
    'GNOME_KEYRING_CONTROL',
    'SSH_AUTH_SOCK',
    'DISPLAY',
    'WAYLAND_DISPLAY',
  ];
  for (const name of others) Reflect.deleteProperty(env, name);
  return env;
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const heading = (name: string): void => {
  console.log(`\n== ${name}`);
};

/** Runs one command check; its output is shown only when it failed. */
async function commandCheck(name: string, command: readonly string[]): Promise<Tally> {
  heading(name);
  const begun = performance.now();
  // Tools that keep compiled code would otherwise put it into the system's temporary folder.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache/node') };
  const { code, output } = await run(command, { cwd: root, env });
  if (code !== 0) console.log(output.trimEnd());
  console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${seconds(begun)}`);
  return code === 0
    ? { passed: 1, failed: [], skipped: [] }
    : { passed: 0, failed: [`${name} (its output stands above)`], skipped: [] };
}

/** ShellCheck is not on npm, so it runs where the system has it. */
async function shellCheck(): Promise<Tally> {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((dir) => existsSync(join(dir, 'shellcheck')));
  if (found) return commandCheck('shell lint', ['shellcheck', '-x', ...shellScripts]);
  return {
    passed: 0,
    failed: [],
    skipped: ['shell lint (skipped: shellcheck is not installed on this machine)'],
  };
}

/** Runs all tests with vitest, live, in a home of their own. */
async function tests(home: string): Promise<Tally> {
  heading('tests');
  const begun = performance.now();
  const report = join(home, 'vitest.json');
  const { code } = await run(
    [
      node,
      tool('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { cwd: root, env: ownHome(home), live: true },
  );
  const result = tally(existsSync(report) ? readFileSync(report, 'utf8') : undefined, code, root);
  console.log(`tests: ${result.failed.length === 0 ? 'passed' : 'FAILED'} in ${seconds(begun)}`);
  return result;
}

async function main(): Promise<void> {
  const begun = performance.now();
  const home = mkdtempSync(join(tmpdir(), 'countersign-check-'));
  process.on('exit', () => {
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
    process.on(signal, () => process.exit(code));
  }

  const results: Tally[] = [];
  for (const [name, ...command] of commands) results.push(await commandCheck(name, command));
  results.push(await shellCheck(), await tests(home));

  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.flatMap((result) => result.failed);
  const skipped = results.flatMap((result) => result.skipped);
  console.log(`\nAll checks took ${seconds(begun)}.`);
  if (failed.length > 0) console.log(['', 'Failed:', ...failed].join('\n  '));
  if (skipped.length > 0) console.log(['', 'Skipped:', ...skipped].join('\n  '));
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
}

await main();
