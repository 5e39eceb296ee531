/**
 * The head of a message (`docs/spec/envelope.md`): what every message says, in canonical JSON that a person can
 * read, around a `body` that belongs to the payload type.
 */
import { compareBytes, toHex } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { isJsonObject, parseJson, writeJson } from '../encoding/json.ts';
import { arrayOf, exactMembers, hexOf, integerFrom, time } from '../encoding/members.ts';
import type { HeadCode } from '../errors/head.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Refusal, Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** The longest head, in bytes. A ledger may set a lower limit. */
export const maxHeadBytes = 65_535;

/** The most tags that one message carries. */
export const maxTags = 8;

export interface Head {
  /** What the message says; its members belong to the payload type. */
  readonly body: JsonObject;
  /** The ledger that the message is meant for: 32 bytes. */
  readonly ledger: Uint8Array;
  /** 16 random bytes: no two statements are the same, and nobody can guess an id. */
  readonly nonce: Uint8Array;
  /** Public labels of 32 bytes, strictly ascending. */
  readonly tags: readonly Uint8Array[];
  /** When the sender says it was written: seconds since 1970. */
  readonly time: number;
  /** Schema version of the payload type, from 1. */
  readonly v: number;
}

const members = {
  body: (value: JsonValue): JsonObject | undefined => (isJsonObject(value) ? value : undefined),
  ledger: hexOf(32),
  nonce: hexOf(16),
  tags: arrayOf(hexOf(32), maxHeadBytes),
  time,
  v: integerFrom(1, Number.MAX_SAFE_INTEGER),
};

/** The same, as `readObject` would take them, but member by member: every message that is judged has a head. */
const names = Object.keys(members);

function readHead(value: JsonValue): Result<Head, HeadCode> {
  const found = exactMembers(value, 'head-members', names);
  if (!found.ok) return found;
  const object = found.value;
  const wrong = (name: string): Refusal<HeadCode> => refuse('head-value', `${name} has the wrong form`);
  const body = members.body(object['body'] ?? null);
  if (body === undefined) return wrong('body');
  const ledger = members.ledger(object['ledger'] ?? null);
  if (ledger === undefined) return wrong('ledger');
  const nonce = members.nonce(object['nonce'] ?? null);
  if (nonce === undefined) return wrong('nonce');
  const tags = members.tags(object['tags'] ?? null);
  if (tags === undefined) return wrong('tags');
  const written = members.time(object['time'] ?? null);
  if (written === undefined) return wrong('time');
  const v = members.v(object['v'] ?? null);
  return v === undefined ? wrong('v') : ok({ body, ledger, nonce, tags, time: written, v });
}

/** Reads a head; `body` is kept as it is. */
export function parseHead(bytes: Uint8Array): Result<Head, JsonCode | HeadCode> {
  const json = parseJson(bytes, maxHeadBytes);
  if (!json.ok) return json;
  const head = readHead(json.value);
  if (!head.ok) return head;
  const { tags } = head.value;
  if (tags.length > maxTags) return refuse('head-tags', `${tags.length} tags`);
  for (const [i, tag] of tags.entries()) {
    const before = tags[i - 1];
    if (before !== undefined && compareBytes(before, tag) >= 0) return refuse('head-tags', `tag ${i}`);
  }
  return ok(head.value);
}

/**
 * The bytes of a head. What is written is not judged here: {@link parseHead} does that.
 *
 * @throws RangeError on what canonical JSON cannot hold.
 */
export function writeHead(head: Head): Uint8Array {
  return writeJson({
    body: head.body,
    ledger: toHex(head.ledger),
    nonce: toHex(head.nonce),
    tags: head.tags.map(toHex),
    time: head.time,
    v: head.v,
  });
}
