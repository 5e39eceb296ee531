/**
 * Verified messages. This is the one place where they are made: whoever holds one knows that the signature, the
 * ledger, the limits and, when present, the data were judged, for these very bytes.
 */
import { copyBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { verifySignature } from '../crypto/signature.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Envelope, ParseCode } from './envelope.ts';
import { maxLeafBytes, parseLeaf, parseWire, signedBytes } from './envelope.ts';
import type { Head } from './head.ts';

/** The limits of the ledger's founding header that bear on one message, in bytes. */
export interface MessageLimits {
  readonly headBytes: number;
  readonly dataBytes: number;
}

/** A class with a private field, and not exported: no literal, spread or copy of one passes for a verified message. */
class Verified {
  /** SHA-256 of the signed bytes. */
  readonly id: Uint8Array;
  readonly payloadType: string;
  readonly sender: Uint8Array;
  readonly head: Head;
  readonly dataLength: number;
  readonly dataHash: Uint8Array;
  readonly #leaf: Uint8Array;
  readonly #data: Uint8Array | undefined;

  constructor(envelope: Envelope, id: Uint8Array, data: Uint8Array | undefined) {
    this.id = id;
    this.payloadType = envelope.payloadType;
    this.sender = envelope.sender;
    this.head = envelope.head;
    this.dataLength = envelope.dataLength;
    this.dataHash = envelope.dataHash;
    this.#leaf = envelope.leaf;
    this.#data = data;
    Object.freeze(this);
  }

  /** The leaf of the message tree. */
  get leaf(): Uint8Array {
    return this.#leaf;
  }

  /** The data, or undefined when it was absent: withheld, redacted, or not asked for. */
  get data(): Uint8Array | undefined {
    return this.#data;
  }
}

/** A message that was verified for a ledger. Only {@link verifyMessage} and {@link verifyWire} make one. */
export type VerifiedMessage = Verified;

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
  const parsed = parseLeaf(copyBytes(leaf.subarray(0, maxLeafBytes + 1)));
  if (!parsed.ok) return parsed;
  const envelope = parsed.value;
  const headLength = envelope.headBytes.length;
  if (headLength > limits.headBytes) return refuse('envelope-head-too-long', `${headLength} bytes`);
  if (envelope.dataLength > limits.dataBytes) {
    return refuse('envelope-data-too-long', `${envelope.dataLength} bytes`);
  }
  if (!equalBytes(envelope.head.ledger, ledger)) return refuse('head-ledger');
  const signed = signedBytes(envelope);
  if (!verifySignature(envelope.sender, signed, envelope.signature)) return refuse('envelope-signature');
  if (data === undefined) return ok(new Verified(envelope, sha256(signed), undefined));
  if (data.length !== envelope.dataLength) return refuse('envelope-data', `${data.length} bytes`);
  const copy = copyBytes(data);
  if (!equalBytes(sha256(copy), envelope.dataHash)) return refuse('envelope-data');
  return ok(new Verified(envelope, sha256(signed), copy));
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
