/**
 * Receipts of recorded files (`docs/spec/receipt.md`): with the file, the receipt and the id of the ledger anyone can
 * tell offline that the file was recorded, where and since when.
 */
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromUtf8,
  toBase64,
  toHex,
  toUtf8,
  uintToBytes,
} from '../bytes.ts';
import { type JsonObject, parseJson, writeJson } from '../encoding/json.ts';
import {
  base64UpTo,
  hexOf,
  integerFrom,
  oneOf,
  plainText,
  readObject,
  type ValueReader,
} from '../encoding/members.ts';
import type { JsonCode } from '../errors/json.ts';
import type { ReceiptCode } from '../errors/receipt.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { maxLeafBytes } from './envelope.ts';
import { type FileRecord, readFileRecord, saltedCommitment } from './file-record.ts';
import { maxHeaderBytes } from './header.ts';
import { type Ledger, ledgerId, parseLedger } from './ledger.ts';
import { type BlockProof, type IncludedHeader, LogHeaders, verifyMessageEntry } from './log-headers.ts';
import { type VerifiedMessage, verifyMessage } from './message.ts';
import { openPromise, type VerifiedPromise } from './promise.ts';
import {
  type BlockPlace,
  blockPlaceJson,
  blockPlaceMembers,
  messagePathFrom,
  type TagProof,
} from './place-proof.ts';
import { blockFrom, blockJson } from './proof-json.ts';
import { parseTagList } from './tag-index.ts';
import { tagIndexOf, verifyPresence } from './tag-proof.ts';

/** The longest receipt, in bytes. */
export const maxReceiptBytes = 8_388_608;

const format = 'countersign/receipt/v1';

/** Where a message stands, with everything that shows it. Foreign input. */
export interface PlaceProof extends BlockPlace {
  readonly block: BlockProof;
  /** The whole note of a signed checkpoint of the block log. */
  readonly checkpoint: Uint8Array;
}

/** The file that a receipt is about. */
export interface ReceiptFile {
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
  /** Its name when it was recorded; proves nothing. */
  readonly name: string;
  /** 32 bytes, for a salted record only. */
  readonly salt?: Uint8Array;
  /** In bytes. */
  readonly size: number;
}

/** What a receipt is composed from. */
export interface ReceiptContent {
  readonly file: ReceiptFile;
  /** The header of height 0. */
  readonly founding: Uint8Array;
  /** The leaf of the message. */
  readonly leaf: Uint8Array;
  /** Once the message stands in a block. */
  readonly place?: PlaceProof;
  /** The note of the inclusion promise, when it is known. */
  readonly promise?: Uint8Array;
}

/** A place that was shown: in a block under a signed head, listed under every tag. Made by {@link verifyPlace} only. */
export interface VerifiedPlace {
  readonly [made]: true;
  readonly header: IncludedHeader;
  /** The message's position in the block. */
  readonly position: number;
  readonly log: LogHeaders;
}

/** What a receipt shows. Made by {@link verifyReceipt} only. */
export interface VerifiedReceipt {
  readonly [made]: true;
  readonly ledger: Ledger;
  readonly file: ReceiptFile;
  readonly message: VerifiedMessage;
  readonly record: FileRecord;
  readonly promise: VerifiedPromise | undefined;
  /** Undefined when the receipt was made before the message stood in a block. */
  readonly place: VerifiedPlace | undefined;
}

declare const made: unique symbol;

const codes = { members: 'receipt-format', value: 'receipt-format' } as const;
const note: ValueReader<Uint8Array> = (value) => (typeof value === 'string' ? toUtf8(value) : undefined);

const placeFrom: ValueReader<PlaceProof> = (value) => {
  const read = readObject(value, codes, { block: blockFrom, checkpoint: note, ...blockPlaceMembers });
  const message = read.ok ? messagePathFrom(read.value.message) : undefined;
  return read.ok && message !== undefined ? { ...read.value, message } : undefined;
};

/** The name of a file as a receipt holds it. */
export const receiptName: ValueReader<string> = plainText(255);

const fileFrom: ValueReader<ReceiptFile> = (value) => {
  const read = readObject(
    value,
    codes,
    { hash: hexOf(32), name: receiptName, size: integerFrom(0, Number.MAX_SAFE_INTEGER) },
    { salt: hexOf(32) },
  );
  return read.ok ? read.value : undefined;
};

/** A receipt as it was read: its form is sound, nothing in it was judged. */
export interface Receipt extends ReceiptContent {
  /** The ledger that it names, 32 bytes. */
  readonly ledger: Uint8Array;
}

/** Reads a receipt; judges nothing. */
export function parseReceipt(bytes: Uint8Array): Result<Receipt, ReceiptCode | JsonCode> {
  const json = parseJson(bytes, maxReceiptBytes);
  if (!json.ok) return json;
  const read = readObject(
    json.value,
    codes,
    {
      file: fileFrom,
      founding: base64UpTo(maxHeaderBytes),
      ledger: hexOf(32),
      leaf: base64UpTo(maxLeafBytes),
      receipt: oneOf([format]),
    },
    { place: placeFrom, promise: note },
  );
  if (!read.ok) return read;
  const { file, founding, ledger, leaf, place, promise } = read.value;
  return ok({
    file,
    founding,
    ledger,
    leaf,
    ...(place === undefined ? {} : { place }),
    ...(promise === undefined ? {} : { promise }),
  });
}

function noteText(bytes: Uint8Array): string {
  const text = fromUtf8(bytes);
  if (text === undefined) throw new RangeError('a note is UTF-8');
  return text;
}

function placeJson({ block, checkpoint, ...place }: PlaceProof): JsonObject {
  return { block: blockJson(block), checkpoint: noteText(checkpoint), ...blockPlaceJson(place) };
}

/**
 * Writes a receipt. What it claims is not judged: give it to {@link verifyReceipt} before you hand it to anyone.
 * @throws RangeError when {@link parseReceipt} would refuse it.
 */
export function composeReceipt(content: ReceiptContent): Uint8Array {
  const { file, founding, leaf, place, promise } = content;
  const { hash, name, salt, size } = file;
  const bytes = writeJson({
    file: { hash: toHex(hash), name, ...(salt === undefined ? {} : { salt: toHex(salt) }), size },
    founding: toBase64(founding),
    leaf: toBase64(leaf),
    ledger: toHex(ledgerId(founding)),
    ...(place === undefined ? {} : { place: placeJson(place) }),
    ...(promise === undefined ? {} : { promise: noteText(promise) }),
    receipt: format,
  });
  const readBack = parseReceipt(bytes);
  if (!readBack.ok) throw new RangeError(`not a receipt: ${readBack.code} ${readBack.detail ?? ''}`);
  return bytes;
}

/** The recorded value of a file: what a record with this salt, or a public one, says of it. */
function recordedValue({ hash, salt }: Pick<ReceiptFile, 'hash' | 'salt'>): Uint8Array {
  return salt === undefined ? hash : saltedCommitment(salt, hash);
}

/** The tags under which a block must list a message: its id and those of its head, ascending. */
export function listedTags({ id, head }: VerifiedMessage): readonly Uint8Array[] {
  const others = head.tags.filter((tag) => !equalBytes(tag, id));
  return [id, ...others].sort(compareBytes);
}

/** The list of a leaf of the tag index, as bytes. */
export function tagListBytes(indices: readonly number[]): Uint8Array {
  return concatBytes(...indices.map((index) => uintToBytes(index, 4)));
}

/** Whether the block with this header lists the message at `at` under the tag. */
function lists(
  header: IncludedHeader,
  message: VerifiedMessage,
  at: number,
  tag: Uint8Array,
  proof: TagProof,
): boolean {
  const leaf = verifyPresence(tagIndexOf(header), tag, proof.presence);
  if (!leaf.ok) return false;
  const indices = parseTagList(proof.list, leaf.value);
  return indices.ok && indices.value.includes(at) && (!equalBytes(tag, message.id) || leaf.value.own === at);
}

/** Verifies that a block holds a message at this place, and lists it under all of its tags. */
export function verifyInBlock(
  header: IncludedHeader,
  message: VerifiedMessage,
  place: BlockPlace,
): Result<void, ReceiptCode> {
  const { index } = place.message;
  const included = verifyMessageEntry(header, { ...place.message, leaf: message.leaf });
  if (!included.ok) return refuse('receipt-inclusion', included.code);
  const tags = listedTags(message);
  if (tags.length !== place.tags.length) return refuse('receipt-tags', `${place.tags.length} proofs`);
  for (const [i, tag] of tags.entries()) {
    const entry = place.tags[i];
    if (entry === undefined || !lists(header, message, index, tag, entry)) {
      return refuse('receipt-tags', toHex(tag));
    }
  }
  return ok(undefined);
}

/**
 * Verifies where a message stands: its block under the checkpoint, its leaf in the block, and the entries of all its
 * tags.
 */
export function verifyPlace(
  ledger: Ledger,
  message: VerifiedMessage,
  proof: PlaceProof,
): Result<VerifiedPlace, ReceiptCode> {
  const log = LogHeaders.open(ledger, proof.checkpoint);
  if (!log.ok) return refuse('receipt-checkpoint', log.code);
  const header = log.value.include(proof.block);
  if (!header.ok) return refuse('receipt-block', header.code);
  const inBlock = verifyInBlock(header.value, message, proof);
  if (!inBlock.ok) return inBlock;
  const position = proof.message.index;
  return ok({ header: header.value, position, log: log.value } as unknown as VerifiedPlace);
}

/**
 * Judges a receipt.
 *
 * @param ledger the id (32 bytes) of the ledger that is asked about; it comes from the reader, never from the receipt.
 */
export function verifyReceipt(
  bytes: Uint8Array,
  ledger: Uint8Array,
): Result<VerifiedReceipt, ReceiptCode | JsonCode> {
  const receipt = parseReceipt(bytes);
  if (!receipt.ok) return receipt;
  const { file, founding, leaf, place: placeProof, promise: promiseNote, ledger: named } = receipt.value;
  if (!equalBytes(named, ledger)) return refuse('receipt-ledger', toHex(named));
  if (!equalBytes(ledgerId(founding), ledger)) return refuse('receipt-founding');
  const founded = parseLedger(founding);
  if (!founded.ok) return refuse('receipt-founding', founded.code);
  const message = verifyMessage(leaf, undefined, ledger, founded.value.limits);
  if (!message.ok) return refuse('receipt-message', message.code);
  const record = readFileRecord(message.value);
  if (record?.ok !== true) return refuse('receipt-record', record?.code);
  if ((record.value.method === 'salted') !== (file.salt !== undefined))
    return refuse('receipt-value', 'salt');
  if (!equalBytes(recordedValue(file), record.value.value)) return refuse('receipt-value');
  const promise = promiseNote && openPromise(promiseNote, founded.value);
  if (promise?.ok === false) return refuse('receipt-promise', promise.code);
  if (promise !== undefined && !equalBytes(promise.value.message, message.value.id)) {
    return refuse('receipt-promise', 'another message');
  }
  const place = placeProof && verifyPlace(founded.value, message.value, placeProof);
  if (place?.ok === false) return place;
  return ok({
    ledger: founded.value,
    file,
    message: message.value,
    record: record.value,
    promise: promise?.value,
    place: place?.value,
  } as unknown as VerifiedReceipt);
}
