/**
 * Verified messages. This is the one place where they are made: whoever holds one knows that the signature, the
 * ledger, the limits and, when present, the data were judged, for these very bytes.
 */
import { copyBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { verifySignature } from '../crypto/signature.ts';
import { passingPreAuthEncoding } from '../encoding/dsse.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Envelope, ParseCode } from './envelope.ts';
import { maxDataBytes, maxLeafBytes, parseLeaf, parseWire } from './envelope.ts';
import type { Head } from './head.ts';

/** The limits of the ledger's founding header that bear on one message, in bytes. */
export interface MessageLimits {
  readonly headBytes: number;
  readonly dataBytes: number;
}

/** What was judged of a message, and what a verified one is made from. */
interface Judgement {
  readonly envelope: Envelope;
  readonly id: Uint8Array;
  readonly data: Uint8Array | undefined;
}

const token = Symbol('made by verifyMessage');

/**
 * A class with private fields, and not exported: no literal, spread or copy of one passes for a verified message. All
 * byte strings and the head that it gives out are copies: to write into them changes nothing here.
 */
class Verified {
  readonly payloadType: string;
  readonly dataLength: number;
  readonly #id: Uint8Array;
  readonly #sender: Uint8Array;
  readonly #head: Head;
  readonly #dataHash: Uint8Array;
  readonly #leaf: Uint8Array;
  readonly #data: Uint8Array | undefined;

  /** @param judged nobody else holds `data` any more; the rest is copied. */
  constructor(made: symbol, { envelope, id, data }: Judgement) {
    if (made !== token) throw new TypeError('messages are verified by verifyMessage');
    this.payloadType = envelope.payloadType;
    this.dataLength = envelope.dataLength;
    this.#id = copyBytes(id);
    this.#sender = copyBytes(envelope.sender);
    this.#head = { ...envelope.head, body: frozen(envelope.head.body) };
    this.#dataHash = copyBytes(envelope.dataHash);
    this.#leaf = copyBytes(envelope.leaf);
    this.#data = data;
    Object.freeze(this);
  }

  /** SHA-256 of the signed bytes. */
  get id(): Uint8Array {
    return this.#id.slice();
  }

  /** The Ed25519 key of the sender. */
  get sender(): Uint8Array {
    return this.#sender.slice();
  }

  /** Frozen, with everything in its body. */
  get head(): Head {
    const { ledger, nonce, tags } = this.#head;
    const copies = { ledger: ledger.slice(), nonce: nonce.slice(), tags: tags.map((tag) => tag.slice()) };
    return Object.freeze({ ...this.#head, ...copies, tags: Object.freeze(copies.tags) });
  }

  /** SHA-256 of the data. */
  get dataHash(): Uint8Array {
    return this.#dataHash.slice();
  }

  /** The leaf of the message tree. */
  get leaf(): Uint8Array {
    return this.#leaf.slice();
  }

  /** The data, or undefined when it was absent: withheld, redacted, or not asked for. */
  get data(): Uint8Array | undefined {
    return this.#data?.slice();
  }
}

/** The object, frozen with all objects and arrays in it: as deep as a reader allows. */
function frozen(object: JsonObject): JsonObject {
  const freeze = (value: JsonValue): void => {
    if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  };
  freeze(object);
  return object;
}

/** A message that was verified for a ledger. Only {@link verifyMessage} and {@link verifyWire} make one. */
export type VerifiedMessage = Verified;

/** What was found about a message, and little else of it: it holds for the bytes as they were when they were judged. */
export interface JudgedMessage {
  /** SHA-256 of the signed bytes. */
  readonly id: Uint8Array;
  readonly head: Pick<Head, 'tags'>;
  readonly dataLength: number;
}

/** Judges a message, of which nobody else changes a byte meanwhile. */
function judge(
  leaf: Uint8Array,
  data: Uint8Array | undefined,
  ledger: Uint8Array,
  limits: MessageLimits,
): Result<Judgement, ParseCode> {
  const parsed = parseLeaf(leaf);
  if (!parsed.ok) return parsed;
  const envelope = parsed.value;
  const headLength = envelope.headBytes.length;
  if (headLength > limits.headBytes) return refuse('envelope-head-too-long', `${headLength} bytes`);
  if (envelope.dataLength > limits.dataBytes) {
    return refuse('envelope-data-too-long', `${envelope.dataLength} bytes`);
  }
  if (!equalBytes(envelope.head.ledger, ledger)) return refuse('head-ledger');
  const signed = passingPreAuthEncoding(envelope.payloadType, envelope.body);
  if (!verifySignature(envelope.sender, signed, envelope.signature)) return refuse('envelope-signature');
  const value = { envelope, id: sha256(signed), data };
  if (data === undefined) return ok(value);
  if (data.length !== envelope.dataLength) return refuse('envelope-data', `${data.length} bytes`);
  return equalBytes(sha256(data), envelope.dataHash) ? ok(value) : refuse('envelope-data');
}

/**
 * Verifies a message for a ledger (`docs/spec/envelope.md`, 'Order of checks and codes').
 *
 * @param leaf the leaf, read anew here. It and the data are copied: what is verified cannot be changed afterwards
 *   through the caller's buffer.
 * @param data the data, or undefined when it is absent.
 * @param ledger the id (32 bytes) of the ledger that the message is judged for.
 * @param limits those of that ledger's founding header.
 */
export function verifyMessage(
  leaf: Uint8Array,
  data: Uint8Array | undefined,
  ledger: Uint8Array,
  limits: MessageLimits,
): Result<VerifiedMessage, ParseCode> {
  const ownData = data && copyBytes(data.subarray(0, maxDataBytes + 1));
  const judged = judge(copyBytes(leaf.subarray(0, maxLeafBytes + 1)), ownData, ledger, limits);
  return judged.ok ? ok(new Verified(token, judged.value)) : judged;
}

/**
 * Judges a message like {@link verifyMessage}, for those who judge many and keep none: nothing is copied.
 *
 * @param leaf lies in memory that no other thread reaches.
 * @param data as `leaf`.
 */
export function judgeMessage(
  leaf: Uint8Array,
  data: Uint8Array | undefined,
  ledger: Uint8Array,
  limits: MessageLimits,
): Result<JudgedMessage, ParseCode> {
  const judged = judge(leaf, data, ledger, limits);
  if (!judged.ok) return judged;
  const { envelope, id } = judged.value;
  // The rest of the head would stay in memory with it.
  return ok({ id, head: { tags: envelope.head.tags }, dataLength: envelope.dataLength });
}

/** Verifies a message as it travels, with its data, like {@link verifyMessage}. */
export function verifyWire(
  wire: Uint8Array,
  ledger: Uint8Array,
  limits: MessageLimits,
): Result<VerifiedMessage, ParseCode> {
  const parsed = parseWire(wire);
  if (!parsed.ok) return parsed;
  const { envelope, data } = parsed.value;
  return verifyMessage(envelope.leaf, data, ledger, limits);
}
