/**
 * The messages of the measurements: about 600 bytes each with a real signature, from 1,000 senders in an order that
 * looks random, with two tags: one of the sender, one of a conversation. Everything follows from a seed.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { fromHex, joinBytes, toUtf8, uintToBytes } from '../../../src/core/bytes.ts';
import { sha256 } from '../../../src/core/crypto/sha256.ts';
import { signMessage } from '../../../src/core/crypto/signature.ts';
import { composeMessage, sealMessage, wireBytes } from '../../../src/core/record/envelope.ts';

/** How many keys sign. */
export const senders = 1000;

/** Messages of a conversation, on average. */
const perConversation = 50;

export const payloadType = 'text/x-bench';

/** The time of the first message and of the ledger, seconds since 1970. */
export const startTime = 1_700_000_000;

/** 32 bytes that follow from a seed, what they are for, and a number. */
export function derived(seed: number, what: string, n = 0): Uint8Array {
  return sha256(toUtf8(`${seed} ${what} ${n}`));
}

/** A sender of the data set. */
export interface Sender {
  /** Of its Ed25519 key. */
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  /** Every message of this sender carries it, and no other. */
  readonly tag: Uint8Array;
}

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const pkcs8Start = fromHex('302e020100300506032b657004220420') ?? new Uint8Array();

/** As `publicKeyOf`, a hundred times faster: with a thousand keys in each thread that matters, and nothing is secret. */
function quickPublicKey(seed: Uint8Array): Uint8Array {
  const key = Buffer.from(joinBytes([pkcs8Start, seed]));
  const spki = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  return new Uint8Array(spki.export({ format: 'der', type: 'spki' }).subarray(-32));
}

export function senderOf(seed: number, n: number): Sender {
  const own = derived(seed, 'sender', n);
  return { seed: own, key: quickPublicKey(own), tag: derived(seed, 'tag of sender', n) };
}

/** Who signs message n: each sender one of every thousand. */
function signerOf(n: number): number {
  return (n * 7919) % senders;
}

/** The conversation of message n, among those of the first `count` messages. */
export function conversationOf(n: number, count: number): number {
  return (Math.imul(n, 0x9e3779b1) >>> 0) % Math.max(1, Math.ceil(count / perConversation));
}

/** Every message of a conversation carries it. */
export function conversationTag(seed: number, conversation: number): Uint8Array {
  return derived(seed, 'tag of conversation', conversation);
}

/** The filling of the data: as unlike itself as text is. */
function filling(seed: number, n: number): string {
  return Buffer.from(derived(seed, 'data', n)).toString('hex');
}

/** Composes and signs messages of one ledger. */
export class MessageMaker {
  readonly #seed: number;
  readonly #ledger: Uint8Array;
  readonly #count: number;
  readonly #senders: readonly Sender[];

  /** @param count how many messages the ledger will have. */
  constructor(seed: number, ledger: Uint8Array, count: number) {
    this.#seed = seed;
    this.#ledger = ledger;
    this.#count = count;
    this.#senders = Array.from({ length: senders }, (_, n) => senderOf(seed, n));
  }

  /** Message n as it travels. */
  wire(n: number): Uint8Array {
    const sender = this.#senders[signerOf(n)];
    if (sender === undefined) throw new RangeError('no such sender');
    const nonce = new Uint8Array(16);
    nonce.set(uintToBytes(n, 8), 8);
    const tags = [sender.tag, conversationTag(this.#seed, conversationOf(n, this.#count))] as const;
    const body = { text: `It was agreed that item ${n} is delivered as described.` };
    const head = { body, ledger: this.#ledger, nonce, tags, time: startTime + n, v: 1 } as const;
    const data = toUtf8(`Data of message ${n}: ${filling(this.#seed, n)}`);
    const unsigned = composeMessage({ payloadType, sender: sender.key, head, data });
    return wireBytes(sealMessage(unsigned, signMessage(sender.seed, unsigned.signedBytes)));
  }
}
