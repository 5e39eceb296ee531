import { execFileSync } from 'node:child_process';

/** Makes a named pipe: opening it would wait for somebody at the other end. Not on Windows. */
export function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}
