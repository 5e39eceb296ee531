/** Saving a file into a folder that the person is asked for. Nothing that is there is overwritten. */
import { CountersignError } from '../core/errors/family.ts';
import { writeNewFile } from '../wallet/vault/new-file.ts';
import type { Desk } from './desk.ts';
import { freeFile } from './free-file.ts';

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
