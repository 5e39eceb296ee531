import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWords } from '../../src/core/identity/words.ts';
import { type CliRun, lastLine } from '../support/cli.ts';
import { canUseKeyring, keyringSuite, Town } from '../support/cli-people.ts';
import { stopServices } from '../support/served.ts';
import { atTerminal, noTerminal } from '../support/terminal.ts';

const parent = mkdtempSync(join(tmpdir(), 'cli-identity-'));
afterAll(async () => {
  await stopServices();
  rmSync(parent, { recursive: true, force: true });
});

/** The code in brackets that a run ended with, and its exit code. */
function endOf(run: CliRun): string {
  return `${String(run.code)} ${/\[([a-z-]+)\]/.exec(run.stderr)?.[1] ?? ''}`.trim();
}

describe.skipIf(!canUseKeyring)(keyringSuite('countersign identity'), () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.start(parent);
  });
  afterAll(() => town.stop());

  const files = (who: string): readonly string[] => [
    ...['--words-to-file', town.path(`${who}.words`)],
    ...['--recovery-words-to-file', town.path(`${who}.recovery`)],
  ];

  it('new: never prints words into a pipe, and makes nothing then', async () => {
    const run = await town.run('pipe', ['identity', 'new']);
    expect([endOf(run), run.stdout]).toEqual(['69 own-words-screen', '']);
    const half = await town.run('pipe', ['identity', 'new', '--words-to-file', town.path('half')]);
    expect(endOf(half)).toBe('69 own-words-screen');
    const same = ['--words-to-file', town.path('half'), '--recovery-words-to-file', town.path('half')];
    expect(endOf(await town.run('pipe', ['identity', 'new', ...same]))).toBe('64');
    expect([existsSync(town.path('pipe')), existsSync(town.path('half'))]).toEqual([false, false]);
  });

  it('new, show: makes an identity whose words are in two files for their owner only', async () => {
    const made = await town.run('ann', ['identity', 'new', ...files('ann'), '--json']);
    expect([made.code, JSON.parse(made.stdout)]).toEqual([
      0,
      { profile: 'default', keeper: 'keychain', watchOnly: false },
    ]);
    const sheets = ['words', 'recovery'].map((name) => readFileSync(town.path(`ann.${name}`), 'utf8'));
    expect(new Set(sheets).size).toBe(2);
    for (const sheet of sheets) {
      expect(parseWords(sheet).ok).toBe(true);
      for (const part of [sheet.slice(0, 30), sheet.slice(0, 30).replaceAll(' ', '')]) {
        expect(made.stdout + made.stderr).not.toContain(part);
      }
    }
    expect(statSync(town.path('ann.words')).mode & 0o777).toBe(0o600);
    const shown = await town.run('ann', ['identity', 'show']);
    expect([shown.code, shown.stdout]).toEqual([0, 'profile   default\nidentity  open\n']);
    const json = await town.ok('ann', ['identity', 'show', '--json']);
    expect(JSON.parse(json)).toEqual({ profile: 'default', state: 'open', watchOnly: false, ledgers: [] });
  });

  it('new: replaces neither an identity nor a file', async () => {
    const vault = town.path('ann/default/identity.sealed');
    const before = readFileSync(vault);
    const again = await town.run('ann', ['identity', 'new', ...files('other')]);
    expect(endOf(again)).toBe('1 vault-exists');
    expect(readFileSync(vault)).toEqual(before);
    expect(existsSync(town.path('other.words'))).toBe(false);
    writeFileSync(town.path('taken.recovery'), 'mine');
    const taken = await town.run('taken', ['identity', 'new', ...files('taken')]);
    expect(endOf(taken)).toBe('73 own-words-file');
    expect(readFileSync(town.path('taken.recovery'), 'utf8')).toBe('mine');
    expect(existsSync(town.path('taken.words'))).toBe(false);
    expect(endOf(await town.run('taken', ['identity', 'show']))).toBe('0');
  });

  it('restore: takes no wrong words, repeats none of them, and changes nothing', async () => {
    const vault = town.path('ann/default/identity.sealed');
    const before = readFileSync(vault);
    const good = readFileSync(town.path('ann.words'), 'utf8').trim();
    const list = good.split(' ');
    for (const [text, code] of [
      [list.slice(1).join(' '), 'words-count'],
      [[...list.slice(1), 'secretword'].join(' '), 'words-unknown'],
      [[...list.slice(1), list[0]].join(' '), 'words-checksum'],
      [readFileSync(town.path('ann.recovery'), 'utf8'), 'vault-other-words'],
      ['x'.repeat(5000), 'own-words-unread'],
    ] as const) {
      const run = await town.run('ann', ['identity', 'restore', '--words-from', '-'], { input: text });
      // A rotated order can have a right checksum by chance: then they are words of somebody else.
      expect([`1 ${code}`, '1 vault-other-words']).toContain(endOf(run));
      expect(run.stdout + run.stderr).not.toContain('secretword');
    }
    const missing = await town.run('ann', ['identity', 'restore', '--words-from', town.path('no-file')]);
    expect(endOf(missing)).toBe('1 own-words-unread');
    expect(readFileSync(vault)).toEqual(before);
  });

  it('restore: opens an identity again whose keychain was lost, in the same profile', async () => {
    const words = ['--words-from', town.path('ann.words')];
    const lost = await Town.start(parent);
    try {
      const env = lost.keyring.env;
      const show = await town.run('ann', ['identity', 'show', '--json'], { env });
      expect([show.code, (JSON.parse(show.stdout) as { state: string }).state]).toEqual([69, 'lost']);
      const again = await town.run('ann', ['identity', 'restore', ...words], { env });
      expect([again.code, again.stdout.split('\n')[0]]).toEqual([
        0,
        'Opened the identity of the profile default again, protected by the keychain.',
      ]);
      expect((await town.run('ann', ['identity', 'show'], { env })).code).toBe(0);
    } finally {
      await lost.stop();
    }
    expect((await town.run('ann', ['identity', 'show'])).code).toBe(69);
    expect((await town.run('ann', ['identity', 'restore', ...words])).code).toBe(0);
  });

  it('keeps an identity under a passphrase, from the environment or a file descriptor, on explicit choice', async () => {
    const env = { COUNTERSIGN_PASSPHRASE: 'correct horse battery' };
    const args = ['identity', 'new', '--keeper', 'passphrase', ...files('pass')];
    const short = await town.run('pass', args, { env: { COUNTERSIGN_PASSPHRASE: 'short' } });
    expect(endOf(short)).toBe('1 vault-passphrase-weak');
    expect(existsSync(town.path('pass.words'))).toBe(false);
    const without = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    expect((await town.run('pass', args, { env: { ...env, ...without } })).code).toBe(0);
    const show = ['identity', 'show'];
    expect((await town.run('pass', show, { env })).code).toBe(0);
    const byPipe = await town.run('pass', [...show, '--passphrase-fd', '3'], {
      third: 'correct horse battery\nmore',
    });
    expect(byPipe.code).toBe(0);
    const wrong = await town.run('pass', show, { env: { COUNTERSIGN_PASSPHRASE: 'correct horse batterie' } });
    expect([endOf(wrong), wrong.stderr.includes('batterie')]).toEqual(['1 vault-passphrase', false]);
    expect(endOf(await town.run('pass', show))).toBe('69 vault-passphrase-missing');
    expect((await town.run('pass', [...show, '--passphrase', 'x'])).code).toBe(64);
  });

  it('tells mistakes in the command line, and makes nothing', async () => {
    const mistakes = [
      ['new', '--keeper', 'paper'],
      ['new', '--watch-only', '--words-to-file', 'x'],
      ['show', '--profile', 'No Name'],
      ['revoke', '--reason', 'bored'],
      ['revoke', '--reason', 'lost', '--since', '2026-11-01'],
      ['revoke', '--reason', 'compromised', '--since', '2026-02-30'],
      ['rotate', '--from', 'ab'.repeat(32)],
    ];
    const runs = await Promise.all(mistakes.map((args) => town.run('nobody', ['identity', ...args])));
    expect(runs.map(({ code, stdout }) => [code, stdout])).toEqual(mistakes.map(() => [64, '']));
    expect(existsSync(town.path('nobody'))).toBe(false);
  });

  it('announce, card, rotate, revoke: changes what others find on the record, only with a yes', async () => {
    expect(endOf(await town.run('ann', ['identity', 'card']))).toBe('69 ledger-not-joined');
    await town.ok('ann', ['ledger', 'join', town.card, '--yes']);
    const announce = ['identity', 'announce', '--name', 'Ann Example'];
    const recovery = ['--recovery-words-from', town.path('ann.recovery')];
    expect(endOf(await town.run('ann', announce))).toBe('2 own-recovery-needed');
    const ownWords = ['--recovery-words-from', town.path('ann.words')];
    expect(endOf(await town.run('ann', [...announce, ...ownWords]))).toBe('1 own-same-words');
    const isPublic = [...announce, ...recovery, '--public-name', 'Ann'];
    expect((await town.run('ann', isPublic)).code).toBe(64);
    const sent = JSON.parse(await town.ok('ann', [...announce, ...recovery, '--json'])) as { state: string };
    expect(sent.state).toBe('accepted');
    // Whether the first one is in a block yet is up to the firehose.
    expect(['2 own-pending', '1 own-announced']).toContain(
      endOf(await town.run('ann', [...announce, ...recovery])),
    );
    await town.sync('ann');
    const card = town.path('ann.card');
    const link = await town.ok('ann', ['identity', 'card', '--out', card]);
    expect(link).toMatch(/^countersign:contact\/[\w-]+\n$/);
    expect(readFileSync(card, 'utf8')).toContain('"name":"Ann Example"');
    expect(endOf(await town.run('ann', ['identity', 'card', '--out', card]))).toBe('73 cli-cannot-write');
    await town.ok('ann', ['identity', 'rotate', '--yes']);
    await town.sync('ann');
    await town.ok('ann', ['identity', 'revoke', '--reason', 'compromised', '--since', '2026-11-01', '--yes']);
    await town.sync('ann');
    expect(endOf(await town.run('ann', ['identity', 'rotate', '--yes']))).toBe('69 vault-revoked');
    await town.ok('ann', ['identity', 'rotate', '--recovery', ...recovery, '--yes']);
    await town.sync('ann');
    const shown = JSON.parse(await town.ok('ann', ['identity', 'show', '--json'])) as {
      ledgers: { announced: boolean; usable: boolean; keys: { current: boolean }[] }[];
    };
    expect(shown.ledgers).toMatchObject([
      { announced: true, usable: true, keys: [{ current: false }, { current: false }, { current: true }] },
    ]);
    const lines = await town.ok('ann', ['identity', 'show']);
    expect(lines).toMatch(/ {2}current {2}[0-9a-f]{64} {2}since block 4, message 0\n$/);
  });

  it('watch: sees an identity from a profile without words', async () => {
    const made = await town.run('ann', ['identity', 'new', '--watch-only', '--profile', 'eyes']);
    expect([made.code, lastLine(made)]).toEqual([0, 'Made the profile eyes. It watches and never signs.']);
    await town.ok('ann', ['ledger', 'join', town.card, '--yes', '--profile', 'eyes']);
    await town.ok('ann', ['identity', 'watch', town.path('ann.card'), '--profile', 'eyes']);
    await town.sync('ann', 'eyes');
    const lines = await town.ok('ann', ['identity', 'show', '--profile', 'eyes']);
    expect(lines).toContain('only watched');
    expect(lines).toMatch(/current {2}[0-9a-f]{64}/);
    const sign = await town.run('ann', ['identity', 'rotate', '--yes', '--profile', 'eyes']);
    expect(endOf(sign)).toBe('69 vault-watch-only');
    expect(readdirSync(town.path('ann')).sort()).toEqual(['default', 'eyes']);
  });

  it.skipIf(noTerminal !== undefined)(
    `new: shows the words on a terminal, once, and asks some of them back${noTerminal === undefined ? '' : ` (skipped: ${noTerminal})`}`,
    async () => {
      const words: string[] = [];
      let wrong = 1;
      const person = (since: string, all: string): string | undefined => {
        if (since.includes('Press Enter')) {
          const sheet = all.slice(all.lastIndexOf('\u001b[H', all.lastIndexOf('Press Enter')));
          words.splice(0, 24, ...Array.from(sheet.matchAll(/\d+\. ([a-z]+)/g), ([, word]) => word ?? ''));
          return '\r';
        }
        const asked = /Word (\d+): $/.exec(since);
        if (asked === null) return undefined;
        return `${wrong-- > 0 ? 'wrong' : (words[Number(asked[1]) - 1] ?? '')}\r`;
      };
      const run = await atTerminal(['identity', 'new', '--profile', 'seen'], town.env('seen'), person);
      expect(run.code, run.screen).toBe(0);
      expect(words).toHaveLength(24);
      expect(run.screen).toContain('That was not right.');
      // Everything stands on the terminal's second screen, which is cleared and left.
      const first = run.screen
        .split('\u001b[?1049h')
        .flatMap((part) => part.split('\u001b[?1049l').slice(-1));
      expect(run.screen.split('\u001b[?1049h')).toHaveLength(3);
      for (const word of words) expect(first.join('')).not.toMatch(new RegExp(`\\d\\. ${word}\\b`));
      expect(first.join('')).toContain('Made an identity in the profile seen');
      const again = await town.run(
        'seen',
        ['identity', 'restore', '--words-from', '-', '--profile', 'seen'],
        {
          input: words.join(' '),
        },
      );
      // The last sheet shown was that of the recovery words.
      expect(endOf(again)).toBe('1 vault-other-words');
      const gaveUp = await atTerminal(['identity', 'new'], town.env('gave-up'), (since) =>
        since.includes('Press Enter') ? '\u0003' : undefined,
      );
      expect([gaveUp.code, gaveUp.screen.includes('vault-not-asked')]).toEqual([69, true]);
      expect(existsSync(town.path('gave-up/default/identity.sealed'))).toBe(false);
    },
  );

  it('says in time what is wrong with the keychain, and what helps', async () => {
    await town.keyring.lock?.();
    const begun = performance.now();
    const locked = await town.run('ann', ['identity', 'show']);
    expect(performance.now() - begun).toBeLessThan(8000);
    expect([locked.code, locked.stdout.includes('the keychain is locked')]).toEqual([69, true]);
    expect(endOf(await town.run('ann', ['identity', 'card']))).toBe('69 vault-locked');
    const made = await town.run('locked', ['identity', 'new', ...files('locked')]);
    expect([endOf(made), existsSync(town.path('locked.words'))]).toEqual(['69 keychain-locked', false]);
    expect(existsSync(town.path('locked'))).toBe(false);
    const none = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    const gone = await town.run('ann', ['identity', 'show', '--json'], { env: none });
    expect(JSON.parse(gone.stdout)).toMatchObject({ state: 'no-keychain', code: 'keychain-unavailable' });
  });
});
