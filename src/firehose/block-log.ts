/**
 * The block log on storage: reads what a checkpoint covers, and grows it in the layout of `docs/spec/tiles.md`.
 */
import { equalBytes, toHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { openLedgerCheckpoint, parseLedgerCheckpoint } from '../core/log/checkpoint.ts';
import { edgeRoot, emptyEdge, growLog, type LogEdge, type LogFile } from '../core/log/edge.ts';
import { parseNote } from '../core/log/note.ts';
import { demandedTile, fullWidth, hashesAtLevel, parseEntryBundle, tilePath } from '../core/log/tiles.ts';
import { type BlockHeader, parseHeader } from '../core/record/header.ts';
import { checkLink, type Ledger, parseLedger } from '../core/record/ledger.ts';
import { checkpointPath } from './operator.ts';
import type { Storage } from './storage.ts';

function damaged(what: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', what);
}

/** What the next header is appended to: the last one, and the right edge of the tree. */
export class BlockLog {
  readonly ledger: Ledger;
  #edge: LogEdge;
  #last: BlockHeader;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.#last = ledger.first;
    this.#edge = growLog(emptyEdge, [ledger.first.bytes]).edge;
  }

  get size(): number {
    return this.#edge.size;
  }

  get root(): Uint8Array {
    return edgeRoot(this.#edge.levels);
  }

  /** The newest header. */
  get last(): BlockHeader {
    return this.#last;
  }

  /**
   * Takes the next headers over.
   * @returns the files that the log has from now on.
   * @throws CountersignError `firehose-damaged` when they are not linked to each other and to the last: then nothing
   *   is taken over.
   */
  append(headers: readonly BlockHeader[]): readonly LogFile[] {
    let lower = this.#last;
    for (const header of headers) {
      const linked = checkLink(lower, header, this.ledger);
      if (!linked.ok) throw damaged(`header ${header.height}: ${linked.code}`);
      lower = header;
    }
    const grown = growLog(
      this.#edge,
      headers.map(({ bytes }) => bytes),
    );
    this.#edge = grown.edge;
    this.#last = lower;
    return grown.files;
  }
}

/**
 * The folders of partial tiles and bundles that nobody needs any more: those of the newest full file of each kind. A
 * log that kept them all would hold every header 128 times.
 */
export function supersededFolders(size: number): readonly string[] {
  const folders: string[] = [];
  for (const level of ['entries', 0, 1, 2, 3, 4, 5, 6] as const) {
    const full = Math.floor(hashesAtLevel(size, level === 'entries' ? 0 : level) / fullWidth);
    if (full > 0) folders.push(`${tilePath({ level, index: full - 1, width: fullWidth })}.p`);
  }
  return folders;
}

/** The size that the stored checkpoint states, not verified yet. */
function statedSize(note: Uint8Array): number {
  const parsed = parseNote(note);
  const stated = parsed.ok ? parseLedgerCheckpoint(parsed.value.text) : parsed;
  if (!stated.ok) throw damaged(`${checkpointPath}: ${stated.code}`);
  return stated.value.size;
}

async function readEntries(storage: Storage, size: number, index: number): Promise<readonly Uint8Array[]> {
  const bundle = demandedTile(size, 'entries', index);
  if (bundle === undefined) return [];
  const path = tilePath(bundle);
  const bytes = await storage.read(path);
  const entries = bytes === undefined ? undefined : parseEntryBundle(bytes, bundle.width);
  if (!entries?.ok) throw damaged(path);
  return entries.value;
}

/**
 * The ledger whose files these are: its first header alone is read.
 * @throws CountersignError `firehose-not-founded`, `firehose-damaged`, `firehose-storage`
 */
export async function readLedger(storage: Storage): Promise<Ledger> {
  const note = await storage.read(checkpointPath);
  if (note === undefined) throw new CountersignError<FirehoseCode>('firehose-not-founded');
  const [first] = await readEntries(storage, statedSize(note), 0);
  const ledger = first && parseLedger(first);
  if (!ledger?.ok) throw damaged(`header 0: ${ledger?.code ?? 'missing'}`);
  return ledger.value;
}

/** A block log as its checkpoint covers it. */
export interface LoadedLog {
  readonly log: BlockLog;
  /** The note of its checkpoint. */
  readonly checkpoint: Uint8Array;
}

/**
 * Reads the block log as far as its checkpoint goes, and checks all of it: time and reads grow with the record.
 * @param onHeader told of every header above the founding one, in order.
 * @returns undefined when there is no checkpoint.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function loadBlockLog(
  storage: Storage,
  onHeader: (header: BlockHeader) => Promise<void>,
): Promise<LoadedLog | undefined> {
  const note = await storage.read(checkpointPath);
  if (note === undefined) return undefined;
  const size = statedSize(note);
  const [first, ...others] = await readEntries(storage, size, 0);
  const ledger = first && parseLedger(first);
  if (!ledger?.ok) throw damaged(`header 0: ${ledger?.code ?? 'missing'}`);
  const log = new BlockLog(ledger.value);
  let entries: readonly Uint8Array[] = others;
  for (let index = 1; ; index++) {
    const headers = entries.map((entry, i) => {
      const header = parseHeader(entry);
      if (!header.ok) throw damaged(`header ${log.size + i}: ${header.code}`);
      return header.value;
    });
    log.append(headers);
    for (const header of headers) await onHeader(header);
    if (log.size >= size) break;
    entries = await readEntries(storage, size, index);
  }
  const checkpoint = openLedgerCheckpoint(note, log.ledger.logKey, []);
  if (!checkpoint.ok) throw damaged(`${checkpointPath}: ${checkpoint.code}`);
  if (!equalBytes(checkpoint.value.root, log.root)) {
    throw damaged(`${checkpointPath}: another root than ${toHex(log.root)}`);
  }
  return { log, checkpoint: note };
}
