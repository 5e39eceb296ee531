/** The part of an audit that concerns signed heads: opening them, and comparing each with the tree. */
import { equalBytes } from '../bytes.ts';
import { emptyRoot } from '../tree/merkle.ts';
import type { GivenCheckpoint } from './audit-port.ts';
import type { AuditRun } from './audit-run.ts';
import { openNamedCheckpoint, parseDecimal, type NamedLog, type VerifiedCheckpoint } from './checkpoint.ts';
import { noteLimits } from './note.ts';

/** The most checkpoints of earlier sizes that are looked at beside a log. */
const maxStoredCheckpoints = 1_000_000;

/** A signed head and the name under which it was found. */
export interface Head {
  readonly path: string;
  readonly checkpoint: VerifiedCheckpoint;
}

/** Computes the root of the first `size` entries from verified tiles; undefined when a bad tile is in the way. */
export type RootAt = (size: number) => Uint8Array | undefined;

/** Opens a checkpoint; a failure is recorded. */
function openHead(run: AuditRun, path: string, bytes: Uint8Array, log: NamedLog): Head | undefined {
  const opened = openNamedCheckpoint(bytes, log, []);
  if (!opened.ok) {
    run.fail(opened.code, path, opened.detail);
    return undefined;
  }
  run.counts.checkpoints++;
  return { path, checkpoint: opened.value };
}

/** Reads and opens `checkpoint`; a failure is recorded. */
export async function readHead(run: AuditRun, log: NamedLog): Promise<Head | undefined> {
  const bytes = await run.need('checkpoint', noteLimits.bytes);
  return bytes === undefined ? undefined : openHead(run, 'checkpoint', bytes, log);
}

/** All other heads, in order of size. Those that lie beside the log are opened only when their turn comes. */
export class OtherHeads {
  readonly #run: AuditRun;
  readonly #log: NamedLog;
  readonly #opened: Head[] = [];
  #stored: number[] = [];
  #next = 0;

  constructor(run: AuditRun, log: NamedLog) {
    this.#run = run;
    this.#log = log;
  }

  /** Takes in checkpoints from elsewhere. */
  give(given: readonly GivenCheckpoint[]): void {
    for (const { path, bytes } of given) {
      const head = openHead(this.#run, path, bytes, this.#log);
      if (head !== undefined) this.add(head);
    }
  }

  /** Takes in a head that was opened elsewhere. */
  add(head: Head): void {
    this.#opened.push(head);
    this.#opened.sort((a, b) => a.checkpoint.size - b.checkpoint.size);
  }

  /** Finds each `checkpoint.<size>` beside the log, and opens those above `size`. */
  async find(size: number): Promise<void> {
    const listed = await this.#run.reader.list('', maxStoredCheckpoints);
    if (!listed.ok) {
      this.#run.fail(listed.code, '.', listed.detail);
      return;
    }
    const stored: number[] = [];
    for (const { name, kind } of listed.value ?? []) {
      if (!name.startsWith('checkpoint.')) continue;
      const named = kind === 'file' ? parseDecimal(name.slice('checkpoint.'.length)) : undefined;
      if (named === undefined) this.#run.note('foreignFiles', name);
      else stored.push(named);
    }
    this.#stored = stored.sort((a, b) => a - b);
    for (const above of this.#stored.filter((named) => named > size)) {
      if (this.#run.isOver) return;
      const head = await this.#open(above);
      if (head !== undefined) this.add(head);
    }
    this.#stored = this.#stored.filter((named) => named <= size);
  }

  /** The largest head that is above `head`, or `head` itself. */
  largest(head: Head): Head {
    const last = this.#opened.at(-1);
    return last !== undefined && last.checkpoint.size > head.checkpoint.size ? last : head;
  }

  /** Compares all heads up to `size` that were not compared yet. */
  async compareUpTo(size: number, rootAt: RootAt): Promise<void> {
    while ((this.#opened[0]?.checkpoint.size ?? Infinity) <= size) {
      const head = this.#opened.shift();
      if (head !== undefined) compareHead(this.#run, head, rootAt);
    }
    for (; this.#next < this.#stored.length && !this.#run.isOver; this.#next++) {
      const named = this.#stored[this.#next] ?? Infinity;
      if (named > size) return;
      const head = await this.#open(named);
      if (head !== undefined) compareHead(this.#run, head, rootAt);
    }
  }

  async #open(named: number): Promise<Head | undefined> {
    const path = `checkpoint.${named}`;
    const bytes = await this.#run.readOptional(path, noteLimits.bytes);
    const head = bytes === undefined ? undefined : openHead(this.#run, path, bytes, this.#log);
    if (head === undefined || head.checkpoint.size === named) return head;
    this.#run.fail('log-checkpoint-misnamed', path, `it states the size ${head.checkpoint.size}`);
    return undefined;
  }
}

/** Whether a head states the root that the tree has at its size; if not, that is recorded. */
function compareHead(run: AuditRun, head: Head, rootAt: RootAt): void {
  const { size, root } = head.checkpoint;
  const actual = size === 0 ? emptyRoot() : rootAt(size);
  if (actual !== undefined && !equalBytes(actual, root)) {
    run.fail('log-inconsistent', head.path, `not the first ${size} entries of this log`);
  }
}
