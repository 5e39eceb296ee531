/** A person at a terminal: runs the command line on a pseudo-terminal of the system's own `script`. */
import { spawn, spawnSync } from 'node:child_process';
import { cliMain } from './cli.ts';

const { status, error } = spawnSync('sh', ['-c', 'script --version']);

/** Why nobody can sit at a terminal here, or undefined. */
export const noTerminal =
  process.platform !== 'linux' || error !== undefined || status !== 0
    ? 'there is no script of util-linux'
    : undefined;

export interface Session {
  readonly code: number | null;
  /** Everything that the terminal got. */
  readonly screen: string;
}

/**
 * Runs a command at a terminal to its end.
 * @param answer is given all that the terminal got since the last answer, again and again, and returns what is typed.
 */
export async function atTerminal(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  answer: (since: string, all: string) => string | undefined,
): Promise<Session> {
  const command = [process.execPath, cliMain, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('sh', ['-c', 'exec script -qefc "$0" /dev/null', command], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let screen = '';
  let answered = 0;
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    const typed = answer(screen.slice(answered), screen);
    if (typed === undefined) return;
    answered = screen.length;
    child.stdin.write(typed);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, screen };
}
