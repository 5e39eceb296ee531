/** What was judged, as a window shows it. */
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type ContactCard, matchCard } from '../../core/identity/card.ts';
import { contactLink } from '../../core/identity/card-link.ts';
import { type LedgerCard, ledgerLink } from '../../core/record/ledger-card.ts';
import type { VerifiedReceipt } from '../../core/record/receipt.ts';
import type { FileVerdict as JudgedFile } from '../../core/verify/file.ts';
import type {
  DocumentView,
  GivenContactView,
  JudgedView,
  PlacedView,
} from '../../contract/channels/check.ts';
import { historyOf } from '../../wallet/identity/statements.ts';
import { effectOf, pinnedLedgers } from '../../wallet/ledgers.ts';
import { checkFile, type Recorded } from '../../wallet/records/check-file.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { failureOf } from '../explanations.ts';
import type { Owners } from './owners.ts';

/** What is known beside the file itself. */
export interface Known {
  readonly wallet: Wallet;
  readonly owners: Owners;
  /** Ids of one's own messages, in hexadecimal. */
  readonly own: ReadonlySet<string>;
}

interface Placed {
  readonly origin: string;
  readonly message: { readonly id: Uint8Array; readonly sender: Uint8Array };
  readonly header: { readonly height: number; readonly time: number };
  readonly position: number;
  readonly size: number;
}

export function placedView(placed: Placed, { owners, own }: Known): PlacedView {
  const { origin, message, header, position, size } = placed;
  const id = toHex(message.id);
  return {
    origin,
    height: header.height,
    position,
    sealed: header.time,
    sender: toHex(message.sender),
    message: id,
    headSize: size,
    own: own.has(id),
    ...owners.of(message.sender),
  };
}

type Asked =
  | Recorded
  | { readonly verdict: 'invalid' | 'open'; readonly code: string; readonly detail?: string | undefined };

/**
 * Whether the file with this hash is on record. Where one's own records are sealed, that cannot be told without them.
 * @throws CountersignError with a `store-` code, or one about the copy.
 */
export async function askDocument(
  wallet: Wallet,
  fileHash: Uint8Array,
  receipt?: Uint8Array,
): Promise<Asked> {
  try {
    return await checkFile(wallet, { fileHash, ...(receipt === undefined ? {} : { receipt }) });
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError;
    if (!code.startsWith('vault-') && !code.startsWith('keychain-')) throw error;
    return { verdict: 'open', code, detail };
  }
}

/** Whether a file is on record. */
export function documentView(name: string, hash: Uint8Array, found: Asked, known: Known): DocumentView {
  const base = { kind: 'document', name, hash: toHex(hash) } as const;
  if (found.verdict !== 'recorded') {
    return { ...base, verdict: found.verdict, failure: failureOf(found.code, found.detail) };
  }
  const { method, by } = found;
  return { ...base, verdict: 'valid', method, by, ...placedView(found, known) };
}

function receiptView(receipt: VerifiedReceipt, known: Known): NonNullable<JudgedView['receipt']> {
  const { file, ledger, message, place } = receipt;
  const about = { file: file.name, hash: toHex(file.hash) };
  if (place === undefined) return about;
  const { header, position, log } = place;
  const placed = { origin: ledger.origin, message, header, position, size: log.size };
  return { ...about, place: placedView(placed, known) };
}

/** How the key of a card stands on the record, and whether it announced this very card. */
async function standingOf(wallet: Wallet, card: ContactCard): Promise<GivenContactView['standing']> {
  const ledgers = await pinnedLedgers(wallet.database);
  const pinned = ledgers.find(({ joined }) => joined.ledger.idText === toHex(card.ledger));
  if (pinned === undefined) return 'elsewhere';
  try {
    const identity = (await historyOf(wallet.database, pinned.joined, card.sign)).identityOf(card.sign);
    const key = identity?.keys.find(({ sign }) => toHex(sign) === toHex(card.sign));
    if (identity === undefined || key === undefined) return 'unannounced';
    if (!matchCard(card, key).ok) return 'mismatch';
    return identity.current === undefined ? 'revoked' : 'announced';
  } catch (error) {
    // A copy that does not follow this key cannot tell; adding the contact fetches what lacks.
    if (error instanceof CountersignError && error.code === 'follow-tag') return 'unannounced';
    throw error;
  }
}

async function contactView(card: ContactCard, { wallet, owners }: Known): Promise<GivenContactView> {
  return {
    link: contactLink(card),
    says: { ...card.claims },
    key: toHex(card.sign),
    standing: await standingOf(wallet, card),
    isSealed: owners.isSealed,
    ...owners.of(card.sign),
  };
}

async function cardView(card: LedgerCard, { wallet }: Known): Promise<NonNullable<JudgedView['card']>> {
  return { link: ledgerLink(card), effect: await effectOf(wallet.database, card) };
}

/** A file that was judged by what is in it; undefined when it is of no kind that is known. */
export async function judgedView(
  name: string,
  judged: JudgedFile,
  known: Known,
): Promise<JudgedView | undefined> {
  const { kind, verdict, code, detail, ledger, origin, shows, receipt, contact, card } = judged;
  if (kind === undefined) return undefined;
  return {
    kind,
    name,
    verdict,
    shows,
    ...(origin === undefined ? {} : { origin }),
    ...(ledger === undefined ? {} : { ledger }),
    ...(code === undefined ? {} : { failure: failureOf(code, detail) }),
    ...(receipt === undefined ? {} : { receipt: receiptView(receipt, known) }),
    ...(contact === undefined ? {} : { contact: await contactView(contact, known) }),
    ...(card === undefined || verdict === 'invalid' ? {} : { card: await cardView(card, known) }),
  };
}
