/** S of docs/performance.md: `inserts.c`, compiled with the very SQLite that the wallet's driver is built from. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Setting } from './bench.ts';

const source = join(import.meta.dirname, 'inserts.c');

/** As `node-gyp` compiles it for the driver. */
const flags = ['-O3', '-DNDEBUG', '-DSQLITE_THREADSAFE=1', '-DHAVE_USLEEP=1'];
const features = ['FTS3', 'FTS4', 'FTS5', 'RTREE', 'DBSTAT_VTAB', 'MATH_FUNCTIONS'];

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function compiler(): string | undefined {
  return ['cc', 'gcc', 'clang'].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** The sources of the driver's SQLite, unpacked; undefined where they are not. */
function amalgamation(cache: string): string | undefined {
  const deps = join(dirname(createRequire(import.meta.url).resolve('sqlite3/package.json')), 'deps');
  const archive = existsSync(deps)
    ? readdirSync(deps).find((name) => /^sqlite-autoconf-\d+\.tar\.gz$/.test(name))
    : undefined;
  if (archive === undefined) return undefined;
  const folder = join(cache, archive.replace('.tar.gz', ''));
  if (!existsSync(join(folder, 'sqlite3.c'))) run('tar', ['-xzf', join(deps, archive), '-C', cache]);
  return folder;
}

/**
 * The program; undefined, said aloud, where it cannot be made. Without the sources of the driver's SQLite it is linked
 * to that of the system.
 */
export function insertsProgram({ cache, say }: Setting): string | undefined {
  const cc = compiler();
  if (cc === undefined) {
    say('NO C COMPILER: S is not measured, so there is no L and no part of it');
    return undefined;
  }
  const sqlite = amalgamation(cache);
  const program = join(cache, 'inserts');
  try {
    if (sqlite === undefined) {
      say("the driver's SQLite is not here as source: S is measured with that of the system");
      run(cc, [...flags, '-o', program, source, '-lsqlite3']);
      return program;
    }
    const object = join(sqlite, 'sqlite3.o');
    const enabled = features.map((name) => `-DSQLITE_ENABLE_${name}`);
    if (!existsSync(object)) {
      say('compiling SQLite');
      run(cc, [...flags, ...enabled, '-c', '-o', object, join(sqlite, 'sqlite3.c')]);
    }
    run(cc, [...flags, '-I', sqlite, '-o', program, source, object, '-lpthread', '-ldl', '-lm']);
    return program;
  } catch {
    say('COMPILING FAILED: S is not measured, so there is no L and no part of it');
    return undefined;
  }
}

/** What inserts took. */
export interface Inserts {
  readonly messages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Inserts the messages of a wallet's database into a new one. @param perTransaction how many at a time. */
export function measureInserts(
  program: string,
  database: string,
  folder: string,
  perTransaction: number,
): Inserts {
  const target = join(folder, 'inserts.sqlite');
  const remove = (): void => {
    for (const end of ['', '-wal', '-shm']) rmSync(target + end, { force: true });
  };
  remove();
  try {
    return JSON.parse(run(program, [database, target, String(perTransaction)])) as Inserts;
  } finally {
    remove();
  }
}
