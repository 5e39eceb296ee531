import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliMain, type CliRun, runCli } from '../support/cli.ts';
import { atTerminal, noTerminal } from '../support/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'ledger-verbs-'));
const path = (name: string): string => join(folder, name);
const env = { COUNTERSIGN_HOME: path('home') };
const origin = 'ledger.example/test';
const stops: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts the firehose of a folder and waits until it listens. */
async function startFirehose(data: string, port: number): Promise<void> {
  const args = [
    cliMain,
    'firehose',
    '--data',
    data,
    '--port',
    `${port}`,
    '--until-eof',
    '--log-level',
    'warn',
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  stops.push(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('listening on ')) return;
  }
  throw new Error('the firehose did not start');
}

function fieldOf(run: CliRun, name: string): string {
  const line = run.stdout.split('\n').find((text) => text.startsWith(`${name} `));
  return line?.slice(name.length).trim() ?? '';
}

/** How a run that must fail ended: exit code and code in brackets. */
function endOf(run: CliRun): string {
  return `${run.code ?? ''} ${/\[([a-z0-9-]+)\]/.exec(run.stderr)?.[1] ?? ''}`;
}

describe('founding a ledger', () => {
  it('asks for what it needs and refuses what cannot be, before anything is made', async () => {
    const data = path('wrong');
    const good = ['--data', data, '--origin', origin, '--endpoint', 'http://127.0.0.1:1/'];
    const changed = (index: number, value: string): string[] => good.with(index, value);
    writeFileSync(path('policy'), 'quorum nobody\n');
    const runs: readonly (readonly [string, readonly string[]])[] = [
      ['64 ', []],
      ['64 ', good.slice(2)],
      ['64 ', good.slice(0, 2)],
      ['64 ', good.slice(0, 4)],
      ['64 ', changed(1, '')],
      ['64 ', changed(3, 'with space')],
      ['64 ', changed(5, 'ftp://a/')],
      ['64 ', changed(5, 'http://user@a/')],
      ['64 ', [...good, '--block-bytes', '0']],
      ['64 ', [...good, '--data-bytes', '16777217']],
      ['64 ', [...good, 'surplus']],
      ['1 ledger-endpoint', [...good, '--endpoint', 'http://127.0.0.1:1/']],
      ['1 ledger-policy', [...good, '--policy', path('policy')]],
      ['1 ledger-policy', [...good, '--policy', path('nowhere')]],
    ];
    for (const [end, args] of runs) {
      const run = await runCli(['ledger', 'create', ...args]);
      expect([args, endOf(run), run.stdout]).toEqual([args, end, '']);
    }
    expect(existsSync(data)).toBe(false);
    writeFileSync(path('a-file'), '');
    expect(endOf(await runCli(['ledger', 'create', ...changed(1, path('a-file'))]))).toBe(
      '73 firehose-storage',
    );
  });
});

describe('a ledger and its card', () => {
  let created: CliRun;
  let port = 0;
  const data = path('ledger');
  const card = path('card.json');

  beforeAll(async () => {
    port = await freePort();
    const endpoint = ['--endpoint', `http://127.0.0.1:${port}`, '--endpoint', 'https://mirror.example/l/'];
    created = await runCli([
      ...['ledger', 'create', '--data', data, '--origin', origin, '--data-bytes', '5000', '--card', card],
      ...endpoint,
    ]);
  });

  it('is founded, with its card as file and link', async () => {
    expect(created.code).toBe(0);
    const written = JSON.parse(readFileSync(card, 'utf8')) as Record<string, unknown>;
    expect(written).toEqual({
      endpoints: [`http://127.0.0.1:${port}/`, 'https://mirror.example/l/'],
      ledger: fieldOf(created, 'ledger id'),
      log: fieldOf(created, 'log key'),
      v: 1,
    });
    const link = `countersign:ledger/${readFileSync(card).toString('base64url')}`;
    expect(fieldOf(created, 'link')).toBe(link);
    const again = await runCli([
      'ledger',
      'create',
      '--data',
      data,
      '--origin',
      'x',
      '--endpoint',
      'http://a/',
    ]);
    expect(endOf(again)).toBe('1 firehose-founded');
    // Its operator can have another card at any time.
    const shown = await runCli(['ledger', 'show', '--data', data, '--endpoint', 'http://b/', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      ledger: written['ledger'],
      endpoints: ['http://b/'],
      data,
    });
    expect(endOf(await runCli(['ledger', 'show', '--data', path('none'), '--endpoint', 'http://b/']))).toBe(
      '1 firehose-not-founded',
    );
    expect((await runCli(['ledger', 'show', '--data', data])).code).toBe(64);
    const overwrite = await runCli([
      'ledger',
      'show',
      '--data',
      data,
      '--endpoint',
      'http://b/',
      '--card',
      card,
    ]);
    expect(endOf(overwrite)).toBe('73 ledger-no-card');
  });

  it('is joined on an explicit yes only, and by any form of the card', async () => {
    const join = (given: string, ...options: readonly string[]): Promise<CliRun> =>
      runCli(['ledger', 'join', given, ...options], env);
    expect(endOf(await join(card, '--yes'))).toBe('69 sync-unreachable');
    await startFirehose(data, port);
    const unasked = await join(card);
    expect(unasked.code).toBe(64);
    expect(unasked.stderr).toContain(fieldOf(created, 'ledger id'));
    const none = await runCli(['ledger', 'list', '--json'], env);
    expect(none.stdout === '' || none.stdout === '{"ledgers":[]}\n').toBe(true);
    const joined = await join(fieldOf(created, 'link'), '--yes', '--json');
    expect(JSON.parse(joined.stdout)).toMatchObject({ effect: 'join', origin, headers: 0 });
    expect((await join(card)).stdout).toMatch(
      /^Joined already: ledger\.example\/test, ledger id [0-9a-f]{64}\.\n$/,
    );
    const change = readFileSync(card, 'utf8').replace('mirror', 'other');
    expect((await join(change)).code).toBe(64);
    expect((await join(change, '--yes')).stdout).toMatch(/^Changed /);
    const list = JSON.parse((await runCli(['ledger', 'list', '--json'], env)).stdout) as {
      ledgers: unknown[];
    };
    expect(list.ledgers).toMatchObject([
      { origin, endpoints: [expect.anything(), 'https://other.example/l/'] },
    ]);
    const copy = path('copy.json');
    const shown = await runCli(['ledger', 'show', origin, '--card', copy], env);
    expect(fieldOf(shown, 'ledger id')).toBe(fieldOf(created, 'ledger id'));
    expect(readFileSync(copy, 'utf8')).toBe(change);
    expect((await runCli(['ledger', 'list'], env)).stdout).toMatch(
      /^[0-9a-f]{16} {2}ledger\.example\/test {2}/,
    );
  });

  it.skipIf(noTerminal !== undefined)(
    `is joined by a person who types yes, the whole word${noTerminal === undefined ? '' : ` (skipped: ${noTerminal})`}`,
    async () => {
      const fresh = { ...process.env, COUNTERSIGN_HOME: path('person') };
      for (const [answer, end] of [
        ['no\r', 2],
        ['y\r', 2],
        ['\u0004', 2],
        ['yes\r', 0],
      ] as const) {
        const asked: string[] = [];
        const session = await atTerminal(['ledger', 'join', card], fresh, (since) => {
          if (!since.includes('Type yes:')) return undefined;
          asked.push(since);
          return answer;
        });
        expect([answer, session.code, asked.length]).toEqual([answer, end, 1]);
        expect(session.screen).toContain(fieldOf(created, 'ledger id'));
        expect(session.screen).toContain(end === 0 ? 'Joined ledger.example/test' : '[ledger-declined]');
      }
      expect(JSON.parse((await runCli(['ledger', 'list', '--json'], fresh)).stdout)).toMatchObject({
        ledgers: [{ origin }],
      });
    },
  );

  it('is not mixed up with another of its name: an alarm, and nothing changes', async () => {
    const other = path('other-card.json');
    const otherPort = await freePort();
    const args = [
      '--data',
      path('other'),
      '--origin',
      origin,
      '--endpoint',
      `http://127.0.0.1:${otherPort}/`,
    ];
    await runCli(['ledger', 'create', ...args, '--card', other]);
    await startFirehose(path('other'), otherPort);
    const before = (await runCli(['ledger', 'list', '--json'], env)).stdout;
    const run = await runCli(['ledger', 'join', other, '--yes'], env);
    expect(endOf(run)).toBe('1 ledger-changed');
    expect(run.stderr).toContain('ALARM');
    const theirs = JSON.parse(readFileSync(other, 'utf8')) as Record<string, string>;
    const ours = JSON.parse(readFileSync(card, 'utf8')) as Record<string, string>;
    const forged = JSON.stringify({ ...ours, log: theirs['log'] });
    expect(endOf(await runCli(['ledger', 'join', forged, '--yes'], env))).toBe('1 ledger-changed');
    // In a profile that knows neither, the forged card is found out by the ledger itself.
    const fresh = { COUNTERSIGN_HOME: path('fresh') };
    expect(endOf(await runCli(['ledger', 'join', forged, '--yes'], fresh))).toBe('1 ledger-mismatch');
    const wrongPlace = JSON.stringify({ ...ours, endpoints: theirs['endpoints'] });
    expect(endOf(await runCli(['ledger', 'join', wrongPlace, '--yes'], fresh))).toBe('1 sync-no-ledger');
    const after = (await runCli(['ledger', 'list', '--json'], env)).stdout;
    const told = /,"alarm":"ALARM: something was seen about [^"]*"/;
    expect(after).toMatch(told);
    expect(after.replace(told, '')).toBe(before);
    const alarms = await runCli(['alarm', 'list'], env);
    expect(alarms.stdout.match(/\[ledger-changed\]/g)).toHaveLength(2);
  });

  it('cannot be joined with something else than a card', async () => {
    writeFileSync(path('long'), 'x'.repeat(100_000));
    const runs: readonly (readonly [string, string])[] = [
      ['64 ', ''],
      ['1 ledger-no-card', path('nowhere')],
      ['1 ledger-no-card', folder],
      ['1 ledger-link', path('long')],
      ['1 ledger-link', '/dev/zero'],
      ['1 ledger-link', '-'],
      ['1 ledger-link', 'countersign:contact/AAAA'],
      ['1 json-syntax', '{ }'],
      ['1 ledger-members', '{}'],
    ];
    for (const [end, given] of runs) {
      expect([given, endOf(await runCli(['ledger', 'join', given], env))]).toEqual([given, end]);
    }
    expect((await runCli(['ledger', 'join'], env)).code).toBe(64);
    expect(endOf(await runCli(['ledger', 'show', 'nope'], env))).toBe('69 ledger-not-joined');
    expect((await runCli(['ledger', 'show', origin, '--endpoint', 'http://a/'], env)).code).toBe(64);
    expect((await runCli(['ledger', 'show', origin, '--data', data], env)).code).toBe(64);
    expect(endOf(await runCli(['ledger', 'list', '--profile', 'other'], env))).toBe('69 profile-missing');
  });
});
