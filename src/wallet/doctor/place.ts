/** The profile's folder as the file system has it: permissions, room. Nothing is opened or changed. */
import { access, constants, lstat, readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../profile.ts';
import { type Finding, foundHere, sound } from './findings.ts';

/** Less room than this, in bytes, and the next synchronisation may not fit. */
const littleRoom = 67_108_864;

/** Bits of a file's mode for its group and for everybody. */
const others = 0o077;

const permissions = 'Permissions';
const disk = 'Disk';

/** Files of the profile that others may read, by name; '.' is the folder. */
async function openToOthers(folder: string): Promise<readonly string[]> {
  const names = ['.', ...(await readdir(folder))];
  const found: string[] = [];
  for (const name of names) {
    const about = await lstat(join(folder, name)).catch(() => undefined);
    if (about !== undefined && !about.isSymbolicLink() && (about.mode & others) !== 0) found.push(name);
  }
  return found;
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
  );
}

async function aboutPermissions({ folder, storeFile, vaultFile }: Profile): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  // Windows keeps a user's folders by other means than these bits.
  const open = process.platform === 'win32' ? [] : await openToOthers(folder);
  // A closed folder keeps everybody out of the files in it.
  if (open.includes('.') && open.length > 1)
    found.push(foundHere('bad', permissions, 'doctor-permissions', `${folder}: ${open.slice(1).join(', ')}`));
  for (const path of [folder, storeFile, vaultFile]) {
    if (!(await isWritable(path))) found.push(foundHere('bad', permissions, 'doctor-cannot-write', path));
  }
  return found.length > 0
    ? found
    : [sound(permissions, `The folder ${folder} is yours alone, and writable.`)];
}

/** Bytes that may still be written to the disk of a folder; undefined where the system does not tell. */
export async function roomOn(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`;
}

/** What a file takes; 0 when it is not there. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (about) => about.size,
    () => 0,
  );
}

async function aboutDisk({ folder, storeFile }: Profile): Promise<Finding> {
  const room = await roomOn(folder);
  const taken = await sizeOf(storeFile);
  if (room === undefined) return sound(disk, `The database takes ${size(taken)}.`);
  if (room < littleRoom) return foundHere('bad', disk, 'doctor-disk', `${size(room)} are free`);
  return sound(disk, `The database takes ${size(taken)}; ${size(room)} are free.`);
}

/** Looks at folder and disk. */
export async function aboutPlace(profile: Profile): Promise<readonly Finding[]> {
  return [...(await aboutPermissions(profile)), await aboutDisk(profile)];
}
