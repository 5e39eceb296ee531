/** Runs the command line and measures it from outside and from inside. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliMain } from '../../support/cli.ts';
import { childBytes } from './machine.ts';
import type { Probed } from './probe.ts';

/** How often the memory of children is looked at, in milliseconds. */
const lookMs = 100;

/** As ./countersign sets them: where Node keeps what it compiled, and how many heaps threads have. */
const settings = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../.cache/node'),
  MALLOC_ARENA_MAX: '2',
};

/** What one run took. */
export interface Measured extends Probed {
  /** From starting the process to its end. */
  readonly seconds: number;
  /** At its peak, children included. */
  readonly wholePeakBytes: number;
  readonly stdout: string;
}

/** Runs `countersign ...args` to its end. @throws Error when it does not end with 0. */
export async function measureCli(args: readonly string[], folder: string, home: string): Promise<Measured> {
  const file = join(folder, 'probe.json');
  const probe = new URL('./probe.ts', import.meta.url).href;
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', probe, cliMain, ...args], {
    env: { ...settings, ...process.env, COUNTERSIGN_HOME: home, COUNTERSIGN_PROBE: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, children] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const look = setInterval(() => {
    children = Math.max(children, childBytes(child.pid ?? 0));
  }, lookMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => {
    clearInterval(look);
  });
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0)
    throw new Error(`countersign ${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr.slice(-1000)}`);
  const probed = JSON.parse(readFileSync(file, 'utf8')) as Probed;
  return { ...probed, seconds, stdout, wholePeakBytes: probed.peakBytes + children };
}
