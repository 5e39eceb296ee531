/**
 * Messages as bytes (`docs/spec/envelope.md`): a leaf (payload type, signed body, signature) and the data after it.
 * This file reads and composes; whether a message holds for a ledger is judged in `message.ts`.
 */
import {
  ByteReader,
  compareBytes,
  concatBytes,
  copyBytes,
  equalBytes,
  fromUtf8,
  toUtf8,
  uintToBytes,
} from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { publicKeyOf, signMessage } from '../crypto/signature.ts';
import { preAuthEncoding } from '../encoding/dsse.ts';
import type { EnvelopeCode } from '../errors/envelope.ts';
import type { HeadCode } from '../errors/head.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Head } from './head.ts';
import { maxHeadBytes, parseHead, writeHead } from './head.ts';

/** The longest payload type, in bytes. */
const maxPayloadTypeBytes = 127;

/** The most data that a message carries, in bytes. A ledger may set a lower limit. */
export const maxDataBytes = 16_777_216;

/** The longest leaf, in bytes. */
export const maxLeafBytes = 1 + maxPayloadTypeBytes + 1 + 32 + 4 + maxHeadBytes + 4 + 32 + 64;

const version = 1;
const payloadTypeForm = /^[a-z0-9][a-z0-9._+/-]{0,126}$/;

/**
 * A leaf that was read: its layout and its head are sound, **its signature was not looked at**. The byte strings
 * are views of the bytes that were read.
 */
export interface Envelope {
  /** All of it, byte for byte. */
  readonly leaf: Uint8Array;
  readonly payloadType: string;
  /** What the signature covers, besides the payload type. */
  readonly body: Uint8Array;
  /** The Ed25519 key of the sender. */
  readonly sender: Uint8Array;
  readonly headBytes: Uint8Array;
  readonly head: Head;
  readonly dataLength: number;
  /** SHA-256 of the data. */
  readonly dataHash: Uint8Array;
  readonly signature: Uint8Array;
}

export type ParseCode = EnvelopeCode | HeadCode | JsonCode;

/** The layout of a leaf, before its head is read. */
type Layout = Omit<Envelope, 'head'>;

/** The last payload type that was read, and its bytes: most messages have the same type as the one before. */
let lastType: { readonly bytes: Uint8Array; readonly text: string } = { bytes: new Uint8Array(), text: '' };

/** Reads a payload type; undefined when it has another form. */
function readType(bytes: Uint8Array): string | undefined {
  if (lastType.text !== '' && equalBytes(bytes, lastType.bytes)) return lastType.text;
  const text = fromUtf8(bytes);
  if (text === undefined || !payloadTypeForm.test(text)) return undefined;
  lastType = { bytes: copyBytes(bytes), text };
  return text;
}

/** Reads the leaf at the start of `bytes`, whatever follows it. */
function readLayout(bytes: Uint8Array): Result<Layout, EnvelopeCode> {
  const reader = new ByteReader(bytes);
  const typeLength = reader.uint(1);
  if (typeLength === undefined) return refuse('envelope-truncated');
  if (typeLength === 0 || typeLength > maxPayloadTypeBytes) {
    return refuse('envelope-type', `${typeLength} bytes`);
  }
  const typeBytes = reader.take(typeLength);
  if (typeBytes === undefined) return refuse('envelope-truncated');
  const payloadType = readType(typeBytes);
  if (payloadType === undefined) return refuse('envelope-type');
  const bodyStart = reader.position;
  const found = reader.uint(1);
  if (found === undefined) return refuse('envelope-truncated');
  if (found !== version) return refuse('envelope-version', String(found));
  const sender = reader.take(32);
  const headLength = reader.uint(4);
  if (sender === undefined || headLength === undefined) return refuse('envelope-truncated');
  if (headLength > maxHeadBytes) return refuse('envelope-head-too-long', `${headLength} bytes`);
  const headBytes = reader.take(headLength);
  const dataLength = reader.uint(4);
  if (headBytes === undefined || dataLength === undefined) return refuse('envelope-truncated');
  if (dataLength > maxDataBytes) return refuse('envelope-data-too-long', `${dataLength} bytes`);
  const dataHash = reader.take(32);
  const bodyEnd = reader.position;
  const signature = reader.take(64);
  if (dataHash === undefined || signature === undefined) return refuse('envelope-truncated');
  const leaf = bytes.subarray(0, reader.position);
  const body = bytes.subarray(bodyStart, bodyEnd);
  return ok({ leaf, payloadType, body, sender, headBytes, dataLength, dataHash, signature });
}

function withHead(layout: Layout): Result<Envelope, ParseCode> {
  const head = parseHead(layout.headBytes);
  return head.ok ? ok({ ...layout, head: head.value }) : head;
}

/** Reads a leaf by itself. */
export function parseLeaf(bytes: Uint8Array): Result<Envelope, ParseCode> {
  if (bytes.length > maxLeafBytes) return refuse('envelope-too-long', `more than ${maxLeafBytes} bytes`);
  const layout = readLayout(bytes);
  if (!layout.ok) return layout;
  if (layout.value.leaf.length < bytes.length) return refuse('envelope-trailing');
  return withHead(layout.value);
}

/** A message as it travels: the leaf, and the data, **whose hash was not looked at**. */
export interface WireMessage {
  readonly envelope: Envelope;
  readonly data: Uint8Array;
}

/** Reads a message with its data. */
export function parseWire(bytes: Uint8Array): Result<WireMessage, ParseCode> {
  const longest = maxLeafBytes + maxDataBytes;
  if (bytes.length > longest) return refuse('envelope-too-long', `more than ${longest} bytes`);
  const layout = readLayout(bytes);
  if (!layout.ok) return layout;
  const { leaf, dataLength } = layout.value;
  const present = bytes.length - leaf.length;
  if (present < dataLength) return refuse('envelope-truncated', `${present} of ${dataLength} bytes of data`);
  if (present > dataLength) return refuse('envelope-trailing');
  const envelope = withHead(layout.value);
  return envelope.ok ? ok({ envelope: envelope.value, data: bytes.subarray(leaf.length) }) : envelope;
}

/** What the sender signs: the DSSE pre-authentication encoding of payload type and body. */
export function signedBytes(envelope: Pick<Envelope, 'payloadType' | 'body'>): Uint8Array {
  return preAuthEncoding(envelope.payloadType, envelope.body);
}

/** The message id: SHA-256 of the signed bytes. The signature is not in it. */
export function messageId(envelope: Pick<Envelope, 'payloadType' | 'body'>): Uint8Array {
  return sha256(signedBytes(envelope));
}

/** What a message is composed from. */
export interface Draft {
  readonly payloadType: string;
  /** The Ed25519 key that will sign. */
  readonly sender: Uint8Array;
  /** The tags may come in any order. */
  readonly head: Head;
  readonly data: Uint8Array;
}

/** What a draft of any payload type needs from outside. */
export interface DraftOrigin {
  readonly ledger: Uint8Array;
  /** The Ed25519 key that will sign. */
  readonly sender: Uint8Array;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  /** Seconds since 1970. */
  readonly time: number;
}

/** A message that waits for its signature. */
export interface UnsignedMessage {
  readonly payloadType: string;
  readonly body: Uint8Array;
  readonly data: Uint8Array;
  /** What the sender's key has to sign. */
  readonly signedBytes: Uint8Array;
  readonly id: Uint8Array;
}

/** A message with its signature: `leaf` and `data`, one after the other, are what travels. */
export interface SignedMessage {
  readonly leaf: Uint8Array;
  readonly data: Uint8Array;
  readonly id: Uint8Array;
}

/**
 * Composes a message up to its signature, for signers that keep their key elsewhere.
 *
 * @throws RangeError when the draft breaks the format: every reader would refuse the message.
 */
export function composeMessage(draft: Draft): UnsignedMessage {
  const { payloadType, sender, data } = draft;
  const head = writeHead({ ...draft.head, tags: [...draft.head.tags].sort(compareBytes) });
  const body = concatBytes(
    Uint8Array.of(version),
    sender,
    uintToBytes(head.length, 4),
    head,
    uintToBytes(data.length, 4),
    sha256(data),
  );
  const readBack = parseLeaf(leafBytes(payloadType, body, new Uint8Array(64)));
  if (!readBack.ok) throw new RangeError(`the draft is not a message: ${readBack.code}`);
  const signed = signedBytes({ payloadType, body });
  return { payloadType, body, data, signedBytes: signed, id: sha256(signed) };
}

/** Joins a message and its signature. @throws RangeError when the signature is not 64 bytes. */
export function sealMessage(unsigned: UnsignedMessage, signature: Uint8Array): SignedMessage {
  if (signature.length !== 64) throw new RangeError('a signature has 64 bytes');
  const { payloadType, body, data, id } = unsigned;
  return { leaf: leafBytes(payloadType, body, signature), data, id };
}

/** Composes and signs at once, for a key at hand. @throws RangeError as {@link composeMessage}. */
export function signDraft(draft: Omit<Draft, 'sender'>, seed: Uint8Array): SignedMessage {
  const unsigned = composeMessage({ ...draft, sender: publicKeyOf(seed) });
  return sealMessage(unsigned, signMessage(seed, unsigned.signedBytes));
}

/** The bytes that travel. */
export function wireBytes(message: Pick<SignedMessage, 'leaf' | 'data'>): Uint8Array {
  return concatBytes(message.leaf, message.data);
}

function leafBytes(payloadType: string, body: Uint8Array, signature: Uint8Array): Uint8Array {
  const type = toUtf8(payloadType);
  return concatBytes(uintToBytes(type.length, 1), type, body, signature);
}
