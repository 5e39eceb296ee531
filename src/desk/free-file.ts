/** Names for a file in a folder that the person chose. Nothing that is there is overwritten. */
import { join } from 'node:path';

/** How many names are tried for a file before it is given up. */
const mostNames = 100;

/** A name for a file, as far as every file system takes it. @param usual stands where nothing is left of the name. */
function fileName(name: string, usual: string, ending: string, turn: number): string {
  const plain = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+/, '');
  const start = Array.from(plain).slice(0, 60).join('').trim();
  return `${start || usual}${turn === 1 ? '' : ` ${turn}`}${ending}`;
}

interface FreeName {
  readonly folder: string;
  readonly name: string;
  /** What it is called when nothing is left of its name. */
  readonly usual: string;
  /** With its dot. */
  readonly ending: string;
}

/**
 * Writes a file under its name, or under the first one with a number that is free.
 * @param write tells whether the name was free; the last one that is tried is given up with what it throws.
 */
export async function freeFile(
  { folder, name, usual, ending }: FreeName,
  write: (path: string, isLast: boolean) => Promise<boolean>,
): Promise<{ readonly file: string }> {
  for (let turn = 1; ; turn++) {
    const file = join(folder, fileName(name, usual, ending, turn));
    if (await write(file, turn >= mostNames)) return { file: file.toWellFormed() };
  }
}
