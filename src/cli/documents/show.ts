/** How documents are told: sizes, how far one is on its way, and lists of them. */
import { toHex } from '../../core/bytes.ts';
import type { ChannelDocument } from '../../wallet/documents/documents.ts';
import type { DocumentProgress } from '../../wallet/documents/local-file.ts';
import type { DocumentStanding } from '../../wallet/documents/download.ts';
import type { Footprint } from '../../wallet/documents/upload.ts';
import type { Upload } from '../../wallet/documents/upload-rows.ts';
import { counted, short } from '../channel/words.ts';
import type { Terminal } from '../output.ts';
import { utc } from '../records/show.ts';

/** A length as people read it. */
export function sizeOf(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte');
  const isSmall = bytes < 1_000_000;
  const value = isSmall ? bytes / 1000 : bytes / 1_000_000;
  return `${value < 100 ? value.toPrecision(3) : Math.round(value).toLocaleString('en-US')} ${isSmall ? 'kB' : 'MB'}`;
}

const phases: Readonly<Record<DocumentProgress['phase'], string>> = {
  hashing: 'reading',
  sending: 'sending',
  checking: 'checking',
  writing: 'writing',
};

/** Shows how far a document is. */
export function progressOn(terminal: Terminal): (progress: DocumentProgress) => void {
  return ({ phase, done, of }) => {
    terminal.progress(`${phases[phase]}: ${Math.floor((100 * done) / Math.max(of, 1))} % of ${sizeOf(of)}`);
  };
}

/** What everyone will see of a document that is sent. */
export function footprintLines({ dataBytes, parts }: Footprint): readonly string[] {
  return [
    'Everyone will see, for good, that your key sent to this transaction:',
    `  ${counted(parts, 'part')} of a document, ${dataBytes} bytes together, which says how long the file is, raised to a step`,
    '  a sealed message in this channel, which holds its name, its hash and the key to it',
  ];
}

/** The same as JSON. */
export function footprintJson({ chunks, dataBytes, padded, parts }: Footprint): Record<string, unknown> {
  return { public: { parts, chunks, paddedBytes: padded, dataBytes, messages: parts + 1 } };
}

/** A document in lines. */
export function documentLines(
  one: ChannelDocument,
  { chunks, missing }: DocumentStanding,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const { author, document, height, message, position, standing, time } = one;
  const { media, name, size } = document.content;
  const place = `${height}.${position}`.padEnd(7);
  const lines = [
    `${place} ${name}  ${sizeOf(size)}, ${media}`,
    `          sent ${utc(time)} by ${names.get(toHex(author)) ?? `key ${short(author)}`}, message ${short(message)}`,
  ];
  if (missing > 0)
    lines.push(`          ! ${missing} of ${counted(chunks, 'piece')} not in the copy on this machine`);
  if (standing === 'after')
    lines.push('          ! sealed for the earlier members after they had changed: they read it too');
  return lines;
}

/** A document as JSON. */
export function documentJson(one: ChannelDocument, standing: DocumentStanding): Record<string, unknown> {
  const { author, document, height, message, position, time } = one;
  const { hash, media, name, size } = document.content;
  const where = { message: toHex(message), height, position, author: toHex(author), written: utc(time) };
  const file = { name, media, bytes: size, sha256: toHex(hash), document: document.name };
  return { ...file, ...where, standing: one.standing, pieces: standing.chunks, missing: standing.missing };
}

/** An interrupted upload in a line. */
export function uploadLine({ document, path, parts }: Upload): string {
  const done = parts.reduce((sum, { count }) => sum + count, 0);
  return `unfinished: ${document.name}, ${sizeOf(document.size)}, ${counted(done, 'piece')} on the way; go on with the same file: ${path}`;
}

/** The same as JSON. */
export function uploadJson({ document, path, parts }: Upload): Record<string, unknown> {
  const pieces = parts.reduce((sum, { count }) => sum + count, 0);
  return { name: document.name, bytes: document.size, path, piecesOnTheWay: pieces };
}
