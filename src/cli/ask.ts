/** Asking the person at the keyboard. Questions go to stderr, so that they are never part of a result. */
import type { VaultCode } from '../core/errors/vault.ts';
import { exit, Stop } from './exit.ts';
import { plainLine } from './output.ts';

/** The longest line that is read. */
const longest = 4096;

/** Whether there is somebody to ask: keyboard and screen. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Takes in typed characters. @returns the line when it is complete, `'interrupted'` on Ctrl-C or Ctrl-D. */
function lineTyper(): (typed: string) => string | undefined {
  let line = '';
  return (typed) => {
    for (const char of typed) {
      if (char === '\r' || char === '\n') return line;
      if (char === '\u0003' || (char === '\u0004' && line === '')) throw new Interrupted();
      if (char === '\u007f' || char === '\b') line = Array.from(line).slice(0, -1).join('');
      else if (char === '\u0015') line = '';
      else if (char >= ' ' && line.length < longest) line += char;
    }
    return undefined;
  };
}

class Interrupted extends Error {}

/**
 * Asks for one line that must not be seen, not even its length.
 * @throws Stop `vault-not-asked` when the person interrupts.
 */
export async function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // Before anybody can answer: until then the terminal shows what is typed, and Ctrl-C ends the process unasked.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stderr.write(`${plainLine(question)} `);
  const take = lineTyper();
  try {
    return await new Promise<string>((resolve, reject) => {
      const done = (finish: () => void): void => {
        stdin.removeAllListeners('data');
        stdin.removeAllListeners('end');
        finish();
      };
      stdin.on('data', (chunk: string) => {
        try {
          const line = take(chunk);
          if (line !== undefined) {
            done(() => {
              resolve(line);
            });
          }
        } catch {
          done(() => {
            reject(new Interrupted());
          });
        }
      });
      stdin.once('end', () => {
        done(() => {
          reject(new Interrupted());
        });
      });
      stdin.resume();
    });
  } catch (error) {
    if (error instanceof Interrupted)
      throw new Stop(exit.unavailable, 'vault-not-asked' satisfies VaultCode, undefined, { cause: error });
    throw error;
  } finally {
    stdin.pause();
    stdin.setRawMode(false);
    stderr.write('\n');
  }
}
