/** The files that a person names: files as they are, folders with everything in them. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CountersignError } from '../../core/errors/family.ts';
import type { ReceiptCode } from '../../core/errors/receipt.ts';

function unreadable(path: string, cause: unknown): CountersignError<ReceiptCode> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new CountersignError<ReceiptCode>('receipt-unreadable', `${path}: ${code}`, { cause });
}

async function* inFolder(folder: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* inFolder(path);
    // Links are not followed, so that no folder is walked for ever; what is no file has no content to record.
    else if (entry.isFile()) yield path;
  }
}

/**
 * The files at these paths, in order; of folders all that lie in them and below, by name. Links inside folders are left
 * out.
 * @throws CountersignError `receipt-unreadable`
 */
export async function* filesAt(paths: readonly string[]): AsyncGenerator<string> {
  for (const given of paths) {
    const path = resolve(given);
    const found = await stat(path).catch((error: unknown) => {
      throw unreadable(given, error);
    });
    if (found.isDirectory()) yield* inFolder(path);
    else if (found.isFile()) yield path;
    else throw unreadable(given, { code: 'not a file' });
  }
}
