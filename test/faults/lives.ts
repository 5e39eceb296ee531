/** Runs a life of a firehose or a wallet in a process of its own, with one fault. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FaultKind, type FaultPlan, planVariable } from './boundaries.ts';

export interface Life {
  /** What it said, line by line: only what was whole when it ended. */
  readonly lines: readonly string[];
  /** What it crossed, in order: names of boundaries. */
  readonly boundaries: readonly string[];
  readonly isKilled: boolean;
  /** How long it went on after its first line, in milliseconds. */
  readonly ms: number;
  readonly code: number | null;
  readonly stderr: string;
}

/** Where and how a life ends or fails. */
export interface Fault {
  readonly at: number;
  readonly kind: FaultKind;
}

export interface LifeOptions {
  /** The module, beside this one. */
  readonly module: string;
  readonly args: readonly string[];
  /** Where the boundaries are noted. */
  readonly log: string;
  readonly fault?: Fault;
  /** Kills it so many milliseconds after its first line. */
  readonly killAfterMs?: number;
}

/** A life that takes longer is killed, and counts as a failure: milliseconds. */
const longest = 60_000;

function linesOf(text: string): string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

/** Runs one life to its end. */
export async function live({ module, args, log, fault, killAfterMs }: LifeOptions): Promise<Life> {
  // One that is killed before its first boundary notes none.
  writeFileSync(log, '');
  const plan: FaultPlan = { ...(fault ?? { at: -1, kind: 'kill before' }), log };
  const preload = pathToFileURL(join(import.meta.dirname, 'boundaries.ts')).href;
  const child = spawn(process.execPath, ['--import', preload, join(import.meta.dirname, module), ...args], {
    env: { ...process.env, [planVariable]: JSON.stringify(plan) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longest,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  let begun: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    begun ??= performance.now();
    if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => {
      resolve(ended);
    });
  });
  clearTimeout(timer);
  const ended = performance.now();
  const boundaries = linesOf(readFileSync(log, 'utf8'));
  const isKilled = signal === 'SIGKILL';
  return { lines: linesOf(stdout), boundaries, isKilled, ms: ended - (begun ?? ended), code, stderr };
}

/** Whether the fault was really met: a life that ended before it proves nothing. */
export function isInjected({ boundaries, isKilled }: Life, { at, kind }: Fault): boolean {
  return boundaries.length > at && (kind === 'EIO' || kind === 'ENOSPC' || isKilled);
}
