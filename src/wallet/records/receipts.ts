/** Receipts of own records: for programs as JSON, for people as a page that can be printed. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, toUtf8 } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { makeFolders } from '../../engines/folders.ts';
import type { ReceiptCode } from '../../core/errors/receipt.ts';
import { composeReceipt, type VerifiedReceipt, verifyReceipt } from '../../core/record/receipt.ts';
import { outboxItem } from '../outbox/outbox.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { OwnRecord } from './own-records.ts';
import type { Prover } from './prover.ts';

/** A receipt as it is handed out. */
export interface IssuedReceipt {
  readonly bytes: Uint8Array;
  /** What a stranger will find in it. */
  readonly shows: VerifiedReceipt;
}

/**
 * The receipt of an own record, with everything that is known by now, judged as a stranger would.
 * @throws CountersignError with a `store-` code.
 */
export async function issueReceipt(
  database: Database,
  joined: JoinedLedger,
  prover: Prover,
  { file, id, leaf }: OwnRecord,
): Promise<IssuedReceipt> {
  const { ledger } = joined;
  const placed = await prover.place(id);
  const promise = (await outboxItem(database, joined, id))?.promise;
  const bytes = composeReceipt({
    file,
    founding: ledger.first.bytes,
    leaf,
    ...(placed === undefined ? {} : { place: placed.proof }),
    ...(promise === undefined ? {} : { promise }),
  });
  const shows = verifyReceipt(bytes, ledger.id);
  if (!shows.ok) throw new CountersignError(shows.code, shows.detail);
  return { bytes, shows: shows.value };
}

/** Seconds since 1970 as people read them. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A long text over several lines of a page. */
function wrapped(text: string, width = 64): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / width) }, (_, i) =>
    text.slice(i * width, (i + 1) * width),
  );
}

function placeLines({ place, promise }: VerifiedReceipt): readonly string[] {
  if (place !== undefined) {
    const { header, log, position } = place;
    return [
      `It stands on the record: message ${position} of block ${header.height},`,
      `sealed ${utc(header.time)}, under a head of ${log.size} blocks`,
      'that the operator of the ledger signed.',
    ];
  }
  if (promise === undefined) return ['It was NOT on the record when this receipt was written.'];
  return [
    'It was NOT on the record yet when this receipt was written. The operator',
    `promised, signed, to record it not later than ${utc(promise.lastTime)}.`,
  ];
}

/** The receipt as a page of plain text, lines of at most 76 characters. It says nothing private but name and salt. */
export function receiptPage(shows: VerifiedReceipt): string {
  const { file, ledger, message, record } = shows;
  const field = (name: string, lines: readonly string[]): readonly string[] =>
    lines.map((line, i) => `  ${(i === 0 ? name : '').padEnd(10)}${line}`);
  const salted = [
    'Only a salted hash of the file is public. Whoever has this receipt and the',
    'file can check the record; nobody else can tell which file it is about.',
  ];
  const open = ['The hash of the file is public: whoever has the file can find its record.'];
  const lines = [
    'RECEIPT FOR A RECORDED FILE',
    '',
    ...field('File', wrapped(file.name)),
    ...field('Size', [`${file.size} bytes`]),
    ...field('SHA-256', [toHex(file.hash)]),
    ...(file.salt === undefined ? [] : field('Salt', [toHex(file.salt)])),
    '',
    ...field('Ledger', [...wrapped(ledger.origin), ledger.idText]),
    ...field('Message', [toHex(message.id)]),
    ...field('Signed by', [toHex(message.sender)]),
    ...field('Written', [`${utc(message.head.time)}, as the signer says`]),
    '',
    ...placeLines(shows),
    '',
    ...(record.method === 'salted' ? salted : open),
    '',
    'To check it: countersign check FILE --receipt RECEIPT.json',
    'The record proves that the file existed when the block was sealed. It does not',
    'say who wrote the file, nor that what it says is true.',
  ];
  return `${lines.join('\n')}\n`;
}

/** A name for a receipt's files: that of the file, as far as every file system takes it, and the message's. */
function baseName({ file, id }: OwnRecord): string {
  const name = file.name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+/, '');
  return `${Array.from(name).slice(0, 60).join('') || 'file'}-${toHex(id).slice(0, 12)}`;
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, bytes, { flag: 'wx', mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a receipt into a folder, as `NAME-ID.receipt.json` and `NAME-ID.receipt.txt`, in place of an earlier one of the
 * same record.
 * @returns the path of the JSON file.
 * @throws CountersignError `receipt-cannot-write`
 */
export async function writeReceipt(
  folder: string,
  record: OwnRecord,
  { bytes, shows }: IssuedReceipt,
): Promise<string> {
  const path = join(folder, `${baseName(record)}.receipt`);
  try {
    await makeFolders(folder);
    await replace(`${path}.json`, bytes);
    await replace(`${path}.txt`, toUtf8(receiptPage(shows)));
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CountersignError<ReceiptCode>('receipt-cannot-write', `${folder}: ${code}`, { cause });
  }
  return `${path}.json`;
}
