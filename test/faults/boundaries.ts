/**
 * Loaded into a process before everything else (`node --import`): counts each call by which it changes what is stored, and
 * at one of them ends the process as `kill -9` does, or lets the call fail. The calls are those of Node's file system and
 * of the database driver, so that the code under test runs as it is.
 */
import fs from 'node:fs';
import files, { type FileHandle } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** What happens at a boundary. `half` writes the first half of the bytes before the process ends. */
export type FaultKind = 'kill before' | 'kill after' | 'kill half' | 'EIO' | 'ENOSPC';

/** The plan, as JSON in the variable {@link planVariable}. */
export interface FaultPlan {
  /** Which boundary, from 0; none when it is negative. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Every boundary is written here as a line, before it is crossed: its number, and what it is. */
  readonly log: string;
}

export const planVariable = 'COUNTERSIGN_TEST_FAULT';

type Call = (...given: unknown[]) => unknown;

const append = fs.appendFileSync;
let count = 0;

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: asked for by a test`), { code, syscall: 'write' });
}

/** Ends the process as if it were killed: nothing runs any more. */
function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

/** Which fault this boundary has, if any. */
function next(plan: FaultPlan, name: string): FaultKind | undefined {
  const at = count++;
  append(plan.log, `${at} ${name}\n`);
  return at === plan.at ? plan.kind : undefined;
}

function patchFiles(plan: FaultPlan, owner: Record<string, Call>, name: string): void {
  const real = owner[name];
  if (real === undefined) throw new RangeError(`no call ${name}`);
  owner[name] = async function (this: unknown, ...given: unknown[]) {
    const isOpen = name === 'open';
    if (isOpen && !/[wa]/.test(String(given[1]))) return real.apply(this, given);
    const fault = next(plan, `${name} ${typeof given[0] === 'string' ? given[0] : ''}`);
    if (fault === 'kill before') return die();
    if (fault === 'EIO' || fault === 'ENOSPC') throw errno(fault);
    if (fault === 'kill half' && given[0] instanceof Uint8Array) {
      await real.call(this, given[0].subarray(0, given[0].length >> 1), ...given.slice(1));
      return die();
    }
    const result = await (real.apply(this, given) as Promise<unknown>);
    return fault === undefined ? result : die();
  };
}

function patchStatements(plan: FaultPlan, owner: Record<string, Call>, name: string): void {
  const real = owner[name];
  if (real === undefined) throw new RangeError(`no call ${name}`);
  owner[name] = function (this: unknown, ...given: unknown[]) {
    const done = given.at(-1) as Call;
    const fault = next(plan, `${name} ${String(given[0]).replace(/\s+/g, ' ').slice(0, 60)}`);
    if (fault === 'kill before') return die();
    if (fault === 'EIO' || fault === 'ENOSPC') {
      const code = fault === 'EIO' ? 'SQLITE_IOERR' : 'SQLITE_FULL';
      return setImmediate(() => done.call(this, Object.assign(new Error(code), { code })));
    }
    if (fault === undefined) return real.apply(this, given);
    return real.apply(this, [...given.slice(0, -1), () => void die()]);
  };
}

async function patch(plan: FaultPlan): Promise<void> {
  const calls = files as unknown as Record<string, Call>;
  const handle = await files.open(process.execPath, 'r');
  const methods = Object.getPrototypeOf(handle) as FileHandle & Record<string, Call>;
  await handle.close();
  for (const name of ['open', 'mkdir', 'mkdtemp', 'rename', 'link', 'copyFile', 'rm', 'writeFile', 'chmod'])
    patchFiles(plan, calls, name);
  for (const name of ['writeFile', 'write', 'appendFile', 'sync', 'datasync', 'truncate'])
    patchFiles(plan, methods, name);
  syncBuiltinESMExports();
  const { Database } = createRequire(import.meta.url)('sqlite3') as {
    readonly Database: { readonly prototype: Record<string, Call> };
  };
  for (const name of ['exec', 'run']) patchStatements(plan, Database.prototype, name);
}

const given = process.env[planVariable];
if (given !== undefined && isMainThread) await patch(JSON.parse(given) as FaultPlan);
