/**
 * The offline check: judges the whole copy of a ledger again from nothing but its id. Every header, every message, every
 * signature and every entry of the index is recomputed and compared with what is stored; what the database says about
 * itself counts for nothing, and whatever it holds beyond the record is a fault too.
 *
 * What the check cannot know is how far the record really goes: a copy that ends at an older signed head verifies.
 */
import { equalBytes, joinBytes } from '../../core/bytes.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import { type VerifiedBlock, verifyBlockParts } from '../../core/record/block.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { checkLink, parseHeaderAt } from '../../core/record/ledger.ts';
import { MemoryState } from '../../core/record/memory-state.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import type { RollupLeaf } from '../../core/record/rollup.ts';
import { linksSince } from '../store/record-lookups.ts';
import type { JoinedLedger, StoredMessage } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';

/** What a check of a copy went through. */
export interface CopyReport {
  readonly blocks: number;
  readonly messages: number;
  /** Messages of these whose data is not here: withheld or redacted. Everything else about them was checked. */
  readonly withoutData: number;
  /** Blocks under the signed head whose messages are not here yet. */
  readonly unfilled: number;
}

type Checked<T> = Result<T, CopyCode>;

/** Headers that are read at a time. */
const batch = 256;

async function checkHeaders(store: RecordStore, joined: JoinedLedger): Promise<Checked<void>> {
  const { ledger, checkpoint, size } = joined;
  const head = openLedgerCheckpoint(checkpoint ?? new Uint8Array(), ledger.logKey, []);
  if (!head.ok) return refuse('copy-checkpoint', head.code);
  if (head.value.size !== size) return refuse('copy-checkpoint', `${head.value.size} is signed, not ${size}`);
  const tree = new IncrementalTree();
  let lower: BlockHeader | undefined;
  while (tree.size < size) {
    const headers = await store.headers(joined, tree.size, Math.min(batch, size - tree.size));
    if (headers.length === 0) return refuse('copy-header', `height ${tree.size} is missing`);
    for (const bytes of headers) {
      const header = parseHeaderAt(bytes, tree.size, ledger);
      if (!header.ok) return refuse('copy-header', `height ${tree.size}: ${header.code}`);
      const linked = lower === undefined ? ok(undefined) : checkLink(lower, header.value, ledger);
      if (!linked.ok) return refuse('copy-header', `height ${tree.size}: ${linked.code}`);
      tree.append(leafHash(bytes));
      lower = header.value;
    }
  }
  const isSame =
    equalBytes(tree.root(), head.value.root) && equalBytes(joinBytes(tree.state().peaks), joined.tree);
  return isSame ? ok(undefined) : refuse('copy-root');
}

/** Compares what is stored about a block's tags; counts the rows that there must be. */
class TagCheck {
  readonly state = new MemoryState();
  /** Rows of `tag` and `tagged`. */
  tags = 0;
  tagged = 0;
  /** The row of the newest message so far. */
  lastRow = 0;
  readonly #store: RecordStore;
  readonly #joined: JoinedLedger;

  constructor(store: RecordStore, joined: JoinedLedger) {
    this.#store = store;
    this.#joined = joined;
  }

  async block({ header, index }: VerifiedBlock, parts: readonly StoredMessage[]): Promise<Checked<void>> {
    const rows = parts.map(({ row }) => row);
    const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0];
    for (const { tag, own, indices } of index.entries) {
      const carried = indices.filter((i) => i !== own).map((i) => rows[i]);
      // An id that nobody else carries has no rows; what others carried of it is counted by then.
      if (carried.length === 0 && this.state.previous(tag) === undefined) continue;
      const stored = await this.#store.taggedRows(this.#joined, tag, first, last);
      const isSame = stored.length === carried.length && stored.every((row, i) => row === carried[i]);
      if (!isSame) return refuse('copy-index', `a tag of block ${header.height}`);
      if (!this.#hasRow(tag)) this.tags++;
      this.tagged += carried.length;
    }
    this.state.apply(header.height, index);
    return ok(undefined);
  }

  /** Whether some message of the blocks below carried the tag in its head: then it has a row. */
  #hasRow(tag: Uint8Array): boolean {
    const total = this.state.previous(tag)?.total ?? 0;
    return total > (this.state.includes(tag) ? 1 : 0);
  }

  /** Compares the newest link of every tag. */
  async links(): Promise<Checked<void>> {
    const links = this.state.since(0);
    const stored: RollupLeaf[] = [];
    for await (const page of linksSince(this.#store.statements, this.#joined, 0, 0)) stored.push(...page);
    const wrong = links.findIndex((link, i) => {
      const there = stored[i];
      const isThere = there !== undefined && equalBytes(there.tag, link.tag);
      return !isThere || there.height !== link.height || there.total !== link.total;
    });
    if (wrong >= 0) return refuse('copy-index', `entry ${wrong}`);
    return stored.length === links.length ? ok(undefined) : refuse('copy-index', `entry ${links.length}`);
  }
}

async function checkBlock(
  store: RecordStore,
  joined: JoinedLedger,
  lower: BlockHeader,
  tags: TagCheck,
): Promise<Checked<VerifiedBlock>> {
  const { ledger } = joined;
  const height = lower.height + 1;
  const [bytes = new Uint8Array()] = await store.headers(joined, height, 1);
  const header = parseHeaderAt(bytes, height, ledger);
  if (!header.ok) return refuse('copy-header', `height ${height}: ${header.code}`);
  const parts = await store.parts(joined, height);
  const block = verifyBlockParts({ ledger, lower, state: tags.state }, header.value, parts);
  if (!block.ok) return refuse('copy-message', `block ${height}: ${block.code} ${block.detail ?? ''}`.trim());
  for (const [i, { id, row }] of parts.entries()) {
    const isSame = equalBytes(block.value.messages[i]?.id ?? ledger.id, id);
    if (!isSame) return refuse('copy-message', `block ${height}, message ${i}: another id`);
    // What was found last is shown first, by the number of its row.
    if (row <= tags.lastRow) return refuse('copy-message', `block ${height}, message ${i}: its row`);
    tags.lastRow = row;
  }
  const tagged = await tags.block(block.value, parts);
  return tagged.ok ? block : tagged;
}

async function checkBodies(store: RecordStore, joined: JoinedLedger): Promise<Checked<CopyReport>> {
  const { ledger, filled, size } = joined;
  if (filled > size || filled < 0) return refuse('copy-message', `${filled} of ${size} blocks`);
  const tags = new TagCheck(store, joined);
  let lower = ledger.first;
  let messages = 0;
  let withoutData = 0;
  while (lower.height + 1 < filled) {
    const block = await checkBlock(store, joined, lower, tags);
    if (!block.ok) return block;
    messages += block.value.messages.length;
    withoutData += block.value.messages.filter(({ data }) => data === undefined).length;
    lower = block.value.header;
  }
  const links = await tags.links();
  if (!links.ok) return links;
  const counts = await store.counts(joined);
  if (counts.block !== size) return refuse('copy-header', `${counts.block} instead of ${size}`);
  if (counts.message !== messages) return refuse('copy-message', `${counts.message} instead of ${messages}`);
  if (counts.tag !== tags.tags) return refuse('copy-index', `${counts.tag} tags instead of ${tags.tags}`);
  if (counts.tagged !== tags.tagged)
    return refuse('copy-index', `${counts.tagged} entries instead of ${tags.tagged}`);
  return ok({ blocks: size, messages, withoutData, unfilled: size - Math.max(filled, 1) });
}

async function findLedger(store: RecordStore, id: Uint8Array): Promise<Checked<JoinedLedger>> {
  try {
    const joined = await store.joined(id);
    return joined === undefined ? refuse('copy-no-ledger') : ok(joined);
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError<StoreCode>;
    if (code !== 'store-corrupt') throw error;
    return refuse(detail === 'founding' ? 'copy-founding' : 'copy-checkpoint', detail);
  }
}

/**
 * Checks the copy of a ledger without any network. The newest link of every tag is held in memory: measured with Node 24,
 * 390 bytes for each message and 370 for each further tag, and as much again while the links are compared.
 * @returns the first thing that is wrong, or what was gone through.
 * @throws CountersignError with a `store-` code when the database cannot be read, `store-corrupt` among them.
 */
export async function checkCopy(store: RecordStore, id: Uint8Array): Promise<Checked<CopyReport>> {
  const fault = await store.fault();
  if (fault !== undefined) return refuse('copy-index', fault);
  const joined = await findLedger(store, id);
  if (!joined.ok) return joined;
  const headers = await checkHeaders(store, joined.value);
  return headers.ok ? checkBodies(store, joined.value) : headers;
}
