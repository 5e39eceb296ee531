/**
 * Full synchronisation: fetches every header and every body of a ledger from an endpoint, verifies all of it, and keeps
 * it. Nothing is kept before it is verified, and what is kept has no gap below it.
 */
import { equalBytes } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint, type VerifiedCheckpoint } from '../../core/log/checkpoint.ts';
import { noteLimits } from '../../core/log/note.ts';
import {
  demandedTile,
  fullWidth,
  maxBundleLength,
  parseEntryBundle,
  tilePath,
} from '../../core/log/tiles.ts';
import { verifyBlockParts } from '../../core/record/block.ts';
import { parseBody } from '../../core/record/body.ts';
import { messageId, parseLeaf } from '../../core/record/envelope.ts';
import { bodyPath } from '../../core/record/files.ts';
import { type BlockHeader, parseHeader } from '../../core/record/header.ts';
import { checkLink, type Ledger, parseLedger } from '../../core/record/ledger.ts';
import { distinctTags, type TagCarrier } from '../../core/record/tag-index.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import type { JoinedLedger, RecordStore } from '../store/record-store.ts';

/** How far a synchronisation is. */
export interface SyncProgress {
  readonly phase: 'headers' | 'bodies';
  readonly done: number;
  readonly of: number;
}

export interface SyncOptions {
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Stops it after the block in hand; what was verified until then is kept. */
  readonly signal?: AbortSignal;
}

export interface SyncReport {
  /** Blocks under the signed head. */
  readonly size: number;
  /** Blocks whose messages are here. */
  readonly filled: number;
  readonly newBlocks: number;
}

function stop(code: SyncCode, detail?: string): CountersignError<SyncCode> {
  return new CountersignError<SyncCode>(code, detail);
}

/** Reads a file of the endpoint; undefined when it says that there is none. */
async function fetchFile(reader: LogReader, path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = await reader.read(path, limit);
  if (file.ok) return file.value;
  throw stop(
    file.code === 'log-unreachable' ? 'sync-unreachable' : 'sync-malformed',
    `${path}: ${file.code}`,
  );
}

async function fetchEntries(reader: LogReader, size: number, index: number): Promise<readonly Uint8Array[]> {
  const ref = demandedTile(size, 'entries', index);
  if (ref === undefined) throw new RangeError(`no bundle ${index} in a log of ${size}`);
  const path = tilePath(ref);
  const bytes =
    (await fetchFile(reader, path, maxBundleLength)) ??
    // The log may have grown and dropped the partial bundle: the full one begins with the same entries.
    (await fetchFile(reader, tilePath({ ...ref, width: fullWidth }), maxBundleLength));
  if (bytes === undefined) throw stop('sync-withheld', path);
  const exact = parseEntryBundle(bytes, ref.width);
  const entries = exact.ok ? exact : parseEntryBundle(bytes, fullWidth);
  if (!entries.ok) throw stop('sync-malformed', `${path}: ${entries.code}`);
  return entries.value.slice(0, ref.width);
}

/**
 * Fetches the founding header of the ledger with this id: its hash is the id, so any endpoint will do.
 * @throws CountersignError `sync-no-ledger`, `sync-unreachable`
 */
export async function fetchLedger(reader: LogReader, id: Uint8Array): Promise<Ledger> {
  const note = await fetchFile(reader, 'checkpoint', noteLimits.bytes);
  const size = Number(new TextDecoder().decode(note ?? new Uint8Array()).split('\n')[1]);
  if (!Number.isSafeInteger(size) || size < 1) throw stop('sync-no-ledger');
  const [first] = await fetchEntries(reader, size, 0);
  const ledger = parseLedger(first ?? new Uint8Array());
  if (!ledger.ok || !equalBytes(ledger.value.id, id)) throw stop('sync-no-ledger');
  return ledger.value;
}

/** The endpoint's head, signed by the log and not older than the one we hold. */
async function fetchCheckpoint(
  reader: LogReader,
  joined: JoinedLedger,
): Promise<VerifiedCheckpoint & { note: Uint8Array }> {
  const note = await fetchFile(reader, 'checkpoint', noteLimits.bytes);
  const opened = openLedgerCheckpoint(note ?? new Uint8Array(), joined.ledger.logKey, []);
  if (!opened.ok || note === undefined) throw stop('sync-checkpoint', opened.ok ? undefined : opened.code);
  if (opened.value.size < joined.size)
    throw stop('sync-rollback', `${opened.value.size} after ${joined.size}`);
  return { ...opened.value, note };
}

/** The tree over the headers that we hold, and the last of them. */
async function heldTree(
  store: RecordStore,
  joined: JoinedLedger,
): Promise<{ tree: IncrementalTree; last: BlockHeader | undefined }> {
  const tree = new IncrementalTree();
  let last: Uint8Array | undefined;
  while (tree.size < joined.size) {
    const headers = await store.headers(joined, tree.size, Math.min(1000, joined.size - tree.size));
    if (headers.length === 0) throw new CountersignError('store-corrupt', `header ${tree.size}`);
    for (const header of headers) tree.append(leafHash(header));
    last = headers.at(-1);
  }
  const parsed = last && parseHeader(last);
  if (parsed?.ok === false) throw new CountersignError('store-corrupt', `header ${tree.size - 1}`);
  return { tree, last: parsed?.value };
}

/** Headers first: they are small, and under the signed head they say what every body must be. */
async function syncHeaders(
  store: RecordStore,
  joined: JoinedLedger,
  reader: LogReader,
  options: SyncOptions,
): Promise<void> {
  const checkpoint = await fetchCheckpoint(reader, joined);
  const { size } = checkpoint;
  const { ledger } = joined;
  const held = await heldTree(store, joined);
  const { tree } = held;
  let { last } = held;
  if (size === tree.size) {
    if (!equalBytes(tree.root(), checkpoint.root)) throw stop('sync-fork', `${size} blocks`);
    return;
  }
  const fetched = async function* (): AsyncGenerator<BlockHeader> {
    for (let index = Math.floor(tree.size / fullWidth); tree.size < size; index++) {
      const entries = await fetchEntries(reader, size, index);
      for (const entry of entries.slice(tree.size - index * fullWidth)) {
        const header = parseHeader(entry);
        if (!header.ok) throw stop('sync-malformed', `header ${tree.size}: ${header.code}`);
        const first = last === undefined;
        const linked = last === undefined ? undefined : checkLink(last, header.value, ledger);
        if (linked?.ok === false) throw stop('sync-malformed', `header ${tree.size}: ${linked.code}`);
        if (first && !equalBytes(header.value.hash, ledger.id)) throw stop('sync-no-ledger');
        tree.append(leafHash(entry));
        last = header.value;
        yield header.value;
      }
      options.onProgress?.({ phase: 'headers', done: tree.size, of: size });
    }
    // Inside the transaction: headers that the signed head does not commit to are never kept.
    if (!equalBytes(tree.root(), checkpoint.root)) throw stop('sync-mismatch', `${size} blocks`);
  };
  await store.saveHeaders(joined, checkpoint.note, size, fetched());
}

/** Ids and tags of the messages in these leaves; a leaf that is no message is left to the block's verification. */
function carriersIn(leaves: readonly Uint8Array[]): readonly TagCarrier[] {
  return leaves.flatMap((leaf) => {
    const envelope = parseLeaf(leaf);
    return envelope.ok ? [{ id: messageId(envelope.value), head: envelope.value.head }] : [];
  });
}

async function syncBody(
  store: RecordStore,
  joined: JoinedLedger,
  reader: LogReader,
  lower: BlockHeader,
  header: BlockHeader,
): Promise<void> {
  const { ledger } = joined;
  const path = bodyPath(header.height);
  const bytes = await fetchFile(reader, path, ledger.limits.blockBytes);
  if (bytes === undefined) throw stop('sync-withheld', path);
  const limits = { count: header.messages.count, maxBytes: ledger.limits.blockBytes };
  const parts = parseBody(bytes, limits);
  if (!parts.ok) throw stop('sync-malformed', `${path}: ${parts.code}`);
  const carriers = carriersIn(parts.value.map(({ leaf }) => leaf));
  const ids = carriers.map(({ id }) => id);
  await store.transaction(async () => {
    const state = await store.stateFor(joined, header.height, distinctTags(carriers), ids);
    const block = verifyBlockParts({ ledger, lower, state }, header, parts.value);
    if (!block.ok) throw stop('sync-malformed', `${path}: ${block.code} ${block.detail ?? ''}`.trim());
    await store.fill(joined, block.value);
  });
}

async function storedHeader(store: RecordStore, joined: JoinedLedger, height: number): Promise<BlockHeader> {
  const [bytes] = await store.headers(joined, height, 1);
  const header = bytes && parseHeader(bytes);
  if (!header?.ok) throw new CountersignError('store-corrupt', `header ${height}`);
  return header.value;
}

/**
 * Brings the copy of a joined ledger up to the endpoint's head.
 * @throws CountersignError with a `sync-` or `store-` code; everything verified until then is kept.
 */
export async function syncLedger(
  store: RecordStore,
  id: Uint8Array,
  reader: LogReader,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const find = async (): Promise<JoinedLedger> => {
    const joined = await store.joined(id);
    if (joined === undefined) throw new CountersignError('copy-no-ledger');
    return joined;
  };
  const before = await find();
  await syncHeaders(store, before, reader, options);
  const joined = await find();
  const first = Math.max(joined.filled, 1);
  let lower = await storedHeader(store, joined, first - 1);
  let height = first;
  for (; height < joined.size && options.signal?.aborted !== true; height++) {
    const header = await storedHeader(store, joined, height);
    await syncBody(store, joined, reader, lower, header);
    lower = header;
    options.onProgress?.({ phase: 'bodies', done: height + 1, of: joined.size });
  }
  return { size: joined.size, filled: height, newBlocks: height - first };
}
