/**
 * Judges a file by its content alone, for anybody: evidence, receipts, promises, cards. No file brings its own judge: which
 * ledger is meant comes from the reader, and without that a file shows at most that it agrees with itself.
 */
import { equalBytes, fromBase64, fromHex, fromUtf8, toHex, toUtf8 } from '../bytes.ts';
import { isJsonObject, type JsonObject, parseJson } from '../encoding/json.ts';
import type { EvidenceCode } from '../errors/evidence.ts';
import type { PromiseCode } from '../errors/promise.ts';
import type { ReceiptCode } from '../errors/receipt.ts';
import type { VerifyCode } from '../errors/verify.ts';
import { maxEvidenceBytes, verifyEvidence } from '../evidence/verify.ts';
import type { ContactCard } from '../identity/card.ts';
import { maxGivenCardBytes, readContactCard } from '../identity/card-link.ts';
import { noteLimits } from '../log/note.ts';
import { formatVerifierKey, type VerifierKey } from '../log/verifier-key.ts';
import { type LedgerCard, maxLedgerLinkLength, readLedgerCard } from '../record/ledger-card.ts';
import { type Ledger, parseLedger } from '../record/ledger.ts';
import { openPromise } from '../record/promise.ts';
import { maxReceiptBytes, type VerifiedReceipt, verifyReceipt } from '../record/receipt.ts';
import type { Refusal } from '../result.ts';

/** The longest file of any kind, in bytes. */
export const maxFileBytes = Math.max(maxEvidenceBytes, maxReceiptBytes, noteLimits.bytes);

/** Whom the reader trusts. */
export interface Trust {
  /** Ids of ledgers, 32 bytes each. */
  readonly ids: readonly Uint8Array[];
  /** Keys of logs. */
  readonly keys: readonly VerifierKey[];
  /** First blocks that are at hand: their hash is their id, so it does not matter where they come from. */
  readonly ledgers: readonly Ledger[];
  /** Whether the reader asks about these ledgers and no others: then a file about another one is refused. */
  readonly isAsked: boolean;
}

export type FileKind = 'evidence' | 'receipt' | 'promise' | 'ledger card' | 'contact card';

/** What a file shows. */
export interface FileVerdict {
  /** Undefined when it is none that is known. */
  readonly kind: FileKind | undefined;
  /** `open`: nothing is wrong with it, and it does not suffice. */
  readonly verdict: 'valid' | 'invalid' | 'open';
  /** Why it is not valid. */
  readonly code: string | undefined;
  readonly detail: string | undefined;
  /** The id of the ledger that it is about, in hexadecimal. */
  readonly ledger: string | undefined;
  readonly origin: string | undefined;
  /** What it shows, in whole sentences. */
  readonly shows: readonly string[];
  /** What was read, of the kinds with which a reader goes on. */
  readonly receipt?: VerifiedReceipt;
  readonly contact?: ContactCard;
  readonly card?: LedgerCard;
}

const nothing = {
  code: undefined,
  detail: undefined,
  ledger: undefined,
  origin: undefined,
  shows: [],
} as const;

function invalid(kind: FileKind | undefined, { code, detail }: Refusal): FileVerdict {
  return { ...nothing, kind, verdict: 'invalid', code, detail };
}

/** Seconds since 1970 as people read them. */
function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

/** The code of a file about another ledger than the one asked about. */
const otherLedger = {
  evidence: 'evidence-ledger',
  receipt: 'receipt-ledger',
  promise: 'promise-ledger',
} as const satisfies Partial<Record<FileKind, EvidenceCode | ReceiptCode | PromiseCode>>;

/** What was shown about a ledger, if it is the one that the reader means. */
function about(
  trust: Trust,
  ledger: Ledger,
  kind: keyof typeof otherLedger,
  shows: readonly string[],
  short?: VerifyCode,
): FileVerdict {
  const isTrusted =
    trust.ids.some((id) => equalBytes(id, ledger.id)) ||
    trust.keys.some((key) => formatVerifierKey(key) === formatVerifierKey(ledger.logKey));
  const known = { ...nothing, kind, ledger: ledger.idText, origin: ledger.origin, shows };
  if (!isTrusted && trust.isAsked) {
    return { ...known, verdict: 'invalid', code: otherLedger[kind], detail: ledger.idText, shows: [] };
  }
  const code: VerifyCode | undefined = isTrusted ? short : 'verify-no-anchor';
  return { ...known, verdict: code === undefined ? 'valid' : 'open', code };
}

/** The first block that a file brings along, by the id that it names: {@link parseLedger} is all that is asked of it. */
function foundingIn(json: JsonObject): Ledger | undefined {
  const founding = typeof json['founding'] === 'string' ? fromBase64(json['founding']) : undefined;
  const ledger = founding && parseLedger(founding);
  return ledger?.ok === true ? ledger.value : undefined;
}

/** The id of the ledger that a file names. */
function idIn(json: JsonObject): Uint8Array | undefined {
  return typeof json['ledger'] === 'string' ? fromHex(json['ledger'], 32) : undefined;
}

function judgeEvidence(bytes: Uint8Array, json: JsonObject, trust: Trust): FileVerdict {
  const ledger = foundingIn(json);
  const lie = verifyEvidence(bytes, idIn(json) ?? new Uint8Array(32));
  if (!lie.ok) return invalid('evidence', lie);
  if (ledger === undefined) throw new RangeError('evidence that verifies has a first block');
  const { kind, sentence } = lie.value;
  return about(trust, ledger, 'evidence', [sentence, `The kind of evidence is ${kind}.`]);
}

function recordSentences({ file, message, place, promise, record }: VerifiedReceipt): readonly string[] {
  const about = `the file "${file.name}" with the SHA-256 ${toHex(file.hash)}`;
  const signed = `The key ${toHex(message.sender)} signed a record of ${about}, as message ${toHex(message.id)}.`;
  const salted = record.method === 'salted' ? ['Only a salted hash of the file is public.'] : [];
  if (place !== undefined) {
    const { header, log, position } = place;
    const stands = `It stands on the record as message ${position} of block ${header.height}, sealed ${utc(header.time)}`;
    return [signed, `${stands}, under a head of ${log.size} blocks that the operator signed.`, ...salted];
  }
  if (promise === undefined) return [signed, ...salted];
  return [
    signed,
    `The operator promised, signed, to record it not later than ${utc(promise.lastTime)}.`,
    ...salted,
  ];
}

function judgeReceipt(bytes: Uint8Array, json: JsonObject, trust: Trust): FileVerdict {
  const receipt = verifyReceipt(bytes, idIn(json) ?? new Uint8Array(32));
  if (!receipt.ok) return invalid('receipt', receipt);
  const { ledger, place } = receipt.value;
  const short = place === undefined ? 'verify-not-recorded' : undefined;
  const verdict = about(trust, ledger, 'receipt', recordSentences(receipt.value), short);
  return { ...verdict, receipt: receipt.value };
}

const promiseStart = 'countersign/promise/v1\n';

function judgePromiseNote(bytes: Uint8Array, text: string, trust: Trust): FileVerdict {
  const named = /^ledger ([0-9a-f]{64})$/m.exec(text)?.[1];
  const ledger = trust.ledgers.find(({ idText }) => idText === named);
  if (ledger === undefined) {
    return { ...nothing, kind: 'promise', verdict: 'open', code: 'verify-no-founding', ledger: named };
  }
  const promise = openPromise(bytes, ledger);
  if (!promise.ok) return invalid('promise', promise);
  const { message, size, lastHeight, lastTime } = promise.value;
  return about(trust, ledger, 'promise', [
    `The operator promised, signed, to seal the message ${toHex(message)} in a block from ${size} to ${lastHeight}, ` +
      `with a time not later than ${utc(lastTime)}.`,
    'Whether it kept the promise, the promise does not say.',
  ]);
}

/** What a ledger card says. Nobody signs one: it can only fit, or not, the ledgers that the reader knows. */
function judgeLedgerCard(card: LedgerCard, trust: Trust): FileVerdict {
  const id = toHex(card.ledger);
  const known = { ...nothing, kind: 'ledger card' as const, ledger: id, origin: card.origin, card };
  const shows = [`The card names the ledger ${card.origin} with the id ${id}.`];
  const joined = trust.ledgers.find(({ idText, origin }) => idText === id || origin === card.origin);
  const isIt = joined?.idText === id && formatVerifierKey(joined.logKey) === formatVerifierKey(card.log);
  if (joined !== undefined && !isIt)
    return { ...known, verdict: 'invalid', code: 'ledger-changed', detail: card.origin };
  const isTrusted = joined !== undefined && trust.ids.some((trusted) => equalBytes(trusted, card.ledger));
  if (isTrusted)
    return {
      ...known,
      verdict: 'valid',
      shows: [...shows, 'It is a ledger that you know, with its own key.'],
    };
  return { ...known, verdict: 'open', code: 'verify-unsigned' satisfies VerifyCode, shows };
}

function judgeContactCard(bytes: Uint8Array, ledgers: readonly Uint8Array[]): FileVerdict {
  const card = readContactCard(bytes, ledgers);
  const isUnknown = !card.ok && card.code === 'card-ledger';
  if (isUnknown) return { ...nothing, kind: 'contact card', verdict: 'open', code: 'verify-no-anchor' };
  if (!card.ok) return invalid('contact card', card);
  const { claims, ledger, sign } = card.value;
  const who = [claims.name, claims.role, claims.firm].filter((part) => part !== undefined).join(', ');
  const shows = [
    `The card claims the key ${toHex(sign)} for ${who === '' ? 'somebody without a name' : who}.`,
  ];
  const code: VerifyCode = 'verify-unsigned';
  const contact = card.value;
  return { ...nothing, kind: 'contact card', verdict: 'open', code, ledger: toHex(ledger), shows, contact };
}

/** A card as JSON or link, of either kind. White space around it does not count. */
function judgeCard(bytes: Uint8Array, trust: Trust): FileVerdict | undefined {
  if (bytes.length > Math.max(maxGivenCardBytes, 2 * maxLedgerLinkLength)) return undefined;
  const text = fromUtf8(bytes)?.trim() ?? '';
  const json = objectIn(toUtf8(text)) ?? {};
  if ('endpoints' in json || text.startsWith('countersign:ledger/')) {
    const card = readLedgerCard(bytes);
    return card.ok ? judgeLedgerCard(card.value, trust) : invalid('ledger card', card);
  }
  const isContact = 'card' in json || text.startsWith('countersign:contact/');
  const named = idIn(json);
  return isContact ? judgeContactCard(bytes, named === undefined ? trust.ids : [named]) : undefined;
}

/** The object that these bytes are, as canonical JSON. */
function objectIn(bytes: Uint8Array): JsonObject | undefined {
  const json = parseJson(bytes, maxFileBytes);
  return json.ok && isJsonObject(json.value) ? json.value : undefined;
}

/** The first block that a file brings along, for judging others of the same ledger. */
export function ledgerIn(bytes: Uint8Array): Ledger | undefined {
  const json = objectIn(bytes);
  return json && foundingIn(json);
}

/** Judges a file of any kind. At most {@link maxFileBytes} of it are looked at. */
export function judgeFile(bytes: Uint8Array, trust: Trust): FileVerdict {
  if (bytes.length <= noteLimits.bytes) {
    const text = fromUtf8(bytes) ?? '';
    if (text.startsWith(promiseStart)) return judgePromiseNote(bytes, text, trust);
  }
  const json = objectIn(bytes);
  if (json !== undefined && 'evidence' in json) return judgeEvidence(bytes, json, trust);
  if (json !== undefined && 'receipt' in json) return judgeReceipt(bytes, json, trust);
  const card = judgeCard(bytes, trust);
  if (card !== undefined) return card;
  const read = parseJson(bytes, maxFileBytes);
  const isJson = bytes[0] === 0x7b;
  const code: VerifyCode = 'verify-kind';
  return invalid(undefined, !read.ok && isJson ? read : { ok: false, code });
}
