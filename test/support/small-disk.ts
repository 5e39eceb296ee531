/** A real disk that is small: a file system in memory, mounted for one process and what it starts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Mounts at $1 so many KiB ($2), then runs the rest. Without root it takes a user namespace. */
const script = 'mount -t tmpfs -o size="$2"k tmpfs "$1" && shift 2 && exec "$@"';

function inside(folder: string, kib: number, command: readonly string[]): ReturnType<typeof spawnSync> {
  const own = process.getuid?.() === 0 ? '-m' : '-Urm';
  return spawnSync('unshare', [own, 'sh', '-c', script, 'sh', folder, String(kib), ...command], {
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** Why there can be no small disk here, or undefined when there can. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux mounts a file system for one process';
  const { status } = inside(mkdtempSync(join(tmpdir(), 'small-disk-')), 64, ['true']);
  return status === 0 ? undefined : 'this user may not mount anything';
}

/**
 * Runs a module with a small disk, whose folder is its first argument.
 * @param module source text; it prints one JSON value.
 */
export function onSmallDisk(kib: number, module: string, ...args: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const command = [process.execPath, '--input-type=module-typescript', '-e', module, folder, ...args];
  const { status, stderr, stdout } = inside(folder, kib, command);
  if (status !== 0) throw new Error(`ended with ${String(status)}: ${String(stderr)}`);
  return JSON.parse(String(stdout)) as unknown;
}
