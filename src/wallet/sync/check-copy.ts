/**
 * The offline check: judges the whole copy of a ledger again from nothing but its id. Every header, every message, every
 * signature and every entry of the index is recomputed; what the database says about itself counts for nothing.
 */
import { equalBytes } from '../../core/bytes.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import { verifyBlockParts } from '../../core/record/block.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { checkLink, parseHeaderAt } from '../../core/record/ledger.ts';
import { MemoryState } from '../../core/record/memory-state.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import type { JoinedLedger, RecordStore } from '../store/record-store.ts';

/** What a check of a copy went through. */
export interface CopyReport {
  readonly blocks: number;
  readonly messages: number;
  /** Blocks under the signed head whose messages are not here yet. */
  readonly unfilled: number;
}

async function checkHeaders(store: RecordStore, joined: JoinedLedger): Promise<Result<void, CopyCode>> {
  const { ledger, checkpoint, size } = joined;
  const head = openLedgerCheckpoint(checkpoint ?? new Uint8Array(), ledger.logKey, []);
  if (!head.ok) return refuse('copy-checkpoint', head.code);
  if (head.value.size !== size) return refuse('copy-checkpoint', `${head.value.size} is signed, not ${size}`);
  const tree = new IncrementalTree();
  let lower: BlockHeader | undefined;
  while (tree.size < size) {
    const headers = await store.headers(joined, tree.size, 1000);
    if (headers.length === 0) return refuse('copy-header', `height ${tree.size} is missing`);
    for (const bytes of headers.slice(0, size - tree.size)) {
      const header = parseHeaderAt(bytes, tree.size, ledger);
      if (!header.ok) return refuse('copy-header', `height ${tree.size}: ${header.code}`);
      const linked = lower === undefined ? ok(undefined) : checkLink(lower, header.value, ledger);
      if (!linked.ok) return refuse('copy-header', `height ${tree.size}: ${linked.code}`);
      tree.append(leafHash(bytes));
      lower = header.value;
    }
  }
  return equalBytes(tree.root(), head.value.root) ? ok(undefined) : refuse('copy-root');
}

async function checkBodies(store: RecordStore, joined: JoinedLedger): Promise<Result<CopyReport, CopyCode>> {
  const { ledger, filled, size } = joined;
  const state = new MemoryState();
  let lower = ledger.first;
  let messages = 0;
  for (let height = 1; height < filled; height++) {
    const [bytes = new Uint8Array()] = await store.headers(joined, height, 1);
    const header = parseHeaderAt(bytes, height, ledger);
    if (!header.ok) return refuse('copy-header', `height ${height}: ${header.code}`);
    const parts = await store.parts(joined, height);
    const block = verifyBlockParts({ ledger, lower, state }, header.value, parts);
    if (!block.ok)
      return refuse('copy-message', `block ${height}: ${block.code} ${block.detail ?? ''}`.trim());
    const wrongId = block.value.messages.findIndex(({ id }, i) => !equalBytes(id, parts[i]?.id ?? ledger.id));
    if (wrongId >= 0) return refuse('copy-message', `block ${height}, message ${wrongId}: another id`);
    state.apply(height, block.value.index);
    messages += block.value.messages.length;
    lower = header.value;
  }
  const links = state.since(0);
  const stored = await store.linksSince(joined, 0);
  for (const [i, link] of links.entries()) {
    const there = stored[i];
    const same =
      there !== undefined &&
      equalBytes(there.tag, link.tag) &&
      there.height === link.height &&
      there.total === link.total;
    if (!same) return refuse('copy-index', `entry ${i}`);
  }
  if (stored.length !== links.length)
    return refuse('copy-index', `${stored.length} of ${links.length} entries`);
  return ok({ blocks: size, messages, unfilled: size - Math.max(filled, 1) });
}

/**
 * Checks the copy of a ledger without any network.
 * @returns the first thing that is wrong, or what was gone through.
 * @throws CountersignError with a `store-` code when the database cannot be read.
 */
export async function checkCopy(store: RecordStore, id: Uint8Array): Promise<Result<CopyReport, CopyCode>> {
  let joined: JoinedLedger | undefined;
  try {
    joined = await store.joined(id);
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'store-corrupt') {
      return refuse('copy-founding', error.detail);
    }
    throw error;
  }
  if (joined === undefined) return refuse('copy-no-ledger');
  const headers = await checkHeaders(store, joined);
  return headers.ok ? checkBodies(store, joined) : headers;
}
