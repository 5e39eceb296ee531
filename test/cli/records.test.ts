import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliMain, type CliRun, runCli } from '../support/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-verbs-'));
const path = (...names: readonly string[]): string => join(folder, ...names);
const env = { COUNTERSIGN_HOME: path('home'), COUNTERSIGN_PASSPHRASE: 'correct horse battery staple' };
const origin = 'ledger.example/records';
let port = 0;
let stop: () => Promise<void> = () => Promise.resolve();

const run = (...args: readonly string[]): Promise<CliRun> => runCli(args, env);
/** How a run ended: exit code and the code in brackets. */
const endOf = (of: CliRun): string =>
  `${of.code ?? ''} ${/\[([a-z0-9-]+)\]/.exec(of.stderr)?.[1] ?? ''}`.trim();
const json = (of: CliRun): Record<string, never> => JSON.parse(of.stdout) as Record<string, never>;

async function startFirehose(): Promise<void> {
  const args = [cliMain, 'firehose', '--data', path('ledger'), '--port', `${port}`, '--until-eof'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  stop = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('listening on ')) return;
  }
  throw new Error('the firehose did not start');
}

beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
  server.close();
  const endpoint = `http://127.0.0.1:${port}/`;
  const card = path('card.json');
  await run(
    'ledger',
    'create',
    '--data',
    path('ledger'),
    '--origin',
    origin,
    '--endpoint',
    endpoint,
    '--card',
    card,
  );
  await startFirehose();
  const words = ['--words-to-file', path('words'), '--recovery-words-to-file', path('recovery')];
  expect(endOf(await run('identity', 'new', '--keeper', 'passphrase', ...words))).toBe('0');
  expect(endOf(await run('ledger', 'join', card, '--yes'))).toBe('0');
  mkdirSync(path('files', 'inner'), { recursive: true });
  writeFileSync(path('files', 'a.txt'), 'a');
  writeFileSync(path('files', 'inner', 'b.txt'), 'b');
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('wrong command lines', () => {
  it('are refused before anything is done', async () => {
    const wrongs: readonly (readonly string[])[] = [
      ['notarize', ''],
      ['notarize', '--public-hash'],
      ['notarize', '--matter', 'x'],
      ['notarize', '--offline'],
      ['notarize', path('files'), '--publish'],
      ['notarize', path('files'), '--public-hash'],
      ['notarize', path('files'), '--matter', ''],
      ['notarize', path('files'), '--text', 'two\nlines'],
      ['notarize', path('files'), '--wait', 'long'],
      ['notarize', path('files'), '--receipts', ''],
      ['check'],
      ['check', ''],
      ['check', 'a', 'b'],
      ['show', 'nonsense'],
      ['show', 'ABCDEF0123'],
      ['blocks', '--limit', '0'],
      ['blocks', '--before', '-1'],
      ['search', '--key', 'abc'],
      ['search', '--tag', 'abc'],
      ['search', '--type', 'No Type'],
      ['search', '--since', '2026-02-30'],
      ['search', '--until', 'yesterday'],
      ['search', '--since', '2026-02-02', '--until', '2026-02-01'],
      ['search', '--matter', 'x', '--type', 'file'],
      ['search', '--before', '7'],
      ['tail', '--lines', '1001'],
      ['tail', 'x'],
    ];
    const ends = await Promise.all(
      wrongs.map(async (args) => {
        const { code, stdout, stderr } = await run(...args);
        return [args, code, stdout, stderr.includes('Nothing was done.')];
      }),
    );
    expect(ends).toEqual(wrongs.map((args) => [args, 64, '', true]));
  }, 120_000);

  it('about what is not there say so', async () => {
    expect(endOf(await run('notarize', path('nowhere')))).toBe('69 receipt-unreadable');
    expect(endOf(await run('check', path('nowhere')))).toBe('69 receipt-unreadable');
    expect(endOf(await run('check', path('words'), '--receipt', path('nowhere')))).toBe(
      '69 receipt-unreadable',
    );
    expect(endOf(await run('check', path('words'), '--receipt', path('words')))).toMatch(/^1 json-/);
    expect(endOf(await run('show', '99'))).toBe('2 query-nothing');
    expect(endOf(await run('blocks', '--profile', 'nobody'))).toBe('69 profile-missing');
    expect(endOf(await run('search', '--ledger', 'other.example'))).toMatch(/ledger-not-joined$/);
  }, 120_000);
});

describe('a file', () => {
  it('is signed without a network, sent later, and on record', async () => {
    await stop();
    const labels = ['--matter', '2026-117', '--client', 'Acme Ltd'];
    const offline = await run('notarize', path('files'), ...labels);
    expect(endOf(offline)).toBe('69 sync-unreachable');
    expect(offline.stdout).toMatch(
      /^a\.txt: signed and kept here; waits to be sent {2}[0-9a-f]{16}\nb\.txt: /,
    );
    expect(endOf(await run('check', path('files', 'a.txt')))).toBe('2 receipt-pending');
    await startFirehose();
    const sent = await run('notarize', '--receipts', path('receipts'));
    expect(endOf(sent)).toBe('0');
    expect(sent.stdout).toMatch(/a\.txt: .*on record in block 1, sealed /);
    expect(readdirSync(path('receipts')).filter((name) => name.endsWith('.json'))).toHaveLength(2);
    const checked = await run('check', path('files', 'a.txt'));
    expect(endOf(checked)).toBe('0');
    expect(checked.stdout).toContain(`is identical to the file recorded in block 1 of ${origin}, sealed `);
    expect((await run('notarize')).stderr).toContain('Nothing waits');
    const again = json(await run('notarize', path('files'), ...labels, '--json'));
    expect(again).toMatchObject({ records: [{ new: false, state: 'in-block' }, { new: false }] });
  }, 120_000);

  it('is checked by a stranger with the receipt and the id of the ledger', async () => {
    const name = readdirSync(path('receipts')).find((one) => /^a\.txt.*\.json$/.test(one)) ?? '';
    const receipt = ['--receipt', path('receipts', name)];
    const { ledger } = JSON.parse(readFileSync(path('receipts', name), 'utf8')) as { ledger: string };
    const stranger = { COUNTERSIGN_HOME: path('empty') };
    const check = (...args: readonly string[]): Promise<CliRun> => runCli(['check', ...args], stranger);
    const file = path('files', 'a.txt');
    expect(endOf(await check(file, ...receipt, '--ledger', ledger))).toBe('0');
    expect(endOf(await check(file, ...receipt))).toBe('2 receipt-no-root');
    expect(endOf(await check(path('files', 'inner', 'b.txt'), ...receipt))).toBe('1 receipt-file');
    const other = await check(
      file,
      ...receipt,
      '--ledger',
      ledger.replace(/^./, '0').replace(/.$/, '1'),
      '--json',
    );
    expect(other.code).toBe(1);
    expect(json(other)).toMatchObject({ verdict: 'invalid', code: 'receipt-ledger' });
  }, 120_000);

  it('with a public hash is recorded after the warning, and found by its hash', async () => {
    writeFileSync(path('open.txt'), 'open');
    const args = ['notarize', path('open.txt'), '--public-hash', '--publish', '--text', 'Version 3', '--yes'];
    const done = await run(...args);
    expect(endOf(done)).toBe('0');
    expect(done.stderr).toContain('whoever has the file or guesses what is in it can tell');
    const hash = createHash('sha256').update('open').digest('hex');
    expect((await run('show', hash)).stdout).toMatch(/^2\.0 /);
    expect(json(await run('check', path('open.txt'), '--json'))).toMatchObject({
      method: 'public',
      height: 2,
    });
    const {
      messages: [found],
    } = json(await run('search', '--limit', '1', '--json')) as unknown as Listed;
    expect(found).toMatchObject({ height: 2, file: { method: 'public', published: { text: 'Version 3' } } });
  }, 120_000);
});

describe('the record', () => {
  it('is listed page by page, newest first', async () => {
    const first = json(await run('search', '--type', 'file', '--limit', '2', '--json')) as unknown as Listed;
    expect(first.messages.map(({ height }) => height)).toEqual([2, 1]);
    const rest = json(await run('search', '--limit', '2', '--before', first.next ?? '', '--json'));
    const second = rest as unknown as Listed;
    expect(second.messages.map(({ position }) => position)).toEqual([0]);
    expect(second.next).toBeUndefined();
    const blocks = json(await run('blocks', '--limit', '2', '--json')) as unknown as {
      readonly blocks: readonly { readonly height: number; readonly hash: string }[];
      readonly next: number;
    };
    expect(blocks).toMatchObject({ blocks: [{ height: 2 }, { height: 1 }], next: 1 });
    const [message] = second.messages;
    const id = message?.id ?? '';
    expect((await run('show', id)).stdout).toContain('a file was recorded, with a salted hash');
    expect((await run('show', id.slice(0, 12), '--raw')).stdout).toMatch(/^leaf [A-Za-z0-9+/=]+\ndata \n$/);
    expect((await run('show', blocks.blocks[1]?.hash ?? '')).stdout).toMatch(/^1 +\d{4}-.*\n1\.0 /);
    expect(JSON.parse((await run('show', '1', '--raw')).stdout)).toMatchObject({ height: 1, v: 1 });
    const sender = ['--key', message?.sender ?? ''];
    expect((await run('search', ...sender)).stdout.split('\n')).toHaveLength(4);
    expect((await run('search', ...sender, '--until', '2020-01-01')).stdout).toBe('');
    const found = await Promise.all((message?.tags ?? []).map((tag) => run('search', '--tag', tag)));
    // One tag is that of what was recorded, the other that of its sender.
    expect(found.map(({ stdout }) => stdout.split('\n').length).sort()).toEqual([2, 4]);
    expect((await run('search', '--client', 'acme')).stdout).toContain('2026-117 / Acme Ltd');
    expect((await run('search', '--client', 'nobody')).stderr).toContain('Nothing that you recorded');
  }, 120_000);

  it('is watched while it grows, until Ctrl-C', async () => {
    const child = spawn(process.execPath, [cliMain, 'tail', '--follow', '--lines', '1', '--json'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    expect(await next()).toMatchObject({ height: 2 });
    writeFileSync(path('new.txt'), 'new');
    expect(endOf(await run('notarize', path('new.txt'), '--wait', '0'))).toBe('0');
    expect(await next()).toMatchObject({ height: 3 });
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  }, 120_000);
});

interface Listed {
  readonly messages: readonly {
    readonly id: string;
    readonly height: number;
    readonly position: number;
    readonly sender: string;
    readonly tags: readonly string[];
  }[];
  readonly next?: string;
}
