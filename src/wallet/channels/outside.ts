/**
 * What someone outside sees of channels: that they are there, who founded them, how many members they have, and the sealed
 * messages of a transaction as slots, each in its place. No identity is needed.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { type Announcement, readAnnouncement } from '../../core/channel/announcement.ts';
import { epochType, partType, sealedType, transactionTag } from '../../core/channel/names.ts';
import { readPart } from '../../core/channel/part.ts';
import { readSealed } from '../../core/channel/sealed.ts';
import { type SealedSlot, sealedSlot } from '../../core/channel/slot.ts';
import type { FoundMessage, Place } from '../explorer/copy.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { leavesOfType, leavesUnder } from './leaves.ts';
import type { ChannelIds } from './open.ts';

/** A channel as everyone sees it. */
export interface PublicChannel extends ChannelIds, Place {
  /** The Ed25519 key that founded it. */
  readonly founder: Uint8Array;
  /** Members of its first epoch. */
  readonly members: number;
  /** When its founder says it was founded: seconds since 1970. */
  readonly time: number;
}

/** How many slots someone sealed in a transaction. */
export interface SlotCount {
  readonly author: Uint8Array;
  readonly messages: number;
  readonly parts: number;
  /** Bytes of data. */
  readonly bytes: number;
}

/** A transaction as everyone sees it. */
export interface PublicTransaction {
  readonly transaction: Uint8Array;
  readonly tag: Uint8Array;
  /** Channels that were founded on it, in block order. */
  readonly channels: readonly PublicChannel[];
  /** All that is sealed in it, by author, most first. */
  readonly authors: readonly SlotCount[];
  /** Those of authors beyond the first {@link mostAuthors}: anybody can post under the tag of a transaction. */
  readonly others: Omit<SlotCount, 'author'>;
  /** The newest slots, oldest of them first. */
  readonly slots: readonly SealedSlot[];
}

const mostAuthors = 1000;

function foundedIn({ height, message, position }: FoundMessage): PublicChannel | undefined {
  const read = readAnnouncement(message);
  const announcement: Announcement | undefined = read?.ok === true ? read.value : undefined;
  if (announcement?.content.kind !== 'founding') return undefined;
  const { channel, members, transaction } = announcement.content;
  return {
    channel,
    transaction,
    height,
    position,
    founder: message.sender,
    members,
    time: message.head.time,
  };
}

/**
 * Channels that were founded on a ledger, the newest first, as far as the copy reaches.
 * @param digits only those whose channel or transaction begins so.
 */
export async function publicChannels(
  database: Database,
  joined: JoinedLedger,
  limit: number,
  digits = '',
): Promise<readonly PublicChannel[]> {
  const found: PublicChannel[] = [];
  for await (const leaf of leavesOfType(database, joined, epochType)) {
    const channel = foundedIn(leaf);
    const fits = channel && [channel.channel, channel.transaction].some((id) => toHex(id).startsWith(digits));
    if (channel === undefined || fits !== true) continue;
    found.push(channel);
    if (found.length === limit) break;
  }
  return found;
}

function slotOf(leaf: FoundMessage): SealedSlot | undefined {
  const place = { height: leaf.height, index: leaf.position };
  const sealed = readSealed(leaf.message);
  if (sealed !== undefined) return sealed.ok ? sealedSlot(sealed.value, place) : undefined;
  const part = readPart(leaf.message);
  return part?.ok === true ? sealedSlot(part.value, place) : undefined;
}

/** Adds slots up by their authors. */
class Counts {
  readonly #of = new Map<string, SlotCount>();
  others = { messages: 0, parts: 0, bytes: 0 };

  add({ author, of, size }: SealedSlot): void {
    const key = toHex(author);
    const isKept = this.#of.has(key) || this.#of.size < mostAuthors;
    const { messages, parts, bytes } = isKept
      ? (this.#of.get(key) ?? { messages: 0, parts: 0, bytes: 0 })
      : this.others;
    const isPart = 'document' in of;
    const next = { messages: messages + Number(!isPart), parts: parts + Number(isPart), bytes: bytes + size };
    if (isKept) this.#of.set(key, { author, ...next });
    else this.others = next;
  }

  get authors(): readonly SlotCount[] {
    return [...this.#of.values()].sort((a, b) => b.messages + b.parts - a.messages - a.parts);
  }
}

/**
 * A transaction as everyone sees it.
 * @param limit the most slots; all are counted.
 * @throws CountersignError `store-corrupt`
 */
export async function publicTransaction(
  database: Database,
  joined: JoinedLedger,
  transaction: Uint8Array,
  limit: number,
): Promise<PublicTransaction> {
  const tag = transactionTag(joined.ledger.id, transaction);
  const channels: PublicChannel[] = [];
  const slots: SealedSlot[] = [];
  const counts = new Counts();
  const filter = { tag, types: [epochType, sealedType, partType] };
  for await (const leaf of leavesUnder(database, joined, filter, { order: 'newest first' })) {
    const slot = slotOf(leaf);
    if (slot !== undefined) {
      counts.add(slot);
      if (slots.length < limit) slots.push(slot);
    }
    const channel = foundedIn(leaf);
    if (channel !== undefined && equalBytes(channel.transaction, transaction)) channels.push(channel);
  }
  const { authors, others } = counts;
  return { transaction, tag, channels: channels.reverse(), authors, others, slots: slots.reverse() };
}
