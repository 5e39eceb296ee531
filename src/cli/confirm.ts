/** Asking a person for a yes. The question goes to stderr, so that it is never part of a result. */
import { createInterface } from 'node:readline/promises';
import { canAsk } from './ask.ts';
import { UsageError } from './exit.ts';
import { plainLine } from './output.ts';

/**
 * Whether the person says yes: the whole word, because a single key is pressed too easily.
 * @param isGiven whether the command line says yes already (`--yes`).
 * @throws UsageError when it does not and there is nobody to ask.
 */
export async function confirmed(question: string, isGiven: boolean): Promise<boolean> {
  if (isGiven) return true;
  if (!canAsk())
    throw new UsageError('There is nobody to ask for a yes. Look at what it says and give --yes.');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<string>((resolve) => {
      reader.once('close', () => {
        resolve('');
      });
    });
    const answer = await Promise.race([reader.question(`${plainLine(question)} Type yes: `), closed]);
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    reader.close();
  }
}
