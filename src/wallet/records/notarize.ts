/** Notarizing files: each gets a signed record, kept and queued here before anything is sent. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { ReceiptCode } from '../../core/errors/receipt.ts';
import type { SignedMessage } from '../../core/record/envelope.ts';
import { receiptName } from '../../core/record/receipt.ts';
import { type Labels, labelsJson, writeLabels } from '../../core/record/record-note.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { queueMessages } from '../outbox/outbox.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import type { Signer } from '../vault/signer.ts';
import type { Wallet } from '../wallet.ts';
import { composeFileRecord, hashFile } from '../workflows/record-file.ts';
import { isRecordOf, type RecordOnRecord, recordsOnRecord } from './own-on-record.ts';
import { keepRecords, type OwnRecord, ownRecords } from './own-records.ts';

export interface NotarizeOptions {
  /** `public`: whoever has or guesses a file can tell that it was recorded. */
  readonly method: 'salted' | 'public';
  readonly labels: Labels;
  /** Whether the labels go on the record too, for everybody to read and for good. */
  readonly publish: boolean;
  /** Record files again that this profile recorded before in the same way. */
  readonly again: boolean;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Stops after the file in hand. */
  readonly signal: AbortSignal;
}

/** What was done with one file. */
export interface Notarized {
  readonly record: OwnRecord;
  /** The file that was given; for one that is not new its record may name another one with the same content. */
  readonly path: string;
  /** False: it had been recorded in the same way before, and nothing was done. */
  readonly isNew: boolean;
}

/** Files that are kept and queued in one step. */
const batch = 100;

/** What makes two records of one file the same. */
function sameness(hash: Uint8Array, isSalted: boolean, labels: Labels, isPublished: boolean): string {
  const named = Object.entries(labelsJson(labels)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([toHex(hash), isSalted, named, isPublished]);
}

/** A name that a receipt can hold: without what cannot be shown, never empty. */
function nameOf(path: string): string {
  const name = basename(path).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return receiptName(Array.from(name).slice(0, 255).join('')) ?? 'file';
}

async function readFile(path: string, signal: AbortSignal): Promise<{ hash: Uint8Array; size: number }> {
  try {
    const { size } = await stat(path);
    const hash = await hashFile(path, signal);
    return { hash, size };
  } catch (cause) {
    if (signal.aborted) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CountersignError<ReceiptCode>('receipt-unreadable', `${path}: ${code}`, { cause });
  }
}

interface Desk {
  readonly vault: OpenVault;
  readonly signer: Signer;
  readonly rows: PrivateRows;
  readonly pinned: PinnedLedger;
  readonly options: NotarizeOptions;
  /** What was recorded before, by {@link sameness}. */
  readonly before: Map<string, OwnRecord>;
  /** What these words recorded on another machine, or before a restore: nothing of it is in the private rows. */
  readonly elsewhere: readonly RecordOnRecord[];
}

interface Made extends Notarized {
  readonly message: SignedMessage | undefined;
  /** Whether its private row is to be kept: it is new, or was made elsewhere. */
  readonly isToKeep: boolean;
}

/** The record of a file that was made elsewhere in the same way. What is private about it is what is said now. */
function madeElsewhere(
  { elsewhere, options, pinned }: Desk,
  { hash, size }: { readonly hash: Uint8Array; readonly size: number },
  path: string,
): OwnRecord | undefined {
  const isSalted = options.method === 'salted';
  const wanted = options.publish ? options.labels : {};
  const found = elsewhere.find(
    (record) =>
      (record.salt !== undefined) === isSalted &&
      sameness(hash, isSalted, record.labels, true) === sameness(hash, isSalted, wanted, true) &&
      isRecordOf(record, hash),
  );
  if (found === undefined) return undefined;
  const { message, salt } = found;
  const file = { hash, name: nameOf(path), size, ...(salt === undefined ? {} : { salt }) };
  const { labels, publish: isPublished } = options;
  const { id, leaf, head } = message;
  return { id, ledger: pinned.joined.ledger.id, file, leaf, labels, isPublished, path, time: head.time };
}

async function make(desk: Desk, path: string): Promise<Made> {
  const { vault, signer, pinned, options, before } = desk;
  const ledger = pinned.joined.ledger.id;
  const { hash, size } = await readFile(path, options.signal);
  const isSalted = options.method === 'salted';
  const same = sameness(hash, isSalted, options.labels, options.publish);
  const known = before.get(same);
  const isKnown = { path, isNew: false, message: undefined };
  if (known !== undefined && !options.again) return { ...isKnown, record: known, isToKeep: false };
  const adopted = options.again ? undefined : madeElsewhere(desk, { hash, size }, path);
  if (adopted !== undefined) {
    before.set(same, adopted);
    return { ...isKnown, record: adopted, isToKeep: true };
  }
  const time = options.now();
  const { message, salt } = composeFileRecord(signer, ledger, hash, time, {
    salt: isSalted ? (nonce) => vault.recordSalt(ledger, nonce) : 'public',
    data: options.publish ? writeLabels(options.labels) : new Uint8Array(),
  });
  const file = { hash, name: nameOf(path), size, ...(salt === undefined ? {} : { salt }) };
  const { labels, publish: isPublished } = options;
  const record = { id: message.id, ledger, file, leaf: message.leaf, labels, isPublished, path, time };
  before.set(same, record);
  return { record, path, isNew: true, message, isToKeep: true };
}

async function keep(wallet: Wallet, desk: Desk, made: readonly Made[]): Promise<void> {
  const added = made.filter(({ isToKeep }) => isToKeep);
  await keepRecords(
    desk.rows,
    added.map(({ record }) => record),
  );
  const messages = added.flatMap(({ message }) => (message === undefined ? [] : [message]));
  await queueMessages(wallet.database, desk.rows, desk.pinned.joined, messages);
}

/**
 * Records files: signs a record for each, keeps what is private about it, and queues it. Nothing is sent. What was
 * yielded is kept; when it is stopped, or a file cannot be read, so is everything before.
 * @throws CountersignError `receipt-unreadable`, or as `Wallet.signer`.
 */
export async function* notarize(
  wallet: Wallet,
  pinned: PinnedLedger,
  files: AsyncIterable<string>,
  options: NotarizeOptions,
): AsyncGenerator<Notarized> {
  const signer = await wallet.signer(pinned.joined.ledger.id);
  const vault = await wallet.unlock();
  const rows = await wallet.privateRows();
  const before = new Map<string, OwnRecord>();
  const known = new Set<string>();
  for (const record of await ownRecords(rows, { ledger: pinned.joined.ledger.id })) {
    const { file, labels, isPublished } = record;
    before.set(sameness(file.hash, file.salt !== undefined, labels, isPublished), record);
    known.add(toHex(record.id));
  }
  const elsewhere: RecordOnRecord[] = [];
  for await (const record of recordsOnRecord(wallet, pinned.joined, known)) elsewhere.push(record);
  const desk = { vault, signer, rows, pinned, options, before, elsewhere };
  let made: Made[] = [];
  try {
    for await (const path of files) {
      if (options.signal.aborted) break;
      made.push(await make(desk, path));
      if (made.length < batch) continue;
      const full = made;
      made = [];
      await keep(wallet, desk, full);
      yield* full;
    }
  } catch (error) {
    if (!options.signal.aborted) {
      await keep(wallet, desk, made);
      yield* made;
      throw error;
    }
  }
  await keep(wallet, desk, made);
  yield* made;
}
