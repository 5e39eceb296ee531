import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { formatCheckpoint } from '../../src/core/log/checkpoint.ts';
import { edgeRoot, emptyEdge, growLog } from '../../src/core/log/edge.ts';
import { formatNote, signNote } from '../../src/core/log/note.ts';
import { formatVerifierKey } from '../../src/core/log/verifier-key.ts';
import { cliMain, lastLine, runCli, type CliRun } from '../support/cli.ts';
import { logKey, signedCheckpoint, testLog } from '../support/log.ts';
import { makePipe } from '../support/pipe.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

const vkey = formatVerifierKey(logKey.key);
const tessera = conformancePath('tessera/testdata/log');
const tesseraKey = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';
const files = testLog([1, 200, 300]);

let folder = '';
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-verify-'));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function verify(...args: readonly string[]): Promise<CliRun> {
  return await runCli(['log', 'verify', '--vkey', vkey, ...args]);
}

/** Exit code and last line, as a script sees them. */
async function verdict(...args: readonly string[]): Promise<string> {
  const run = await verify(...args);
  expect(run.stderr).toBe('');
  return `${run.code ?? 'killed'} ${lastLine(run)}`;
}

function change(path: string, edit: (bytes: Buffer) => Buffer): void {
  writeFileSync(join(folder, path), edit(readFileSync(join(folder, path))));
}

function flip(at: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
}

/** Serves the folder at /log/, as any web server would. */
async function serve(absent = 404): Promise<string> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, (request.url ?? '').replace(/^\/log\//, ''))));
    } catch {
      response.writeHead(absent).end();
    }
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`;
}

describe('countersign log verify', () => {
  it('finds a good folder good, and says what it looked at', async () => {
    const run = await verify(folder);
    expect(run).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `Log example.com/test-log (key ${logKey.key.id}) at ${folder}`,
        '- checkpoint: signed by this key; it states 300 entries.',
        '- 3 other signed checkpoints read.',
        '- 3 tiles and 2 bundles of entries read, with 300 entries that are as signed.',
        '- 4 partial files of earlier sizes compared.',
        'All checkpoints are heads of this one log. Nothing that the signed size demands is missing, and nothing ' +
          'differs from what was signed.',
        'This does not show that everybody is given this same log: only cosignatures of witnesses speak to that.',
        'log verify: OK 300',
        '',
      ].join('\n'),
    });
  });

  it('finds a good address good, with checkpoints from elsewhere', async () => {
    const url = await serve();
    expect(await verdict(url)).toBe('0 log verify: OK 300');
    const kept = join(folder, 'kept');
    writeFileSync(kept, files.get('checkpoint.200') ?? '');
    expect(await verdict('--checkpoint', kept, '--checkpoint', join(folder, 'checkpoint.1'), `${url}/`)).toBe(
      '0 log verify: OK 300',
    );
    const fork = growLog(emptyEdge, [toUtf8('another')]).edge;
    writeFileSync(kept, signedCheckpoint(fork));
    expect(await verdict('--checkpoint', kept, url)).toBe(`1 log verify: FAILED log-inconsistent ${kept}`);
    expect(await verdict('--checkpoint', kept, folder)).toBe(`1 log verify: FAILED log-inconsistent ${kept}`);
  });

  it('prints one JSON object when asked to', async () => {
    const good = await verify('--json', folder);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ verdict: 'OK', size: 300, failures: [] });
    change('tile/0/000', flip(0));
    const bad = await verify('--json', folder);
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      verdict: 'FAILED',
      failures: [{ code: 'log-tile-mismatch', path: 'tile/0/000' }],
    });
  });

  it('names what is wrong', async () => {
    change('tile/entries/000', flip(5));
    const run = await verify(folder);
    expect(run.stdout).toContain(
      'FAILED tile/entries/000: An entry is not the one whose hash is in the log.',
    );
    expect(`${run.code ?? ''} ${lastLine(run)}`).toBe(
      '1 log verify: FAILED log-bundle-mismatch tile/entries/000',
    );
    const url = await serve();
    expect(await verdict(url)).toBe('1 log verify: FAILED log-bundle-mismatch tile/entries/000');
  });

  it('fails for every kind of damage, with the file named', async () => {
    const gone = (): undefined => undefined;
    const longer = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.of(0)]);
    const cases: readonly (readonly [string, (bytes: Buffer) => Buffer | undefined])[] = [
      ['log-missing checkpoint', gone],
      ['log-missing tile/entries/001.p/44', gone],
      ['note-signature-refused checkpoint.200', flip(22)],
      ['tile-length tile/0/000', (bytes) => bytes.subarray(1)],
      ['log-too-large tile/0/000', longer],
      ['tile-bundle-malformed tile/entries/000', longer],
      ['log-tile-mismatch tile/1/000.p/1', flip(3)],
    ];
    for (const [expected, damage] of cases) {
      const path = expected.split(' ').at(-1) ?? '';
      const good = files.get(path) ?? new Uint8Array(0);
      const bad = damage(Buffer.from(good));
      if (bad === undefined) rmSync(join(folder, path));
      else writeFileSync(join(folder, path), bad);
      expect(await verdict(folder)).toBe(`1 log verify: FAILED ${expected}`);
      writeFileSync(join(folder, path), good);
    }
  });

  it('fails for what is not there or no log', async () => {
    const nowhere = join(folder, 'nowhere');
    expect(await verdict(nowhere)).toBe(`1 log verify: FAILED log-missing ${nowhere}`);
    expect(await verdict('--checkpoint', nowhere, folder)).toBe(
      `1 log verify: FAILED log-missing ${nowhere}`,
    );
    const file = join(folder, 'checkpoint');
    expect(await verdict(file)).toBe(`1 log verify: FAILED log-not-a-folder ${file}`);
    expect(await verdict('--checkpoint', folder, folder)).toBe(
      `1 log verify: FAILED log-not-a-file ${folder}`,
    );
    expect(await verdict(`${await serve()}/nowhere`)).toBe('1 log verify: FAILED log-missing checkpoint');
    const server = servers.pop();
    const { port } = server?.address() as AddressInfo;
    await new Promise((resolve) => server?.close(resolve));
    expect(await verdict(`http://127.0.0.1:${port}/`)).toBe(
      '1 log verify: FAILED log-unreachable checkpoint',
    );
  });

  it('refuses what a hostile folder holds, and never waits', async () => {
    const tile = join(folder, 'tile/0/000');
    rmSync(tile);
    symlinkSync('/dev/zero', tile);
    expect(await verdict(folder)).toBe('1 log verify: FAILED log-not-a-file tile/0/000');
    rmSync(tile);
    makePipe(tile);
    expect(await verdict(folder)).toBe('1 log verify: FAILED log-not-a-file tile/0/000');
    rmSync(tile);
    mkdirSync(tile);
    expect(await verdict(folder)).toBe('1 log verify: FAILED log-not-a-file tile/0/000');
    rmSync(tile, { recursive: true });
    writeFileSync(tile, files.get('tile/0/000') ?? '');
    truncateSync(join(folder, 'tile/entries/000'), 2 ** 40);
    expect(await verdict(folder)).toBe('1 log verify: FAILED log-too-large tile/entries/000');
  });

  it('finds a log good whose superseded partial files are links, and reads no link', async () => {
    for (const kind of ['0', 'entries']) {
      rmSync(join(folder, `tile/${kind}/000.p/200`));
      symlinkSync('../000', join(folder, `tile/${kind}/000.p/200`));
      rmSync(join(folder, `tile/${kind}/000.p/1`));
      symlinkSync('/dev/zero', join(folder, `tile/${kind}/000.p/1`));
    }
    const run = await verify(folder);
    expect(run.stdout).toContain('- not part of the log: 4 files or folders.');
    expect(`${run.code ?? ''} ${lastLine(run)}`).toBe('0 log verify: OK 300');
    // A checkpoint of before: its partial files are links to the full ones by now, which serve instead.
    writeFileSync(join(folder, 'checkpoint'), files.get('checkpoint.200') ?? '');
    rmSync(join(folder, 'checkpoint.300'));
    expect(await verdict(folder)).toBe('0 log verify: OK 200');
  });

  it('takes the full file where a server forbids the partial one', async () => {
    writeFileSync(join(folder, 'checkpoint'), files.get('checkpoint.200') ?? '');
    const url = await serve(403);
    rmSync(join(folder, 'tile/0/000.p/200'));
    expect(await verdict(url)).toBe('0 log verify: OK 200');
    rmSync(join(folder, 'tile/0/000'));
    expect(await verdict(url)).toBe('1 log verify: FAILED log-forbidden tile/0/000.p/200');
  });

  it('is told the origin of a log that its key does not name, and shows extension lines', async () => {
    const { edge } = growLog(emptyEdge, [toUtf8('entry 0')]);
    const root = edgeRoot(edge.levels);
    const extensions = ['plain', `steers\u202e a terminal ${'x'.repeat(300)}`];
    const text = formatCheckpoint({ origin: 'Other Name', size: 1, root, extensions });
    for (const path of files.keys()) if (path.startsWith('checkpoint')) rmSync(join(folder, path));
    writeFileSync(join(folder, 'checkpoint'), formatNote(text, [signNote(logKey.key, logKey.seed, text)]));
    expect(await verdict(folder)).toBe('1 log verify: FAILED checkpoint-origin checkpoint');
    expect(await verdict('--origin', 'Other', folder)).toBe(
      '1 log verify: FAILED checkpoint-origin checkpoint',
    );
    const run = await verify('--origin', 'Other Name', folder);
    expect(`${run.code ?? ''} ${lastLine(run)}`).toBe('0 log verify: OK 1');
    expect(run.stdout).toContain(`Log Other Name (key ${logKey.key.name}+${logKey.key.id}) at ${folder}\n`);
    expect(run.stdout).toContain(
      '- 2 extension lines in the checkpoint, signed but not checked:\n  plain\n  steers\\u{202e} a terminal xxx',
    );
    expect(run.stdout).toContain('xxx ...\n');
    const json = await verify('--json', '--origin', 'Other Name', folder);
    expect(JSON.parse(json.stdout)).toMatchObject({
      origin: 'Other Name',
      extensions: { length: 2, 0: 'plain' },
    });
    for (const origin of ['', 'a\nb']) expect((await verify('--origin', origin, folder)).code).toBe(64);
  });

  it('shows names that steer a terminal as text', async () => {
    mkdirSync(join(folder, 'tile/\u001b[2J\nlog verify: OK 9\u202e'));
    const run = await verify(folder);
    expect(run.stdout).toContain('tile/\\u{1b}[2J\\u{a}log verify: OK 9\\u{202e}');
    expect(run.stdout.split('\n').filter((line) => line.startsWith('log verify: '))).toEqual([
      'log verify: OK 300',
    ]);
  });

  it('keeps its verdict when nobody reads the output, and says nothing about that', () => {
    const run = '"$0" "$1" log verify --vkey "$2" "$3" 2>&3 | head -c 0';
    const command = `{ ${run}; echo "exit \${PIPESTATUS[0]}"; } 3>&1`;
    const said = execFileSync('bash', ['-c', command, process.execPath, cliMain, vkey, folder], {
      encoding: 'utf8',
    });
    expect(said).toBe('exit 0\n');
  });
});

describe('countersign', () => {
  it('refuses a wrong command line with 64 and nothing on stdout', async () => {
    for (const args of [
      ['log', 'verfy'],
      ['log', 'verify', '--vkey', 'nonsense', '.'],
    ]) {
      const run = await runCli(args);
      expect(run).toMatchObject({ code: 64, stdout: '' });
      expect(run.stderr).toMatch(
        /\n {2}Nothing was done\.\n {2}What it takes is shown by: countersign .*--help\n$/,
      );
    }
  });

  it('shows version and help on stdout', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: 'countersign 0.1.0\n', stderr: '' });
    const help = await runCli(['log', 'verify', '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: countersign log verify --vkey <KEY> [options] <DIR|URL>');
  });

  it('says that the output cannot be written', () => {
    const script = '"$0" "$1" --help > /dev/full; echo "exit $?"';
    const said = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, process.execPath, cliMain], {
      encoding: 'utf8',
    });
    expect(said).toContain('The output could not be written. [cli-cannot-write]');
    expect(said).toContain('exit 73');
  });
});

describe.skipIf(tessera === undefined)(
  conformanceName('countersign log verify: tessera', 'tessera/testdata/log'),
  () => {
    it('finds the published log good', async () => {
      const run = await runCli(['log', 'verify', '--vkey', tesseraKey, tessera ?? '']);
      expect(`${run.code ?? ''} ${lastLine(run)}`).toBe('0 log verify: OK 15');
    });
  },
);
