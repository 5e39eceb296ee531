/**
 * What this profile recorded: which file, under which salt, for which matter. Sealed rows; what is asked of them is
 * looked up in memory, so that nothing on disk tells one matter from another.
 */
import { equalBytes, fromHex, toBase64, toHex } from '../../core/bytes.ts';
import {
  type JsonObject,
  type JsonValue,
  isJsonObject,
  parseJson,
  writeJson,
} from '../../core/encoding/json.ts';
import { base64UpTo, hexOf, integerFrom, readObject, time } from '../../core/encoding/members.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { maxLeafBytes } from '../../core/record/envelope.ts';
import { receiptName, type ReceiptFile } from '../../core/record/receipt.ts';
import { labelReaders, type Labels, labelsJson } from '../../core/record/record-note.ts';
import type { PrivateRows } from '../vault/private-rows.ts';

/** A record that this profile made. */
export interface OwnRecord {
  /** The message's id. */
  readonly id: Uint8Array;
  readonly ledger: Uint8Array;
  readonly file: ReceiptFile;
  /** The leaf of the message. */
  readonly leaf: Uint8Array;
  readonly labels: Labels;
  /** Whether the labels are on the record too, for everybody to read. */
  readonly isPublished: boolean;
  /** Where the file lay when it was recorded. */
  readonly path: string;
  /** When it was made: seconds since 1970. */
  readonly time: number;
}

/** The kind of the private rows. */
const rowKind = 'file-record';
const maxBytes = 262_144;
const codes = { members: 'vault-rows', value: 'vault-rows' } as const;
const object = (value: JsonValue): JsonObject | undefined => (isJsonObject(value) ? value : undefined);
const boolean = (value: JsonValue): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
/** As the file system has it: paths may hold anything. */
const pathText = (value: JsonValue): string | undefined => (typeof value === 'string' ? value : undefined);

function fail(detail: string): CountersignError<VaultCode> {
  return new CountersignError<VaultCode>('vault-rows', detail);
}

function recordOf(key: string, plain: Uint8Array): OwnRecord {
  const [ledgerText = '', idText = ''] = key.split('/');
  const ledger = fromHex(ledgerText, 32);
  const id = fromHex(idText, 32);
  const json = parseJson(plain, maxBytes);
  if (ledger === undefined || id === undefined || !json.ok) throw fail(rowKind);
  const read = readObject(json.value, codes, {
    file: object,
    labels: object,
    leaf: base64UpTo(maxLeafBytes),
    path: pathText,
    published: boolean,
    time,
  });
  if (!read.ok) throw fail(read.detail ?? rowKind);
  const { leaf, path, published: isPublished, time: at } = read.value;
  const file = readObject(
    read.value.file,
    codes,
    { hash: hexOf(32), name: receiptName, size: integerFrom(0, Number.MAX_SAFE_INTEGER) },
    { salt: hexOf(32) },
  );
  const labels = readObject(read.value.labels, codes, {}, labelReaders);
  if (!file.ok || !labels.ok) throw fail(rowKind);
  return {
    id,
    ledger,
    file: file.value,
    leaf,
    labels: labelsJson(labels.value),
    isPublished,
    path,
    time: at,
  };
}

function plainOf({ file, labels, leaf, isPublished, path, time: at }: OwnRecord): Uint8Array {
  const { hash, name, salt, size } = file;
  return writeJson({
    file: { hash: toHex(hash), name, ...(salt === undefined ? {} : { salt: toHex(salt) }), size },
    labels: labelsJson(labels),
    leaf: toBase64(leaf),
    path: path.replace(/\p{Cs}/gu, '\u{fffd}'),
    published: isPublished,
    time: at,
  });
}

/** Keeps records, all or none. To be called before their messages are queued: no message goes out without its salt. */
export async function keepRecords(rows: PrivateRows, records: readonly OwnRecord[]): Promise<void> {
  await rows.putAll(
    rowKind,
    records.map((record) => ({ key: `${toHex(record.ledger)}/${toHex(record.id)}`, plain: plainOf(record) })),
  );
}

/** What own records are looked for by; every member must fit. */
export interface RecordFilter extends Labels {
  readonly ledger?: Uint8Array;
  readonly fileHash?: Uint8Array;
}

/** Whether a label holds what was asked for, in whatever case. */
function holds(label: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || label?.toLowerCase().includes(asked.toLowerCase()) === true;
}

/** Whether labels fit: each text that is asked for is part of its label, in whatever case. */
export function labelsFit(labels: Labels, asked: Labels): boolean {
  return (
    holds(labels.client, asked.client) &&
    holds(labels.matter, asked.matter) &&
    holds(labels.reference, asked.reference) &&
    holds(labels.text, asked.text)
  );
}

/** Whether a record fits a filter. Texts fit when they are part of the label, in whatever case. */
function fits({ ledger, file, labels }: OwnRecord, filter: RecordFilter): boolean {
  return (
    (filter.ledger === undefined || equalBytes(ledger, filter.ledger)) &&
    (filter.fileHash === undefined || equalBytes(file.hash, filter.fileHash)) &&
    labelsFit(labels, filter)
  );
}

/** The own records that fit, the newest first. @throws CountersignError `vault-rows` */
export async function ownRecords(rows: PrivateRows, filter: RecordFilter): Promise<readonly OwnRecord[]> {
  const found: OwnRecord[] = [];
  for await (const { key, plain } of rows.each(rowKind)) {
    const record = recordOf(key, plain);
    if (fits(record, filter)) found.push(record);
  }
  return found.sort((a, b) => b.time - a.time);
}

/** The own record with this message id, or undefined. @throws CountersignError `vault-rows` */
export async function ownRecord(
  rows: PrivateRows,
  ledger: Uint8Array,
  id: Uint8Array,
): Promise<OwnRecord | undefined> {
  const key = `${toHex(ledger)}/${toHex(id)}`;
  const plain = await rows.get(rowKind, key);
  return plain && recordOf(key, plain);
}
