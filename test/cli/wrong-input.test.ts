/** Wrong input of every kind, given to the real command line: it ends at once, with a sentence and the right exit code. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { type CliRun, cliMain, runCli } from '../support/cli.ts';
import { unwrap } from '../support/ledger.ts';
import { served, stopServices } from '../support/served.ts';

const place = mkdtempSync(join(tmpdir(), 'wrong-input-'));
const home = join(place, 'home');
const at = (name: string): string => join(place, name);
const passphrase = 'four words that nobody guesses';
const env = {
  COUNTERSIGN_HOME: home,
  COUNTERSIGN_PASSPHRASE: passphrase,
  NODE_COMPILE_CACHE: join(tmpdir(), 'countersign-compile-cache'),
};
const long = 'x'.repeat(5000);
const hasZero = existsSync('/dev/zero');

beforeAll(async () => {
  mkdirSync(at('folder'));
  writeFileSync(at('file'), 'a file');
  writeFileSync(at('empty'), '');
  writeFileSync(at('bytes'), Buffer.from([0xff, 0xfe, 0, 0x62]));
  const { ledger, url } = await served();
  const content = { endpoints: [url], ledger: ledger.id, log: ledger.logKey };
  writeFileSync(at('card'), writeLedgerCard(unwrap(composeLedgerCard(content))));
  expect(await runCli(['ledger', 'join', at('card'), '--yes'], env)).toMatchObject({ code: 0 });
  expect(await runCli(['sync'], env)).toMatchObject({ code: 0 });
  const sheets = ['--words-to-file', at('words'), '--recovery-words-to-file', at('recovery')];
  const made = await runCli(['identity', 'new', '--keeper', 'passphrase', ...sheets], env);
  expect(made).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await stopServices();
  rmSync(place, { recursive: true, force: true });
});

/** `exit code` and, where one is expected, `[code]`; then what a person must find in it. */
type Case = readonly [end: string, says: string, ...args: string[]];

const unread = 'there is no such file or folder (ENOENT)';
const folder = 'it is a folder (EISDIR)';

const cases: readonly Case[] = [
  ['64', 'Too many arguments', 'blocks', 'extra'],
  ['64', "Unknown option '--nope'", 'sync', '--nope'],
  ['64', 'whole number from 1 to 1000', 'blocks', '--limit', '99999999999999999999'],
  ['64', 'height.position', 'search', '--before', '9999999999999999.1'],
  ['64', 'Give 1 to 200 characters', 'search', '--matter', long],
  ['64', 'Give a day like', 'search', '--until', '2026-02-30'],
  ['64', 'Use 1 to 32 small letters', 'blocks', '--profile', '../x'],
  ['64', '8 to 64 hexadecimal digits', 'show', long],
  ['64', 'cannot be read (EBADF)', 'contact', 'list', '--passphrase-fd', '99'],
  ['64', 'The name of the receipt is empty', 'check', 'file', '--receipt', ''],
  ['64', 'There is nobody to ask for a yes', 'identity', 'rotate'],
  ['69 profile-missing', 'there are: default', 'blocks', '--profile', 'other'],
  ['69 ledger-not-joined', '...', 'blocks', '--ledger', long],
  ['69 receipt-unreadable', unread, 'check', 'missing'],
  ['69 receipt-unreadable', folder, 'check', 'folder'],
  ['69 receipt-unreadable', 'the name is too long', 'check', long],
  ['69 receipt-unreadable', unread, 'notarize', 'missing', '--offline'],
  ['1 ledger-no-card', folder, 'ledger', 'join', 'folder'],
  ['1 ledger-link', '', 'ledger', 'join', 'bytes'],
  ['1 card-unread', unread, 'contact', 'add', 'missing', '--name', 'X'],
  ['1 card-link', '', 'contact', 'add', 'empty', '--name', 'X'],
  ['1 words-count', '0 words', 'identity', 'restore', '--profile', 'new', '--words-from', 'empty'],
  ['1 own-words-unread', folder, 'identity', 'restore', '--profile', 'new', '--words-from', 'folder'],
  ['1 backup-unread', unread, 'restore', 'missing', '--list'],
  ['73 backup-exists', 'file', 'backup', 'file'],
  [
    '1 ledger-policy',
    folder,
    'ledger',
    'create',
    ...['--data', 'new', '--origin', 'x'],
    ...['--endpoint', 'http://a/', '--policy', 'folder'],
  ],
  ['69 firehose-not-founded', '', 'firehose', '--data', 'folder'],
  ['1 firehose-storage', 'a part of the path is not a folder', 'firehose', '--data', 'file'],
  ...(hasZero
    ? ([
        ['69 receipt-unreadable', 'it is not a file', 'check', '/dev/zero'],
        ['69 receipt-unreadable', 'not a file', 'notarize', '/dev/zero', '--offline'],
        ['1 ledger-link', '', 'ledger', 'join', '/dev/zero'],
        ['1 own-words-unread', 'more than 4096 bytes', 'identity', 'restore', '--words-from', '/dev/zero'],
        [
          '1 ledger-policy',
          'more than fits',
          'ledger',
          'create',
          ...['--data', 'new', '--origin', 'x'],
          ...['--endpoint', 'http://a/', '--policy', '/dev/zero'],
        ],
      ] as const)
    : []),
];

/** Not `spawnSync`: the ledger is served by this process. */
async function countersign(args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [cliMain, ...args], {
    cwd: place,
    env: { ...process.env, ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: await stdout, stderr: await stderr };
}

/** How a run ended, after what holds for every wrong input. */
function endOf({ code, stdout, stderr }: CliRun): string {
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/\n\s+at |undefined|\[object|cli-internal/);
  expect(stderr).toMatch(/^countersign: .*[.?](?: \[[a-z-]+\])?\n/);
  for (const line of stderr.split('\n')) expect(line.length).toBeLessThan(600);
  return `${String(code)} ${/\[([a-z-]+)\]\n/.exec(stderr)?.[1] ?? ''}`.trim();
}

describe(`wrong input${hasZero ? '' : ' (skipped in part: there is no /dev/zero)'}`, () => {
  it.each(cases)('ends with %s: %s, %s %s %s', async (end, says, ...args) => {
    const run = await countersign(args);
    expect(endOf(run)).toBe(end);
    expect(run.stderr).toContain(says);
  });

  it.each([
    ['69 profile-home', 'relative'],
    ['73 profile-cannot-write', join(place, 'file')],
    ...(existsSync('/proc/self') ? [['73 profile-cannot-write', '/proc/countersign']] : []),
  ])('ends with %s where the home is %s', async (end, path) => {
    const run = await countersign(['ledger', 'join', at('card'), '--yes'], { COUNTERSIGN_HOME: path });
    expect(endOf(run)).toBe(end);
  });

  it('is refused with a name that is not UTF-8, without steering the terminal', () => {
    const script = `exec "$0" "$1" check "$(printf 'na\\377me\\033[2J')"`;
    const run = spawnSync('bash', ['-c', script, process.execPath, cliMain], {
      cwd: place,
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(run.status).toBe(69);
    expect(run.stderr).toContain('\\u{1b}[2J: there is no such file or folder');
    // Control characters are what is looked for.
    // eslint-disable-next-line no-control-regex
    expect(run.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('made nothing', () => {
    expect(readdirSync(home)).toEqual(['default']);
    expect(readdirSync(place).sort()).toEqual(
      ['bytes', 'card', 'empty', 'file', 'folder', 'home', 'recovery', 'words'].sort(),
    );
  });
});
