/**
 * Messages that were promised and stand in no block yet. Each is durable before its promise leaves, and stays until a
 * checkpoint covers its block.
 */
import { ByteReader, concatBytes, toHex, uintToBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { bodyPartLength } from '../core/record/body.ts';
import { wireBytes } from '../core/record/envelope.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyWire } from '../core/record/message.ts';
import type { PromiseContent } from '../core/record/promise.ts';
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
}

export class PendingMessages {
  readonly #storage: Storage;
  readonly #offers = new Map<string, Promise<Offer>>();
  /** Durable, in the order in which they became so. */
  readonly #ready = new Map<string, PendingMessage>();
  #bytes = 0;

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  /**
   * Takes up what was promised before a stop, the most urgent first; forgets what is in a block by now.
   * @throws CountersignError `firehose-damaged` when a promised message does not verify any more, `firehose-storage`
   */
  static async load(
    storage: Storage,
    ledger: Ledger,
    isInBlock: (id: Uint8Array) => boolean,
  ): Promise<PendingMessages> {
    const pending = new PendingMessages(storage);
    const found: PendingMessage[] = [];
    for (const name of await storage.list(folder)) {
      const path = `${folder}/${name}`;
      const bytes = (await storage.read(path)) ?? new Uint8Array();
      const offer = readOffer(new ByteReader(bytes));
      const message = verifyWire(bytes.subarray(offerBytes), ledger.id, ledger.limits);
      if (offer === undefined || !message.ok || toHex(message.value.id) !== name) {
        throw new CountersignError<FirehoseCode>('firehose-damaged', path);
      }
      if (isInBlock(message.value.id)) {
        await storage.remove(path);
        continue;
      }
      // The stop may have come before the first writing was durable: it is from now on, before anyone is told.
      await storage.write(path, bytes);
      found.push({ message: message.value, offer });
    }
    found.sort((a, b) => a.offer.lastHeight - b.offer.lastHeight || a.offer.lastTime - b.offer.lastTime);
    for (const item of found) {
      const id = toHex(item.message.id);
      pending.#offers.set(id, Promise.resolve(item.offer));
      pending.#ready.set(id, item);
      pending.#bytes += bodyPartLength(item.message);
    }
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

  /** What was promised for a message that waits, or is about to be. */
  offerFor(id: Uint8Array): Promise<Offer> | undefined {
    return this.#offers.get(toHex(id));
  }

  /** Makes a message durable, with its offer. @throws CountersignError `firehose-storage` */
  add(message: VerifiedMessage, offer: Offer): Promise<Offer> {
    const id = toHex(message.id);
    const length = bodyPartLength(message);
    const { leaf, data = new Uint8Array() } = message;
    const bytes = concatBytes(writeOffer(offer), wireBytes({ leaf, data }));
    const added = this.#storage.write(`${folder}/${id}`, bytes).then(
      () => {
        this.#ready.set(id, { message, offer });
        return offer;
      },
      (error: unknown) => {
        // Nothing was promised. The file may be there all the same: then the message is sealed after a restart.
        this.#offers.delete(id);
        this.#bytes -= length;
        throw error;
      },
    );
    this.#offers.set(id, added);
    this.#bytes += length;
    return added;
  }

  /** Waits until everything that is on its way is durable or failed. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.#offers.values()]);
  }

  /** The next messages for a block, at most `messages` of them and `bytes` of body; they stay until `remove`. */
  next(messages: number, bytes: number): readonly PendingMessage[] {
    const chosen: PendingMessage[] = [];
    let length = 0;
    for (const item of this.#ready.values()) {
      length += bodyPartLength(item.message);
      if (chosen.length === messages || length > bytes) break;
      chosen.push(item);
    }
    return chosen;
  }

  /** The message with this id that is durable and waits. */
  find(id: Uint8Array): PendingMessage | undefined {
    return this.#ready.get(toHex(id));
  }

  /** Forgets messages that a checkpoint covers now. @throws CountersignError `firehose-storage`, when all are forgotten */
  async remove(items: readonly PendingMessage[]): Promise<void> {
    for (const { message } of items) {
      const id = toHex(message.id);
      this.#ready.delete(id);
      this.#offers.delete(id);
      this.#bytes -= bodyPartLength(message);
    }
    for (const { message } of items) await this.#storage.remove(`${folder}/${toHex(message.id)}`);
  }
}
