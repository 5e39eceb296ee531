/**
 * Full synchronisation: fetches every header and every body of a ledger from an endpoint, verifies all of it, and keeps
 * it. Nothing counts before it is verified, and what counts has no gap below it.
 *
 * Bodies are fetched and judged ahead, in order of height given to a batch, and written batch by batch: blocks and the
 * cursor that counts them in one transaction, which waits for nobody else.
 */
import { ed25519EngineName } from '../../core/crypto/signature.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import type { BlockCode } from '../../core/record/block.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import type { Refusal } from '../../core/result.ts';
import { foundBlock, foundBody } from '../alarms/block.ts';
import { noticing } from '../alarms/noticing.ts';
import { writeBlocks } from '../store/record-bulk.ts';
import { wholeCopy } from '../store/record-lookups.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { overtaken } from '../store/record-writer.ts';
import type { RecordStore } from '../store/record-store.ts';
import { Batch, judgeRollups } from './batch.ts';
import { comingBlocks, servedBodies } from './bodies.ts';
import { inlineJudges } from './inline-judges.ts';
import { type Judges, startJudges } from './judges.ts';
import type { BatchLimits, SyncOptions, SyncReport } from './options.ts';
import { Meter } from './progress.ts';
import { storedHeader, syncHeaders } from './sync-headers.ts';

/** Large enough that each page of an index is written once for many messages, small enough to lie in memory twice. */
const usualBatch: BatchLimits = { messages: 16_384, bytes: 10_485_760, ageMs: 2000 };

/** Messages of the smallest batch that is written for being full. */
const leastBatch = 2048;

/**
 * When a batch is full. The first is to be written while others are judged, and the last is to be soon done: batches are
 * smaller where little is missing, and towards the end.
 * @param missing messages of the whole synchronisation.
 * @param left messages that are not written yet, those of the batch included.
 */
function batchOf(missing: number, left: number): BatchLimits {
  const messages = Math.max(leastBatch, Math.min(usualBatch.messages, missing / 5, left / 2));
  return { ...usualBatch, messages };
}

/** Up to so many messages are judged in this thread: making others takes longer. */
const fewMessages = 512;

/** What a signed header leaves open, so that only the one who sent the body can be at fault. */
const faultsOfSender: readonly BlockCode[] = [
  ...(['body-too-long', 'body-truncated', 'body-leaf', 'body-data'] as const),
  ...(['body-count', 'body-root', 'envelope-data'] as const),
];

/** What to say of a block with a good header that does not verify. */
function refused(header: BlockHeader, refusal: Refusal<BlockCode>): CountersignError<SyncCode> {
  return faultsOfSender.includes(refusal.code) ? foundBody(header, refusal) : foundBlock(header, refusal);
}

/** Takes blocks in order and writes them batch by batch. */
class BodySync {
  readonly #store: RecordStore;
  readonly #joined: JoinedLedger;
  readonly #meter: Meter;
  readonly #options: SyncOptions;
  readonly #missing: number;
  /** Of these, what is not written yet. */
  #left: number;
  #batch = new Batch();
  /** When its first block came. */
  #begun = 0;

  constructor(store: RecordStore, joined: JoinedLedger, messages: number, options: SyncOptions) {
    this.#store = store;
    this.#joined = joined;
    this.#meter = new Meter(messages);
    this.#options = options;
    this.#missing = messages;
    this.#left = messages;
  }

  /** Runs until all blocks are here, or it is told to stop. @returns the height of the last block that is here. */
  async run(lower: BlockHeader, reader: LogReader, judges: Judges): Promise<void> {
    const source = servedBodies(reader, this.#joined);
    try {
      for await (const { header, judged } of comingBlocks(this.#store, this.#joined, lower, source, judges)) {
        if (!judged.ok) throw refused(header, judged);
        // What a roll-up sums up must be in the copy, and nothing else may be with it when it is judged.
        if (Batch.needsAllBelow(header)) await this.#write();
        if (this.#batch.blocks.length === 0) this.#begun = performance.now();
        this.#batch.add(judged.value);
        if (this.#isDue() || Batch.needsAllBelow(header)) await this.#write();
        if (this.#options.signal?.aborted === true) break;
      }
    } catch (error) {
      // Everything below the block that failed was verified by itself.
      await this.#write();
      throw error;
    }
    await this.#write();
  }

  #isDue(): boolean {
    const { messages, bytes } = this.#batch;
    const limits = this.#options.batch ?? batchOf(this.#missing, this.#left);
    const ageMs = performance.now() - this.#begun;
    return messages >= limits.messages || bytes >= limits.bytes || ageMs >= limits.ageMs;
  }

  async #write(): Promise<void> {
    const batch = this.#batch;
    this.#batch = new Batch();
    if (batch.blocks.length === 0) return;
    const [store, joined] = [this.#store, this.#joined];
    await batch.resolve(wholeCopy(store.statements, joined));
    const { good, refusal } = await this.#judge(batch);
    const blocks = batch.blocks.slice(0, good);
    await store.transaction((inside) => writeBlocks(inside.statements, joined, blocks, batch.tagRows()));
    batch.release();
    const last = blocks.at(-1);
    if (last !== undefined) {
      const written = blocks.reduce((sum, block) => sum + block.header.messages.count, 0);
      this.#left -= written;
      const messages = this.#meter.add(written);
      this.#options.onProgress?.({ phase: 'bodies', done: last.height + 1, of: joined.size, messages });
    }
    const bad = batch.blocks[good];
    if (refusal === undefined || bad === undefined) return;
    // A copy that somebody else went on with meanwhile makes every message of the block look repeated.
    const now = await find(store, joined.ledger.id);
    if (Math.max(now.filled, 1) !== bad.height) throw overtaken();
    throw refused(bad.header, refusal);
  }

  async #judge(batch: Batch): Promise<ReturnType<Batch['judge']>> {
    const verdict = batch.judge();
    const [only] = batch.blocks;
    if (verdict.refusal !== undefined || only === undefined || !Batch.needsAllBelow(only.header))
      return verdict;
    const rollups = await judgeRollups(wholeCopy(this.#store.statements, this.#joined), only.header);
    return rollups.ok ? verdict : { good: 0, refusal: rollups };
  }
}

async function find(store: RecordStore, id: Uint8Array): Promise<JoinedLedger> {
  const joined = await store.joined(id);
  if (joined === undefined) throw new CountersignError<CopyCode>('copy-no-ledger');
  return joined;
}

/**
 * Brings the copy of a joined ledger up to the endpoint's head. What it comes upon that no honest operator does is kept as
 * an alarm.
 * @throws CountersignError `copy-no-ledger`, `alarm-open`, or with a `sync-` or `store-` code; everything verified until
 *   then is kept.
 */
export async function syncLedger(
  store: RecordStore,
  id: Uint8Array,
  reader: LogReader,
  options: SyncOptions = {},
): Promise<SyncReport> {
  const { address, signal } = options;
  return noticing({ store, ledger: id, reader, address, signal }, () => fullSync(store, id, reader, options));
}

/**
 * As {@link syncLedger}, and just as strict, for a copy that is made anew in a database without alarms: none stops it, and
 * what it comes upon is thrown and kept nowhere.
 */
export async function fullSync(
  store: RecordStore,
  id: Uint8Array,
  reader: LogReader,
  options: SyncOptions,
): Promise<SyncReport> {
  const before = await find(store, id);
  const isWhole = await syncHeaders(store, before, reader, options.address ?? before.endpoint, options);
  const joined = await find(store, id);
  const { size, filled } = joined;
  const first = Math.max(filled, 1);
  const nothing = { size, filled: Math.min(size === 0 ? filled : first, size), newBlocks: 0 };
  if (options.signal?.aborted === true) return { ...nothing, isTooMuch: false };
  if (!isWhole || first >= size) return { ...nothing, isTooMuch: !isWhole };
  const lower = await storedHeader(store, joined, first - 1);
  const messages = await store.messagesAbove(joined, first);
  if (messages > (options.atMost?.messages ?? Infinity)) return { ...nothing, isTooMuch: true };
  const threads = options.threads ?? (messages > fewMessages ? undefined : 0);
  const own =
    threads === 0
      ? inlineJudges
      : (of: Ledger): Judges => startJudges(ed25519EngineName(), threads).judgesFor(of);
  const judges = options.judges ?? own(joined.ledger);
  try {
    await new BodySync(store, joined, messages, options).run(lower, reader, judges);
  } finally {
    if (judges !== options.judges) await judges.close();
  }
  const after = await find(store, id);
  return { size, filled: after.filled, newBlocks: after.filled - first, isTooMuch: false };
}
