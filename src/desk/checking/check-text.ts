/** A text that somebody gave: a card, a link, an id, a hash, or what stood in a QR code. It is hostile until it is parsed. */
import { equalBytes, fromHex, toHex, toUtf8 } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VerifyCode } from '../../core/errors/verify.ts';
import type { CheckView, FoundView } from '../../contract/channels/check.ts';
import { numberWith } from '../../wallet/contacts/contacts.ts';
import { historyOf } from '../../wallet/identity/statements.ts';
import { type PinnedLedger, pinnedLedgers } from '../../wallet/ledgers.ts';
import { Prover } from '../../wallet/records/prover.ts';
import { verifyFiles } from '../../wallet/verify-files.ts';
import { failureOf } from '../explanations.ts';
import { askDocument, documentView, judgedView, type Known, placedView } from './views.ts';

/** How an id or a hash is written: also in groups, or in capital letters, as other programs do. */
const idForm = /^[0-9a-f]{64}$/;
const recordLink = /^countersign:record\/([0-9a-f]{64})$/;
const safetyForm = /^countersign-safety-v1:[0-9a-f]{128}$/;

const noteForm = /^countersign\/[a-z]+\/v\d+\n/;

const unknownKind: VerifyCode = 'verify-kind';

async function messageWith(
  id: Uint8Array,
  { joined, card }: PinnedLedger,
  known: Known,
): Promise<FoundView | undefined> {
  const placed = await new Prover(known.wallet.database, joined).place(id);
  if (placed === undefined) return undefined;
  const { header, position, log } = placed.place;
  const place = { origin: card.origin, message: placed.message, header, position, size: log.size };
  return { kind: 'message', name: toHex(id), verdict: 'valid', ...placedView(place, known) };
}

async function keyOn(
  key: Uint8Array,
  { joined, card }: PinnedLedger,
  { wallet, owners }: Known,
): Promise<FoundView | undefined> {
  const { origin } = card;
  const owner = owners.of(key);
  const name = toHex(key);
  const base = { kind: 'key', name, verdict: 'valid', key: name, origin, ...owner } as const;
  try {
    const identity = (await historyOf(wallet.database, joined, key)).identityOf(key);
    const found = identity?.keys.find(({ sign }) => equalBytes(sign, key));
    if (identity !== undefined && found !== undefined) {
      const { name: publicName, current } = identity;
      return {
        ...base,
        height: found.joinedAt.height,
        isCurrent: current !== undefined && equalBytes(current.sign, key),
        ...(publicName === undefined ? {} : { publicName }),
      };
    }
  } catch (error) {
    // A copy that does not follow this key cannot tell.
    if (!(error instanceof CountersignError && error.code === 'follow-tag')) throw error;
  }
  return owner.owner === undefined ? undefined : base;
}

/** Everything that a number of 32 bytes stands for: a message, the content of a file, a key, a ledger. */
async function findId(id: Uint8Array, known: Known): Promise<readonly CheckView[]> {
  const { wallet } = known;
  const found: CheckView[] = [];
  for (const pinned of await pinnedLedgers(wallet.database)) {
    const { origin } = pinned.card;
    const name = toHex(id);
    if (equalBytes(pinned.joined.ledger.id, id))
      found.push({ kind: 'ledger', name, verdict: 'valid', id: name, origin });
    const views = [await messageWith(id, pinned, known), await keyOn(id, pinned, known)];
    found.push(...views.filter((view) => view !== undefined));
  }
  const document = await askDocument(wallet, id);
  if (document.verdict === 'recorded') found.push(documentView(toHex(id), id, document, known));
  const { isSealed } = known.owners;
  return found.length > 0 ? found : [{ kind: 'nothing', name: toHex(id), verdict: 'open', isSealed }];
}

/** With whom this is one's own safety number. */
async function findSafety(text: string, { wallet, owners }: Known): Promise<CheckView> {
  const base = { kind: 'safety', name: '', isSealed: owners.isSealed } as const;
  for (const contact of owners.contacts) {
    const number = await numberWith(wallet, contact).catch((error: unknown) => {
      if (!(error instanceof CountersignError)) throw error;
      return undefined;
    });
    if (number?.qr !== text) continue;
    return { ...base, verdict: 'valid', ...owners.of(contact.contact.approved.sign) };
  }
  return { ...base, verdict: 'open' };
}

/** What a text is and what it shows. */
export async function checkText(given: string, known: Known): Promise<readonly CheckView[]> {
  const text = given.trim();
  const inOne = text.replace(/[\s:]/g, '').toLowerCase();
  const id = fromHex(recordLink.exec(text)?.[1] ?? (idForm.test(inOne) ? inOne : ''), 32);
  if (id !== undefined) return findId(id, known);
  if (safetyForm.test(text)) return [await findSafety(text, known)];
  // The last line end of a note is lost easily when it is copied.
  const bytes = toUtf8((noteForm.test(text) ? `${text}\n` : given).toWellFormed());
  const files = [{ path: '', read: () => Promise.resolve(bytes) }];
  const nobody = { cards: [], ids: [], keys: [] };
  for await (const { verdict } of verifyFiles(files, nobody, known.wallet.database)) {
    const view = await judgedView('', verdict, known);
    if (view !== undefined) return [view];
  }
  return [{ kind: 'unknown', name: '', verdict: 'invalid', failure: failureOf(unknownKind) }];
}
