/**
 * What a block is to hold, decided before anything of it is written where others may see it: its time, its messages in
 * order, and what was promised for each. A block that a stop interrupted is sealed again from its decision, byte for
 * byte the same, so that nobody ever sees two blocks of the same height. Afterwards the decision is what says which
 * promise a message got, so that posting it again gets the same.
 */
import { ByteReader, joinBytes, uintToBytes } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { bodyPath } from '../core/record/files.ts';
import { type Offer, offerBytes, type PendingMessage, readOffer, writeOffer } from './pending.ts';
import type { Storage } from './storage.ts';
import type { Place } from './tag-state.ts';

const timeBytes = 8;
const idBytes = 32;
const itemBytes = idBytes + offerBytes;

export interface Decision {
  /** Sealing time, seconds since 1970. */
  readonly time: number;
  readonly items: readonly PendingMessage[];
}

function decisionPath(height: number): string {
  return `decided/${bodyPath(height).slice('body/'.length)}`;
}

function damaged(height: number): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', decisionPath(height));
}

/** Keeps a decision. @throws CountersignError `firehose-storage` */
export async function writeDecision(storage: Storage, height: number, decision: Decision): Promise<void> {
  const items = decision.items.flatMap(({ message, offer }) => [message.id, writeOffer(offer)]);
  await storage.write(decisionPath(height), joinBytes([uintToBytes(decision.time, timeBytes), ...items]));
}

/**
 * The decision for a block that is not under the checkpoint; undefined when none was taken.
 * @param find the message with an id, which waits for its block.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function readDecision(
  storage: Storage,
  height: number,
  find: (id: Uint8Array) => PendingMessage | undefined,
): Promise<Decision | undefined> {
  const bytes = await storage.read(decisionPath(height));
  if (bytes === undefined) return undefined;
  const reader = new ByteReader(bytes);
  const time = reader.uint64();
  const items: PendingMessage[] = [];
  while (reader.remaining > 0) {
    const item = find(reader.take(idBytes) ?? bytes);
    if (readOffer(reader) === undefined || item === undefined) throw damaged(height);
    items.push(item);
  }
  if (time === undefined || items.length === 0) throw damaged(height);
  return { time: Number(time), items };
}

/** What was promised for the message at this place. @throws CountersignError `firehose-damaged`, `firehose-storage` */
export async function readPromised(storage: Storage, { height, position }: Place): Promise<Offer> {
  const reader = await storage.openAnywhere(decisionPath(height));
  const start = timeBytes + position * itemBytes + idBytes;
  const bytes = (await reader?.readAt(start, offerBytes)) ?? new Uint8Array();
  await reader?.close();
  const offer = readOffer(new ByteReader(bytes));
  if (offer === undefined) throw damaged(height);
  return offer;
}
