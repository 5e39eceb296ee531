/**
 * Full synchronisation: fetches every header and every body of a ledger from an endpoint, verifies all of it, and keeps
 * it. Nothing counts before it is verified, and what counts has no gap below it. At most one body and one bundle of
 * headers are in memory.
 */
import { CountersignError } from '../../core/errors/family.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { type BlockCode, verifyBlockParts } from '../../core/record/block.ts';
import { parseBody } from '../../core/record/body.ts';
import { messageId, parseLeaf } from '../../core/record/envelope.ts';
import { bodyPath } from '../../core/record/files.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { checkLink } from '../../core/record/ledger.ts';
import { distinctTags, type TagCarrier } from '../../core/record/tag-index.ts';
import { corrupt, type JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fetchFile, stop } from './fetch.ts';
import type { SyncOptions } from './options.ts';
import { storedHeader, syncHeaders } from './sync-headers.ts';

export interface SyncReport {
  /** Blocks under the signed head. */
  readonly size: number;
  /** Blocks whose messages are here: all of them, unless it was stopped. */
  readonly filled: number;
  readonly newBlocks: number;
}

/** Ids and tags of the messages in these leaves; a leaf that is no message is left to the block's verification. */
function carriersIn(leaves: readonly Uint8Array[]): readonly TagCarrier[] {
  return leaves.flatMap((leaf) => {
    const envelope = parseLeaf(leaf);
    return envelope.ok ? [{ id: messageId(envelope.value), head: envelope.value.head }] : [];
  });
}

/** What a signed header leaves open, so that only the one who sent the body can be at fault. */
const faultsOfSender: readonly BlockCode[] = ['body-count', 'body-root', 'envelope-data'];

/** Whose fault it is that a block with a good header does not verify. */
function codeFor(code: BlockCode): SyncCode {
  return faultsOfSender.includes(code) ? 'sync-malformed' : 'sync-invalid';
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
  await store.transaction(async (inside) => {
    await inside.advance(joined, header.height);
    const state = await inside.stateFor(joined, header.height, distinctTags(carriers), ids);
    const block = verifyBlockParts({ ledger, lower, state }, header, parts.value);
    if (!block.ok) throw stop(codeFor(block.code), `${path}: ${block.code} ${block.detail ?? ''}`.trim());
    await inside.fill(joined, block.value);
  });
}

/** The next header of the copy. @throws CountersignError `store-corrupt`: the copy itself does not hold together */
async function nextHeader(
  store: RecordStore,
  joined: JoinedLedger,
  lower: BlockHeader,
): Promise<BlockHeader> {
  const header = await storedHeader(store, joined, lower.height + 1);
  const linked = checkLink(lower, header, joined.ledger);
  if (!linked.ok) throw corrupt(`header ${header.height}: ${linked.code}`);
  return header;
}

async function find(store: RecordStore, id: Uint8Array): Promise<JoinedLedger> {
  const joined = await store.joined(id);
  if (joined === undefined) throw new CountersignError<CopyCode>('copy-no-ledger');
  return joined;
}

/**
 * Brings the copy of a joined ledger up to the endpoint's head.
 * @throws CountersignError `copy-no-ledger`, or with a `sync-` or `store-` code; everything verified until then is kept.
 */
export async function syncLedger(
  store: RecordStore,
  id: Uint8Array,
  reader: LogReader,
  options: SyncOptions = {},
): Promise<SyncReport> {
  await syncHeaders(store, await find(store, id), reader, options);
  const joined = await find(store, id);
  const { size, filled } = joined;
  const first = Math.max(filled, 1);
  if (first >= size) return { size, filled: Math.min(first, size), newBlocks: 0 };
  let lower = await storedHeader(store, joined, first - 1);
  while (lower.height + 1 < size && options.signal?.aborted !== true) {
    const header = await nextHeader(store, joined, lower);
    await syncBody(store, joined, reader, lower, header);
    lower = header;
    options.onProgress?.({ phase: 'bodies', done: header.height + 1, of: size });
  }
  return { size, filled: lower.height + 1, newBlocks: lower.height + 1 - first };
}
