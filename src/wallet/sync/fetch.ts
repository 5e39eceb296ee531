/** Fetching files of a ledger from an endpoint that anybody may run. Nothing here is verified but its form. */
import { equalBytes } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { LogCode } from '../../core/errors/log.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { parseCheckpoint } from '../../core/log/checkpoint.ts';
import { noteLimits, parseNote } from '../../core/log/note.ts';
import {
  demandedTile,
  fullWidth,
  maxBundleLength,
  parseEntryBundle,
  tilePath,
} from '../../core/log/tiles.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';

export function stop(code: SyncCode, detail?: string): CountersignError<SyncCode> {
  return new CountersignError<SyncCode>(code, detail);
}

/** What says nothing about the record: network, server or disk fail. */
const unreachable: readonly LogCode[] = ['log-unreachable', 'log-unreadable'];

/** What it means that a file could not be read. */
export function codeFor(code: LogCode): SyncCode {
  if (unreachable.includes(code)) return 'sync-unreachable';
  return code === 'log-too-large' ? 'sync-oversized' : 'sync-malformed';
}

/**
 * Reads a file of the endpoint; undefined when it says that there is none.
 * @throws CountersignError `sync-unreachable`, `sync-oversized`, `sync-malformed`
 */
export async function fetchFile(
  reader: LogReader,
  path: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const file = await reader.read(path, limit);
  if (file.ok) return file.value;
  throw stop(codeFor(file.code), `${path}: ${file.code}`);
}

/** The endpoint's checkpoint as it stands. @throws as {@link fetchFile}, and `sync-checkpoint` when there is none */
export async function fetchNote(reader: LogReader): Promise<Uint8Array> {
  const note = await fetchFile(reader, 'checkpoint', noteLimits.bytes);
  if (note === undefined) throw stop('sync-checkpoint', 'there is none');
  return note;
}

/**
 * The entries of the `index`-th bundle as a log of `size` has them.
 * @throws CountersignError `sync-withheld`, and as {@link fetchFile}
 */
export async function fetchEntries(
  reader: LogReader,
  size: number,
  index: number,
): Promise<readonly Uint8Array[]> {
  const ref = demandedTile(size, 'entries', index);
  if (ref === undefined) throw new RangeError(`no bundle ${index} in a log of ${size}`);
  const path = tilePath(ref);
  // A log may have grown and dropped the partial bundle: the full one begins with the same entries.
  for (const width of new Set([ref.width, fullWidth])) {
    const bytes = await fetchFile(reader, tilePath({ ...ref, width }), maxBundleLength);
    if (bytes === undefined) continue;
    const entries = parseEntryBundle(bytes, width);
    if (!entries.ok) throw stop('sync-malformed', `${path}: ${entries.code}`);
    return entries.value.slice(0, ref.width);
  }
  throw stop('sync-withheld', path);
}

/**
 * Fetches the founding header of the ledger with this id: its hash is the id, so any endpoint will do.
 * @throws CountersignError `sync-no-ledger`, and as {@link fetchEntries}
 */
export async function fetchLedger(reader: LogReader, id: Uint8Array): Promise<Ledger> {
  const note = parseNote(await fetchNote(reader));
  // Nobody's signature is known yet; the size only says how the first bundle is called.
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!checkpoint.ok) throw stop('sync-no-ledger', checkpoint.code);
  if (checkpoint.value.size === 0) throw stop('sync-no-ledger', 'its log is empty');
  const [first] = await fetchEntries(reader, checkpoint.value.size, 0);
  const ledger = parseLedger(first ?? new Uint8Array());
  if (!ledger.ok || !equalBytes(ledger.value.id, id)) throw stop('sync-no-ledger');
  return ledger.value;
}
