/**
 * Messages that were promised and stand in no block yet: durable one by one, before their promise leaves. And what was
 * promised for those in blocks, so that posting again gets the same promise.
 */
import { ByteReader, concatBytes, toHex, uintToBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { wireBytes } from '../core/record/envelope.ts';
import { bodyPath } from '../core/record/files.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type VerifiedMessage, verifyWire } from '../core/record/message.ts';
import type { PromiseContent } from '../core/record/promise.ts';
import type { Storage } from './storage.ts';

/** What was promised for a message; the message itself and the ledger complete the promise. */
export type Offer = Omit<PromiseContent, 'message'>;

const offerBytes = 24;
const folder = 'pending';

function writeOffer({ size, lastHeight, lastTime }: Offer): Uint8Array {
  return concatBytes(uintToBytes(size, 8), uintToBytes(lastHeight, 8), uintToBytes(lastTime, 8));
}

function readOffer(reader: ByteReader): Offer | undefined {
  const [size, lastHeight, lastTime] = [reader.uint64(), reader.uint64(), reader.uint64()];
  if (size === undefined || lastHeight === undefined || lastTime === undefined) return undefined;
  return { size: Number(size), lastHeight: Number(lastHeight), lastTime: Number(lastTime) };
}

/** The bytes of a message may be freed only when nobody needs them: so message and offer go together. */
export interface PendingMessage {
  readonly message: VerifiedMessage;
  readonly offer: Offer;
}

function promisedPath(height: number): string {
  return `promised/${bodyPath(height).slice('body/'.length)}`;
}

/** Keeps what was promised for the messages of a sealed block, in their order. */
export async function writePromised(
  storage: Storage,
  height: number,
  offers: readonly Offer[],
): Promise<void> {
  await storage.write(promisedPath(height), concatBytes(...offers.map(writeOffer)));
}

/** What was promised for the message at this place. @throws CountersignError `firehose-damaged` */
export async function readPromised(storage: Storage, height: number, position: number): Promise<Offer> {
  const bytes = (await storage.read(promisedPath(height))) ?? new Uint8Array();
  const offer = readOffer(new ByteReader(bytes.subarray(position * offerBytes)));
  if (offer === undefined) throw new CountersignError<FirehoseCode>('firehose-damaged', promisedPath(height));
  return offer;
}

export class PendingMessages {
  readonly #storage: Storage;
  readonly #offers = new Map<string, Promise<Offer>>();
  /** Durable, in the order in which they became so. */
  readonly #ready = new Map<string, PendingMessage>();

  private constructor(storage: Storage) {
    this.#storage = storage;
  }

  /**
   * Takes up what was promised before a stop; forgets what is in a block by now.
   * @throws CountersignError `firehose-damaged` when a promised message does not verify any more.
   */
  static async load(
    storage: Storage,
    ledger: Ledger,
    isInBlock: (id: Uint8Array) => boolean,
  ): Promise<PendingMessages> {
    const pending = new PendingMessages(storage);
    for (const name of await storage.list(folder)) {
      const path = `${folder}/${name}`;
      const bytes = (await storage.read(path)) ?? new Uint8Array();
      const offer = readOffer(new ByteReader(bytes));
      const message = verifyWire(bytes.subarray(offerBytes), ledger.id, ledger.limits);
      if (offer === undefined || !message.ok || toHex(message.value.id) !== name) {
        throw new CountersignError<FirehoseCode>('firehose-damaged', path);
      }
      if (isInBlock(message.value.id)) await storage.remove(path);
      else pending.#keep({ message: message.value, offer });
    }
    return pending;
  }

  #keep(item: PendingMessage): void {
    const id = toHex(item.message.id);
    this.#offers.set(id, Promise.resolve(item.offer));
    this.#ready.set(id, item);
  }

  /** How many wait for a block. */
  get count(): number {
    return this.#ready.size;
  }

  /** What was promised for a message that waits, or is about to be. */
  offerFor(id: Uint8Array): Promise<Offer> | undefined {
    return this.#offers.get(toHex(id));
  }

  /** Makes a message durable, with its offer. @throws CountersignError `firehose-storage` */
  add(message: VerifiedMessage, offer: Offer): Promise<Offer> {
    const id = toHex(message.id);
    const { leaf, data = new Uint8Array() } = message;
    const bytes = concatBytes(writeOffer(offer), wireBytes({ leaf, data }));
    const added = this.#storage.write(`${folder}/${id}`, bytes).then(
      () => {
        this.#ready.set(id, { message, offer });
        return offer;
      },
      (error: unknown) => {
        this.#offers.delete(id);
        throw error;
      },
    );
    this.#offers.set(id, added);
    return added;
  }

  /** The next messages for a block, at most `messages` of them and `bytes` of body; they stay until `remove`. */
  next(messages: number, bytes: number): readonly PendingMessage[] {
    const chosen: PendingMessage[] = [];
    let length = 0;
    for (const item of this.#ready.values()) {
      // Two lengths of four bytes stand before leaf and data.
      length += 8 + item.message.leaf.length + item.message.dataLength;
      if (chosen.length === messages || length > bytes) break;
      chosen.push(item);
    }
    return chosen;
  }

  /** Forgets messages that are in a block now. */
  async remove(items: readonly PendingMessage[]): Promise<void> {
    for (const { message } of items) {
      const id = toHex(message.id);
      this.#ready.delete(id);
      this.#offers.delete(id);
    }
    for (const { message } of items) await this.#storage.remove(`${folder}/${toHex(message.id)}`);
  }
}
