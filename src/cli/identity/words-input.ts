/** Words that a person already has: typed unseen, or from a file. */
import { explain } from '../../core/errors/family.ts';
import type { OwnCode } from '../../core/errors/own.ts';
import type { WordsCode } from '../../core/errors/words.ts';
import { parseWords, type Words } from '../../core/identity/words.ts';
import { askHidden, canAsk } from '../ask.ts';
import { exit, Stop } from '../exit.ts';
import { startOf, Unreadable } from '../given.ts';
import type { Terminal } from '../output.ts';

const maxBytes = 4096;
const tries = 3;

function unread(detail: string, cause?: unknown): Stop {
  return new Stop(exit.failed, 'own-words-unread' satisfies OwnCode, detail, { cause });
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await startOf(path, maxBytes);
  } catch (error) {
    throw error instanceof Unreadable ? unread(error.message, error) : error;
  }
}

/**
 * Reads words from a file, or from standard input for `-`.
 * @throws Stop `own-words-unread` or a `words-` code; neither repeats anything of what was read.
 */
export async function wordsFrom(path: string): Promise<Words> {
  const bytes = await readBytes(path);
  if (bytes.length > maxBytes) throw unread(`more than ${maxBytes} bytes`);
  const words = parseWords(Buffer.from(bytes).toString('utf8'));
  bytes.fill(0);
  if (!words.ok) throw new Stop(exit.failed, words.code, words.detail);
  return words.value;
}

/**
 * Asks for words, a few times when they are mistyped.
 * @returns undefined where there is nobody to ask.
 * @throws Stop with the `words-` code of the last try.
 */
export async function askWords(question: string, terminal: Terminal): Promise<Words | undefined> {
  if (!canAsk()) return undefined;
  let code: WordsCode = 'words-count';
  for (let i = 0; i < tries; i++) {
    const words = parseWords(await askHidden(question));
    if (words.ok) return words.value;
    ({ code } = words);
    const place = words.detail === undefined ? '' : ` (${words.detail})`;
    terminal.say(`${explain(code)?.happened ?? code}${place}`);
  }
  throw new Stop(exit.failed, code);
}
