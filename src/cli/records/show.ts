/** How messages and blocks are shown. */
import { toBase64, toHex } from '../../core/bytes.ts';
import { readFileRecord } from '../../core/record/file-record.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { readLabels } from '../../core/record/record-note.ts';
import type { FoundMessage } from '../../wallet/explorer/copy.ts';

/** UTC, to the second. */
export function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** A payload type as it is shown in lists: our own ones by their last word. */
function shortType(type: string): string {
  return type.replace(/^application\/vnd\.countersign\.(.*)\.v1$/, '$1').slice(0, 24);
}

/** What a message says, as far as this version knows its type. */
function decoded({ message }: FoundMessage): Record<string, unknown> | undefined {
  const record = readFileRecord(message);
  if (record?.ok !== true) return undefined;
  const labels = readLabels(message.data ?? new Uint8Array());
  const published = labels.ok && Object.keys(labels.value).length > 0 ? { published: labels.value } : {};
  return { file: { method: record.value.method, value: toHex(record.value.value), ...published } };
}

/** A message as JSON, in the form of the command line. @param sealed when its block was sealed. */
export function messageJson(found: FoundMessage, sealed: number): Record<string, unknown> {
  const { hasData, height, position, message } = found;
  return {
    id: toHex(message.id),
    height,
    position,
    sealed: utc(sealed),
    type: message.payloadType,
    sender: toHex(message.sender),
    written: utc(message.head.time),
    tags: message.head.tags.map(toHex),
    body: message.head.body,
    dataBytes: message.dataLength,
    dataPresent: hasData,
    ...decoded(found),
  };
}

/** A message on one line. */
export function messageLine({ height, position, message }: FoundMessage, sealed: number): string {
  const place = `${height}.${position}`.padEnd(9);
  const type = shortType(message.payloadType).padEnd(17);
  return `${place} ${utc(sealed)}  ${type} by ${toHex(message.sender).slice(0, 16)}  ${toHex(message.id)}`;
}

/** A message, one part to a line. */
export function messageLines(found: FoundMessage, sealed: number, origin: string): readonly string[] {
  const { height, position, message } = found;
  const { head, payloadType } = message;
  const record = readFileRecord(message);
  const labels = record?.ok === true ? readLabels(message.data ?? new Uint8Array()) : undefined;
  const data = message.data === undefined ? 'absent' : message.dataLength === 0 ? 'none' : 'present';
  return [
    `message    ${toHex(message.id)}`,
    `ledger     ${origin}`,
    `place      message ${position} of block ${height}, sealed ${utc(sealed)}`,
    `signed by  ${toHex(message.sender)}`,
    `written    ${utc(head.time)}, as the signer says`,
    `type       ${payloadType}`,
    ...head.tags.map((tag, i) => `${i === 0 ? 'tags     ' : '         '}  ${toHex(tag)}`),
    `data       ${data === 'none' ? data : `${message.dataLength} bytes, ${data}`}`,
    ...(record?.ok === true
      ? [
          `says       a file was recorded, with a ${record.value.method === 'salted' ? 'salted' : 'public'} hash`,
          `           ${toHex(record.value.value)}`,
        ]
      : [`body       ${JSON.stringify(head.body)}`]),
    ...(labels?.ok === true
      ? Object.entries(labels.value).map(([name, text]) => `${name.padEnd(9)}  ${String(text)}`)
      : []),
  ];
}

/** The bytes of a message, for other programs. */
export function rawMessage({ message }: FoundMessage): Record<string, string> {
  const data = message.data === undefined ? {} : { data: toBase64(message.data) };
  return { leaf: toBase64(message.leaf), ...data };
}

/** A block as JSON. */
export function blockJson(header: BlockHeader): Record<string, unknown> {
  const { height, hash, previous, time, messages, tags, body } = header;
  return {
    height,
    hash: toHex(hash),
    ...(previous === undefined ? {} : { previous: toHex(previous) }),
    sealed: utc(time),
    messages: messages.count,
    tags: tags.count,
    bytes: body.size,
  };
}

/** A block on one line. */
export function blockLine({ height, hash, time, messages, body }: BlockHeader): string {
  const count = `${messages.count} message${messages.count === 1 ? '' : 's'}`;
  return `${String(height).padEnd(9)} ${utc(time)}  ${count.padEnd(14)} ${String(body.size).padStart(10)} bytes  ${toHex(hash)}`;
}

/** What is said beside a list that may not hold everything. */
export const followsOnly =
  'This copy follows only your own; what others sent is not searched. Everything: "countersign sync --full".';
