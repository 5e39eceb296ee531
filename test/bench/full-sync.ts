/**
 * Full synchronisation over HTTP into a fresh database, against L = cores / (1/V + 1/S): what this machine could do if
 * everything but verifying signatures and inserting rows cost nothing. `countersign sync` and `countersign firehose` run
 * as anyone runs them, each in a process of its own.
 */
import { cpSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Bench, median, type Setting } from './support/bench.ts';
import { type DataSet, dataSet, startFirehose } from './support/data-set.ts';
import { joinedHome } from './support/home.ts';
import { insertsProgram, measureInserts } from './support/inserts.ts';
import { cpuSecondsOf, watchOthers } from './support/machine.ts';
import { type Measured, measureCli } from './support/program.ts';
import { type Cost, measureVerifications } from './support/verifications.ts';

const cores = availableParallelism();

/** As many as a synchronisation writes at a time. */
const perTransaction = 16_384;

/** One synchronisation, and the processor that the firehose took for it. */
interface Synced extends Measured {
  readonly servedSeconds: number;
  /** Processors that others took meanwhile. */
  readonly others: number | undefined;
}

async function synchronise(data: DataSet, folder: string, home: string): Promise<Synced> {
  const firehose = await startFirehose(data.folder);
  try {
    await joinedHome(home, data, firehose.url);
    const pid = firehose.child.pid ?? 0;
    const served = cpuSecondsOf(pid);
    const others = watchOthers();
    const measured = await measureCli(['sync'], folder, home);
    const servedSeconds = cpuSecondsOf(pid) - served;
    return { ...measured, servedSeconds, others: others(measured.cpuSeconds + servedSeconds) };
  } finally {
    await firehose.stop();
  }
}

/** Seconds for each message, by the clock and of the processor. */
async function measure(setting: Setting, program: string | undefined, messages: number): Promise<Cost> {
  const { folder, cache, say } = setting;
  const data = await dataSet(setting, messages);
  const label = messages.toLocaleString('en-US');
  const figure = (name: string, value: number, unit: string, target?: object): void => {
    setting.figure({
      name: `${label}: ${name}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    } as never);
  };
  say(`synchronising ${label} messages`);
  const home = join(folder, 'home');
  const runs: Synced[] = [];
  const verifying: Cost[] = [measureVerifications(data)];
  const times = messages > 200_000 ? 1 : 3;
  for (let n = 0; n < times; n++) {
    rmSync(home, { recursive: true, force: true });
    runs.push(await synchronise(data, folder, home));
    verifying.push(measureVerifications(data));
  }
  const rate = messages / median(runs.map(({ threadSeconds }) => threadSeconds));
  const cpu = median(runs.map(({ threadCpuSeconds }) => threadCpuSeconds)) / messages;
  const served = median(runs.map(({ servedSeconds }) => servedSeconds)) / messages;
  figure('synchronised', rate, 'messages/s');
  figure('the whole command', messages / median(runs.map(({ seconds }) => seconds)), 'messages/s');
  figure('processor for a message', 1e6 * cpu, 'us');
  figure('processor for serving it', 1e6 * served, 'us');
  const others = runs.map((run) => run.others).filter((value) => value !== undefined);
  if (others.length > 0) figure('processors that others and the host took', median(others), `of ${cores}`);
  const v = {
    seconds: median(verifying.map(({ seconds }) => seconds)),
    cpuSeconds: median(verifying.map(({ cpuSeconds }) => cpuSeconds)),
  };
  figure('V, one core', 1 / v.seconds, 'verifications/s');
  if (program !== undefined) {
    say(`inserting ${label} messages in plain C`);
    const store = join(home, 'default', 'record.sqlite');
    const inserts = Array.from({ length: times }, () =>
      measureInserts(program, store, folder, perTransaction),
    );
    const s = {
      seconds: median(inserts.map(({ seconds }) => seconds)) / messages,
      cpuSeconds: median(inserts.map(({ cpuSeconds }) => cpuSeconds)) / messages,
    };
    const limit = cores / (v.seconds + s.seconds);
    figure('S, one core', 1 / s.seconds, 'messages/s');
    figure('L', limit, 'messages/s');
    figure('part of L', rate / limit, '', { atLeast: 0.75 });
    figure('part of L, by processor time', (v.cpuSeconds + s.cpuSeconds) / (cpu + served), '', {
      atLeast: 0.75,
    });
  }
  const mib = (bytes: number): number => bytes / 2 ** 20;
  figure('memory at its peak', mib(Math.max(...runs.map(({ wholePeakBytes }) => wholePeakBytes))), 'MiB', {
    atMost: 350,
  });
  figure('delay of the event loop, p99', median(runs.map(({ loop }) => loop.p99)), 'ms', { atMost: 16 });
  const kept = join(cache, `home-${messages}`);
  rmSync(kept, { recursive: true, force: true });
  cpSync(home, kept, { recursive: true });
  return { seconds: 1 / rate, cpuSeconds: cpu };
}

export const bench: Bench = {
  summary: 'full synchronisation over HTTP into a fresh database, against what this machine could do at most',
  run: async (setting) => {
    const sizes = setting.sizes ?? (setting.isQuick ? [2000, 4000] : [10_000, 100_000, 1_000_000]);
    const program = insertsProgram(setting);
    const costs: Cost[] = [];
    for (const size of sizes) costs.push(await measure(setting, program, size));
    const [below, largest] = [costs.at(-2), costs.at(-1)];
    if (below === undefined || largest === undefined) return;
    const [a, b] = [sizes.at(-1) ?? 0, sizes.at(-2) ?? 0].map((size) => size.toLocaleString('en-US'));
    const name = `cost of a message with ${a ?? ''} beside ${b ?? ''}`;
    const target = { atMost: 1.15 };
    setting.figure({ name, value: largest.seconds / below.seconds, unit: 'times', target });
    const ratio = largest.cpuSeconds / below.cpuSeconds;
    setting.figure({ name: `${name}, by processor time`, value: ratio, unit: 'times', target });
  },
};
