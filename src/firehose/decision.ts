/**
 * What a block is to hold, decided before anything of it is written where others may see it: its time, its messages in
 * order, and what was promised for each. A block that a stop interrupted is sealed again from its decision, byte for
 * byte the same, so that nobody ever sees two blocks of the same height. Afterwards the decision is what says which
 * promise a message got, so that posting it again gets the same: for as long as the ledger lives, so each part carries the
 * beginning of its hash. A promise that a disk has changed must not be signed.
 *
 *     u64        sealing time
 *     8 bytes    start of SHA-256 of the time and all that follows
 *     items      each: 32 bytes id, 24 bytes offer, 8 bytes start of SHA-256 of these 56
 */
import { ByteReader, equalBytes, joinBytes, uintToBytes } from '../core/bytes.ts';
import { sha256 } from '../core/crypto/sha256.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { bodyPath } from '../core/record/files.ts';
import { type Offer, offerBytes, type PendingMessage, readOffer, writeOffer } from './pending.ts';
import type { Storage } from './storage.ts';
import type { Place } from './tag-state.ts';

const timeBytes = 8;
const idBytes = 32;
const checkBytes = 8;
const headBytes = timeBytes + checkBytes;
const itemBytes = idBytes + offerBytes + checkBytes;

function checkOf(...parts: readonly Uint8Array[]): Uint8Array {
  return sha256(joinBytes(parts)).subarray(0, checkBytes);
}

function itemOf({ message, offer }: PendingMessage): Uint8Array {
  const content = joinBytes([message.id, writeOffer(offer)]);
  return joinBytes([content, checkOf(content)]);
}

/** The offer in an item, if it is whole and about this message. */
function offerIn(item: Uint8Array, id: Uint8Array): Offer | undefined {
  const content = item.subarray(0, idBytes + offerBytes);
  const isWhole = item.length === itemBytes && equalBytes(checkOf(content), item.subarray(content.length));
  if (!isWhole || !equalBytes(content.subarray(0, idBytes), id)) return undefined;
  return readOffer(new ByteReader(content.subarray(idBytes)));
}

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
  const items = decision.items.map(itemOf);
  const time = uintToBytes(decision.time, timeBytes);
  await storage.write(decisionPath(height), joinBytes([time, checkOf(time, ...items), ...items]));
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
  const time = new ByteReader(bytes).uint64();
  const isWhole = equalBytes(
    checkOf(bytes.subarray(0, timeBytes), bytes.subarray(headBytes)),
    bytes.subarray(timeBytes, headBytes),
  );
  const items: PendingMessage[] = [];
  for (let at = headBytes; at < bytes.length; at += itemBytes) {
    const id = bytes.subarray(at, at + idBytes);
    const item = find(id);
    if (item === undefined || offerIn(bytes.subarray(at, at + itemBytes), id) === undefined)
      throw damaged(height);
    items.push(item);
  }
  if (time === undefined || !isWhole || items.length === 0) throw damaged(height);
  return { time: Number(time), items };
}

/**
 * What was promised for the message with this id, which stands at this place.
 * @throws CountersignError `firehose-damaged`, `firehose-storage`
 */
export async function readPromised(
  storage: Storage,
  { height, position }: Place,
  id: Uint8Array,
): Promise<Offer> {
  const reader = await storage.openAnywhere(decisionPath(height));
  const item = (await reader?.readAt(headBytes + position * itemBytes, itemBytes)) ?? new Uint8Array();
  await reader?.close();
  const offer = offerIn(item, id);
  if (offer === undefined) throw damaged(height);
  return offer;
}
