/** What the steps of the demonstration share: a folder of its own, processes that are ended, and a voice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
  /** What it said to the person, on stderr. */
  readonly said: readonly string[];
}

/** An argument as one would type it. */
function typed(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Everything that a stream of text brings, line by line. */
async function linesOf(stream: NodeJS.ReadableStream | null): Promise<readonly string[]> {
  const lines: string[] = [];
  if (stream !== null) for await (const line of createInterface({ input: stream })) lines.push(line);
  return lines;
}

export class Stage {
  /** Everything that the demonstration makes lies here. */
  readonly folder: string;
  readonly #terminal: Terminal;
  #step = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.folder = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
    for (const name of ['ledger', 'alice', 'bob', 'changed']) mkdirSync(this.path(name), { mode: 0o700 });
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

  /** Shows a command as somebody types it in the folder of the demonstration, and lines of what it printed. */
  show(who: string, args: readonly string[], lines: readonly string[]): void {
    this.say(`${who} $ countersign ${args.map(typed).join(' ')}`);
    for (const line of lines) this.say(`  ${line}`);
  }

  /** A path in the folder of the demonstration; one that begins at the root stays as it is. */
  path(...parts: readonly string[]): string {
    return resolve(this.folder, ...parts);
  }

  /**
   * Starts the command line as a process of its own, in the folder of the demonstration. Its input ends with this
   * process, however that ends: a verb that runs until it is told to stop must stop then.
   */
  start(env: NodeJS.ProcessEnv, ...args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [...nodeFlags, mainFile, ...args], {
      cwd: this.folder,
      // Dozens of processes that each compile the same sources: half of their time.
      env: { ...env, NODE_COMPILE_CACHE: this.path('compiled') },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** Runs the command line as a process of its own, to its end. */
  async run(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Finished> {
    const child = this.start(env, ...args);
    const closed = once(child, 'close');
    const [lines, said] = await Promise.all([linesOf(child.stdout), linesOf(child.stderr)]);
    const [code] = (await closed) as [number | null];
    return { code, lines, said };
  }

  /** Ends a process, in order or with `SIGKILL` at once, and waits until it is gone. */
  async end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }
}

/** The demonstration expects this; when it is not so, something is wrong with Countersign itself. */
export function expect(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Stop(exit.failed, 'demo-unexpected', what);
}

/** A ledger in the folder of the demonstration, with its card in `ledger-card.json`. */
export interface FoundedLedger {
  readonly port: number;
  /** Its id, as the operator would tell it. */
  readonly id: string;
  readonly vkey: string;
}

/** One of the two people: a home of their own, and commands that work on it. */
export class Person {
  readonly name: string;
  /** Their folder, as it is called in the folder of the demonstration. */
  readonly home: string;
  readonly stage: Stage;
  readonly #env: NodeJS.ProcessEnv;

  constructor(stage: Stage, name: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.home = name.toLowerCase();
    this.stage = stage;
    this.#env = { ...env, COUNTERSIGN_HOME: stage.path(this.home) };
  }

  /** A file of theirs, from the folder of the demonstration. */
  own(name: string): string {
    return `${this.home}/${name}`;
  }

  /** Runs a command that must end with this exit code. Nothing is shown. */
  async run(args: readonly string[], code: number = exit.ok): Promise<Finished> {
    const finished = await this.stage.run(this.#env, ...args);
    const said = finished.said.slice(0, 3).join(' ');
    expect(finished.code === code, `${this.name}: countersign ${args.join(' ')}: ${said}`);
    return finished;
  }

  /** The same, shown with what it printed. */
  async does(args: readonly string[], code: number = exit.ok): Promise<Finished> {
    const finished = await this.run(args, code);
    this.stage.show(this.name, args, finished.lines);
    return finished;
  }
}

/**
 * Both people do the same thing at the same time, each in their own way. It is shown one after the other.
 * @returns what each command printed.
 */
export async function bothDo(
  people: readonly Person[],
  args: (person: Person) => readonly string[],
  shown: (lines: readonly string[]) => readonly string[] = (lines) => lines,
): Promise<readonly (readonly string[])[]> {
  const runs = await Promise.all(people.map((person) => person.run(args(person))));
  for (const [i, person] of people.entries()) {
    person.stage.show(person.name, args(person), shown(runs[i]?.lines ?? []));
  }
  return runs.map(({ lines }) => lines);
}
