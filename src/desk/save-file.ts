/** Saving a file into a folder that the person is asked for. Nothing that is there is overwritten. */
import { join } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import { writeNewFile } from '../wallet/vault/new-file.ts';
import type { Desk } from './desk.ts';

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

interface NewFile {
  readonly name: string;
  /** What it is called when nothing is left of its name. */
  readonly usual: string;
  /** With its dot. */
  readonly ending: string;
  readonly bytes: Uint8Array;
  /** The code for when it cannot be written. */
  readonly cannot: string;
}

/** Saves it. @returns its path; null when no folder was chosen. @throws CountersignError with the code `cannot` */
export async function saveFile(
  desk: Desk,
  { name, usual, ending, bytes, cannot }: NewFile,
): Promise<{ readonly file: string } | null> {
  const folder = await desk.ask('folder');
  if (folder === undefined) return null;
  return freeFile({ folder, name, usual, ending }, async (file, isLast) => {
    try {
      await writeNewFile(file, bytes);
      return true;
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' && !isLast) return false;
      throw new CountersignError<string>(cannot, `${folder}: ${code}`, { cause });
    }
  });
}
