/** What the steps of the demonstration share: a folder of its own, processes that are ended, and a voice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { exit, Stop } from '../exit.ts';
import type { Terminal } from '../output.ts';

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));
const nodeFlags = ['--disable-warning=ExperimentalWarning'];

/** How a run of the command line ended, and what it printed. */
export interface Finished {
  readonly code: number | null;
  readonly lines: readonly string[];
}

export class Stage {
  /** Everything that the demonstration makes lies here. */
  readonly folder: string;
  readonly #terminal: Terminal;
  #step = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.folder = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
    for (const name of ['ledger', 'profile', 'tampered']) mkdirSync(join(this.folder, name), { mode: 0o700 });
  }

  /** Begins the next step. */
  step(title: string): void {
    this.#step++;
    this.#terminal.line();
    this.#terminal.line(`${this.#step}. ${title}`);
  }

  /** Says what happened, indented below its step. */
  say(text: string): void {
    this.#terminal.line(`   ${text}`);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * Starts the command line as a process of its own, whose input ends with this process, however that ends. A verb that
   * runs until it is told to stop must stop then.
   */
  start(...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [...nodeFlags, mainFile, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Runs the command line as a process of its own, to its end. */
  async run(...args: readonly string[]): Promise<Finished> {
    const child = this.start(...args);
    const lines: string[] = [];
    const output = child.stdout && createInterface({ input: child.stdout });
    output?.on('line', (line) => lines.push(line));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, lines };
  }

  /** Ends a process and waits until it is gone. */
  async end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
  }
}

/** The demonstration expects this; when it is not so, something is wrong with Countersign itself. */
export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Stop(exit.failed, 'demo-unexpected', what);
}
