/** `countersign firehose` as its operator runs it: a process, a folder, signals, and the end of the power. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/core/record/ledger.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { diskReader } from '../../src/engines/disk-reader.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import type { Terminal } from '../../src/cli/output.ts';
import { cliMain, type CliRun, lastLine, runCli } from '../support/cli.ts';
import { brokenPromises, foundIn, judge, wireFor } from '../support/firehose.ts';

const parent = mkdtempSync(join(tmpdir(), 'firehose-test-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
});

async function founded(): Promise<{ folder: string; ledger: Ledger }> {
  const folder = mkdtempSync(join(parent, 'ledger-'));
  return { folder, ledger: await foundIn(embeddedStorage(folder)) };
}

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it printed until it ended, and how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
}

async function started(folder: string, ...args: readonly string[]): Promise<Running> {
  const given = ['firehose', '--data', folder, '--interval', '200', ...args];
  const child = spawn(process.execPath, [cliMain, ...given], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  const url = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length));
    });
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, lines }));
  return { child, url: await url, ended };
}

async function posted(url: string, wire: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(`${url}messages`, { method: 'POST', body: wire });
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

/** All public files of a ledger's folder. */
async function filesIn(folder: string): Promise<Map<string, Uint8Array>> {
  const reader = diskReader(join(folder, 'public'));
  const names = readdirSync(join(folder, 'public'), { recursive: true, encoding: 'utf8' });
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const read = await reader.read(name, 2 ** 28);
    if (read.ok && read.value !== undefined) files.set(name, read.value);
  }
  return files;
}

/** Runs the verb in this process: for what ends before it serves. */
async function refused(...args: readonly string[]): Promise<CliRun> {
  let [stdout, stderr] = ['', ''];
  const terminal: Terminal = {
    line: (text = '') => (stdout += `${text}\n`),
    say: (text = '') => (stderr += `${text}\n`),
    progress: () => undefined,
    abandoned: new AbortController().signal,
  };
  const code = await dispatch(['firehose', ...args], terminal);
  return { code, stdout, stderr };
}

describe('countersign firehose', () => {
  it('serves, seals what it took when it is told to stop, and goes on at the next start', async () => {
    const { folder, ledger } = await founded();
    const first = await started(folder);
    const note = await posted(first.url, wireFor(ledger, 1));
    first.child.kill('SIGTERM');
    const { code, lines } = await first.ended;
    expect(code).toBe(0);
    expect(lines).toEqual([`ledger ${ledger.idText}`, `listening on ${first.url}`, 'stopped at 2 blocks']);
    const second = await started(folder);
    expect(Buffer.from(await posted(second.url, wireFor(ledger, 1)))).toEqual(Buffer.from(note));
    const more = await posted(second.url, wireFor(ledger, 2));
    second.child.kill('SIGINT');
    expect((await second.ended).lines.at(-1)).toBe('stopped at 3 blocks');
    expect(brokenPromises(await judge(await filesIn(folder)), [note, more])).toEqual([]);
  });

  it('keeps every promise over the end of the process at any time', async () => {
    const { folder, ledger } = await founded();
    const notes: Uint8Array[] = [];
    for (let life = 0; life < 3; life++) {
      const { child, url, ended } = await started(folder);
      for (let n = 0; n < 3; n++) notes.push(await posted(url, wireFor(ledger, 10 * life + n)));
      // Before the block is sealed, while it is, and after.
      await new Promise((next) => setTimeout(next, life * 120));
      child.kill('SIGKILL');
      await ended;
    }
    const last = await started(folder);
    for (const [i, note] of notes.entries()) {
      const again = await posted(last.url, wireFor(ledger, 10 * Math.floor(i / 3) + (i % 3)));
      expect(Buffer.from(again)).toEqual(Buffer.from(note));
    }
    last.child.kill('SIGTERM');
    await last.ended;
    const judged = await judge(await filesIn(folder));
    expect(judged.places.size).toBe(9);
    expect(brokenPromises(judged, notes)).toEqual([]);
    expect(readdirSync(join(folder, 'private/pending'))).toEqual([]);
    expect(existsSync(join(folder, '.new')) ? readdirSync(join(folder, '.new')) : []).toEqual([]);
  });

  it('stops when its input ends, where that was asked for, and not otherwise', async () => {
    const { folder } = await founded();
    const plain = await started(folder);
    plain.child.stdin?.end();
    await new Promise((next) => setTimeout(next, 300));
    expect(plain.child.exitCode).toBeNull();
    plain.child.kill('SIGTERM');
    await plain.ended;
    const bound = await started(folder, '--until-eof');
    bound.child.stdin?.end();
    expect(await bound.ended).toMatchObject({ code: 0, lines: [{}, {}, 'stopped at 1 block'] });
  });

  it('leaves a ledger to the firehose that is at work on it, and a port to who has it', async () => {
    const [one, two] = [await founded(), await founded()];
    const { url, child, ended } = await started(one.folder);
    const second = await runCli(['firehose', '--data', one.folder]);
    expect([second.code, second.stdout]).toEqual([69, '']);
    expect(second.stderr).toMatch(
      /^countersign: Another firehose is at work on this ledger\. \[firehose-in-use\]\n/,
    );
    const { port } = new URL(url);
    const busy = await refused('--data', two.folder, '--port', port);
    expect([busy.code, busy.stdout]).toEqual([69, '']);
    expect(busy.stderr).toContain(
      `[firehose-port]\n  What was met: 127.0.0.1:${port} another program uses this port (EADDRINUSE)\n`,
    );
    const nowhere = await refused('--data', two.folder, '--host', '192.0.2.1');
    expect([nowhere.code, nowhere.stderr.includes('[firehose-port]')]).toEqual([69, true]);
    expect((await fetch(`${url}healthz`)).status).toBe(200);
    child.kill('SIGTERM');
    await ended;
  });

  it('says what is wrong with its folder, and changes nothing', async () => {
    const empty = mkdtempSync(join(parent, 'empty-'));
    const missing = join(parent, 'missing');
    const file = join(parent, 'file');
    writeFileSync(file, '');
    const { folder: damaged } = await founded();
    writeFileSync(join(damaged, 'public/checkpoint'), 'no note\n');
    const { folder: keysOnly } = await founded();
    rmSync(join(keysOnly, 'public'), { recursive: true });
    const { folder: recordOnly } = await founded();
    rmSync(join(recordOnly, 'private'), { recursive: true });
    for (const [folder, code, name] of [
      [empty, 69, 'firehose-not-founded'],
      [missing, 69, 'firehose-not-founded'],
      [file, 1, 'firehose-storage'],
      [damaged, 1, 'firehose-damaged'],
      [keysOnly, 69, 'firehose-unfinished'],
      [recordOnly, 1, 'firehose-damaged'],
    ] as const) {
      const run = await refused('--data', folder);
      expect([run.code, run.stdout], name).toEqual([code, '']);
      expect(run.stderr).toContain(`[${name}]\n`);
      // What happened, perhaps what was met, what it means, what to do.
      for (const line of run.stderr.trim().split('\n'))
        expect(line).toMatch(/^(countersign: [A-Z]| {2}[A-Z])/);
    }
    expect(readdirSync(empty)).toEqual([]);
    expect(existsSync(missing)).toBe(false);
    expect(readFileSync(join(damaged, 'public/checkpoint'), 'utf8')).toBe('no note\n');
  });

  it.each([
    [[], "Required option '--data <DIR>' not specified."],
    [['--data'], "Option '--data <DIR>' argument missing."],
    [['--data='], "Option '--data <DIR>' argument '' is invalid. Give a path."],
    [['--data', 'x', '--port', '65536'], 'Give a whole number, 0 to 65535.'],
    [['--data', 'x', '--port', '-1'], 'Give a whole number, 0 to 65535.'],
    [['--data', 'x', '--port', '1e3'], 'Give a whole number, 0 to 65535.'],
    [['--data', 'x', '--interval', '199'], 'Give a whole number, 200 to 60000.'],
    [['--data', 'x', '--interval', '60001'], 'Give a whole number, 200 to 60000.'],
    [['--data', 'x', 'y'], 'Too many arguments.'],
    [['--data', 'x', '--fast'], "Unknown option '--fast'"],
  ])('takes %j for a mistake in the command line', async (args, sentence) => {
    const run = await refused(...args);
    expect([run.code, run.stdout]).toEqual([64, '']);
    expect(run.stderr).toContain(sentence);
    expect(run.stderr).toContain('Nothing was done.');
    expect(lastLine({ ...run, stdout: run.stderr })).toContain('countersign firehose --help');
  });

  it('cannot lock a folder that it may not write', async () => {
    const { folder } = await founded();
    rmSync(join(folder, '.lock'));
    mkdirSync(join(folder, '.lock'));
    const run = await refused('--data', folder);
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('[firehose-storage]');
  });
});
