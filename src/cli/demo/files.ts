/** The files that the demonstration puts on record. */
import { constants, readdirSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exit, Stop } from '../exit.ts';

const samples = fileURLToPath(new URL('../../../resources/samples/', import.meta.url));

/** A file, and how the user knows it: as it was written on the command line. */
export interface ChosenFile {
  readonly path: string;
  readonly label: string;
}

function unreadable(label: string, reason: string): Stop {
  return new Stop(exit.failed, 'demo-file', `${label}: ${reason}`);
}

/** What the disk says, in words. */
function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'you may not read it';
    default:
      return code;
  }
}

async function checkFile(label: string): Promise<void> {
  const found = await stat(label).catch((error: unknown) => {
    throw unreadable(label, reasonOf(error));
  });
  if (found.isDirectory()) throw unreadable(label, 'it is a folder');
  if (!found.isFile()) throw unreadable(label, 'it is not a plain file');
  await access(label, constants.R_OK).catch((error: unknown) => {
    throw unreadable(label, reasonOf(error));
  });
}

/**
 * The files to record: those given, each looked at first, or the samples.
 * @throws Stop `demo-file` at the first that cannot be read.
 */
export async function chosenFiles(given: readonly string[]): Promise<readonly ChosenFile[]> {
  for (const label of given) await checkFile(label);
  if (given.length > 0) return given.map((label) => ({ path: resolve(label), label }));
  const names = readdirSync(samples).sort();
  return names.map((name) => ({ path: `${samples}${name}`, label: basename(name) }));
}
