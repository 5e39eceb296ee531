/**
 * The block log on storage: reads what a checkpoint covers, and grows it in the layout of `docs/spec/tiles.md`.
 *
 * Opening reads the right edge of the log and checks it against the checkpoint, so it costs the same however long the
 * record is. The headers below are read when they are needed, and checked by their links to the newest one.
 */
import { equalBytes, toHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { openLedgerCheckpoint, parseLedgerCheckpoint } from '../core/log/checkpoint.ts';
import { edgeRoot, growLog, type LogEdge, type LogFile } from '../core/log/edge.ts';
import { parseNote } from '../core/log/note.ts';
import {
  demandedTile,
  edgeTiles,
  fullWidth,
  hashesAtLevel,
  parseEntryBundle,
  parseTile,
  tilePath,
  type TileRef,
} from '../core/log/tiles.ts';
import { type BlockHeader, parseHeader } from '../core/record/header.ts';
import { checkLink, type Ledger, parseLedger } from '../core/record/ledger.ts';
import { leafHash, treeRoot } from '../core/tree/merkle.ts';
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

  constructor(ledger: Ledger, edge: LogEdge, last: BlockHeader) {
    this.ledger = ledger;
    this.#edge = edge;
    this.#last = last;
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
   * Takes the next header over.
   * @returns the files that the log has from now on.
   * @throws CountersignError `firehose-damaged` when it is not linked to the last: then it is not taken over.
   */
  append(header: BlockHeader): readonly LogFile[] {
    const linked = checkLink(this.#last, header, this.ledger);
    if (!linked.ok) throw damaged(`header ${header.height}: ${linked.code}`);
    const grown = growLog(this.#edge, [header.bytes]);
    this.#edge = grown.edge;
    this.#last = header;
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

/** A tile or bundle as a size demands it; where the partial file is gone, the full one begins with it. */
async function readDemanded(storage: Storage, ref: TileRef): Promise<{ bytes: Uint8Array; width: number }> {
  const path = tilePath(ref);
  const exact = await storage.read(path);
  if (exact !== undefined) return { bytes: exact, width: ref.width };
  const full = await storage.read(tilePath({ ...ref, width: fullWidth }));
  if (full === undefined) throw damaged(path);
  return { bytes: full, width: fullWidth };
}

async function readEntries(storage: Storage, size: number, index: number): Promise<readonly Uint8Array[]> {
  const ref = demandedTile(size, 'entries', index);
  if (ref === undefined) return [];
  const { bytes, width } = await readDemanded(storage, ref);
  const entries = parseEntryBundle(bytes, width);
  if (!entries.ok) throw damaged(tilePath(ref));
  return entries.value.slice(0, ref.width);
}

async function readTile(
  storage: Storage,
  level: number,
  index: number,
  wanted: number,
): Promise<readonly Uint8Array[]> {
  const ref = { level, index, width: wanted };
  const { bytes, width } = await readDemanded(storage, ref);
  const hashes = parseTile(bytes, width);
  if (!hashes.ok) throw damaged(tilePath(ref));
  return hashes.value.slice(0, wanted);
}

/**
 * The ledger whose files these are: its first header alone is read.
 * @throws CountersignError `firehose-not-founded`, `firehose-damaged`, `firehose-storage`
 */
export async function readLedger(storage: Storage): Promise<Ledger> {
  const note = await storage.read(checkpointPath);
  if (note === undefined) throw new CountersignError<FirehoseCode>('firehose-not-founded');
  return ledgerOf(storage, statedSize(note));
}

async function ledgerOf(storage: Storage, size: number): Promise<Ledger> {
  const [first] = await readEntries(storage, size, 0);
  const ledger = first && parseLedger(first);
  if (!ledger?.ok) throw damaged(`header 0: ${ledger?.code ?? 'missing'}`);
  return ledger.value;
}

/** The right edge of a log of this size; that it is the signed one is for the caller to check by its root. */
async function readEdge(storage: Storage, size: number): Promise<LogEdge> {
  const levels: (readonly Uint8Array[])[] = [];
  for (const { level, index, width } of edgeTiles(size)) {
    while (levels.length < level) levels.push([]);
    levels.push(await readTile(storage, level, index, width));
  }
  const entries =
    size % fullWidth === 0 ? [] : await readEntries(storage, size, Math.floor(size / fullWidth));
  const hashes = levels[0] ?? [];
  const isSame = entries.every((entry, i) => equalBytes(leafHash(entry), hashes[i] ?? new Uint8Array()));
  if (!isSame) throw damaged('tile/entries: other entries than the tile has');
  return { size, levels, entries };
}

/** The last entry of a log, checked against its right edge. */
async function readLastEntry(storage: Storage, { size, levels, entries }: LogEdge): Promise<Uint8Array> {
  const last = entries.at(-1);
  if (last !== undefined) return last;
  const bundle = await readEntries(storage, size, size / fullWidth - 1);
  let hash = treeRoot(bundle.map(leafHash));
  // A tile that is full stands as one hash in the level above; the first one that is not full is in the edge.
  for (let level = 1; ; level++) {
    const count = hashesAtLevel(size, level);
    const isFull = count % fullWidth === 0;
    const above = isFull
      ? await readTile(storage, level, count / fullWidth - 1, fullWidth)
      : (levels[level] ?? []);
    if (!equalBytes(above.at(-1) ?? new Uint8Array(), hash))
      throw damaged(`tile/entries: not under ${level}`);
    if (!isFull) return bundle.at(-1) ?? new Uint8Array();
    hash = treeRoot(above);
  }
}

function headerFrom(entry: Uint8Array, height: number): BlockHeader {
  const header = parseHeader(entry);
  if (!header.ok) throw damaged(`header ${height}: ${header.code}`);
  return header.value;
}

/** A block log as its checkpoint covers it. */
export interface LoadedLog {
  readonly log: BlockLog;
  /** The note of its checkpoint. */
  readonly checkpoint: Uint8Array;
}

/**
 * Reads the block log's right edge and checks it against the checkpoint.
 * @returns undefined when there is no checkpoint.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function loadBlockLog(storage: Storage): Promise<LoadedLog | undefined> {
  const note = await storage.read(checkpointPath);
  if (note === undefined) return undefined;
  const size = statedSize(note);
  if (size === 0) throw damaged(`${checkpointPath}: no block`);
  const ledger = await ledgerOf(storage, size);
  const checkpoint = openLedgerCheckpoint(note, ledger.logKey, []);
  if (!checkpoint.ok) throw damaged(`${checkpointPath}: ${checkpoint.code}`);
  const edge = await readEdge(storage, size);
  const root = edgeRoot(edge.levels);
  if (!equalBytes(checkpoint.value.root, root)) {
    throw damaged(`${checkpointPath}: another root than ${toHex(root)}`);
  }
  const last = headerFrom(await readLastEntry(storage, edge), size - 1);
  // The last header names the ledger, so the first one, which makes it, is the one that was signed.
  const id = last.height === 0 ? last.hash : last.ledger;
  if (last.height !== size - 1 || id === undefined || !equalBytes(id, ledger.id))
    throw damaged('the last header');
  return { log: new BlockLog(ledger, edge, last), checkpoint: note };
}

/**
 * The headers from a height on up to the newest, in order. Each is linked to the one before; the last must be the
 * newest, which the checkpoint covers: whoever goes to the end has them all checked.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function* headersFrom(
  storage: Storage,
  log: BlockLog,
  from: number,
): AsyncGenerator<BlockHeader> {
  const { ledger, last, size } = log;
  let lower: BlockHeader | undefined;
  for (let index = Math.floor(from / fullWidth); index * fullWidth < size; index++) {
    const entries = await readEntries(storage, size, index);
    for (const [i, entry] of entries.entries()) {
      const height = index * fullWidth + i;
      if (height < from) continue;
      const header = headerFrom(entry, height);
      const linked = lower && checkLink(lower, header, ledger);
      const isRight = header.height === height && linked?.ok !== false;
      if (!isRight || (height === size - 1 && !equalBytes(header.hash, last.hash))) {
        throw damaged(
          `header ${height}: ${linked?.ok === false ? linked.code : 'not the one that was signed'}`,
        );
      }
      lower = header;
      yield header;
    }
  }
}
