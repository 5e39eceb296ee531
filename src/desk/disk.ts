/** What the files of a profile take on the disk, and which of them nobody needs any more. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { DiskView, FileView } from '../contract/channels/settings.ts';
import { roomOn } from '../wallet/doctor/place.ts';
import type { Profile } from '../wallet/profile.ts';

const mostFiles = 100;

/** Files that SQLite lays beside a database are told with it. */
const beside = /-(?:wal|shm)$/;

/** By the beginning of a name: the first that fits. */
const kinds: readonly (readonly [RegExp, FileView['what']])[] = [
  [/^record\.sqlite\.damaged-\d+$/, 'damaged'],
  [/^record\.sqlite\.before-[\d.]+$/, 'older'],
  [/^record\.sqlite$/, 'record'],
  [/^identity\.sealed$/, 'identity'],
  [/^desktop\.json$/, 'settings'],
  [/^backups$/, 'backups'],
];

function kindOf(name: string): FileView['what'] {
  return kinds.find(([form]) => form.test(name))?.[1] ?? 'other';
}

async function bytesIn(path: string): Promise<number> {
  const about = await lstat(path).catch(() => undefined);
  if (about?.isDirectory() !== true) return about?.size ?? 0;
  let all = 0;
  for (const name of await readdir(path).catch(() => []))
    all += (await lstat(join(path, name)).catch(() => undefined))?.size ?? 0;
  return all;
}

export async function diskOf({ folder }: Profile): Promise<DiskView> {
  const sizes = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const name = file.replace(beside, '');
    sizes.set(name, (sizes.get(name) ?? 0) + (await bytesIn(join(folder, file))));
  }
  const files = [...sizes].map(([name, bytes]): FileView => {
    return { name: name.toWellFormed(), what: kindOf(name), bytes };
  });
  files.sort((a, b) => b.bytes - a.bytes);
  const free = await roomOn(folder);
  return { folder, files: files.slice(0, mostFiles), ...(free === undefined ? {} : { free }) };
}

/** Removes a file that nobody needs: one that a repair replaced, or a copy of an older layout. */
export async function removeFile({ folder }: Profile, name: string): Promise<void> {
  const kind = kindOf(name);
  if (kind !== 'damaged' && kind !== 'older') throw new CountersignError<IpcCode>('ipc-gone', kind);
  for (const end of ['', '-wal', '-shm']) await rm(join(folder, name + end), { force: true });
}
