/**
 * The sequencer: the one writer of a ledger. It takes messages, promises their inclusion once they are durable, and
 * seals them into blocks.
 *
 * A block goes through three writes, each only when the one before is durable: the decision what it holds (private), its
 * files, and the signed checkpoint, which is the moment of truth. Only then is anything of it shown. A stop in
 * between changes nothing of the block: it is sealed again from its decision, byte for byte.
 */
import { equalBytes } from '../core/bytes.ts';
import { publicKeyOf } from '../core/crypto/signature.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { type ParseCode, parseWire } from '../core/record/envelope.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyMessage } from '../core/record/message.ts';
import { promiseComposer } from '../core/record/promise.ts';
import { parseTagIndexFile } from '../core/record/tag-index-file.ts';
import { tagIndexPath } from '../core/record/files.ts';
import { ok, type Result } from '../core/result.ts';
import { type BlockLog, headersFrom, loadBlockLog } from './block-log.ts';
import { BlockWriter, type PublishedBlock } from './block-writer.ts';
import { readPromised } from './decision.ts';
import { type Gate, openGate } from './gate.ts';
import { type OperatorKeys, readOperatorKeys } from './operator.ts';
import { lengthInBody, type Offer, PendingMessages } from './pending.ts';
import { RecordIndex } from './record-index.ts';
import type { FirehoseStorage } from './storage.ts';
import { keyOf } from './tag-state.ts';

/**
 * How far a promise reaches: so many blocks and so many seconds after receipt, whichever comes first. The time leaves
 * room for a machine that is off over a weekend; a client takes no more than seven days.
 */
const promisedBlocks = 256;
const promisedSeconds = 259_200;

/** What may wait at most: more could not be sealed before the promises run out, and would not fit into memory. */
const waitingBlocks = 8;
const waitingSeals = 32;
const waitingBytes = 268_435_456;

/** A block holds at most so many times what makes it be sealed at once. */
const mostSeals = 4;

/** The interval while more waits than went into the last block, in milliseconds. */
const hurriedMs = 200;

/** A block is sealed at once when so much waits. Larger blocks would stop everything else while they are sealed. */
const sealDefaults = { sealMessages: 1024, sealBytes: 33_554_432 } as const;

export interface SequencerOptions {
  /** How long after the first waiting message a block is sealed, in milliseconds: at most a minute. */
  readonly intervalMs: number;
  /** A block is sealed at once when so many messages wait. It holds at most four times as many. */
  readonly sealMessages?: number;
  /** A block is sealed at once when so many bytes wait. */
  readonly sealBytes?: number;
  /** Whose messages are taken, and how many. */
  readonly gate?: Gate;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Told when writing a block fails: its messages stay where they are, durable, and it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

interface Parts {
  readonly storage: FirehoseStorage;
  readonly release: () => Promise<void>;
  readonly keys: OperatorKeys;
  readonly log: BlockLog;
  readonly index: RecordIndex;
  readonly pending: PendingMessages;
  readonly writer: BlockWriter;
  readonly options: SequencerOptions;
}

function damaged(what: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', what);
}

/** What a firehose may tell about itself at any time. */
export interface SequencerFigures {
  /** Blocks under the newest checkpoint. */
  readonly size: number;
  /** Sealing time of the newest block, seconds since 1970. */
  readonly lastTime: number;
  /** Messages promised for the first time, and messages that had been, since the start. */
  readonly taken: number;
  readonly known: number;
  readonly waitingMessages: number;
  readonly waitingBytes: number;
  /** How often messages were made durable, many at a time. */
  readonly syncs: number;
  readonly indexRuns: number;
  readonly isFailing: boolean;
}

/** Takes messages and seals blocks; one per ledger, in one process. */
export class Sequencer {
  readonly storage: FirehoseStorage;
  readonly #release: () => Promise<void>;
  readonly #promise: ReturnType<typeof promiseComposer>;
  readonly #log: BlockLog;
  readonly #index: RecordIndex;
  readonly #pending: PendingMessages;
  readonly #writer: BlockWriter;
  readonly #options: Required<SequencerOptions>;
  readonly #listeners = new Set<(block: PublishedBlock) => void>();
  #timer: { readonly id: NodeJS.Timeout; readonly due: number } | undefined;
  #sealing: Promise<void> | undefined;
  #failing = false;
  #taken = 0;
  #known = 0;
  /** More waited than went into the last block. */
  #behind = false;
  #stopped: Promise<void> | undefined;
  /** Messages on their way to being promised. */
  readonly #taking = new Set<Promise<unknown>>();

  private constructor({ storage, release, keys, log, index, pending, writer, options }: Parts) {
    this.storage = storage;
    this.#release = release;
    this.#promise = promiseComposer(log.ledger, keys.promise);
    this.#log = log;
    this.#index = index;
    this.#pending = pending;
    this.#writer = writer;
    this.#options = { ...sealDefaults, gate: openGate, ...options };
  }

  /**
   * Opens a founded ledger as its only writer: checks the right edge of its log, brings its index up to date, and takes
   * up what was promised before a stop.
   * @throws CountersignError with a `firehose-` code.
   */
  static async open(storage: FirehoseStorage, options: SequencerOptions): Promise<Sequencer> {
    const keys = await readOperatorKeys(storage);
    const release = await storage.claim();
    const opened: { close(): Promise<void> }[] = [];
    try {
      const loaded = await loadBlockLog(storage.public);
      if (loaded === undefined) throw new CountersignError<FirehoseCode>('firehose-unfinished');
      const { log, checkpoint } = loaded;
      const { ledger } = log;
      if (!equalBytes(publicKeyOf(keys.log), ledger.logKey.publicKey)) throw damaged('the key of the log');
      if (!equalBytes(publicKeyOf(keys.promise), ledger.promiseKey.publicKey))
        throw damaged('the key of the promises');
      const index = await RecordIndex.open(storage.private, ledger.id);
      opened.push(index);
      await catchUp(storage, log, index);
      const isInBlock = async (id: Uint8Array): Promise<boolean> => (await index.placeOf(id)) !== undefined;
      const pending = await PendingMessages.load(storage.private, ledger, isInBlock);
      opened.push(pending);
      const writer = new BlockWriter({ storage, log, index, pending, seed: keys.log }, checkpoint);
      await writer.resume();
      const parts = { storage, release, keys, log, index, pending, writer, options };
      const sequencer = new Sequencer(parts);
      sequencer.#schedule();
      return sequencer;
    } catch (error) {
      for (const part of opened) await part.close();
      await release();
      throw error;
    }
  }

  get ledger(): Ledger {
    return this.#log.ledger;
  }

  /** Number of blocks under the newest checkpoint. */
  get size(): number {
    return this.#writer.size;
  }

  /** The note of the newest checkpoint. Everything that it covers is stored, for good, and so is it. */
  get checkpoint(): Uint8Array {
    return this.#writer.checkpoint;
  }

  /** How many messages were taken and stand in no block under the checkpoint yet. */
  get waiting(): number {
    return this.#pending.ready;
  }

  get figures(): SequencerFigures {
    return {
      size: this.size,
      lastTime: this.#writer.lastTime,
      taken: this.#taken,
      known: this.#known,
      waitingMessages: this.#pending.count,
      waitingBytes: this.#pending.bytes,
      syncs: this.#pending.syncs,
      indexRuns: this.#index.figures.runs,
      isFailing: this.#failing,
    };
  }

  /** Has every block told to a listener as soon as its checkpoint is there. @returns what ends that. */
  onBlock(listener: (block: PublishedBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Takes a message as it travels. @returns the note of its inclusion promise: for a message that was taken before
   * the same note, byte for byte.
   * @throws CountersignError `firehose-stopping`, `firehose-busy`, `firehose-too-long`, `firehose-storage`, and what the
   *   gate says.
   */
  async take(wire: Uint8Array): Promise<Result<Uint8Array, ParseCode>> {
    if (this.#stopped !== undefined) throw new CountersignError<FirehoseCode>('firehose-stopping');
    const taking = this.#take(wire);
    this.#taking.add(taking);
    return taking.finally(() => this.#taking.delete(taking));
  }

  async #take(wire: Uint8Array): Promise<Result<Uint8Array, ParseCode>> {
    const { ledger } = this;
    const parsed = parseWire(wire);
    if (!parsed.ok) return parsed;
    const { envelope, data } = parsed.value;
    // Whoever is turned away by the name on the message need not be verified.
    this.#options.gate.check(envelope.sender);
    const message = verifyMessage(envelope.leaf, data, ledger.id, ledger.limits);
    if (!message.ok) return message;
    const offer = await this.#offerFor(message.value, lengthInBody(wire));
    return ok(this.#promise({ message: message.value.id, ...offer }));
  }

  /**
   * What was promised for this message before, or is promised now that it is durable.
   * @param length bytes of block body that it will take.
   */
  async #offerFor(message: VerifiedMessage, length: number): Promise<Offer> {
    const { id } = message;
    const waiting = this.#pending.offerFor(id);
    if (waiting !== undefined) return this.#again(waiting);
    // While the index is read on disk the message may come in by another way, and even get into a block.
    for (let changes = -1; changes !== this.#index.changes;) {
      ({ changes } = this.#index);
      const place = await this.#index.placeOf(id);
      if (place !== undefined) return this.#again(readPromised(this.storage.private, place, id));
    }
    const meanwhile = this.#pending.offerFor(id);
    if (meanwhile !== undefined) return this.#again(meanwhile);
    this.#checkRoom(length);
    this.#options.gate.charge(message.sender);
    const { size } = this;
    // A clock that was set back must not make a promise that the next block, never older than the last, breaks.
    const lastTime = Math.max(this.#options.now(), this.#log.last.time) + promisedSeconds;
    const offer = await this.#pending.add(message, { size, lastHeight: size + promisedBlocks, lastTime });
    this.#taken++;
    this.#schedule();
    return offer;
  }

  #again(offer: Promise<Offer>): Promise<Offer> {
    this.#known++;
    return offer;
  }

  /** Nothing is promised that could not be kept. */
  #checkRoom(length: number): void {
    const { blockBytes, blockMessages } = this.ledger.limits;
    if (length > blockBytes)
      throw new CountersignError<FirehoseCode>('firehose-too-long', `at most ${blockBytes} bytes`);
    const room = Math.min(waitingBytes, waitingBlocks * blockBytes) - this.#pending.bytes;
    const most = Math.min(waitingBlocks * blockMessages, waitingSeals * this.#options.sealMessages);
    const isFull = this.#pending.count >= most || length > room;
    if (isFull || this.#failing) throw new CountersignError<FirehoseCode>('firehose-busy');
  }

  /** Sees to it that what waits is sealed in time, and what failed is tried again. */
  #schedule(): void {
    if (this.#stopped !== undefined || this.#sealing !== undefined) return;
    if (this.#pending.ready === 0 && !this.#writer.isUnfinished) return;
    const { intervalMs, sealMessages, sealBytes } = this.#options;
    const isFull = this.#pending.ready >= sealMessages || this.#pending.bytes >= sealBytes;
    const hurried = this.#behind ? Math.min(intervalMs, hurriedMs) : intervalMs;
    const delay = isFull && !this.#failing ? 0 : hurried;
    const due = performance.now() + delay;
    if (this.#timer !== undefined && this.#timer.due <= due) return;
    clearTimeout(this.#timer?.id);
    const id = setTimeout(() => {
      this.#timer = undefined;
      void this.#seal();
    }, delay);
    this.#timer = { id, due };
  }

  /** Writes one block of what waits, or what is left of one. One at a time; never rejects. */
  #seal(): Promise<void> {
    this.#sealing ??= this.#sealOne().finally(() => {
      this.#sealing = undefined;
      this.#schedule();
    });
    return this.#sealing;
  }

  async #sealOne(): Promise<void> {
    const { limits } = this.ledger;
    const { sealMessages, now } = this.#options;
    try {
      // When writing takes its time the blocks become larger, and there are fewer of them to write.
      const messages = Math.min(limits.blockMessages, sealMessages * mostSeals);
      const most = { messages, bytes: limits.blockBytes };
      const block = await this.#writer.writeNext(most, now());
      if (block !== undefined) {
        this.#behind = block.left > 0;
        for (const listener of this.#listeners) listener(block);
      }
      await this.#writer.tidy();
      this.#failing = false;
    } catch (error) {
      this.#failing = true;
      this.#options.onFailure(error);
    }
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
    clearTimeout(this.#timer?.id);
    await Promise.allSettled(this.#taking);
    await this.#sealing;
    let before: number;
    do {
      before = this.#pending.ready;
      await this.#seal();
    } while (this.#pending.ready > 0 && this.#pending.ready < before);
    await this.#index.close();
    await this.#pending.close();
    await this.#release();
  }
}

/** Brings the index up to the newest block. @throws CountersignError `firehose-damaged`, `firehose-storage` */
async function catchUp(storage: FirehoseStorage, log: BlockLog, index: RecordIndex): Promise<void> {
  if (index.height > log.size) throw damaged(`the record ends before block ${index.height - 1}`);
  // The header below is read too: without it the first one would not be known to be linked.
  for await (const header of headersFrom(storage.public, log, index.height - 1)) {
    const { height } = header;
    if (height === 0 || height < index.height) continue;
    const path = tagIndexPath(height);
    const entries = parseTagIndexFile((await storage.public.read(path)) ?? new Uint8Array(), header);
    if (!entries.ok) throw damaged(`${path}: ${entries.code}`);
    const before = await index.findAll(entries.value.map(({ tag }) => tag));
    for (const { tag, own } of entries.value) {
      if (own !== undefined && before.get(keyOf(tag))?.own !== undefined) throw damaged(`${path}: repeated`);
    }
    index.apply(height, entries.value, before);
    await index.settle(height + 1);
  }
}
