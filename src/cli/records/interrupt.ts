/** Stopping long work on Ctrl-C: once to finish what is in hand, twice to end at once. */
import type { Terminal } from '../output.ts';

/** Does some work with a signal that is given on Ctrl-C, on SIGTERM, and when nobody reads the output any more. */
export async function interruptible<T>(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    terminal.progress('');
    controller.abort();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(AbortSignal.any([controller.signal, terminal.abandoned]));
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}
