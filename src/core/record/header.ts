/**
 * Block headers (`docs/spec/blocks.md`): what a block commits to, in canonical JSON. Their bytes are the leaves of
 * the block log. Whether a header continues the one below it is judged in `ledger.ts`.
 */
import { copyBytes, equalBytes, toHex } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { isJsonObject, parseJson, writeJson } from '../encoding/json.ts';
import { arrayOf, exactMembers, hexOf, integerFrom, readObject, time } from '../encoding/members.ts';
import type { HeaderCode } from '../errors/header.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { emptyRoot } from '../tree/merkle.ts';
import type { Founding } from './founding.ts';
import { foundingJson, maxBlockMessages, maxBodyBytes, readFounding } from './founding.ts';
import { maxTags } from './head.ts';

/** The longest header, in bytes: the longest entry that a tile bundle holds. */
export const maxHeaderBytes = 65_535;

/** How many blocks a roll-up of level 1 and one of level 2 sums up. */
export const rollupSpans = [256, 65_536] as const;

/** The most tag entries that one block has: eight tags of each message, and its id. */
const maxBlockTags = maxBlockMessages * (maxTags + 1);

/** Number of leaves and RFC 6962 root of a tree. */
export interface TreeCommitment {
  readonly count: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** Whether two trees are committed to by the same number and root. */
export function sameCommitment(a: TreeCommitment, b: TreeCommitment): boolean {
  return a.count === b.count && equalBytes(a.root, b.root);
}

/** What a header says. */
export interface HeaderContent {
  /** Of the body at sealing: a hint for transport only. */
  readonly body: { readonly hash: Uint8Array; readonly size: number };
  /** At height 0 only. */
  readonly founding?: Founding;
  readonly height: number;
  /** The ledger's id, 32 bytes; above height 0 only. */
  readonly ledger?: Uint8Array;
  readonly messages: TreeCommitment;
  /** SHA-256 of the header below; above height 0 only. */
  readonly previous?: Uint8Array;
  /** The roll-ups that this height commits to, level 1 first; empty at most heights. */
  readonly rollups: readonly TreeCommitment[];
  readonly tags: TreeCommitment;
  /** Sealing time, seconds since 1970. */
  readonly time: number;
}

/** A header that was read: its form is sound. Nothing says that anyone signed it. */
export interface BlockHeader extends HeaderContent {
  /** All of it, byte for byte. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes: `previous` of the header above and, at height 0, the ledger's id. */
  readonly hash: Uint8Array;
}

/** How many roll-ups a header commits to: none, one at multiples of 256, two at multiples of 65,536. */
export function rollupCount(height: number): 0 | 1 | 2 {
  if (height === 0 || height % rollupSpans[0] !== 0) return 0;
  return height % rollupSpans[1] === 0 ? 2 : 1;
}

const codes = { members: 'header-value', value: 'header-value' } as const;
const size = integerFrom(0, Number.MAX_SAFE_INTEGER);

function commitment(value: JsonValue): TreeCommitment | undefined {
  const read = readObject(value, codes, { count: size, root: hexOf(32) });
  return read.ok ? read.value : undefined;
}

function bodyHint(value: JsonValue): HeaderContent['body'] | undefined {
  const read = readObject(value, codes, { hash: hexOf(32), size });
  return read.ok ? read.value : undefined;
}

const everyHeader = {
  body: bodyHint,
  height: size,
  messages: commitment,
  tags: commitment,
  time,
  v: integerFrom(1, 1),
};

const upperHeader = { ...everyHeader, ledger: hexOf(32), previous: hexOf(32) };

/** Reads a header. */
export function parseHeader(bytes: Uint8Array): Result<BlockHeader, HeaderCode | JsonCode> {
  if (bytes.length > maxHeaderBytes) return refuse('header-too-long', `${bytes.length} bytes`);
  const json = parseJson(bytes, maxHeaderBytes);
  if (!json.ok) return json;
  const value = json.value;
  if (!isJsonObject(value)) return refuse('header-members', 'not an object');
  if (!Object.hasOwn(value, 'height')) return refuse('header-members', 'height is missing');
  const height = size(value['height'] ?? null);
  if (height === undefined) return refuse('header-value', 'height has the wrong form');
  const content = height === 0 ? readFirst(value) : readUpper(value, height);
  if (!content.ok) return content;
  const broken = brokenRule(content.value);
  if (broken !== undefined) return broken;
  const copy = copyBytes(bytes);
  return ok({ ...content.value, bytes: copy, hash: sha256(copy) });
}

function readFirst(value: JsonObject): Result<HeaderContent, HeaderCode> {
  const object = exactMembers(value, 'header-members', [...Object.keys(everyHeader), 'founding']);
  if (!object.ok) return object;
  const { founding: foundingValue = null, ...others } = object.value;
  const read = readObject(others, codes, everyHeader);
  if (!read.ok) return read;
  const founding = readFounding(foundingValue);
  if (!founding.ok) return founding;
  const { body, height, messages, tags, time } = read.value;
  return ok({ body, founding: founding.value, height, messages, rollups: [], tags, time });
}

function readUpper(value: JsonObject, height: number): Result<HeaderContent, HeaderCode> {
  const levels = rollupCount(height);
  const extra = levels === 0 ? [] : ['rollups'];
  const object = exactMembers(value, 'header-members', [...Object.keys(upperHeader), ...extra]);
  if (!object.ok) return object;
  const { rollups: rollupsValue = [], ...others } = object.value;
  const read = readObject(others, codes, upperHeader);
  if (!read.ok) return read;
  const rollups = arrayOf(commitment, levels)(rollupsValue);
  if (rollups?.length !== levels) return refuse('header-value', 'rollups has the wrong form');
  const { body, ledger, messages, previous, tags, time } = read.value;
  return ok({ body, height, ledger, messages, previous, rollups, tags, time });
}

/** Why the counts cannot be those of a block: `header-empty` and `header-limits`. */
function brokenRule(header: HeaderContent): Result<never, HeaderCode> | undefined {
  const { body, height, messages, rollups, tags } = header;
  if (height === 0) {
    const nothing = emptyRoot(); // also SHA-256 of nothing
    const empty = messages.count === 0 && tags.count === 0 && body.size === 0;
    const roots = [messages.root, tags.root, body.hash].every((root) => equalBytes(root, nothing));
    return empty && roots ? undefined : refuse('header-empty', 'the first block holds something');
  }
  if ([messages, tags, ...rollups].some(({ count }) => count === 0)) return refuse('header-empty');
  if (messages.count > maxBlockMessages) return refuse('header-limits', `${messages.count} messages`);
  if (tags.count > messages.count * (maxTags + 1)) return refuse('header-limits', `${tags.count} tags`);
  if (body.size > maxBodyBytes) return refuse('header-limits', `${body.size} bytes`);
  for (const [i, { count }] of rollups.entries()) {
    if (count > maxBlockTags * (rollupSpans[i] ?? 0)) return refuse('header-limits', `${count} in a roll-up`);
  }
  return undefined;
}

/**
 * Writes a header.
 *
 * @throws RangeError when {@link parseHeader} would refuse it.
 */
export function composeHeader(content: HeaderContent): BlockHeader {
  const { body, founding, height, ledger, messages, previous, rollups, tags, time } = content;
  const bytes = writeJson({
    body: { hash: toHex(body.hash), size: body.size },
    ...(founding === undefined ? {} : { founding: foundingJson(founding) }),
    height,
    ...(ledger === undefined ? {} : { ledger: toHex(ledger) }),
    messages: commitmentJson(messages),
    ...(previous === undefined ? {} : { previous: toHex(previous) }),
    ...(rollups.length === 0 ? {} : { rollups: rollups.map(commitmentJson) }),
    tags: commitmentJson(tags),
    time,
    v: 1,
  });
  const readBack = parseHeader(bytes);
  if (!readBack.ok) throw new RangeError(`not a header: ${readBack.code} ${readBack.detail ?? ''}`);
  return readBack.value;
}

function commitmentJson({ count, root }: TreeCommitment): JsonObject {
  return { count, root: toHex(root) };
}

/** Composes the header of height 0. @throws RangeError as {@link composeHeader}. */
export function composeFoundingHeader(founding: Founding, time: number): BlockHeader {
  const nothing = { count: 0, root: emptyRoot() };
  const body = { hash: emptyRoot(), size: 0 };
  return composeHeader({ body, founding, height: 0, messages: nothing, rollups: [], tags: nothing, time });
}
