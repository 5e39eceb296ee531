/**
 * Programs run as a user whom permissions bind: root reads and writes whatever it likes. Where the tests run as root,
 * the programs run as 'nobody', if that user can get at the project.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const identity = isRoot ? { uid: nobody, gid: nobody } : {};

export interface UserRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with these arguments as an ordinary user, in the project's folder. */
export function runAsUser(args: readonly string[], env: NodeJS.ProcessEnv = {}): UserRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    ...identity,
    cwd: project,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** Runs a module that imports from the project and prints something. */
export function runScriptAsUser(script: string, ...args: readonly string[]): UserRun {
  return runAsUser(['--input-type=module', '-e', script, ...args]);
}

/** Why programs cannot be run as an ordinary user here, or undefined when they can. */
export function noOrdinaryUser(): string | undefined {
  if (process.platform === 'win32') return 'permissions are other ones on Windows';
  const { code } = runScriptAsUser(`await import('${join(project, 'src/cli/main.ts')}')`, '--version');
  return code === 0 ? undefined : 'the tests run as root, and no other user can read the project';
}

/** A new folder that the ordinary user may use. */
export function userFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o777);
  return folder;
}
