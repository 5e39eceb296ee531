/** Is this file on record, where, and since when? Answered from a receipt, or from what this profile knows itself. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import type { JsonCode } from '../../core/errors/json.ts';
import type { ReceiptCode } from '../../core/errors/receipt.ts';
import { judgeCheckpoint } from '../../core/log/judge.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { readFileRecord, recordTag } from '../../core/record/file-record.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import { parseReceipt, type VerifiedReceipt, verifyReceipt } from '../../core/record/receipt.ts';
import { httpReader } from '../../engines/http-reader.ts';
import { headerAt, type Place } from '../explorer/copy.ts';
import { messagesOldestFirst } from '../explorer/search.ts';
import { askTag } from '../follow/ask-tag.ts';
import { type PinnedLedger, pinnedLedgers } from '../ledgers.ts';
import { type OutboxState, outboxItem } from '../outbox/outbox.ts';
import { keepShownFork } from '../alarms/noticing.ts';
import { coveredBy } from '../store/followed-store.ts';
import { reachOf } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import { isRecordOf, type RecordOnRecord, recordsOnRecord } from './own-on-record.ts';
import { type OwnRecord, ownRecords } from './own-records.ts';
import { Prover } from './prover.ts';

/** The file is on record. */
export interface Recorded {
  readonly verdict: 'recorded';
  readonly origin: string;
  readonly ledger: Uint8Array;
  readonly message: VerifiedMessage;
  readonly method: 'salted' | 'public';
  readonly header: BlockHeader;
  readonly position: number;
  /** Number of blocks under the signed head by which this is known. */
  readonly size: number;
  /** What it is known from. */
  readonly by: 'receipt' | 'copy' | 'firehose';
}

/** Anything else, with the code that says why. `invalid`: not on record by what was given. `open`: it cannot be told. */
export interface NotShown {
  readonly verdict: 'invalid' | 'open';
  readonly code: ReceiptCode | JsonCode | FollowCode;
  readonly detail?: string | undefined;
}

export type FileVerdict = Recorded | NotShown;

function open(code: ReceiptCode | FollowCode, detail?: string): NotShown {
  return { verdict: 'open', code, detail };
}

function invalid(code: ReceiptCode | JsonCode, detail?: string): NotShown {
  return { verdict: 'invalid', code, detail };
}

/** Whether enough witnesses vouch for a head, by the policy that the ledger was joined with. */
function isWitnessed(pinned: PinnedLedger, checkpoint: Uint8Array): boolean {
  const verdict = judgeCheckpoint(checkpoint, pinned.card.trust);
  return verdict.ok && verdict.value.quorum === 'met';
}

/** What the verified copy says of a message. */
async function inCopy(
  pinned: PinnedLedger,
  prover: Prover,
  id: Uint8Array,
  method: Recorded['method'],
): Promise<FileVerdict | undefined> {
  const { joined, card } = pinned;
  const placed = await prover.place(id);
  if (placed === undefined) return undefined;
  const { header, position, log } = placed.place;
  if (!isWitnessed(pinned, placed.proof.checkpoint)) return open('receipt-witnesses', card.origin);
  const { origin, ledger } = { origin: card.origin, ledger: joined.ledger.id };
  const { message } = placed;
  return {
    verdict: 'recorded',
    origin,
    ledger,
    message,
    method,
    header,
    position,
    size: log.size,
    by: 'copy',
  };
}

const stateWords: Readonly<Record<OutboxState, string>> = {
  queued: 'it waits on this machine to be sent',
  accepted: 'the operator promised, signed, to record it',
  'in-block': 'it was in a block that this copy does not show any more',
  refused: 'the firehose refused it',
  broken: 'the operator promised to record it in time and did not; the evidence is kept',
};

/** Judges a receipt and a file against it. @param root whom the reader trusts: ids of ledgers, 32 bytes each. */
async function byReceipt(
  wallet: Wallet | undefined,
  fileHash: Uint8Array,
  bytes: Uint8Array,
  root: Uint8Array | undefined,
): Promise<FileVerdict> {
  const parsed = parseReceipt(bytes);
  if (!parsed.ok) return invalid(parsed.code, parsed.detail);
  const named = parsed.value.ledger;
  const all = wallet === undefined ? [] : await pinnedLedgers(wallet.database);
  const pinned = all.find(({ joined }) => equalBytes(joined.ledger.id, named));
  const shown = verifyReceipt(bytes, root ?? named);
  if (!shown.ok) return invalid(shown.code, shown.detail);
  const receipt = shown.value;
  if (!equalBytes(receipt.file.hash, fileHash)) return invalid('receipt-file');
  if (root === undefined && pinned === undefined) return open('receipt-no-root', toHex(named));
  const recorded = receiptVerdict(receipt);
  if (wallet === undefined || pinned === undefined) return recorded ?? open('receipt-pending');
  if (recorded === undefined) {
    const prover = new Prover(wallet.database, pinned.joined);
    const found = await inCopy(pinned, prover, receipt.message.id, receipt.record.method);
    return found ?? open('receipt-pending', receipt.promise && stateWords.accepted);
  }
  const here = await headerAt(wallet.database, pinned.joined, recorded.header.height);
  const head = parsed.value.place?.checkpoint;
  if (here !== undefined && !equalBytes(here.hash, recorded.header.hash)) {
    if (head !== undefined) await keepShownFork(wallet.store, pinned.joined, head, 'a receipt');
    return invalid('receipt-fork', `block ${here.height}`);
  }
  if (head === undefined || isWitnessed(pinned, head)) return recorded;
  // The copy's head is newer: it may have the witnesses that the receipt's lacked.
  const isHere = here !== undefined && isWitnessed(pinned, pinned.joined.checkpoint ?? new Uint8Array());
  return isHere ? recorded : open('receipt-witnesses', pinned.card.origin);
}

function receiptVerdict({ ledger, message, record, place }: VerifiedReceipt): Recorded | undefined {
  if (place === undefined) return undefined;
  const { header, position, log } = place;
  const { origin, id } = ledger;
  return {
    ...{ verdict: 'recorded', origin, ledger: id, message, method: record.method },
    ...{ header, position, size: log.size, by: 'receipt' },
  };
}

/** Whether a message records this hash for everybody to see. */
function isPublicRecord(message: VerifiedMessage, fileHash: Uint8Array): boolean {
  const record = readFileRecord(message);
  return record?.ok === true && record.value.method === 'public' && equalBytes(record.value.value, fileHash);
}

/** The earliest public record of this hash: in the copy of a ledger or, where that only follows, by asking for it. */
async function publicRecord(
  wallet: Wallet,
  pinned: PinnedLedger,
  prover: Prover,
  fileHash: Uint8Array,
): Promise<FileVerdict | undefined> {
  const { joined } = pinned;
  const tag = recordTag(fileHash);
  const reach = reachOf(joined);
  const isKnown = reach <= joined.filled || ((await coveredBy(wallet.database, joined, tag)) ?? 0) >= reach;
  if (!isKnown) return askedRecord(wallet, pinned, fileHash);
  for await (const { message } of messagesOldestFirst(wallet.database, joined, tag)) {
    if (isPublicRecord(message, fileHash)) return inCopy(pinned, prover, message.id, 'public');
  }
  return undefined;
}

/** How long one request may take, in milliseconds. */
const timeoutMs = 30_000;

/** The earliest public record of this hash, from the first address that answers, with the same proofs. */
async function askedRecord(
  { database }: Wallet,
  pinned: PinnedLedger,
  fileHash: Uint8Array,
): Promise<FileVerdict | undefined> {
  const { joined, card } = pinned;
  let why: string | undefined;
  for (const endpoint of card.endpoints) {
    const reader = httpReader(new URL(endpoint), timeoutMs);
    try {
      for await (const { message, height, position } of askTag(
        database,
        joined,
        reader,
        recordTag(fileHash),
      )) {
        if (!isPublicRecord(message, fileHash)) continue;
        if (!isWitnessed(pinned, joined.checkpoint ?? new Uint8Array()))
          return open('receipt-witnesses', card.origin);
        const header = await headerAt(database, joined, height);
        if (header === undefined) throw new RangeError(`no header ${height}`);
        const ledger = joined.ledger.id;
        const place = { header, position, size: joined.size, by: 'firehose' } as const;
        return { verdict: 'recorded', origin: card.origin, ledger, message, method: 'public', ...place };
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      const { code, detail = '' } = error as CountersignError;
      if (!code.startsWith('sync-') && !code.startsWith('follow-')) throw error;
      why = `${code} ${detail}`.trim();
    }
  }
  return open('follow-only', why);
}

/** What this profile recorded itself, from its private rows. */
async function ownRecordsOf(wallet: Wallet, fileHash: Uint8Array): Promise<readonly OwnRecord[]> {
  const state = await wallet.vaultState();
  // A profile without an identity recorded nothing.
  if (state.name === 'none') return [];
  return ownRecords(await wallet.privateRows(), { fileHash });
}

/**
 * A salted record that was made with these words, on whichever machine. This finds one's own records after a restore,
 * when the private rows are gone.
 */
async function recordByWords(
  wallet: Wallet,
  pinned: PinnedLedger,
  prover: Prover,
  fileHash: Uint8Array,
): Promise<FileVerdict | undefined> {
  let earliest: RecordOnRecord | undefined;
  for await (const record of recordsOnRecord(wallet, pinned.joined, new Set())) {
    if (record.salt === undefined || !isRecordOf(record, fileHash)) continue;
    const isEarlier = earliest === undefined || comparePlaces(record, earliest) < 0;
    if (isEarlier) earliest = record;
  }
  return earliest && inCopy(pinned, prover, earliest.message.id, 'salted');
}

function comparePlaces(a: Place, b: Place): number {
  return a.height - b.height || a.position - b.position;
}

/** The earlier of two answers; one that is on record before one that is not. */
function earlier(a: FileVerdict | undefined, b: FileVerdict): FileVerdict {
  if (a?.verdict !== 'recorded') return b.verdict === 'recorded' || a === undefined ? b : a;
  return b.verdict === 'recorded' && b.header.time < a.header.time ? b : a;
}

async function byProfile(
  wallet: Wallet,
  fileHash: Uint8Array,
  ledger: Uint8Array | undefined,
): Promise<FileVerdict> {
  const all = await pinnedLedgers(wallet.database);
  const asked = all.filter(({ joined }) => ledger === undefined || equalBytes(joined.ledger.id, ledger));
  const provers = asked.map((pinned) => ({ pinned, prover: new Prover(wallet.database, pinned.joined) }));
  let best: FileVerdict | undefined;
  for (const { pinned, prover } of provers) {
    const found = await publicRecord(wallet, pinned, prover, fileHash);
    if (found !== undefined) best = earlier(best, found);
  }
  // Public records are found without the identity, so that nobody is asked for a passphrase in vain. Where it opens by
  // itself, a record of one's own may be older.
  if (best?.verdict === 'recorded' && (await wallet.vaultState()).name !== 'open') return best;
  for (const own of await ownRecordsOf(wallet, fileHash)) {
    const at = provers.find(({ pinned }) => equalBytes(pinned.joined.ledger.id, own.ledger));
    if (at === undefined) continue;
    const { pinned, prover } = at;
    const method = own.file.salt === undefined ? 'public' : 'salted';
    const found = await inCopy(pinned, prover, own.id, method);
    const item = await outboxItem(wallet.database, pinned.joined, own.id);
    best = earlier(best, found ?? open('receipt-pending', item && stateWords[item.state]));
  }
  // That there is no public record of it was asked, and shown.
  const following = asked.filter(({ joined }) => reachOf(joined) > joined.filled);
  const shown = following.map(
    ({ card, joined }) => `no public record of it in ${joined.size} blocks of ${card.origin}`,
  );
  const detail = shown.length === 0 ? undefined : shown.join('; ');
  if (best !== undefined || (await wallet.vaultState()).name === 'none') {
    return best ?? open('receipt-unknown', detail);
  }
  for (const { pinned, prover } of provers) {
    const found = await recordByWords(wallet, pinned, prover, fileHash);
    if (found !== undefined) best = earlier(best, found);
  }
  return best ?? open('receipt-unknown', detail);
}

/** What a check of a file is asked with. */
export interface FileQuestion {
  /** SHA-256 of the file. */
  readonly fileHash: Uint8Array;
  /** A receipt, as it was read. */
  readonly receipt?: Uint8Array;
  /** The id (32 bytes) of the ledger that is asked about, from the reader. */
  readonly ledger?: Uint8Array;
}

/**
 * Whether a file is on record.
 * @param wallet undefined when there is no profile: then the receipt and the id of the ledger must do.
 * @throws CountersignError with a `vault-`, `keychain-` or `store-` code.
 */
export async function checkFile(wallet: Wallet | undefined, question: FileQuestion): Promise<FileVerdict> {
  const { fileHash, receipt, ledger } = question;
  if (receipt !== undefined) return byReceipt(wallet, fileHash, receipt, ledger);
  if (wallet === undefined) return open('receipt-unknown');
  return byProfile(wallet, fileHash, ledger);
}
