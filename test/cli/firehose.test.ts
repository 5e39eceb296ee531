/** The firehose as a real process: its options, its reports, its end, and what is left when it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { parseWire } from '../../src/core/record/envelope.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import type { Ledger } from '../../src/core/record/ledger.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { foundLedger } from '../../src/firehose/operator.ts';
import { Sequencer } from '../../src/firehose/sequencer.ts';
import { cliMain, type CliRun, runCli } from '../support/cli.ts';
import { startTime, taken, wireFor } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { post } from '../support/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'firehose-verb-'));
let folders = 0;

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ledger: Ledger;
  readonly data: string;
  /** What it has reported so far. */
  readonly events: Record<string, unknown>[];
  readonly lines: string[];
}

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function founded(): Promise<{ data: string; ledger: Ledger }> {
  const data = join(folder, `ledger-${folders++}`);
  const ledger = await foundLedger(embeddedStorage(data), 'verb.example', absoluteLimits, startTime);
  return { data, ledger };
}

/** Starts a firehose and waits until it listens. */
async function started(
  { data, ledger }: { data: string; ledger: Ledger },
  ...options: readonly string[]
): Promise<Running> {
  const args = ['--disable-warning=ExperimentalWarning', cliMain, 'firehose', '--data', data, ...options];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  const events: Record<string, unknown>[] = [];
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    events.push(JSON.parse(line) as Record<string, unknown>);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => {
      reject(new Error('it ended before it listened'));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length));
    });
  });
  return { child, url, ledger, data, events, lines };
}

async function ended({ child }: Running): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

function endOf(run: CliRun): string {
  return `${run.code ?? ''} ${/\[([a-z0-9-]+)\]/.exec(run.stderr)?.[1] ?? ''}`;
}

describe('countersign firehose', () => {
  let ground: { data: string; ledger: Ledger };
  beforeAll(async () => {
    ground = await founded();
  });

  it('refuses what cannot be, in sentences', async () => {
    const data = ['--data', ground.data];
    const bad = join(folder, 'bad-list');
    writeFileSync(bad, 'not a key\n');
    const runs: readonly (readonly [string, readonly string[]])[] = [
      ['64 ', []],
      ['64 ', ['--data', '']],
      ['64 ', [...data, '--port', '65536']],
      ['64 ', [...data, '--port', 'x']],
      ['64 ', [...data, '--interval', '1']],
      ['64 ', [...data, '--seal-messages', '0']],
      ['64 ', [...data, '--rate', '-1']],
      ['64 ', [...data, '--log-level', 'loud']],
      ['64 ', [...data, '--compress', 'some']],
      ['64 ', [...data, 'surplus']],
      ['69 firehose-not-founded', ['--data', join(folder, 'nowhere')]],
      ['1 firehose-admission', [...data, '--admit', bad]],
      ['69 firehose-port', [...data, '--host', '192.0.2.1']],
    ];
    for (const [end, args] of runs) {
      const run = await runCli(['firehose', ...args]);
      expect([args, endOf(run), run.stdout]).toEqual([args, end, '']);
    }
  });

  it('reports what happens and stops in order at a signal', async () => {
    const running = await started(ground, '--interval', '60000', '--log-level', 'debug');
    expect(endOf(await runCli(['firehose', '--data', ground.data]))).toBe('69 firehose-in-use');
    expect((await post(running.url, wireFor(ground.ledger, 1))).status).toBe(200);
    running.child.kill('SIGTERM');
    expect(await ended(running)).toBe(0);
    expect(running.lines).toEqual([
      `ledger ${ground.ledger.idText}`,
      `listening on ${running.url}`,
      'stopped at 2 blocks',
    ]);
    const named = running.events.map(({ event }) => event);
    expect(named).toEqual(['started', 'listening', 'request', 'stopping', 'block', 'stopped']);
    expect(running.events.at(-1)).toMatchObject({ level: 'info', blocks: 2, waiting: 0 });
    expect(running.events[0]).toMatchObject({ ledger: ground.ledger.idText, blocks: 1 });
  });

  it('stops at the end of its input where that is asked for, and says little at the level error', async () => {
    const running = await started(await founded(), '--until-eof', '--log-level', 'error');
    running.child.stdin?.end();
    expect(await ended(running)).toBe(0);
    expect(running.events).toEqual([]);
  });

  it('says a sentence about encryption when other machines can reach it', async () => {
    const running = await started(await founded(), '--host', '0.0.0.0');
    expect(running.events.find(({ event }) => event === 'no-tls')).toMatchObject({
      level: 'warn',
      says: expect.stringMatching(/TLS.*docs\/firehose\.md/s) as string,
    });
    running.child.kill('SIGINT');
    expect(await ended(running)).toBe(0);
  });

  it('takes messages from the keys on its list, at their rate', async () => {
    const list = join(folder, 'list');
    const place = await founded();
    const sender = toHex(unwrap(parseWire(wireFor(place.ledger, 1))).envelope.sender);
    writeFileSync(list, `${'00'.repeat(32)} # nobody\n`);
    const running = await started(place, '--admit', list, '--rate', '1', '--burst', '2');
    const send = async (n: number): Promise<number> =>
      (await post(running.url, wireFor(place.ledger, n))).status;
    expect(await send(1)).toBe(403);
    writeFileSync(list, `${'00'.repeat(32)} # nobody\n${sender}\n`);
    for (let tries = 0; tries < 100 && !running.events.some(({ event }) => event === 'admission'); tries++)
      await new Promise((next) => setTimeout(next, 100));
    expect(running.events.find(({ event }) => event === 'admission')).toMatchObject({ keys: 2 });
    const statuses = await Promise.all([1, 2, 3, 4, 5].map(send));
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
  });

  it('loses nothing that it acknowledged when it is killed, again and again', async () => {
    const place = await founded();
    const promises = new Map<number, string>();
    for (let life = 0; life < 4; life++) {
      const running = await started(place, '--interval', '200', '--rate', '0', '--log-level', 'warn');
      // Killed in the middle of the sending, whatever else the machine is doing.
      let left = 3 + 11 * life;
      const send = async (n: number): Promise<void> => {
        const response = await post(running.url, wireFor(place.ledger, n)).catch(() => undefined);
        if (response?.status !== 200) return;
        const note = await response.text().catch(() => undefined);
        if (note === undefined) return;
        expect(note, `message ${n}`).toBe(promises.get(n) ?? note);
        promises.set(n, note);
        if (--left === 0) running.child.kill('SIGKILL');
      };
      await Promise.all(Array.from({ length: 60 }, (_, i) => send(life * 40 + i)));
      await ended(running);
      expect(running.events).toEqual([]);
    }
    expect(promises.size).toBeGreaterThanOrEqual(36);
    // In the end every promise is kept, and the journal is empty.
    const now = (): number => Math.floor(Date.now() / 1000);
    const onFailure = (error: unknown): void => {
      throw error;
    };
    const storage = embeddedStorage(place.data);
    const sequencer = await Sequencer.open(storage, { intervalMs: 1, now, onFailure });
    for (const [n, note] of promises) {
      expect(Buffer.from(await taken(sequencer, wireFor(place.ledger, n))).toString()).toBe(note);
    }
    await sequencer.stop();
    expect(readdirSync(join(place.data, 'private/pending'))).toEqual([]);
    const again = await Sequencer.open(storage, { intervalMs: 60_000, now, onFailure });
    for (const [n, note] of promises) {
      expect(Buffer.from(await taken(again, wireFor(place.ledger, n))).toString()).toBe(note);
    }
    expect(again.waiting).toBe(0);
    await again.stop();
  });
});
