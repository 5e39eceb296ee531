/**
 * The sequencer: the one writer of a ledger. It takes messages, promises their inclusion once they are durable, and
 * seals them into blocks. The signed checkpoint is the moment of truth: whatever is written before it (bodies,
 * indexes, tiles) counts for nothing until it is there, and is written again after a crash.
 */
import { concatBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { sealBlock } from '../core/record/block.ts';
import type { ParseCode } from '../core/record/envelope.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../core/record/files.ts';
import { type BlockHeader, rollupCount } from '../core/record/header.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyWire } from '../core/record/message.ts';
import { composePromise } from '../core/record/promise.ts';
import { spanOf, writeRollupLeaf } from '../core/record/rollup.ts';
import { parseTagIndexFile } from '../core/record/tag-index-file.ts';
import { ok, type Result } from '../core/result.ts';
import { type BlockLog, loadBlockLog } from './block-log.ts';
import {
  checkpointPath,
  type FirehoseStorage,
  type OperatorKeys,
  readOperatorKeys,
  signCheckpoint,
} from './operator.ts';
import { type Offer, type PendingMessage, PendingMessages, readPromised, writePromised } from './pending.ts';
import { RecordIndex } from './record-index.ts';

/** How far a promise reaches: so many blocks and so many seconds after receipt, whichever comes first. */
const promisedBlocks = 256;
const promisedSeconds = 600;

export interface SequencerOptions {
  /** How long after the first waiting message a block is sealed. */
  readonly intervalMs: number;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Told when sealing fails: the messages stay where they are, durable, and it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** A sealed block that is not under a checkpoint yet: what is still to be written for it. */
interface UnpublishedBlock {
  readonly items: readonly PendingMessage[];
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** Takes messages and seals blocks; one per ledger, in one process. */
export class Sequencer {
  readonly storage: FirehoseStorage;
  readonly #log: BlockLog;
  readonly #keys: OperatorKeys;
  readonly #index: RecordIndex;
  readonly #pending: PendingMessages;
  readonly #options: SequencerOptions;
  #published: number;
  #unpublished: UnpublishedBlock | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #stopping = false;

  private constructor(
    storage: FirehoseStorage,
    keys: OperatorKeys,
    log: BlockLog,
    index: RecordIndex,
    pending: PendingMessages,
    options: SequencerOptions,
  ) {
    this.storage = storage;
    this.#keys = keys;
    this.#log = log;
    this.#index = index;
    this.#pending = pending;
    this.#options = options;
    this.#published = log.size;
    this.#schedule();
  }

  /**
   * Opens a founded ledger: reads and checks its log, and takes up what was promised before a stop.
   * @throws CountersignError with a `firehose-` code.
   */
  static async open(storage: FirehoseStorage, options: SequencerOptions): Promise<Sequencer> {
    const keys = await readOperatorKeys(storage);
    const index = new RecordIndex();
    const log = await loadBlockLog(storage.public, async (header) => {
      const path = tagIndexPath(header.height);
      const entries = parseTagIndexFile((await storage.public.read(path)) ?? new Uint8Array(), header);
      if (!entries.ok)
        throw new CountersignError<FirehoseCode>('firehose-damaged', `${path}: ${entries.code}`);
      index.apply(header.height, { entries: entries.value });
    });
    const pending = await PendingMessages.load(storage.private, log.ledger, (id) => index.includes(id));
    return new Sequencer(storage, keys, log, index, pending, options);
  }

  get ledger(): Ledger {
    return this.#log.ledger;
  }

  /** Number of blocks under the newest checkpoint. */
  get size(): number {
    return this.#published;
  }

  /**
   * Takes a message as it travels. @returns the note of its inclusion promise: for a message that was taken before
   * the same note, byte for byte.
   * @throws CountersignError `firehose-stopping`, `firehose-storage`
   */
  async take(wire: Uint8Array): Promise<Result<Uint8Array, ParseCode>> {
    const { ledger } = this;
    const message = verifyWire(wire, ledger.id, ledger.limits);
    if (!message.ok) return message;
    if (this.#stopping) throw new CountersignError<FirehoseCode>('firehose-stopping');
    const offer = await this.#offerFor(message.value);
    return ok(composePromise(ledger, { message: message.value.id, ...offer }, this.#keys.promise));
  }

  /** What was promised for this message before, or is promised now that it is durable. */
  async #offerFor(message: VerifiedMessage): Promise<Offer> {
    const waiting = this.#pending.offerFor(message.id);
    if (waiting !== undefined) return waiting;
    const place = this.#index.placeOf(message.id);
    if (place !== undefined) return readPromised(this.storage.private, place.height, place.position);
    const size = this.#published;
    const lastTime = this.#options.now() + promisedSeconds;
    const offer = await this.#pending.add(message, { size, lastHeight: size + promisedBlocks, lastTime });
    this.#schedule();
    return offer;
  }

  #schedule(): void {
    if (this.#stopping || this.#timer !== undefined || this.#pending.count === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#seal().finally(() => {
        this.#schedule();
      });
    }, this.#options.intervalMs);
  }

  /** Seals one block of what waits, after whatever sealing is under way. Never rejects. */
  #seal(): Promise<void> {
    this.#sealing = this.#sealing
      .then(async () => {
        this.#unpublished ??= this.#nextBlock();
        if (this.#unpublished !== undefined) await this.#publish(this.#unpublished);
      })
      .catch((error: unknown) => {
        this.#options.onFailure(error);
      });
    return this.#sealing;
  }

  #nextBlock(): UnpublishedBlock | undefined {
    const { ledger, last: lower } = this.#log;
    const items = this.#pending.next(ledger.limits.blockMessages, ledger.limits.blockBytes);
    if (items.length === 0) return undefined;
    const time = Math.max(this.#options.now(), lower.time);
    const messages = items.map(({ message }) => message);
    const { header, body, index } = sealBlock({ ledger, lower, state: this.#index }, messages, time);
    const { height } = header;
    const files = [
      { path: bodyPath(height), bytes: body },
      { path: tagIndexPath(height), bytes: concatBytes(...index.leaves) },
      ...this.#rollupFiles(header),
    ];
    this.#log.append(header);
    this.#index.apply(height, index);
    return { items, files: [...files, ...this.#log.edgeFiles()] };
  }

  #rollupFiles({ height }: BlockHeader): UnpublishedBlock['files'] {
    const levels = ([1, 2] as const).slice(0, rollupCount(height));
    return levels.map((level) => {
      const leaves = this.#index.since(height - spanOf(level));
      return { path: rollupPath(height, level), bytes: concatBytes(...leaves.map(writeRollupLeaf)) };
    });
  }

  /** Writes a sealed block, its checkpoint last. After a failure it is called again with the same block. */
  async #publish({ items, files }: UnpublishedBlock): Promise<void> {
    const { ledger, size, root } = this.#log;
    const offers = items.map(({ offer }) => offer);
    await writePromised(this.storage.private, size - 1, offers);
    for (const { path, bytes } of files) await this.storage.public.write(path, bytes);
    const note = signCheckpoint(ledger.logKey, this.#keys.log, size, root);
    await this.storage.public.write(checkpointPath, note);
    this.#published = size;
    this.#unpublished = undefined;
    await this.#pending.remove(items);
  }

  /** Takes nothing more; seals what waits, and returns when it is under a checkpoint or failed to get there. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    let before: number;
    do {
      before = this.#pending.count;
      await this.#seal();
    } while (this.#pending.count > 0 && this.#pending.count < before);
  }
}
