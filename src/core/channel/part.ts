/** Parts of documents (`docs/spec/channels.md`, 'Documents'): messages that carry chunks, and where each chunk stands. */
import { equalBytes, toHex } from '../bytes.ts';
import { hexOf, integerFrom, readObject } from '../encoding/members.ts';
import type { DocumentCode } from '../errors/document.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { hasTags } from './announcement.ts';
import { maxDocumentBytes } from './content.ts';
import { partType, transactionTag } from './names.ts';

/** Plaintext of one chunk. */
export const chunkBytes = 65_536;

/** A chunk and its authenticator: the length of every box but the last of a document. */
export const boxBytes = chunkBytes + 16;

/** The most chunks of one part. */
export const maxPartChunks = 255;

/** The most chunks of one document. */
const maxChunks = maxDocumentBytes / chunkBytes;

interface PartBody {
  /** The name of the document. */
  readonly document: Uint8Array;
  /** The number of its first chunk. */
  readonly first: number;
}

const token = Symbol('made by readPart');

/** Not exported: only {@link readPart} makes one. */
class ReadPart {
  readonly body: PartBody;
  readonly message: VerifiedMessage;
  /** How many chunks it holds. */
  readonly count: number;

  constructor(made: symbol, message: VerifiedMessage, body: PartBody) {
    if (made !== token) throw new TypeError('parts are read by readPart');
    this.message = message;
    this.body = Object.freeze(body);
    this.count = Math.ceil(message.dataLength / boxBytes);
    Object.freeze(this);
  }

  /** Its boxes in order. */
  boxes(): Result<readonly Uint8Array[], DocumentCode> {
    const { data } = this.message;
    if (data === undefined) return refuse('document-withheld');
    return ok(Array.from({ length: this.count }, (_, i) => data.subarray(i * boxBytes, (i + 1) * boxBytes)));
  }
}

/** A part whose public part holds by itself. */
export type DocumentPart = ReadPart;

/** Reads the part that a message is. @returns undefined when it is of another payload type or version. */
export function readPart(message: VerifiedMessage): Result<DocumentPart, DocumentCode> | undefined {
  const { dataLength, head } = message;
  if (message.payloadType !== partType || head.v !== 1) return undefined;
  const codes = { members: 'document-members', value: 'document-value' } as const;
  const body = readObject(head.body, codes, { document: hexOf(32), first: integerFrom(0, maxChunks - 1) });
  if (!body.ok) return body;
  const last = dataLength % boxBytes;
  const count = Math.ceil(dataLength / boxBytes);
  const whole = last === 0 || last > 16;
  if (!whole || count < 1 || count > maxPartChunks || body.value.first + count > maxChunks) {
    return refuse('document-size', `${dataLength} bytes`);
  }
  if (!hasTags(message, body.value.document)) return refuse('document-tag');
  return ok(new ReadPart(token, message, body.value));
}

/** A part of a document. @param boxes 1 to 255 of them, in order. @throws RangeError when a reader would refuse it. */
export function draftPart(
  origin: DraftOrigin,
  transaction: Uint8Array,
  { document, first }: PartBody,
  data: Uint8Array,
): Draft {
  const { ledger, sender, nonce, time } = origin;
  if (data.length === 0 || data.length > maxPartChunks * boxBytes) throw new RangeError('no such part');
  const body = { document: toHex(document), first };
  const tags = [transactionTag(ledger, transaction), document];
  return { payloadType: partType, sender, head: { body, ledger, nonce, tags, time, v: 1 }, data };
}

/** Chunks in a row that one part holds. */
export interface ChunkRun {
  /** The id of the part. */
  readonly part: Uint8Array;
  readonly first: number;
  readonly count: number;
  /** How many boxes of the part to skip. */
  readonly skip: number;
}

/** Chunks in a row that no part holds. */
export interface ChunkGap {
  readonly first: number;
  readonly count: number;
}

/** The document that parts are looked for of. */
export interface PartsOf {
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  /** The author of the document. */
  readonly sender: Uint8Array;
  readonly document: Uint8Array;
}

/** Whether a part is one of the document. */
export function checkPart(part: DocumentPart, of: PartsOf): Result<void, DocumentCode> {
  const { body, message } = part;
  if (!equalBytes(body.document, of.document)) return refuse('document-name');
  if (!hasTags(message, transactionTag(of.ledger, of.transaction))) return refuse('document-tag');
  return equalBytes(message.sender, of.sender) ? ok(undefined) : refuse('document-sender');
}

/**
 * Where each chunk of a document stands: of several parts that hold it, the first in block order does.
 *
 * @param parts those that {@link checkPart} accepts, in block order.
 * @param chunks how many there are.
 */
export function locateChunks(
  parts: readonly DocumentPart[],
  chunks: number,
): { readonly runs: readonly ChunkRun[]; readonly missing: readonly ChunkGap[] } {
  const holders = new Int32Array(chunks).fill(-1);
  for (const [number, { body, count }] of parts.entries()) {
    const end = Math.min(body.first + count, chunks);
    for (let chunk = body.first; chunk < end; chunk++) if (holders[chunk] === -1) holders[chunk] = number;
  }
  const runs: ChunkRun[] = [];
  const missing: ChunkGap[] = [];
  for (let first = 0; first < chunks;) {
    const holder = holders[first] ?? -1;
    let end = first + 1;
    while (end < chunks && holders[end] === holder) end++;
    const part = parts[holder];
    const count = end - first;
    if (part === undefined) missing.push({ first, count });
    else runs.push({ part: part.message.id, first, count, skip: first - part.body.first });
    first = end;
  }
  return { runs, missing };
}
