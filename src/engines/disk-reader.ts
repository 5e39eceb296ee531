import { constants } from 'node:fs';
import { lstat, open, opendir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogCode } from '../core/errors/log.ts';
import type { FolderEntry, LogReader } from '../core/log/audit-port.ts';
import { ok, refuse, type Refusal, type Result } from '../core/result.ts';

/**
 * Reads a log from a folder that anybody may have prepared. Below the folder itself only plain files in plain
 * folders are read: no link is followed, no pipe or device is opened, nothing is read beyond its limit.
 */

// Neither waits for the other end of a pipe nor follows a link that was put there after the look at it.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK || 0) | (constants.O_NOFOLLOW || 0);
/** How many folders are remembered as plain. */
const maxRemembered = 4_096;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : String(error);
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error));
}

/** What a failed access means; undefined when there is simply nothing there. */
function refusalOf(error: unknown): Refusal<LogCode> | undefined {
  if (isAbsent(error)) return undefined;
  // A link that O_NOFOLLOW met.
  if (codeOf(error) === 'ELOOP') return refuse('log-not-a-file', 'a link');
  return refuse('log-unreadable', codeOf(error));
}

async function readBounded(handle: FileHandle, limit: number): Promise<Result<Uint8Array, LogCode>> {
  const about = await handle.stat();
  if (!about.isFile()) return refuse('log-not-a-file');
  if (about.size > limit) return refuse('log-too-large', `${about.size} bytes`);
  // One byte more than there should be: a file that grows under our hands is noticed.
  const buffer = new Uint8Array(about.size + 1);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled > about.size) return refuse('log-unreadable', 'it changed while it was read');
  return ok(buffer.subarray(0, filled));
}

/** Reads one plain file. Links to it are followed only if `followLink` says so. */
async function readPlain(
  path: string,
  limit: number,
  followLink: boolean,
): Promise<Result<Uint8Array | undefined, LogCode>> {
  try {
    const about = await (followLink ? stat(path) : lstat(path));
    if (!about.isFile()) return refuse('log-not-a-file');
    const handle = await open(path, followLink ? openFlags & ~constants.O_NOFOLLOW : openFlags);
    try {
      return await readBounded(handle, limit);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return refusalOf(error) ?? ok(undefined);
  }
}

/**
 * Reads one file that the user named: a plain file or a link to one, at most `limit` bytes. Undefined when there
 * is none.
 */
export async function readNamedFile(
  path: string,
  limit: number,
): Promise<Result<Uint8Array | undefined, LogCode>> {
  return await readPlain(path, limit, true);
}

/** Whether a folder can be read as a log: refused when it is missing, not a folder, or may not be opened. */
export async function checkFolder(folder: string): Promise<Result<void, LogCode>> {
  try {
    const opened = await opendir(folder);
    await opened.close();
    return ok(undefined);
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return refuse('log-not-a-folder');
    return refusalOf(error) ?? refuse('log-missing');
  }
}

async function listPlain(
  folder: string,
  limit: number,
): Promise<Result<readonly FolderEntry[] | undefined, LogCode>> {
  const entries: FolderEntry[] = [];
  try {
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      if (entries.length === limit) return refuse('log-folder-too-large', `more than ${limit} names`);
      const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other';
      entries.push({ name: entry.name, kind });
    }
    return ok(entries);
  } catch (error) {
    return refusalOf(error) ?? ok(undefined);
  }
}

/** Reads a log from `folder`. The folder itself may be reached over links; nothing in it may be one. */
export function diskReader(folder: string): LogReader {
  const plain = new Set<string>();

  /** Whether a folder inside the log, and each one above it, is a plain folder; undefined when it is not there. */
  const isPlainFolder = async (path: string): Promise<Result<boolean, LogCode>> => {
    if (path === '' || plain.has(path)) return ok(true);
    const parent = await isPlainFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    if (!parent.ok || !parent.value) return parent;
    try {
      const about = await lstat(join(folder, path));
      if (!about.isDirectory()) return refuse('log-not-a-folder', path);
    } catch (error) {
      return refusalOf(error) ?? ok(false);
    }
    if (plain.size >= maxRemembered) plain.clear();
    plain.add(path);
    return ok(true);
  };

  return {
    canList: true,
    readAhead: 2,
    read: async (path, limit) => {
      const parent = await isPlainFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
      if (!parent.ok) return parent;
      return parent.value ? await readPlain(join(folder, path), limit, false) : ok(undefined);
    },
    list: async (path, limit) => {
      const itself = await isPlainFolder(path);
      if (!itself.ok) return itself;
      return itself.value ? await listPlain(join(folder, path), limit) : ok(undefined);
    },
  };
}
