/** What is said inside sealed messages (`docs/spec/channels.md`, 'Contents'). */
import { compareBytes, toHex } from '../bytes.ts';
import { equalSecrets } from '../crypto/kdf.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import type { ValueReader } from '../encoding/members.ts';
import { arrayOf, hexOf, integerFrom, oneOf, plainText, readObject } from '../encoding/members.ts';
import type { ContentCode } from '../errors/content.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { OpenEpoch } from './epoch.ts';
import type { OpenedMessage, PlainContent } from './sealed.ts';

/** How much is disclosed at once. */
export const grantScopes = ['message', 'period', 'epoch', 'channel', 'transaction'] as const;

export type GrantScope = (typeof grantScopes)[number];

/** The largest document, in bytes. */
export const maxDocumentBytes = 4_294_967_296;

/** The longest text, in code points. */
const maxTextCharacters = 65_536;

const maxContentBytes = 1_048_576;

/** What a document is, and the key to it. */
export interface DocumentContent {
  readonly kind: 'document';
  /** SHA-256 of the file. */
  readonly hash: Uint8Array;
  readonly key: Uint8Array;
  /** Media type. */
  readonly media: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Keys, ids and hashes have 32 bytes; lists ascend. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'joined'; readonly proof: Uint8Array }
  | { readonly kind: 'leave' }
  | { readonly kind: 'remove'; readonly members: readonly Uint8Array[] }
  | { readonly kind: 'read'; readonly messages: readonly Uint8Array[] }
  | DocumentContent
  | {
      readonly kind: 'disclosed';
      /** SHA-256 of the grant. */
      readonly grant: Uint8Array;
      readonly scope: GrantScope;
      /** The Ed25519 key that the grant was sealed to; absent for a file. */
      readonly to?: Uint8Array;
    };

const prefix = 'application/vnd.countersign.content-';
const codes = { members: 'content-members', value: 'content-value' } as const;

/** A text for people in which line feeds may stand. */
const lines: ValueReader<string> = (value) => {
  if (typeof value !== 'string') return undefined;
  return plainText(maxTextCharacters)(value.replaceAll('\n', ' ')) === undefined ? undefined : value;
};

/** 1 to `most` values of 32 bytes, strictly ascending. */
function ascending(most: number): ValueReader<readonly Uint8Array[]> {
  return (value) => {
    const read = arrayOf(hexOf(32), most)(value);
    if (read === undefined || read.length === 0) return undefined;
    const ordered = read.every((item, i) => i === 0 || compareBytes(read[i - 1] ?? item, item) < 0);
    return ordered ? read : undefined;
  };
}

const mediaForm = /^[a-z0-9][a-z0-9._+/-]{0,126}$/;
const media: ValueReader<string> = (value) =>
  typeof value === 'string' && mediaForm.test(value) ? value : undefined;

const readers: Readonly<Record<Content['kind'], (value: JsonValue) => Result<Content, ContentCode>>> = {
  text: (value) => kinded('text', readObject(value, codes, { text: lines })),
  joined: (value) => kinded('joined', readObject(value, codes, { proof: hexOf(32) })),
  leave: (value) => kinded('leave', readObject(value, codes, {})),
  remove: (value) => kinded('remove', readObject(value, codes, { members: ascending(256) })),
  read: (value) => kinded('read', readObject(value, codes, { messages: ascending(1000) })),
  document: (value) =>
    kinded(
      'document',
      readObject(value, codes, {
        hash: hexOf(32),
        key: hexOf(32),
        media,
        name: plainText(255),
        size: integerFrom(0, maxDocumentBytes),
      }),
    ),
  disclosed: (value) =>
    kinded(
      'disclosed',
      readObject(value, codes, { grant: hexOf(32), scope: oneOf(grantScopes) }, { to: hexOf(32) }),
    ),
};

function kinded<Kind extends Content['kind'], T>(
  kind: Kind,
  read: Result<T, ContentCode>,
): Result<T & { readonly kind: Kind }, ContentCode> {
  return read.ok ? ok({ ...read.value, kind }) : read;
}

/**
 * Reads what a message says. Of `joined` the proof is not judged: that takes {@link checkJoined}.
 *
 * @returns undefined when the content type is not known here: such a content is kept and shown raw.
 */
export function readContent({
  contentType,
  content,
}: PlainContent): Result<Content, ContentCode | JsonCode> | undefined {
  const kind = (Object.keys(readers) as Content['kind'][]).find(
    (name) => contentTypeOf(name) === contentType,
  );
  if (kind === undefined) return undefined;
  const json = parseJson(content, maxContentBytes);
  return json.ok ? readers[kind](json.value) : json;
}

/** The name of a content type in full. */
function contentTypeOf(kind: Content['kind']): string {
  return `${prefix}${kind}.v1`;
}

/** The bytes of a content, to be sealed. @throws RangeError when a reader would refuse it. */
export function writeContent(content: Content): PlainContent {
  const { kind, ...members } = content;
  const json: Record<string, JsonValue> = {};
  const entries = Object.entries<Parameters<typeof written>[0]>({ ...members });
  for (const [name, value] of entries) json[name] = written(value);
  const plain = { contentType: contentTypeOf(kind), content: writeJson(json satisfies JsonObject) };
  const readBack = readContent(plain);
  if (readBack?.ok !== true) throw new RangeError(`not a content: ${readBack?.code ?? kind}`);
  return plain;
}

function written(value: string | number | Uint8Array | readonly Uint8Array[]): JsonValue {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' ? value.map(toHex) : value;
}

const token = Symbol('made by checkJoined');

/** Not exported: only {@link checkJoined} makes one. */
class CheckedJoining {
  /** The id of the epoch. */
  readonly epoch: Uint8Array;
  /** The Ed25519 key that reads from here on. */
  readonly member: Uint8Array;

  constructor(made: symbol, epoch: Uint8Array, member: Uint8Array) {
    if (made !== token) throw new TypeError('joinings are checked by checkJoined');
    this.epoch = epoch;
    this.member = member;
    Object.freeze(this);
  }
}

/** A member showed that they hold the secret of an epoch. */
export type Joining = CheckedJoining;

/** The content by which a member of an open epoch shows that they hold its secret. */
export function joinedContent(open: OpenEpoch, member: Uint8Array): PlainContent {
  return writeContent({ kind: 'joined', proof: open.joinedProof(member) });
}

/** Judges the proof of a message `joined`. @returns undefined when the message says something else. */
export function checkJoined(
  open: OpenEpoch,
  opened: OpenedMessage,
): Result<Joining, ContentCode | JsonCode> | undefined {
  if (opened.contentType !== contentTypeOf('joined')) return undefined;
  const content = readContent(opened);
  if (content?.ok !== true || content.value.kind !== 'joined')
    return content?.ok === false ? content : undefined;
  const { sender } = opened.message;
  const right = equalSecrets(open.joinedProof(sender), content.value.proof);
  return right ? ok(new CheckedJoining(token, open.epoch.id, sender)) : refuse('content-proof');
}
