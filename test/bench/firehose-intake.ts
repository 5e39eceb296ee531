/** The intake of a firehose on a real disk, beside what the disk's own syncs cost in the same run. */
import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CountersignError } from '../../src/core/errors/family.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { foundLedger } from '../../src/firehose/operator.ts';
import { Sequencer } from '../../src/firehose/sequencer.ts';
import { type Bench, percentile, type Setting } from './support/bench.ts';
import { dataSeed, startFirehose } from './support/data-set.ts';
import { MessageMaker } from './support/messages.ts';

interface IntakeOptions {
  /** An empty folder on the disk that is to be measured. */
  readonly folder: string;
  readonly messages: number;
  /** How many messages are under way at the same time. */
  readonly parallel: number;
  /** `take` calls the sequencer in this process; `http` sends to a firehose in a process of its own. */
  readonly through: 'take' | 'http';
}

/** Times in milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface IntakeFigures {
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

function latencyOf(times: readonly number[]): Latency {
  const at = (part: number): number => percentile(times, part);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Messages to be sent, made beforehand. */
function makeMessages(ledger: Uint8Array, count: number): readonly Uint8Array[] {
  const maker = new MessageMaker(dataSeed, ledger, count);
  return Array.from({ length: count }, (_, n) => maker.wire(n));
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

/** Founds a ledger in the folder, sends it messages and measures. The engines must have been started. */
async function measureIntake(options: IntakeOptions): Promise<IntakeFigures> {
  const { folder, messages, parallel, through } = options;
  const data = join(folder, 'ledger');
  const now = (): number => Math.floor(Date.now() / 1000);
  const ledger = await foundLedger(embeddedStorage(data), 'bench.example', absoluteLimits, now());
  const wires = makeMessages(ledger.id, messages);
  const bytesEach = Math.round(wires.reduce((sum, { length }) => sum + length, 0) / messages);
  const basis = { messages, bytesEach, parallel, through };
  if (through === 'http') {
    const { url, stop } = await startFirehose(data);
    const sent = await sendAll(wires, parallel, postTo(new URL('messages', url), parallel)).finally(stop);
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

async function measureWay(
  setting: Setting,
  through: IntakeOptions['through'],
  parallel: number,
): Promise<void> {
  const most = setting.isQuick ? 500 : 20_000;
  const messages = parallel === 1 ? Math.min(most, 2000) : most;
  const folder = join(setting.folder, `${through}-${parallel}`);
  mkdirSync(folder);
  const measured = await measureIntake({ folder, messages, parallel, through });
  rmSync(folder, { recursive: true, force: true });
  const { perSecond, latency, sync, perSync, loopP99 } = measured;
  const way = through === 'take' ? 'inside the process' : 'over HTTP';
  const figure = (name: string, value: number | undefined, unit: string): void => {
    if (value !== undefined) setting.figure({ name: `${way}, ${parallel} at a time: ${name}`, value, unit });
  };
  figure('taken', perSecond, 'messages/s');
  figure('from message to promise, p50', latency.p50, 'ms');
  figure('from message to promise, p99', latency.p99, 'ms');
  figure('one sync of as many bytes, p50', sync.p50, 'ms');
  figure('one sync of as many bytes, p99', sync.p99, 'ms');
  figure('messages that shared a sync', perSync, '');
  figure('what the syncs alone would take', perSync && perSync / (sync.p50 / 1000), 'messages/s');
  figure('delay of the event loop, p99', loopP99, 'ms');
}

export const bench: Bench = {
  summary: 'messages that a firehose takes in a second, beside what the syncs of the disk cost',
  run: async (setting) => {
    for (const through of ['take', 'http'] as const) {
      for (const parallel of [1, 64]) await measureWay(setting, through, parallel);
    }
  },
};
