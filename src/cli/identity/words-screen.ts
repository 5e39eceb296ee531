/**
 * Showing new words, once: on the terminal's second screen, which is cleared and leaves nothing in the scrollback. They
 * are asked back before anything is created, because words that were written down wrongly are found out too late.
 */
import { randomInt } from 'node:crypto';
import type { OwnCode } from '../../core/errors/own.ts';
import type { Words } from '../../core/identity/words.ts';
import { askHidden, canAsk } from '../ask.ts';
import { exit, Stop } from '../exit.ts';

const secondScreen = '\u001b[?1049h';
const firstScreen = '\u001b[?1049l';
const clear = '\u001b[2J\u001b[3J\u001b[H';

const asked = 3;
const rounds = 3;

/** The words in four columns, read from left to right, each with its number. */
function sheet(words: readonly string[]): string {
  const cells = words.map((word, i) => `${String(i + 1).padStart(2)}. ${word.padEnd(10)}`);
  const rows = Array.from({ length: 6 }, (_, row) => cells.slice(4 * row, 4 * row + 4).join('  '));
  return rows.map((row) => `   ${row.trimEnd()}\n`).join('');
}

/** Different positions of words, in ascending order. */
function positions(): readonly number[] {
  const chosen = new Set<number>();
  while (chosen.size < asked) chosen.add(randomInt(24));
  return [...chosen].sort((a, b) => a - b);
}

async function askedBack(words: readonly string[]): Promise<boolean> {
  let isRight = true;
  for (const position of positions()) {
    const answer = await askHidden(`Word ${position + 1}:`);
    isRight = answer.trim().toLowerCase() === words[position] && isRight;
  }
  return isRight;
}

/**
 * Shows words and asks some of them back.
 * @param title what the sheet is.
 * @param advice sentences that stand above and below the words.
 * @throws Stop `own-words-screen` where there is no terminal, `own-words-check` after three wrong rounds.
 */
export async function showWords(words: Words, title: string, advice: readonly string[]): Promise<void> {
  if (!canAsk()) throw new Stop(exit.unavailable, 'own-words-screen' satisfies OwnCode);
  const list = words.split(' ');
  const { stderr } = process;
  stderr.write(secondScreen);
  try {
    for (let round = 0; round < rounds; round++) {
      stderr.write(`${clear}${title}\n\n${sheet(list)}\n${advice.join('\n')}\n\n`);
      await askHidden('Press Enter when they stand on paper.');
      const again = round === 0 ? '' : 'That was not right. ';
      stderr.write(`${clear}${again}Read from your paper (what you type is not shown):\n`);
      if (await askedBack(list)) return;
    }
    throw new Stop(exit.failed, 'own-words-check' satisfies OwnCode);
  } finally {
    stderr.write(`${clear}${firstScreen}`);
  }
}
