/**
 * How it is written down where a message stands in its block: its path in the tree of messages, and the entry of each of
 * its tags. Receipts hold it, and copies that follow a part of the record. Reading looks at the form only.
 */
import { toBase64 } from '../bytes.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson, writeJson } from '../encoding/json.ts';
import {
  arrayOf,
  base64UpTo,
  hexOf,
  integerFrom,
  readObject,
  type ValueReader,
} from '../encoding/members.ts';
import { maxTags } from './head.ts';
import type { MessageProof } from './log-headers.ts';
import { pathJson, presenceFrom, presenceJson } from './proof-json.ts';
import type { Presence } from './tag-proof.ts';

/** That a block's tag index lists the message under one of its tags. Foreign input. */
export interface TagProof {
  /** The indices of the messages that carry the tag: u32 each. */
  readonly list: Uint8Array;
  readonly presence: Presence;
}

/** Where a message stands in its block. Foreign input. */
export interface BlockPlace {
  readonly message: Omit<MessageProof, 'leaf'>;
  /** One for the message's id and each of its tags, ascending by tag. */
  readonly tags: readonly TagProof[];
}

const codes = { members: 'form', value: 'form' } as const;
const position = integerFrom(0, 0xffff_ffff);
const object: ValueReader<JsonObject> = (value) => (isJsonObject(value) ? value : undefined);

const tagFrom: ValueReader<TagProof> = (value) => {
  const read = readObject(value, codes, { list: base64UpTo(4 * 65_536), presence: presenceFrom });
  return read.ok ? read.value : undefined;
};

/** The members that a place in a block has in JSON. */
export const blockPlaceMembers = {
  message: object,
  tags: arrayOf(tagFrom, maxTags + 1),
};

/** Reads a path in the tree of messages. */
export function messagePathFrom(value: JsonObject): BlockPlace['message'] | undefined {
  const message = readObject(value, codes, { index: position, path: arrayOf(hexOf(32), 64) });
  return message.ok ? message.value : undefined;
}

/** A place in a block as JSON. */
export function blockPlaceJson({
  message,
  tags,
}: BlockPlace): Readonly<Record<'message' | 'tags', JsonValue>> {
  return {
    message: { index: message.index, path: pathJson(message.path) },
    tags: tags.map(({ list, presence }) => ({ list: toBase64(list), presence: presenceJson(presence) })),
  };
}

const maxPlaceBytes = 8_388_608;

/** A place in a block as bytes. */
export function writeBlockPlace(place: BlockPlace): Uint8Array {
  return writeJson(blockPlaceJson(place));
}

/** Reads what {@link writeBlockPlace} wrote; undefined when it is something else. */
export function parseBlockPlace(bytes: Uint8Array): BlockPlace | undefined {
  const json = parseJson(bytes, maxPlaceBytes);
  const read = json.ok ? readObject(json.value, codes, blockPlaceMembers) : json;
  const message = read.ok ? messagePathFrom(read.value.message) : undefined;
  return read.ok && message !== undefined ? { message, tags: read.value.tags } : undefined;
}
