/**
 * Documents (`docs/spec/channels.md`): a key each, chunks in a row of which none can be changed, cut, moved or repeated.
 * Both ways the memory that is needed is that of a chunk; nothing is released before all of it was checked.
 */
import { concatBytes, equalBytes, uintToBytes } from '../bytes.ts';
import { hkdfExpand, label } from '../crypto/kdf.ts';
import { openBox, sealBox } from '../crypto/sealed.ts';
import { sha256, startSha256 } from '../crypto/sha256.ts';
import type { DocumentCode } from '../errors/document.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { DocumentContent } from './content.ts';
import { maxDocumentBytes } from './content.ts';
import type { Randomness } from './keys.ts';
import { drawSecret } from './keys.ts';
import type { ChannelContext } from './names.ts';
import { channelDomain } from './names.ts';
import { sizeStep } from './padding.ts';
import { chunkBytes } from './part.ts';

/** What the key of a document is bound to. */
export interface DocumentContext extends ChannelContext {
  /** The Ed25519 key of its author. */
  readonly sender: Uint8Array;
}

/** What a document's key gives. */
interface DocumentKeys {
  readonly boxKey: Uint8Array;
  /** Public; commits to the key. */
  readonly name: Uint8Array;
}

/** @param key 32 bytes. */
export function documentKeys(key: Uint8Array, context: DocumentContext): DocumentKeys {
  const { ledger, transaction, channel, sender } = context;
  const derived = hkdfExpand(key, label(channelDomain, 'document', ledger, transaction, channel, sender), 64);
  return { boxKey: derived.slice(0, 32), name: derived.slice(32) };
}

/** A key for a file, of which size and hash are known. */
export function drawDocumentKey(
  randomness: Randomness,
  { ledger, transaction, channel, sender }: DocumentContext,
  { hash, size }: Pick<DocumentContent, 'hash' | 'size'>,
): Uint8Array {
  const material = label(ledger, transaction, channel, sender, uintToBytes(size, 8), hash);
  return drawSecret(randomness, 'document', material);
}

/** How a file of so many bytes is cut. */
export interface DocumentShape {
  readonly size: number;
  /** The step of the size: what is cut into chunks. */
  readonly padded: number;
  readonly chunks: number;
}

/** @throws RangeError when no document is so large. */
export function documentShape(size: number): DocumentShape {
  if (!Number.isSafeInteger(size) || size < 0 || size > maxDocumentBytes) throw new RangeError('too large');
  const padded = sizeStep(size);
  return { size, padded, chunks: Math.ceil(padded / chunkBytes) };
}

/** The length of a chunk's plaintext. */
function lengthOf({ padded, chunks }: DocumentShape, index: number): number {
  return index < chunks - 1 ? chunkBytes : padded - (chunks - 1) * chunkBytes;
}

function nonceOf({ chunks }: DocumentShape, index: number): Uint8Array {
  return concatBytes(new Uint8Array(15), uintToBytes(index, 8), Uint8Array.of(index === chunks - 1 ? 1 : 0));
}

/**
 * Seals a document, piece by piece. To resume, begin again with the number of the first chunk that is still to be sent
 * and hand in the file from its start: what was sent is hashed and not sealed again.
 */
export class DocumentSealer {
  readonly shape: DocumentShape;
  readonly name: Uint8Array;
  readonly #boxKey: Uint8Array;
  readonly #hash: Uint8Array;
  readonly #from: number;
  readonly #hashed = startSha256();
  readonly #chunk = new Uint8Array(chunkBytes);
  #filled = 0;
  #index = 0;
  #taken = 0;

  /** @param from the number of the first chunk to seal. */
  constructor(
    document: Pick<DocumentContent, 'hash' | 'key' | 'size'>,
    context: DocumentContext,
    from: number,
  ) {
    const { boxKey, name } = documentKeys(document.key, context);
    this.shape = documentShape(document.size);
    this.name = name;
    this.#boxKey = boxKey;
    this.#hash = document.hash;
    this.#from = from;
  }

  /** Takes the next piece of the file, of any length. @returns `document-hash` when the file is longer than stated. */
  write(piece: Uint8Array): Result<readonly Uint8Array[], DocumentCode> {
    this.#taken += piece.length;
    if (this.#taken > this.shape.size) return refuse('document-hash', 'longer than stated');
    this.#hashed.update(piece);
    return ok(this.#seal(piece));
  }

  /** The boxes that are left once the whole file was written; `document-hash` when it is not the one stated. */
  finish(): Result<readonly Uint8Array[], DocumentCode> {
    if (this.#taken !== this.shape.size) return refuse('document-hash', 'shorter than stated');
    if (!equalBytes(this.#hashed.digest(), this.#hash)) return refuse('document-hash');
    const boxes: Uint8Array[] = [];
    let rest = this.shape.padded - this.shape.size;
    while (rest > 0) {
      const zeros = Math.min(rest, chunkBytes);
      boxes.push(...this.#seal(new Uint8Array(zeros)));
      rest -= zeros;
    }
    return ok(boxes);
  }

  #seal(piece: Uint8Array): Uint8Array[] {
    const boxes: Uint8Array[] = [];
    for (let at = 0; at < piece.length;) {
      const length = lengthOf(this.shape, this.#index);
      const take = Math.min(length - this.#filled, piece.length - at);
      this.#chunk.set(piece.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < length) break;
      if (this.#index >= this.#from) {
        boxes.push(sealBox(this.#boxKey, nonceOf(this.shape, this.#index), this.#chunk.subarray(0, length)));
      }
      this.#index++;
      this.#filled = 0;
    }
    return boxes;
  }
}

/** Opens the box of a chunk at its place, or not at all. */
function openChunk(
  boxKey: Uint8Array,
  shape: DocumentShape,
  index: number,
  box: Uint8Array,
): Result<Uint8Array, DocumentCode> {
  if (index >= shape.chunks) return refuse('document-chunk', `chunk ${index}`);
  const plain = openBox(boxKey, nonceOf(shape, index), box);
  const whole = plain?.length === lengthOf(shape, index);
  return plain !== undefined && whole ? ok(plain) : refuse('document-chunk', `chunk ${index}`);
}

const token = Symbol('made by DocumentChecker');

interface Checked {
  readonly document: DocumentContent;
  readonly shape: DocumentShape;
  readonly boxKey: Uint8Array;
  /** SHA-256 of each box, in order. */
  readonly digests: Uint8Array;
}

/** Not exported: only {@link DocumentChecker} makes one. */
class WholeDocument {
  readonly shape: DocumentShape;
  readonly #checked: Checked;

  constructor(made: symbol, checked: Checked) {
    if (made !== token) throw new TypeError('documents are checked by DocumentChecker');
    this.shape = checked.shape;
    this.#checked = checked;
    Object.freeze(this);
  }

  get content(): DocumentContent {
    return this.#checked.document;
  }

  /**
   * The bytes of the file in a chunk, without the zeros behind the file. Chunks can be asked for in any order and as often
   * as needed; a box that is not the one that was checked is refused.
   */
  release(index: number, box: Uint8Array): Result<Uint8Array, DocumentCode> {
    const { boxKey, digests, document, shape } = this.#checked;
    const digest = digests.subarray(32 * index, 32 * (index + 1));
    if (!equalBytes(sha256(box), digest)) return refuse('document-chunk', `chunk ${index}`);
    const plain = openChunk(boxKey, shape, index, box);
    const length = Math.max(0, Math.min(chunkBytes, document.size - index * chunkBytes));
    return plain.ok ? ok(plain.value.subarray(0, length)) : plain;
  }
}

/** A document of which every chunk, the size and the hash were checked. */
export type CheckedDocument = WholeDocument;

/**
 * Checks a document, chunk by chunk in order, and gives nothing out. It keeps 32 bytes for each chunk, so that what is
 * released afterwards is what was checked.
 */
export class DocumentChecker {
  readonly shape: DocumentShape;
  readonly name: Uint8Array;
  readonly #document: DocumentContent;
  readonly #boxKey: Uint8Array;
  readonly #hashed = startSha256();
  readonly #digests: Uint8Array;
  #index = 0;
  #fault: DocumentCode | undefined;

  constructor(document: DocumentContent, context: DocumentContext) {
    const { boxKey, name } = documentKeys(document.key, context);
    this.shape = documentShape(document.size);
    this.name = name;
    this.#document = document;
    this.#boxKey = boxKey;
    this.#digests = new Uint8Array(32 * this.shape.chunks);
  }

  /** Takes the box of the next chunk. After a refusal nothing is accepted any more. */
  push(box: Uint8Array): Result<void, DocumentCode> {
    if (this.#fault !== undefined) return refuse(this.#fault);
    const index = this.#index;
    const plain = openChunk(this.#boxKey, this.shape, index, box);
    if (!plain.ok) return this.#refuse(plain.code, plain.detail);
    const length = Math.max(0, Math.min(chunkBytes, this.shape.size - index * chunkBytes));
    if (plain.value.subarray(length).some((byte) => byte !== 0))
      return this.#refuse('document-hash', 'padding');
    this.#hashed.update(plain.value.subarray(0, length));
    this.#digests.set(sha256(box), 32 * index);
    this.#index++;
    return ok(undefined);
  }

  /** The document, once all chunks were pushed. */
  finish(): Result<CheckedDocument, DocumentCode> {
    if (this.#fault !== undefined) return refuse(this.#fault);
    if (this.#index < this.shape.chunks) return this.#refuse('document-missing', `from chunk ${this.#index}`);
    this.#fault = 'document-hash';
    if (!equalBytes(this.#hashed.digest(), this.#document.hash)) return refuse('document-hash');
    const [document, shape, boxKey, digests] = [this.#document, this.shape, this.#boxKey, this.#digests];
    return ok(new WholeDocument(token, { document, shape, boxKey, digests }));
  }

  #refuse(code: DocumentCode, detail: string | undefined): Result<never, DocumentCode> {
    this.#fault = code;
    return refuse(code, detail);
  }
}
