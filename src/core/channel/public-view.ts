/** What the public will see (`docs/spec/channels.md`), of a message that is about to be signed: as data, for any screen. */
import { toHex } from '../bytes.ts';
import type { JsonObject } from '../encoding/json.ts';
import type { UnsignedMessage } from '../record/envelope.ts';
import { parseLeaf, sealMessage } from '../record/envelope.ts';
import type { Chain } from './chain.ts';
import { transactionTag } from './names.ts';

/** What a tag links a message to. */
export type TagMeaning = 'transaction' | 'epoch' | 'inbox' | 'document' | 'key-status' | 'record' | 'other';

export interface PublicTag {
  readonly tag: Uint8Array;
  readonly meaning: TagMeaning;
}

export interface PublicView {
  readonly payloadType: string;
  readonly sender: Uint8Array;
  /** As it will stand in the message: seconds since 1970. */
  readonly time: number;
  /** Length of the data: of what is sealed only the step. */
  readonly dataBytes: number;
  /** Length of the whole message with its signature. */
  readonly messageBytes: number;
  /** Everyone who knows one of these finds the message by it. */
  readonly tags: readonly PublicTag[];
  /** Every member of the body, as everyone reads it. */
  readonly body: JsonObject;
}

/**
 * What everyone will see, read from the very bytes that will be signed.
 *
 * @param meanings by tag in hexadecimal; a tag that is not among them is told as `other`, never left out.
 */
export function publicView(unsigned: UnsignedMessage, meanings: ReadonlyMap<string, TagMeaning>): PublicView {
  const { leaf } = sealMessage(unsigned, new Uint8Array(64));
  const parsed = parseLeaf(leaf);
  if (!parsed.ok) throw new RangeError(`not a message: ${parsed.code}`);
  const { dataLength, head, payloadType, sender } = parsed.value;
  return {
    payloadType,
    sender,
    time: head.time,
    dataBytes: dataLength,
    messageBytes: leaf.length + dataLength,
    tags: head.tags.map((tag) => ({ tag, meaning: meanings.get(toHex(tag)) ?? 'other' })),
    body: head.body,
  };
}

/** What the tags of a channel mean. */
export function channelTagMeanings(chain: Chain): ReadonlyMap<string, TagMeaning> {
  const meanings = new Map<string, TagMeaning>();
  for (const { announcement, context } of chain.epochs) {
    meanings.set(toHex(transactionTag(context.ledger, context.transaction)), 'transaction');
    meanings.set(toHex(announcement.content.tag), 'epoch');
  }
  return meanings;
}
