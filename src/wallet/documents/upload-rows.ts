/** Documents on their way out: sealed rows, so that an interrupted sending goes on where it was. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { DocumentContent } from '../../core/channel/content.ts';
import { maxDocumentBytes } from '../../core/channel/content.ts';
import { type DocumentContext, documentKeys } from '../../core/channel/document.ts';
import type { JsonValue } from '../../core/encoding/json.ts';
import { arrayOf, hexOf, integerFrom, plainText, readObject } from '../../core/encoding/members.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';

/** A part that was signed and queued. */
export interface UploadPart {
  /** The message's id. */
  readonly id: Uint8Array;
  /** The number of its first chunk. */
  readonly first: number;
  readonly count: number;
}

/** A document of which not everything is on the record, or not said in the channel yet. */
export interface Upload {
  readonly context: DocumentContext;
  readonly document: DocumentContent;
  /** Where the file lay when its sending began. */
  readonly path: string;
  readonly parts: readonly UploadPart[];
}

const codes = { members: 'vault-rows', value: 'vault-rows' } as const;
/** As the file system has it: paths may hold anything. */
const pathText = (value: JsonValue): string | undefined => (typeof value === 'string' ? value : undefined);
const chunkNumber = integerFrom(0, 65_536);

function part(value: JsonValue): UploadPart | undefined {
  const read = readObject(value, codes, { count: chunkNumber, first: chunkNumber, id: hexOf(32) });
  return read.ok ? read.value : undefined;
}

function keyOf({ context, document }: Upload): string {
  return toHex(documentKeys(document.key, context).name);
}

const uploads = new PrivateTable<Upload>({
  kind: 'document-upload',
  maxBytes: 8_388_608,
  keyOf,
  write: ({ context, document, parts, path }) => ({
    channel: toHex(context.channel),
    hash: toHex(document.hash),
    key: toHex(document.key),
    ledger: toHex(context.ledger),
    media: document.media,
    name: document.name,
    parts: parts.map(({ count, first, id }) => ({ count, first, id: toHex(id) })),
    path: path.replace(/\p{Cs}/gu, '\u{fffd}'),
    sender: toHex(context.sender),
    size: document.size,
    transaction: toHex(context.transaction),
  }),
  read(json) {
    const read = readObject(json, codes, {
      channel: hexOf(32),
      hash: hexOf(32),
      key: hexOf(32),
      ledger: hexOf(32),
      media: plainText(127),
      name: plainText(255),
      parts: arrayOf(part, 65_536),
      path: pathText,
      sender: hexOf(32),
      size: integerFrom(0, maxDocumentBytes),
      transaction: hexOf(32),
    });
    if (!read.ok) return undefined;
    const { channel, ledger, sender, transaction, parts, path, ...file } = read.value;
    const context = { channel, ledger, sender, transaction };
    return { context, document: { kind: 'document', ...file }, parts, path };
  },
});

/** Keeps how far an upload is. */
export async function keepUpload(rows: PrivateRows, upload: Upload): Promise<void> {
  await uploads.put(rows, upload);
}

/** Forgets an upload: it is done, or its key is given up. */
export async function forgetUpload(rows: PrivateRows, upload: Upload): Promise<void> {
  await uploads.remove(rows, keyOf(upload));
}

/** The uploads of a ledger that are not done. @throws CountersignError `vault-rows` */
export async function openUploads(rows: PrivateRows, ledger: Uint8Array): Promise<readonly Upload[]> {
  return (await uploads.all(rows)).filter(({ context }) => equalBytes(context.ledger, ledger));
}

/** Whether an upload belongs to this channel and this key. */
export function isUploadOf({ context }: Upload, wanted: DocumentContext): boolean {
  return (
    equalBytes(context.channel, wanted.channel) &&
    equalBytes(context.transaction, wanted.transaction) &&
    equalBytes(context.sender, wanted.sender)
  );
}
