/**
 * The sequencer: the one writer of a ledger. It takes messages, promises their inclusion once they are durable, and
 * seals them into blocks.
 *
 * A block goes through three writes, each only when the one before is durable: the decision what it holds (private), its
 * files, and the signed checkpoint, which is the moment of truth. Only then is anything of it shown. A stop in
 * between changes nothing of the block: it is sealed again from its decision, byte for byte.
 */
import { equalBytes, joinBytes } from '../core/bytes.ts';
import { publicKeyOf } from '../core/crypto/signature.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { LogFile } from '../core/log/edge.ts';
import { sealBlock } from '../core/record/block.ts';
import { bodyPartLength } from '../core/record/body.ts';
import type { ParseCode } from '../core/record/envelope.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../core/record/files.ts';
import { type BlockHeader, rollupCount } from '../core/record/header.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyWire } from '../core/record/message.ts';
import { composePromise } from '../core/record/promise.ts';
import { spanOf, writeRollupLeaf } from '../core/record/rollup.ts';
import { composeTagIndexFile, parseTagIndexFile } from '../core/record/tag-index-file.ts';
import { ok, type Result } from '../core/result.ts';
import { type BlockLog, type LoadedLog, loadBlockLog, supersededFolders } from './block-log.ts';
import { type Decision, readDecision, readPromised, writeDecision } from './decision.ts';
import { checkpointPath, type OperatorKeys, readOperatorKeys, signCheckpoint } from './operator.ts';
import { type Offer, PendingMessages } from './pending.ts';
import { RecordIndex } from './record-index.ts';
import type { FirehoseStorage } from './storage.ts';

/**
 * How far a promise reaches: so many blocks and so many seconds after receipt, whichever comes first. The time leaves
 * room for a machine that is off over a weekend; a client takes no more than seven days.
 */
const promisedBlocks = 256;
const promisedSeconds = 259_200;

/** What may wait at most: more could not be sealed before the promises run out, and would not fit into memory. */
const waitingBlocks = 8;
const waitingBytes = 536_870_912;

/** The interval while more waits than went into the last block, in milliseconds. */
const hurriedMs = 200;

export interface SequencerOptions {
  /** How long after the first waiting message a block is sealed, in milliseconds: at most a minute. */
  readonly intervalMs: number;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Told when writing a block fails: its messages stay where they are, durable, and it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** A sealed block that is not under a checkpoint yet: what is to be written for it. */
interface UnpublishedBlock {
  readonly decision: Decision;
  readonly files: readonly LogFile[];
}

interface Parts {
  readonly storage: FirehoseStorage;
  readonly release: () => Promise<void>;
  readonly keys: OperatorKeys;
  readonly loaded: LoadedLog;
  readonly index: RecordIndex;
  readonly pending: PendingMessages;
  readonly options: SequencerOptions;
}

/** Takes messages and seals blocks; one per ledger, in one process. */
export class Sequencer {
  readonly storage: FirehoseStorage;
  readonly #release: () => Promise<void>;
  readonly #log: BlockLog;
  readonly #keys: OperatorKeys;
  readonly #index: RecordIndex;
  readonly #pending: PendingMessages;
  readonly #options: SequencerOptions;
  #published: { readonly size: number; readonly checkpoint: Uint8Array };
  #unpublished: UnpublishedBlock | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sealing: Promise<void> = Promise.resolve();
  #failing = false;
  /** More waited than went into the last block. */
  #behind = false;
  #stopped: Promise<void> | undefined;

  private constructor({ storage, release, keys, loaded, index, pending, options }: Parts) {
    this.storage = storage;
    this.#release = release;
    this.#keys = keys;
    this.#log = loaded.log;
    this.#index = index;
    this.#pending = pending;
    this.#options = options;
    this.#published = { size: loaded.log.size, checkpoint: loaded.checkpoint };
  }

  /**
   * Opens a founded ledger as its only writer: reads and checks its log and its tag indexes (not its bodies), and takes
   * up what was promised before a stop.
   * @throws CountersignError with a `firehose-` code.
   */
  static async open(storage: FirehoseStorage, options: SequencerOptions): Promise<Sequencer> {
    const keys = await readOperatorKeys(storage);
    const release = await storage.claim();
    try {
      const index = new RecordIndex();
      const loaded = await loadBlockLog(storage.public, async (header) => {
        const path = tagIndexPath(header.height);
        const entries = parseTagIndexFile((await storage.public.read(path)) ?? new Uint8Array(), header);
        if (!entries.ok) throw damaged(`${path}: ${entries.code}`);
        index.apply(header.height, { entries: entries.value });
      });
      if (loaded === undefined) throw new CountersignError<FirehoseCode>('firehose-unfinished');
      const { ledger } = loaded.log;
      if (!equalBytes(publicKeyOf(keys.log), ledger.logKey.publicKey)) throw damaged('the key of the log');
      if (!equalBytes(publicKeyOf(keys.promise), ledger.promiseKey.publicKey))
        throw damaged('the key of the promises');
      const pending = await PendingMessages.load(storage.private, ledger, (id) => index.includes(id));
      const sequencer = new Sequencer({ storage, release, keys, loaded, index, pending, options });
      await sequencer.#resume();
      return sequencer;
    } catch (error) {
      await release();
      throw error;
    }
  }

  get ledger(): Ledger {
    return this.#log.ledger;
  }

  /** Number of blocks under the newest checkpoint. */
  get size(): number {
    return this.#published.size;
  }

  /** The note of the newest checkpoint. Everything that it covers is stored, for good, and so is it. */
  get checkpoint(): Uint8Array {
    return this.#published.checkpoint;
  }

  /** How many messages were taken and stand in no block under the checkpoint yet. */
  get waiting(): number {
    return this.#pending.ready;
  }

  /**
   * Takes a message as it travels. @returns the note of its inclusion promise: for a message that was taken before
   * the same note, byte for byte.
   * @throws CountersignError `firehose-stopping`, `firehose-busy`, `firehose-too-long`, `firehose-storage`
   */
  async take(wire: Uint8Array): Promise<Result<Uint8Array, ParseCode>> {
    const { ledger } = this;
    if (this.#stopped !== undefined) throw new CountersignError<FirehoseCode>('firehose-stopping');
    const message = verifyWire(wire, ledger.id, ledger.limits);
    if (!message.ok) return message;
    const offer = await this.#offerFor(message.value);
    return ok(composePromise(ledger, { message: message.value.id, ...offer }, this.#keys.promise));
  }

  /** What was promised for this message before, or is promised now that it is durable. */
  async #offerFor(message: VerifiedMessage): Promise<Offer> {
    const waiting = this.#pending.offerFor(message.id);
    if (waiting !== undefined) return waiting;
    const place = this.#index.placeOf(message.id);
    if (place !== undefined) return readPromised(this.storage.private, place.height, place.position);
    this.#checkRoom(message);
    const { size } = this;
    // A clock that was set back must not make a promise that the next block, never older than the last, breaks.
    const lastTime = Math.max(this.#options.now(), this.#log.last.time) + promisedSeconds;
    const offer = await this.#pending.add(message, { size, lastHeight: size + promisedBlocks, lastTime });
    this.#schedule();
    return offer;
  }

  /** Nothing is promised that could not be kept. */
  #checkRoom(message: VerifiedMessage): void {
    const { blockBytes, blockMessages } = this.ledger.limits;
    const length = bodyPartLength(message);
    if (length > blockBytes)
      throw new CountersignError<FirehoseCode>('firehose-too-long', `at most ${blockBytes} bytes`);
    const room = Math.min(waitingBytes, waitingBlocks * blockBytes) - this.#pending.bytes;
    const isFull = this.#pending.count >= waitingBlocks * blockMessages || length > room;
    if (isFull || this.#failing) throw new CountersignError<FirehoseCode>('firehose-busy');
  }

  #schedule(): void {
    if (this.#stopped !== undefined || this.#timer !== undefined || this.#pending.ready === 0) return;
    const { intervalMs } = this.#options;
    const delay = this.#behind ? Math.min(intervalMs, hurriedMs) : intervalMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#seal().finally(() => {
        this.#schedule();
      });
    }, delay);
  }

  /** Writes one block of what waits, after whatever block is being written. Never rejects. */
  #seal(): Promise<void> {
    this.#sealing = this.#sealing.then(async () => {
      try {
        this.#unpublished ??= this.#nextBlock();
        if (this.#unpublished !== undefined) await this.#publish(this.#unpublished);
        this.#failing = false;
      } catch (error) {
        this.#failing = true;
        this.#options.onFailure(error);
      }
    });
    return this.#sealing;
  }

  #nextBlock(): UnpublishedBlock | undefined {
    const { limits } = this.ledger;
    const items = this.#pending.next(limits.blockMessages, limits.blockBytes);
    if (items.length === 0) return undefined;
    this.#behind = items.length < this.#pending.ready;
    const time = Math.max(this.#options.now(), this.#log.last.time);
    return this.#sealDecided({ time, items });
  }

  /** Seals the block that was decided on: the same decision always gives the same bytes. */
  #sealDecided(decision: Decision): UnpublishedBlock {
    const { ledger, last: lower } = this.#log;
    const messages = decision.items.map(({ message }) => message);
    const { header, body, index } = sealBlock({ ledger, lower, state: this.#index }, messages, decision.time);
    const files = [
      { path: bodyPath(header.height), bytes: body },
      { path: tagIndexPath(header.height), bytes: composeTagIndexFile(index.entries) },
      ...this.#rollupFiles(header),
    ];
    const logFiles = this.#log.append([header]);
    this.#index.apply(header.height, index);
    return { decision, files: [...files, ...logFiles] };
  }

  #rollupFiles({ height }: BlockHeader): readonly LogFile[] {
    const levels = ([1, 2] as const).slice(0, rollupCount(height));
    return levels.map((level) => {
      const leaves = this.#index.since(height - spanOf(level));
      return { path: rollupPath(height, level), bytes: joinBytes(leaves.map(writeRollupLeaf)) };
    });
  }

  /** Writes a sealed block, its checkpoint last. After a failure it is called again with the same block. */
  async #publish({ decision, files }: UnpublishedBlock): Promise<void> {
    const { ledger, size, root } = this.#log;
    await writeDecision(this.storage.private, size - 1, decision);
    for (const { path, bytes } of files) await this.storage.public.write(path, bytes);
    const checkpoint = signCheckpoint(ledger.logKey, this.#keys.log, size, root);
    await this.storage.public.write(checkpointPath, checkpoint);
    this.#published = { size, checkpoint };
    this.#unpublished = undefined;
    await this.#pending.remove(decision.items);
    await this.#removeSuperseded();
  }

  async #removeSuperseded(): Promise<void> {
    for (const folder of supersededFolders(this.size)) {
      for (const name of await this.storage.public.list(folder))
        await this.storage.public.remove(`${folder}/${name}`);
    }
  }

  /** Takes up the block that a stop interrupted, and what waits. */
  async #resume(): Promise<void> {
    const { size } = this.#log;
    const find = this.#pending.find.bind(this.#pending);
    const decision = await readDecision(this.storage.private, size, find);
    if (decision !== undefined) this.#unpublished = this.#sealDecided(decision);
    await this.#removeSuperseded();
    this.#schedule();
  }

  /**
   * Takes nothing more; finishes what is being taken, seals what waits, and lets the ledger go. Returns when everything
   * is under a checkpoint or failed to get there: then {@link waiting} says how much waits, durable, for the next start.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#pending.settle();
    let before: number;
    do {
      before = this.#pending.ready;
      await this.#seal();
    } while (this.#pending.ready > 0 && this.#pending.ready < before);
    await this.#release();
  }
}

function damaged(what: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', what);
}
