/**
 * Messages that were promised and stand in no block yet. Each is durable before its promise leaves, and stays until a
 * checkpoint covers its block.
 */
import { ByteReader, concatBytes, joinBytes, toHex, uintToBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyWire } from '../core/record/message.ts';
import type { PromiseContent } from '../core/record/promise.ts';
import { Journal } from './journal.ts';
import type { Storage } from './storage.ts';

/** What was promised for a message; the message itself and the ledger complete the promise. */
export type Offer = Omit<PromiseContent, 'message'>;

/** Bytes of an offer as it is stored. */
export const offerBytes = 24;
const folder = 'pending';

export function writeOffer({ size, lastHeight, lastTime }: Offer): Uint8Array {
  return concatBytes(uintToBytes(size, 8), uintToBytes(lastHeight, 8), uintToBytes(lastTime, 8));
}

/** Reads an offer; undefined when the bytes end before it does. */
export function readOffer(reader: ByteReader): Offer | undefined {
  const [size, lastHeight, lastTime] = [reader.uint64(), reader.uint64(), reader.uint64()];
  if (size === undefined || lastHeight === undefined || lastTime === undefined) return undefined;
  return { size: Number(size), lastHeight: Number(lastHeight), lastTime: Number(lastTime) };
}

/** A message and what was promised for it go together until it stands in a block. */
export interface PendingMessage {
  readonly message: VerifiedMessage;
  readonly offer: Offer;
  /** Bytes of block body that it will take. */
  readonly length: number;
}

/** One that is durable, and the journal's segment that holds it. */
interface ReadyMessage extends PendingMessage {
  readonly segment: number;
}

/** Bytes of block body that a message will take: its wire is its leaf and its data. */
export function lengthInBody(wire: Uint8Array): number {
  return 8 + wire.length;
}

/** A message as it travels. */
function wireOf({ leaf, data = new Uint8Array() }: VerifiedMessage): Uint8Array {
  return joinBytes([leaf, data]);
}

/**
 * What an earlier life left, each message once. Of several entries the last one counts: an earlier one was written
 * without being acknowledged, or the message would not have been taken again.
 */
function readLeft(entries: readonly Uint8Array[], ledger: Ledger): PendingMessage[] {
  const found = new Map<string, PendingMessage>();
  for (const [i, entry] of entries.entries()) {
    const offer = readOffer(new ByteReader(entry));
    const message = verifyWire(entry.subarray(offerBytes), ledger.id, ledger.limits);
    if (offer === undefined || !message.ok)
      throw new CountersignError<FirehoseCode>('firehose-damaged', `${folder}: entry ${i}`);
    const length = lengthInBody(entry.subarray(offerBytes));
    found.set(toHex(message.value.id), { message: message.value, offer, length });
  }
  return [...found.values()];
}

export class PendingMessages {
  readonly #journal: Journal;
  readonly #offers = new Map<string, Promise<Offer>>();
  /** Durable, in the order in which they became so. */
  readonly #ready = new Map<string, ReadyMessage>();
  #bytes = 0;

  private constructor(journal: Journal) {
    this.#journal = journal;
  }

  /**
   * Takes up what was promised before a stop, the most urgent first; forgets what is in a block by now.
   * @throws CountersignError `firehose-damaged` when a promised message does not verify any more, `firehose-storage`
   */
  static async load(
    storage: Storage,
    ledger: Ledger,
    isInBlock: (id: Uint8Array) => Promise<boolean>,
  ): Promise<PendingMessages> {
    const { journal, left } = await Journal.open(storage, folder);
    const pending = new PendingMessages(journal);
    const found: PendingMessage[] = [];
    for (const item of readLeft(left.entries, ledger)) {
      if (!(await isInBlock(item.message.id))) found.push(item);
    }
    found.sort((a, b) => a.offer.lastHeight - b.offer.lastHeight || a.offer.lastTime - b.offer.lastTime);
    // The stop may have come before the first writing was durable: it is from now on, before anyone is told.
    await Promise.all(found.map(({ message, offer }) => pending.add(message, offer)));
    for (const path of left.paths) await storage.remove(path);
    return pending;
  }

  /** How many are durable and wait for a block. */
  get ready(): number {
    return this.#ready.size;
  }

  /** How many there are, with those that are being made durable. */
  get count(): number {
    return this.#offers.size;
  }

  /** Bytes of block body that they will take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How often messages were made durable: many at a time when many arrive. */
  get syncs(): number {
    return this.#journal.groups;
  }

  /** What was promised for a message that waits, or is about to be. */
  offerFor(id: Uint8Array): Promise<Offer> | undefined {
    return this.#offers.get(toHex(id));
  }

  /** Makes a message durable, with its offer. @throws CountersignError `firehose-storage` */
  add(message: VerifiedMessage, offer: Offer): Promise<Offer> {
    const id = toHex(message.id);
    const wire = wireOf(message);
    const length = lengthInBody(wire);
    const added = this.#journal.append(joinBytes([writeOffer(offer), wire])).then(
      (segment) => {
        this.#ready.set(id, { message, offer, length, segment });
        return offer;
      },
      (error: unknown) => {
        // Nothing was promised. The entry may be there all the same: then the message is sealed after a restart.
        this.#offers.delete(id);
        this.#bytes -= length;
        throw error;
      },
    );
    this.#offers.set(id, added);
    this.#bytes += length;
    return added;
  }

  /** The next messages for a block, at most `messages` of them and `bytes` of body; they stay until `remove`. */
  next(messages: number, bytes: number): readonly PendingMessage[] {
    const chosen: PendingMessage[] = [];
    let length = 0;
    for (const item of this.#ready.values()) {
      length += item.length;
      if (chosen.length === messages || length > bytes) break;
      chosen.push(item);
    }
    return chosen;
  }

  /** The message with this id that is durable and waits. */
  find(id: Uint8Array): PendingMessage | undefined {
    return this.#ready.get(toHex(id));
  }

  /** Forgets messages that a checkpoint covers now. */
  remove(items: readonly PendingMessage[]): void {
    for (const { message } of items) {
      const id = toHex(message.id);
      const item = this.#ready.get(id);
      if (item === undefined) continue;
      this.#ready.delete(id);
      this.#offers.delete(id);
      this.#bytes -= item.length;
      this.#journal.release(item.segment);
    }
  }

  /** Frees the storage that forgotten messages took. @throws CountersignError `firehose-storage`: to be tried again */
  sweep(): Promise<void> {
    return this.#journal.sweep();
  }

  /** Lets go of the storage, when nothing is on its way any more. */
  close(): Promise<void> {
    return this.#journal.close();
  }
}
