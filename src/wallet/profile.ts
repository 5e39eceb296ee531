/**
 * Profiles. A profile is one folder with one identity and its copy of the record; several stand side by side and
 * share nothing. Nothing here touches a keychain or a database.
 */
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import type { ProfileCode } from '../core/errors/profile.ts';
import { makeFolders } from '../engines/folders.ts';

/** Where one profile keeps its files. */
export interface Profile {
  readonly name: string;
  readonly folder: string;
  /** The sealed identity (`vault/`). Once it exists, a key that opens it must exist too. */
  readonly vaultFile: string;
  /** The database: the copy of the record, and sealed private rows. */
  readonly storeFile: string;
  readonly backupsFolder: string;
}

/** The part of the environment that says where profiles lie. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The profile of a command line that names none. */
export const defaultProfile = 'default';

/** Names that Windows keeps for devices, whatever folder they stand in. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** Whether a text may name a profile: 1 to 32 of `a-z`, `0-9` and `-`, not beginning with `-`. */
export function isProfileName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,31}$/.test(text) && !deviceName.test(text);
}

/** A path in the environment; a relative one is ignored, as the XDG base directory specification asks. */
function pathIn(environment: Environment, name: string): string | undefined {
  const path = environment[name];
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** Where a system keeps the data of applications, per user. */
function dataHome(environment: Environment, platform: NodeJS.Platform): string {
  const home = pathIn(environment, 'HOME') ?? homedir();
  if (platform === 'win32') return pathIn(environment, 'APPDATA') ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return pathIn(environment, 'XDG_DATA_HOME') ?? join(home, '.local', 'share');
}

/**
 * The folder that holds all profiles of this user. `COUNTERSIGN_HOME` replaces it as a whole.
 * @throws CountersignError `profile-home` when `COUNTERSIGN_HOME` is not an absolute path: a profile must not depend on
 *   the folder that a command happens to be run in.
 */
export function profilesFolder(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = environment['COUNTERSIGN_HOME'];
  if (own === undefined || own === '') return join(dataHome(environment, platform), 'countersign');
  if (!isAbsolute(own)) throw new CountersignError<ProfileCode>('profile-home', own.slice(0, 150));
  return own;
}

/** The profile with this name, whether or not it exists. @throws CountersignError `profile-name`, `profile-home` */
export function profileOf(name: string, environment: Environment = process.env): Profile {
  if (!isProfileName(name)) throw new CountersignError<ProfileCode>('profile-name', name.slice(0, 40));
  const folder = join(profilesFolder(environment), name);
  return {
    name,
    folder,
    vaultFile: join(folder, 'identity.sealed'),
    storeFile: join(folder, 'record.sqlite'),
    backupsFolder: join(folder, 'backups'),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Whether a profile holds anything: a sealed identity or a database. An empty folder is none. */
export async function profileExists(profile: Profile): Promise<boolean> {
  return (await exists(profile.vaultFile)) || (await exists(profile.storeFile));
}

/** The names of all profiles that exist, in order of the alphabet. */
export async function listProfiles(environment: Environment = process.env): Promise<readonly string[]> {
  const names = await readdir(profilesFolder(environment)).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter(isProfileName).sort()) {
    if (await profileExists(profileOf(name, environment))) found.push(name);
  }
  return found;
}

/** For everything that does not begin a profile. @throws CountersignError `profile-missing` when there is none */
export async function needProfile(profile: Profile): Promise<void> {
  if (await profileExists(profile)) return;
  const others = await listProfiles();
  const there = others.length === 0 ? 'there is none yet' : `there are: ${others.join(', ')}`;
  throw new CountersignError<ProfileCode>('profile-missing', `${profile.name}; ${there}`.slice(0, 200));
}

/**
 * Makes a profile's folder, for its owner only, when it is not there yet.
 * @throws CountersignError `profile-cannot-write`
 */
export async function makeProfileFolder(profile: Profile): Promise<void> {
  await makeFolders(profile.folder, 0o700).catch((cause: unknown) => {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CountersignError<ProfileCode>('profile-cannot-write', code, { cause });
  });
}
