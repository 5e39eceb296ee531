/**
 * Sending a document: its file is hashed, sealed chunk by chunk, queued and sent part by part, and only when all of it has
 * a promise the channel is told of it. What was queued is kept, so that an interrupted upload goes on with what is missing.
 */
import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { concatBytes, equalBytes } from '../../core/bytes.ts';
import type { DocumentContent } from '../../core/channel/content.ts';
import {
  type DocumentContext,
  DocumentSealer,
  documentShape,
  drawDocumentKey,
} from '../../core/channel/document.ts';
import { boxBytes, draftPart, maxPartChunks } from '../../core/channel/part.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { UploadCode } from '../../core/errors/upload.ts';
import { composeMessage, sealMessage, type SignedMessage } from '../../core/record/envelope.ts';
import type { LedgerLimits } from '../../core/record/founding.ts';
import type { Signer } from '../vault/signer.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { type DocumentOptions, LocalFile } from './local-file.ts';
import { mediaTypeOf } from './media-type.ts';
import { forgetUpload, isUploadOf, keepUpload, openUploads, type Upload } from './upload-rows.ts';

/** What sending a document needs of the channel, the outbox and the record. */
export interface UploadPorts {
  readonly context: DocumentContext;
  readonly limits: LedgerLimits;
  readonly rows: PrivateRows;
  /** Signs with the key of the context. */
  readonly signer: Pick<Signer, 'sign'>;
  /** 32 bytes that never leave the profile. */
  readonly localKey: Uint8Array;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Queues a signed message and sends what waits. @throws CountersignError when it could not be sent now. */
  readonly send: (message: SignedMessage) => Promise<void>;
  /** Whether a message that was queued is on its way or on the record: neither lost nor refused. */
  readonly isOnItsWay: (id: Uint8Array) => Promise<boolean>;
  /** Says in the channel what the document is. */
  readonly announce: (content: DocumentContent) => Promise<void>;
}

export interface UploadOptions extends DocumentOptions {
  /** What the document is to be called; that of the file when left out. */
  readonly name?: string;
}

/** A document that is wholly on its way: all of it was taken by the firehose, and the channel was told. */
export interface Uploaded {
  readonly document: DocumentContent;
  /** Chunks that this run sent, and how many there are: fewer when it went on with an interrupted upload. */
  readonly sentChunks: number;
  readonly chunks: number;
}

/** Parts of a megabyte, and of large documents no more than so many. */
const usualPartChunks = 16;
const usualParts = 256;
/** What a part needs in a block besides its data. */
const leafBytes = 2048;

function fail(code: UploadCode, detail?: string): CountersignError<UploadCode> {
  return new CountersignError<UploadCode>(code, detail);
}

/** How many chunks of a document go into one part. @throws CountersignError `upload-limits` */
export function partChunks(size: number, { dataBytes, blockBytes }: LedgerLimits): number {
  const { chunks, padded } = documentShape(size);
  const room = Math.min(dataBytes, blockBytes - leafBytes);
  const fitting = chunks === 1 && padded + 16 <= room ? 1 : Math.floor(room / boxBytes);
  if (fitting < 1) throw fail('upload-limits', `${room} bytes`);
  return Math.min(fitting, maxPartChunks, Math.max(usualPartChunks, Math.ceil(chunks / usualParts)));
}

/** What everyone will see of a document: never its name, hash or exact length. */
export interface Footprint {
  /** The length of the file raised to its step, in bytes. */
  readonly padded: number;
  readonly chunks: number;
  /** Messages that carry it. */
  readonly parts: number;
  /** Length of the data of all of them together. */
  readonly dataBytes: number;
}

/** What everyone will see of a file of so many bytes. @throws CountersignError `upload-limits` */
export function footprintOf(size: number, limits: LedgerLimits): Footprint {
  const { chunks, padded } = documentShape(size);
  const parts = Math.ceil(chunks / partChunks(size, limits));
  return { padded, chunks, parts, dataBytes: padded + 16 * chunks };
}

/** A name that a document can have: without what cannot be shown, never empty. */
export function documentName(path: string): string {
  const name = basename(path).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    '\u{fffd}',
  );
  return Array.from(name).slice(0, 255).join('').trim() || 'document';
}

/** The upload of this very file that was begun before, or a new one. @throws CountersignError `upload-changed` */
async function uploadOf(
  ports: UploadPorts,
  file: LocalFile,
  hash: Uint8Array,
  given: string | undefined,
): Promise<Upload> {
  const { context, rows } = ports;
  const { size } = file;
  const path = resolve(file.path);
  for (const upload of await openUploads(rows, context.ledger)) {
    if (!isUploadOf(upload, context)) continue;
    const isSame = equalBytes(upload.document.hash, hash) && upload.document.size === size;
    if (isSame && (given === undefined || given === upload.document.name)) return upload;
    if (isSame || upload.path !== path) continue;
    // What was sealed of the other content is never added to: the key is given up.
    await forgetUpload(rows, upload);
    throw fail('upload-changed', path);
  }
  const randomness = { localKey: ports.localKey, random: new Uint8Array(randomBytes(32)) };
  const key = drawDocumentKey(randomness, context, { hash, size });
  const name = given ?? documentName(path);
  const document: DocumentContent = { kind: 'document', hash, key, media: mediaTypeOf(name), name, size };
  return { context, document, path, parts: [] };
}

/** Which chunks are on their way or on the record: 1 for each of those. */
async function chunksOnTheirWay(ports: UploadPorts, { document, parts }: Upload): Promise<Uint8Array> {
  const held = new Uint8Array(documentShape(document.size).chunks);
  for (const { id, first, count } of parts) {
    if (await ports.isOnItsWay(id)) held.fill(1, first, first + count);
  }
  return held;
}

/** Seals the chunks of one upload that are missing and sends them in parts. */
class Sending {
  readonly #ports: UploadPorts;
  readonly #held: Uint8Array;
  readonly #sealer: DocumentSealer;
  readonly #perPart: number;
  #upload: Upload;
  /** Boxes of the part in hand. */
  #boxes: Uint8Array[] = [];
  /** The number of the next chunk that the sealer gives. */
  #next: number;
  sent = 0;

  constructor(ports: UploadPorts, upload: Upload, held: Uint8Array) {
    this.#ports = ports;
    this.#upload = upload;
    this.#held = held;
    const first = held.indexOf(0);
    this.#next = first < 0 ? held.length : first;
    this.#sealer = new DocumentSealer(upload.document, upload.context, this.#next);
    this.#perPart = partChunks(upload.document.size, ports.limits);
  }

  get upload(): Upload {
    return this.#upload;
  }

  /** @returns whether the file is still the one that was hashed. */
  async write(piece: Uint8Array): Promise<boolean> {
    const boxes = this.#sealer.write(piece);
    if (boxes.ok) await this.#take(boxes.value);
    return boxes.ok;
  }

  /** @returns whether all of the file was the one that was hashed. */
  async finish(): Promise<boolean> {
    const boxes = this.#sealer.finish();
    if (!boxes.ok) return false;
    await this.#take(boxes.value);
    await this.#flush();
    return true;
  }

  async #take(boxes: readonly Uint8Array[]): Promise<void> {
    for (const box of boxes) {
      if (this.#held[this.#next] === 1) await this.#flush();
      else this.#boxes.push(box);
      this.#next++;
      if (this.#boxes.length === this.#perPart) await this.#flush();
    }
  }

  /** Sends the part in hand, which ends before the chunk that comes next. */
  async #flush(): Promise<void> {
    const count = this.#boxes.length;
    if (count === 0) return;
    const { context, now, rows, send, signer } = this.#ports;
    const { ledger, sender, transaction } = context;
    const first = this.#next - count;
    const origin = { ledger, sender, nonce: new Uint8Array(randomBytes(16)), time: now() };
    const body = { document: this.#sealer.name, first };
    const unsigned = composeMessage(draftPart(origin, transaction, body, concatBytes(...this.#boxes)));
    const message = sealMessage(unsigned, signer.sign(unsigned.signedBytes));
    this.#boxes = [];
    const parts = [...this.#upload.parts, { id: message.id, first, count }];
    this.#upload = { ...this.#upload, parts };
    // Known before it is queued: a stop in between makes the part anew, and never sends one twice.
    await keepUpload(rows, this.#upload);
    await send(message);
    this.sent += count;
  }
}

/** Sends what is missing. @throws CountersignError `upload-changed`, `upload-stopped` */
async function sendMissing(
  ports: UploadPorts,
  begun: Upload,
  file: LocalFile,
  { signal, onProgress }: UploadOptions,
): Promise<{ readonly upload: Upload; readonly sent: number }> {
  const sending = new Sending(ports, begun, await chunksOnTheirWay(ports, begun));
  const changed = async (): Promise<never> => {
    await forgetUpload(ports.rows, sending.upload);
    throw fail('upload-changed', file.path);
  };
  let done = 0;
  for await (const piece of file.pieces(signal)) {
    if (!(await sending.write(piece))) await changed();
    done += piece.length;
    onProgress?.({ phase: 'sending', done, of: file.size });
  }
  if (signal.aborted) throw fail('upload-stopped');
  if (!(await sending.finish())) await changed();
  const { upload, sent } = sending;
  return { upload, sent };
}

/**
 * Sends a file as a document of a channel, or goes on with it where it was interrupted.
 * @throws CountersignError with an `upload-` code, or what `send` and `announce` throw. After all but `upload-changed` it
 *   goes on when it is sent again.
 */
export async function uploadDocument(
  ports: UploadPorts,
  path: string,
  options: UploadOptions,
): Promise<Uploaded> {
  const file = await LocalFile.open(path);
  try {
    partChunks(file.size, ports.limits);
    const hash = await file.hash(options);
    if (hash === undefined) throw fail('upload-stopped');
    const begun = await uploadOf(ports, file, hash, options.name);
    await keepUpload(ports.rows, begun);
    const { upload, sent } = await sendMissing(ports, begun, file, options);
    const held = await chunksOnTheirWay(ports, upload);
    if (held.includes(0)) throw fail('upload-refused', `from piece ${held.indexOf(0)}`);
    const { document } = upload;
    await ports.announce(document);
    await forgetUpload(ports.rows, upload);
    return { document, sentChunks: sent, chunks: held.length };
  } finally {
    await file.close();
  }
}
