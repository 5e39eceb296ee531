/**
 * Measures the intake of a firehose on a real disk, beside what the disk's own syncs cost in the same run. By hand:
 *
 *     node test/bench/firehose-intake.ts [MESSAGES]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { uintToBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { publicKeyOf, signMessage } from '../../src/core/crypto/signature.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { composeMessage, sealMessage, wireBytes } from '../../src/core/record/envelope.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import { startEngines } from '../../src/engines/start.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { foundLedger } from '../../src/firehose/operator.ts';
import { Sequencer } from '../../src/firehose/sequencer.ts';
import { cliMain } from '../support/cli.ts';

export interface IntakeOptions {
  /** An empty folder on the disk that is to be measured. */
  readonly folder: string;
  readonly messages: number;
  /** How many messages are under way at the same time. */
  readonly parallel: number;
  /** `take` calls the sequencer in this process; `http` sends to a firehose in a process of its own. */
  readonly through: 'take' | 'http';
}

/** Times in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface IntakeFigures {
  readonly messages: number;
  readonly bytesEach: number;
  readonly parallel: number;
  readonly through: IntakeOptions['through'];
  readonly perSecond: number;
  /** From a message to its promise. */
  readonly latency: Latency;
  /** One append with its sync, of as many bytes as a group of messages had, on the same disk right afterwards. */
  readonly sync: Latency;
  /** Messages that shared a sync; undefined over HTTP. */
  readonly perSync: number | undefined;
  /** p99 of the delay of the event loop; undefined over HTTP. */
  readonly loopP99: number | undefined;
  /** Times that a sender was asked to come back later. */
  readonly busy: number;
}

/** Percentiles of some times. */
function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Signed messages of about 600 bytes from 50 keys, each with a tag. */
export function makeMessages(ledger: Uint8Array, count: number): readonly Uint8Array[] {
  const keys = Array.from({ length: 50 }, (_, i) => {
    const seed = sha256(uintToBytes(i, 4));
    return { seed, sender: publicKeyOf(seed) };
  });
  return Array.from({ length: count }, (_, n) => {
    const { seed, sender } = keys[n % keys.length] ?? {
      seed: new Uint8Array(32),
      sender: new Uint8Array(32),
    };
    const nonce = new Uint8Array(16);
    nonce.set(uintToBytes(n, 8));
    const body = { text: 'x'.repeat(80) };
    const head = { body, ledger, nonce, tags: [sha256(uintToBytes(n % 1000, 4))], time: 1_700_000_000, v: 1 };
    const data = new Uint8Array(130).fill(n);
    const unsigned = composeMessage({ payloadType: 'text/x-bench', sender, head, data });
    return wireBytes(sealMessage(unsigned, signMessage(seed, unsigned.signedBytes)));
  });
}

/** What appending and syncing so many bytes costs on this disk. */
async function measureSync(folder: string, bytes: number): Promise<Latency> {
  const path = join(folder, 'sync-probe');
  const file = await open(path, 'w');
  const times: number[] = [];
  try {
    const block = new Uint8Array(Math.max(1, Math.round(bytes))).fill(1);
    for (let n = 0; n < 300; n++) {
      const begun = performance.now();
      await file.write(block);
      await file.datasync();
      times.push(performance.now() - begun);
    }
  } finally {
    await file.close();
    rmSync(path);
  }
  return latencyOf(times);
}

/** Sends a message. @returns false when it is to be sent again. */
type Send = (wire: Uint8Array) => Promise<boolean>;

async function sendAll(
  wires: readonly Uint8Array[],
  parallel: number,
  send: Send,
): Promise<{ times: readonly number[]; seconds: number; busy: number }> {
  const times: number[] = [];
  let next = 0;
  let busy = 0;
  const begun = performance.now();
  const sender = async (): Promise<void> => {
    for (let wire = wires[next++]; wire !== undefined; wire = wires[next++]) {
      const started = performance.now();
      while (!(await send(wire))) {
        busy++;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: parallel }, sender));
  return { times, seconds: (performance.now() - begun) / 1000, busy };
}

function postTo(url: URL, parallel: number): Send {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  return (wire) =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent }, (response) => {
        response.resume().once('end', () => {
          if (response.statusCode === 200 || response.statusCode === 503)
            resolve(response.statusCode === 200);
          else reject(new Error(`status ${response.statusCode ?? 0}`));
        });
      });
      sent.on('error', reject);
      sent.end(wire);
    });
}

async function startService(data: string): Promise<{ child: ChildProcess; url: URL }> {
  const options = ['--rate', '0', '--interval', '1000', '--log-level', 'error'];
  const args = ['--disable-warning=ExperimentalWarning', cliMain, 'firehose', '--data', data, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('listening on ')) return { child, url: new URL(`${line.slice(13)}messages`) };
  }
  throw new Error('the firehose did not start');
}

/** Founds a ledger in the folder, sends it messages and measures. The engines must have been started. */
export async function measureIntake(options: IntakeOptions): Promise<IntakeFigures> {
  const { folder, messages, parallel, through } = options;
  const data = join(folder, 'ledger');
  const now = (): number => Math.floor(Date.now() / 1000);
  const ledger = await foundLedger(embeddedStorage(data), 'bench.example', absoluteLimits, now());
  const wires = makeMessages(ledger.id, messages);
  const bytesEach = Math.round(wires.reduce((sum, { length }) => sum + length, 0) / messages);
  const basis = { messages, bytesEach, parallel, through };
  if (through === 'http') {
    const { child, url } = await startService(data);
    const sent = await sendAll(wires, parallel, postTo(url, parallel));
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
    const sync = await measureSync(folder, bytesEach * Math.sqrt(parallel));
    const { times, seconds, busy } = sent;
    const unknown = { perSync: undefined, loopP99: undefined };
    return { ...basis, perSecond: messages / seconds, latency: latencyOf(times), sync, busy, ...unknown };
  }
  const onFailure = (error: unknown): void => {
    throw error;
  };
  const sequencer = await Sequencer.open(embeddedStorage(data), { intervalMs: 1000, now, onFailure });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { times, seconds, busy } = await sendAll(wires, parallel, async (wire) => {
    try {
      const taken = await sequencer.take(wire);
      if (!taken.ok) throw new Error(taken.code);
      return true;
    } catch (error) {
      if (error instanceof CountersignError && (error as CountersignError).code === 'firehose-busy')
        return false;
      throw error;
    }
  });
  delay.disable();
  const perSync = messages / sequencer.figures.syncs;
  await sequencer.stop();
  return {
    ...basis,
    perSecond: messages / seconds,
    latency: latencyOf(times),
    sync: await measureSync(folder, bytesEach * perSync),
    perSync,
    loopP99: delay.percentile(99) / 1e6,
    busy,
  };
}

if (import.meta.main) {
  await startEngines();
  const messages = Number(process.argv[2] ?? 20_000);
  for (const [through, parallel] of [
    ['take', 1],
    ['take', 64],
    ['http', 1],
    ['http', 64],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'firehose-intake-'));
    const count = parallel === 1 ? Math.min(messages, 2000) : messages;
    console.log(JSON.stringify(await measureIntake({ folder, messages: count, parallel, through })));
    rmSync(folder, { recursive: true, force: true });
  }
}
