/**
 * The offline check: judges the whole copy of a ledger again from nothing but its id. Every header, every message, every
 * signature and every entry of the index is recomputed and compared with what is stored; what the database says about
 * itself counts for nothing, and whatever it holds beyond the record is a fault too.
 *
 * What the check cannot know is how far the record really goes: a copy that ends at an older signed head verifies.
 */
import { equalBytes, joinBytes } from '../../core/bytes.ts';
import { ed25519EngineName } from '../../core/crypto/signature.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import { composeBody } from '../../core/record/body.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { checkLink, type Ledger, parseHeaderAt } from '../../core/record/ledger.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import { checkFollowed } from '../follow/check-followed.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { Batch, judgeRollups } from './batch.ts';
import { type BodySource, comingBlocks } from './bodies.ts';
import type { JudgedBlock } from './judged.ts';
import { inlineJudges } from './inline-judges.ts';
import { type Judges, startJudges } from './judges.ts';
import type { Progress } from './options.ts';
import { Meter } from './progress.ts';
import { Recount } from './recount.ts';

/** What a check of a copy went through. */
export interface CopyReport {
  readonly blocks: number;
  readonly messages: number;
  /** Messages of these whose data is not here: withheld or redacted. Everything else about them was checked. */
  readonly withoutData: number;
  /** Blocks under the signed head whose messages are not all here. */
  readonly unfilled: number;
  /** Messages of these blocks that are followed, each checked with its proof. */
  readonly followed: number;
}

/** How far a check is. */
export interface CheckProgress extends Progress {
  readonly phase: 'headers' | 'messages';
}

export interface CheckOptions {
  readonly onProgress?: (progress: CheckProgress) => void;
  readonly signal?: AbortSignal;
  /** How many threads judge messages; as many as there are processors by default, none for a few messages. */
  readonly threads?: number;
}

export type Checked<T> = Result<T, CopyCode>;

/** Headers that are read at a time. */
const batch = 256;

/** Makes every hash of the headers again, up to the signed head. */
export async function checkHeaders(
  store: RecordStore,
  joined: JoinedLedger,
  { onProgress, signal }: CheckOptions,
): Promise<Checked<void>> {
  const { ledger, checkpoint, size } = joined;
  const head = openLedgerCheckpoint(checkpoint ?? new Uint8Array(), ledger.logKey, []);
  if (!head.ok) return refuse('copy-checkpoint', head.code);
  if (head.value.size !== size) return refuse('copy-checkpoint', `${head.value.size} is signed, not ${size}`);
  const tree = new IncrementalTree();
  const meter = new Meter(size);
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
    signal?.throwIfAborted();
    onProgress?.({ phase: 'headers', ...meter.add(headers.length) });
  }
  const isSame =
    equalBytes(tree.root(), head.value.root) && equalBytes(joinBytes(tree.state().peaks), joined.tree);
  return isSame ? ok(undefined) : refuse('copy-root');
}

/** A batch of blocks is compared when it has so many messages, or so many bytes of bodies. */
const full = { messages: 16_384, bytes: 10_485_760 };

/** Bodies that are asked for at the same time. */
const readAhead = 4;

/** Up to so many messages are judged in this thread: making others takes longer. */
const fewMessages = 512;

/** What is stored about the messages of a block beside what the body holds. */
interface StoredIds {
  readonly rows: readonly number[];
  readonly ids: Uint8Array;
  readonly withoutData: number;
}

/** The bodies of a copy, put together from its rows. */
export class StoredBodies implements BodySource {
  readonly readAhead = readAhead;
  readonly #store: RecordStore;
  readonly #joined: JoinedLedger;
  readonly #read = new Map<number, StoredIds>();

  constructor(store: RecordStore, joined: JoinedLedger) {
    this.#store = store;
    this.#joined = joined;
  }

  readonly read = async (height: number): Promise<Uint8Array> => {
    const parts = await this.#store.parts(this.#joined, height);
    const rows = parts.map(({ row }) => row);
    const withoutData = parts.filter(({ data }) => data === undefined).length;
    this.#read.set(height, { rows, ids: joinBytes(parts.map(({ id }) => id)), withoutData });
    return composeBody(parts);
  };

  /** What was read beside the body, once. */
  take(height: number): StoredIds {
    const ids = this.#read.get(height);
    if (ids === undefined) throw new RangeError(`block ${height} was not read`);
    this.#read.delete(height);
    return ids;
  }
}

/** Takes blocks in order, and compares batch by batch what the database says of them. */
class BodyCheck {
  messages = 0;
  withoutData = 0;
  readonly #recount: Recount;
  readonly #onProgress: CheckOptions['onProgress'];
  readonly #meter: Meter;
  #batch = new Batch();
  #rows: number[] = [];
  /** The row of the newest message so far. */
  #lastRow = 0;

  constructor(recount: Recount, messages: number, onProgress: CheckOptions['onProgress']) {
    this.#recount = recount;
    this.#meter = new Meter(messages);
    this.#onProgress = onProgress;
  }

  async take(block: JudgedBlock, { rows, ids, withoutData }: StoredIds): Promise<Checked<void>> {
    const { height } = block.header;
    if (Batch.needsAllBelow(block.header)) {
      const below = await this.compare();
      if (!below.ok) return below;
      const rollups = await judgeRollups(this.#recount.below(height), block.header);
      // What was sealed is known to be right: it is signed, and was verified before it was stored.
      if (!rollups.ok) return refuse('copy-message', `block ${height}: ${rollups.code}`);
    }
    if (!equalBytes(ids, block.ids)) return refuse('copy-message', `block ${height}: another id`);
    for (const row of rows) {
      // What was found last is shown first, by the number of its row.
      if (row <= this.#lastRow) return refuse('copy-message', `block ${height}: the order of its rows`);
      this.#lastRow = row;
    }
    this.#batch.add(block);
    this.#rows.push(...rows);
    this.withoutData += withoutData;
    const { messages, bytes } = this.#batch;
    return messages >= full.messages || bytes >= full.bytes ? this.compare() : ok(undefined);
  }

  /** Compares what is in hand. */
  async compare(): Promise<Checked<void>> {
    const batch = this.#batch;
    const rows = this.#rows;
    const [first] = batch.blocks;
    if (first === undefined) return ok(undefined);
    this.#batch = new Batch();
    this.#rows = [];
    await batch.resolve(this.#recount.below(first.height));
    const { good, refusal } = batch.judge();
    const bad = batch.blocks[good];
    if (refusal !== undefined && bad !== undefined)
      return refuse('copy-message', `block ${bad.height}: ${refusal.code} ${refusal.detail ?? ''}`.trim());
    if (!(await this.#recount.add(batch.tagRows(), rows)))
      return refuse('copy-index', `a tag of the blocks from ${first.height} on`);
    this.messages += rows.length;
    this.#onProgress?.({ phase: 'messages', ...this.#meter.add(rows.length) });
    return ok(undefined);
  }
}

/** Says at which block something of a stored body is wrong. */
export function refusedBody<T = void>(height: number, error: unknown): Checked<T> {
  // A leaf that is longer than any may be, or none at all.
  if (error instanceof RangeError) return refuse('copy-message', `block ${height}: ${error.message}`);
  throw error;
}

async function checkBlocks(
  store: RecordStore,
  joined: JoinedLedger,
  check: BodyCheck,
  judges: Judges,
  signal: AbortSignal | undefined,
): Promise<Checked<void>> {
  const bodies = new StoredBodies(store, joined);
  const filled = { ...joined, size: joined.filled };
  let height = 1;
  try {
    for await (const { header, judged } of comingBlocks(store, filled, joined.ledger.first, bodies, judges)) {
      signal?.throwIfAborted();
      ({ height } = header);
      if (!judged.ok) {
        const detail = `block ${height}: ${judged.code} ${judged.detail ?? ''}`;
        return refuse('copy-message', detail.trim());
      }
      const taken = await check.take(judged.value, bodies.take(height));
      if (!taken.ok) return taken;
      height++;
    }
  } catch (error) {
    return refusedBody(height, error);
  }
  return check.compare();
}

/** Who judges so many messages. @param threads where another number of threads than the usual is asked for. */
export function judgesOf(ledger: Ledger, messages: number, threads?: number): Judges {
  const inThreads = threads ?? (messages > fewMessages ? undefined : 0);
  return inThreads === 0
    ? inlineJudges(ledger)
    : startJudges(ed25519EngineName(), inThreads).judgesFor(ledger);
}

async function checkBodies(
  store: RecordStore,
  joined: JoinedLedger,
  options: CheckOptions,
): Promise<Checked<Omit<CopyReport, 'followed'>>> {
  const { filled, ledger, size } = joined;
  if (filled > size || filled < 0) return refuse('copy-message', `${filled} of ${size} blocks`);
  const counts = await store.counts(joined);
  const recount = await Recount.begin(store.statements, joined);
  const check = new BodyCheck(recount, counts.message, options.onProgress);
  const judges = judgesOf(ledger, counts.message, options.threads);
  try {
    const blocks = await checkBlocks(store, joined, check, judges, options.signal);
    if (!blocks.ok) return blocks;
    if (!(await recount.hasLinks())) return refuse('copy-index', 'a link');
    const { messages, withoutData } = check;
    const tags = await recount.tags();
    if (counts.block !== size) return refuse('copy-header', `${counts.block} instead of ${size}`);
    if (counts.message !== messages)
      return refuse('copy-message', `${counts.message} instead of ${messages}`);
    if (counts.tag !== tags) return refuse('copy-index', `${counts.tag} tags instead of ${tags}`);
    if (counts.tagged !== recount.tagged)
      return refuse('copy-index', `${counts.tagged} entries instead of ${recount.tagged}`);
    return ok({ blocks: size, messages, withoutData, unfilled: size - Math.max(filled, 1) });
  } finally {
    await judges.close();
    await recount.close();
  }
}

/** The copy of a ledger, as far as it is in order. */
export async function findLedger(store: RecordStore, id: Uint8Array): Promise<Checked<JoinedLedger>> {
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
 * Checks the copy of a ledger without any network, block by block. Memory is bounded: what is known of tags lies in a
 * temporary table, in memory only where the connection is set so.
 * @returns the first thing that is wrong, or what was gone through.
 * @throws CountersignError with a `store-` code when the database cannot be read, `store-corrupt` among them; the
 *   signal's reason when it came.
 */
export async function checkCopy(
  store: RecordStore,
  id: Uint8Array,
  options: CheckOptions = {},
): Promise<Checked<CopyReport>> {
  const fault = await store.fault();
  if (fault !== undefined) return refuse('copy-index', fault);
  const joined = await findLedger(store, id);
  if (!joined.ok) return joined;
  const headers = await checkHeaders(store, joined.value, options);
  if (!headers.ok) return headers;
  const whole = await checkBodies(store, joined.value, options);
  if (!whole.ok) return whole;
  const followed = await checkFollowed(store, joined.value);
  return followed.ok ? ok({ ...whole.value, followed: followed.value }) : followed;
}
