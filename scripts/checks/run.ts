/** Runs one check as a child process and tells how it ended. */
import { spawn } from 'node:child_process';

/** How a child process ended and what it printed. */
export interface Ended {
  readonly code: number;
  /** Standard output and error in the order they came; empty when they went straight to the terminal. */
  readonly output: string;
}

/**
 * Runs a command to its end. A command that cannot be started, or that a signal ended, has the code 1.
 *
 * @param live whether its output goes straight to the terminal instead of into the result
 */
export function run(
  command: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly live?: boolean },
): Promise<Ended> {
  const [program = '', ...args] = command;
  const live = options.live === true;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
  });
  // Whatever ends this process ends the check that it waits for.
  const stop = (): void => {
    child.kill();
  };
  process.once('exit', stop);
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stderr?.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve) => {
    const end = (code: number, more: string): void => {
      process.off('exit', stop);
      resolve({ code, output: Buffer.concat(parts).toString() + more });
    };
    child.on('error', (error) => {
      end(1, error.message);
    });
    child.on('close', (code, signal) => {
      end(code ?? 1, signal === null ? '' : `\n${program} was ended by ${signal}`);
    });
  });
}
