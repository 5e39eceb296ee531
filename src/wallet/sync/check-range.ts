/**
 * The offline check of a part of a copy: all headers up to the signed head, and of some blocks everything that can be
 * judged without the blocks below them. Whether the lists by which messages are found leave nothing out is seen only where
 * all blocks are judged (`check-copy.ts`).
 */
import { equalBytes } from '../../core/bytes.ts';
import { parseHeaderAt } from '../../core/record/ledger.ts';
import { ok, refuse } from '../../core/result.ts';
import { withData } from '../explorer/copy.ts';
import { messagesAfter } from '../explorer/search.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { comingBlocks } from './bodies.ts';
import {
  type Checked,
  checkCopy,
  checkHeaders,
  type CheckOptions,
  findLedger,
  judgesOf,
  refusedBody,
  StoredBodies,
} from './check-copy.ts';
import { Meter } from './progress.ts';

/** Blocks from one height to another, both included. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** What a check of some blocks went through. */
export interface RangeReport {
  /** Blocks under the signed head: the headers of all of them were hashed. */
  readonly size: number;
  /** Messages of the range. */
  readonly messages: number;
  /** Messages of these whose data is not here: withheld or redacted. Everything else about them was checked. */
  readonly withoutData: number;
  /** Blocks of the range whose messages are not all here. */
  readonly unfilled: number;
  /** Messages of these blocks that are here, each checked with the proof of its place. */
  readonly followed: number;
  /** Whether all blocks that are here were judged, and with them the lists by which messages are found. */
  readonly isWhole: boolean;
}

/** Messages that are read at a time. */
const page = 100;

/** The messages of blocks that are all here. */
async function checkFilled(
  store: RecordStore,
  joined: JoinedLedger,
  { from, to }: BlockRange,
  { onProgress, signal, threads }: CheckOptions,
): Promise<Checked<Pick<RangeReport, 'messages' | 'withoutData'>>> {
  const { ledger } = joined;
  const first = Math.max(from, 1);
  const counts = { messages: 0, withoutData: 0 };
  if (first > to) return ok(counts);
  const [bytes] = await store.headers(joined, first - 1, 1);
  const lower = bytes && parseHeaderAt(bytes, first - 1, ledger);
  if (lower?.ok !== true) return refuse('copy-header', `height ${first - 1}`);
  const of = (await store.messagesAbove(joined, first)) - (await store.messagesAbove(joined, to + 1));
  const meter = new Meter(of);
  const bodies = new StoredBodies(store, joined);
  const judges = judgesOf(ledger, of, threads);
  let height = first;
  try {
    const blocks = comingBlocks(store, { ...joined, size: to + 1 }, lower.value, bodies, judges);
    for await (const { header, judged } of blocks) {
      signal?.throwIfAborted();
      ({ height } = header);
      if (!judged.ok)
        return refuse('copy-message', `block ${height}: ${judged.code} ${judged.detail ?? ''}`.trim());
      const { ids, withoutData } = bodies.take(height);
      if (!equalBytes(ids, judged.value.ids)) return refuse('copy-message', `block ${height}: another id`);
      counts.messages += header.messages.count;
      counts.withoutData += withoutData;
      onProgress?.({ phase: 'messages', ...meter.add(header.messages.count) });
      height++;
    }
  } catch (error) {
    return refusedBody<typeof counts>(height, error);
  } finally {
    await judges.close();
  }
  return ok(counts);
}

/** The messages of blocks of which only some are here. @returns how many there are. */
async function checkFollowed(
  store: RecordStore,
  joined: JoinedLedger,
  { from, to }: BlockRange,
  signal: AbortSignal | undefined,
): Promise<number> {
  let followed = 0;
  let after = { height: from - 1, position: Number.MAX_SAFE_INTEGER };
  for (;;) {
    signal?.throwIfAborted();
    const found = await messagesAfter(store.statements, joined, {}, after, page);
    for (const one of found) {
      if (one.height > to) break;
      // A list leaves long data where it lies.
      await withData(store.statements, joined, one);
      followed++;
    }
    const last = found.at(-1);
    if (last === undefined || found.length < page || last.height > to) return followed;
    after = last;
  }
}

/**
 * Checks blocks of a copy without any network. Give it a connection that shows one moment.
 * @param range the lower height first, both under the signed head.
 * @returns the first thing that is wrong, or what was gone through.
 * @throws RangeError for another range; CountersignError with a `store-` code, `store-corrupt` among them; the signal's
 *   reason when it came.
 */
export async function checkRange(
  store: RecordStore,
  id: Uint8Array,
  range: BlockRange,
  options: CheckOptions = {},
): Promise<Checked<RangeReport>> {
  const found = await findLedger(store, id);
  if (!found.ok) return found;
  const joined = found.value;
  const { filled, size } = joined;
  const { from, to } = range;
  if (from > to || to >= size) throw new RangeError(`blocks ${from} to ${to} of ${size}`);
  if (from <= 1 && to === size - 1) {
    const whole = await checkCopy(store, id, options);
    if (!whole.ok) return whole;
    const { messages, withoutData, unfilled, followed } = whole.value;
    return ok({ size, messages, withoutData, unfilled, followed, isWhole: true });
  }
  const headers = await checkHeaders(store, joined, options);
  if (!headers.ok) return headers;
  const counts = await checkFilled(store, joined, { from, to: Math.min(to, filled - 1) }, options);
  if (!counts.ok) return counts;
  // The founding block has no messages.
  const above = Math.max(from, filled, 1);
  const unfilled = Math.max(0, to + 1 - above);
  const followed =
    unfilled === 0 ? 0 : await checkFollowed(store, joined, { from: above, to }, options.signal);
  return ok({ size, ...counts.value, unfilled, followed, isWhole: false });
}
