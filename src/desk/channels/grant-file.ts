/** The file that a disclosure is written to: whatever has its name by then is left as it is, and another name is taken. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import type { WrittenDisclosureView } from '../../contract/state.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type DisclosureStep, type GrantWriter, writeGrantFile } from '../../wallet/disclosure/disclose.ts';
import { freeFile } from '../free-file.ts';

const ending = '.countersign-grant';
const usual = 'disclosure';
const taken: DiscloseCode = 'disclose-exists';

/** A path in a folder that is free now. @param grant SHA-256 of what is disclosed, in hexadecimal. */
export async function freeGrantPath(folder: string, grant: string): Promise<string> {
  const isFree = (path: string): Promise<boolean> =>
    lstat(path).then(
      () => false,
      () => true,
    );
  const name = `${usual} ${grant.slice(0, 8)}`;
  const { file } = await freeFile(
    { folder, name, usual, ending },
    async (path, isLast) => isLast || isFree(path),
  );
  return file;
}

/** Writes it under the name that was meant, or under the next one that is free when that was taken meanwhile. */
export const writeFreeGrant: GrantWriter = async (path, grant) => {
  const write = async (to: string, isLast: boolean): Promise<boolean> => {
    try {
      await writeGrantFile(to, grant);
      return true;
    } catch (error) {
      if (!isLast && error instanceof CountersignError && error.code === taken) return false;
      throw error;
    }
  };
  if (await write(path, false)) return path;
  const end = extname(path);
  const meant = { folder: dirname(path), name: basename(path, end), usual, ending: end };
  return (await freeFile(meant, write)).file;
};

/** Which of these were written, and where. */
export function writtenIn(steps: readonly DisclosureStep[]): readonly WrittenDisclosureView[] {
  return steps.flatMap(({ disclosure: { channels }, file }) => {
    const [channel] = channels;
    if (file === undefined || channel === undefined) return [];
    return [{ channel: toHex(channel), file: file.toWellFormed() }];
  });
}
