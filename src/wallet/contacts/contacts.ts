/** Contacts: added by card, held against the record, checked by safety number, blocked when their key changes. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { CardCode } from '../../core/errors/card.ts';
import type { ContactCode } from '../../core/errors/contact.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SafetyCode } from '../../core/errors/safety.ts';
import { type ContactCard, matchCard } from '../../core/identity/card.ts';
import type { Identity, IdentityKey } from '../../core/identity/key-states.ts';
import { type SafetyNumber, safetyNumber } from '../../core/identity/safety-number.ts';
import { ownPublicKeys } from '../identity/own-identity.ts';
import { historyOf } from '../identity/statements.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { pinnedLedgers } from '../ledgers.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import {
  allChecks,
  allContacts,
  type CheckMethod,
  type Contact,
  keepCheck,
  keepContact,
  type KeyCheck,
  type KeyPair,
  localName,
  newContact,
} from './contact-rows.ts';
import { keysLookAlike, mixesScripts, skeleton } from './look-alike.ts';

/** How a contact stands, as far as the local copy of the record reaches. */
export type Standing =
  /** Its approved key is the one that counts. */
  | 'current'
  /** Its key is not on the record of the local copy. */
  | 'unannounced'
  /** Another key of the same identity counts now; it was not approved. */
  | 'changed'
  /** The identity has no key that counts. */
  | 'revoked'
  /** The card is not the one that the key announced. */
  | 'mismatch';

/** A contact with what is known of it. */
export interface KnownContact {
  readonly contact: Contact;
  readonly pinned: PinnedLedger;
  readonly standing: Standing;
  /** The identity on the record, when there is one. */
  readonly identity: Identity | undefined;
  /** The last check of the approved keys, if they were ever checked. */
  readonly check: KeyCheck | undefined;
}

function fail(code: ContactCode | CardCode | SafetyCode, detail?: string): CountersignError {
  return new CountersignError<ContactCode | CardCode | SafetyCode>(code, detail);
}

function sameKeys(one: KeyPair, other: KeyPair): boolean {
  return equalBytes(one.sign, other.sign) && equalBytes(one.encrypt, other.encrypt);
}

async function identityOf(
  wallet: Wallet,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<Identity | undefined> {
  return (await historyOf(wallet.database, joined, key)).identityOf(key);
}

function keyIn(identity: Identity, sign: Uint8Array): IdentityKey | undefined {
  return identity.keys.find((key) => equalBytes(key.sign, sign));
}

function standingOf(contact: Contact, identity: Identity | undefined): Standing {
  const announced = identity && keyIn(identity, contact.card.sign);
  if (identity === undefined || announced === undefined) return 'unannounced';
  if (!matchCard(contact.card, announced).ok) return 'mismatch';
  if (identity.current === undefined) return 'revoked';
  return sameKeys(identity.current, contact.approved) ? 'current' : 'changed';
}

async function known(
  wallet: Wallet,
  contact: Contact,
  pinned: PinnedLedger,
  checks: readonly KeyCheck[],
): Promise<KnownContact> {
  const identity = await identityOf(wallet, pinned.joined, contact.card.sign);
  const check = checks.findLast((one) => one.contact === contact.id && sameKeys(one.keys, contact.approved));
  return { contact, pinned, identity, standing: standingOf(contact, identity), check };
}

/** All contacts, by local name. @throws CountersignError with a `vault-`, `keychain-` or `store-` code. */
export async function knownContacts(wallet: Wallet): Promise<readonly KnownContact[]> {
  const rows = await wallet.privateRows();
  const checks = await allChecks(rows);
  const ledgers = await pinnedLedgers(wallet.database);
  const found: KnownContact[] = [];
  for (const contact of await allContacts(rows)) {
    const pinned = ledgers.find(({ joined }) => equalBytes(joined.ledger.id, contact.card.ledger));
    if (pinned !== undefined) found.push(await known(wallet, contact, pinned, checks));
  }
  return found;
}

/**
 * The contact that a person means.
 * @param given the whole local name, or at least 8 digits from the beginning of the key on the card or approved.
 * @throws CountersignError `contact-unknown`, `contact-ambiguous`
 */
export async function findContact(wallet: Wallet, given: string): Promise<KnownContact> {
  const all = await knownContacts(wallet);
  const byName = all.filter(({ contact }) => contact.name === given);
  const isKey = /^[0-9a-f]{8,64}$/.test(given);
  const startsSo = (key: Uint8Array): boolean => toHex(key).startsWith(given);
  const byKey = all.filter(
    ({ contact }) => isKey && (startsSo(contact.card.sign) || startsSo(contact.approved.sign)),
  );
  const found = byName.length > 0 ? byName : byKey;
  const [one] = found;
  if (one === undefined) throw fail('contact-unknown', given.slice(0, 100));
  if (found.length > 1) throw fail('contact-ambiguous', given.slice(0, 100));
  return one;
}

/**
 * A contact that may be acted with: its approved key is the one that counts.
 * @throws CountersignError `contact-changed`, `contact-revoked`, `contact-unannounced`, `card-announced`
 */
export function needCurrent({ contact, standing }: KnownContact): Contact {
  if (standing === 'current') return contact;
  const codes = {
    changed: 'contact-changed',
    revoked: 'contact-revoked',
    unannounced: 'contact-unannounced',
    mismatch: 'card-announced',
  } as const;
  throw fail(codes[standing], contact.name);
}

/** Why a new contact may be taken for somebody else, in sentences; empty when it may not. */
function likenesses(name: string, card: ContactCard, all: readonly Contact[]): readonly string[] {
  const found: string[] = [];
  const claimed = card.claims.name;
  for (const other of all) {
    if (keysLookAlike(card.sign, other.approved.sign) || keysLookAlike(card.sign, other.card.sign)) {
      found.push(`Its key begins or ends like the key of your contact ${other.name}.`);
    }
    const theirs = [other.name, other.card.claims.name].filter((text) => text !== undefined).map(skeleton);
    if (theirs.includes(skeleton(name)))
      found.push(`The name ${name} looks like your contact ${other.name}.`);
    if (claimed !== undefined && theirs.includes(skeleton(claimed))) {
      found.push(`It calls itself "${claimed}", which looks like your contact ${other.name}.`);
    }
  }
  for (const text of [name, claimed, card.claims.firm]) {
    if (text !== undefined && mixesScripts(text)) found.push(`"${text}" mixes letters of different scripts.`);
  }
  return [...new Set(found)];
}

/** What adding a contact would come to. */
export interface Proposal {
  readonly contact: Contact;
  readonly pinned: PinnedLedger;
  readonly standing: Standing;
  /** Reasons to look twice, in sentences. */
  readonly warnings: readonly string[];
}

/**
 * Judges a card that is to become a contact. Nothing is kept.
 * @param name what the user wants to call the contact.
 * @param now seconds since 1970.
 * @throws CountersignError `contact-name`, `contact-name-taken`, `contact-exists`, `contact-self`,
 *   `contact-same-person`, `card-announced`
 */
export async function proposeContact(
  wallet: Wallet,
  pinned: PinnedLedger,
  card: ContactCard,
  name: string,
  now: number,
): Promise<Proposal> {
  if (localName(name) === undefined || name.trim() !== name) throw fail('contact-name');
  const all = await allContacts(await wallet.privateRows());
  const onLedger = all.filter((other) => equalBytes(other.card.ledger, card.ledger));
  const isOurs = await holdsOwnKey(wallet, pinned, card);
  if (isOurs) throw fail('contact-self');
  const same = onLedger.find(({ card: { sign } }) => equalBytes(sign, card.sign));
  if (same !== undefined) throw fail('contact-exists', same.name);
  if (all.some((other) => other.name === name)) throw fail('contact-name-taken', name);
  const identity = await identityOf(wallet, pinned.joined, card.sign);
  const person = onLedger.find((other) => identity !== undefined && keyIn(identity, other.card.sign));
  if (person !== undefined) throw fail('contact-same-person', person.name);
  const contact = newContact(name, card, now);
  const standing = standingOf(contact, identity);
  if (standing === 'mismatch') throw fail('card-announced');
  return { contact, pinned, standing, warnings: likenesses(name, card, all) };
}

/** Whether a card is one's own, by its key; false when one has no key on that ledger. */
async function holdsOwnKey(wallet: Wallet, pinned: PinnedLedger, card: ContactCard): Promise<boolean> {
  try {
    return equalBytes((await ownPublicKeys(wallet, pinned)).sign, card.sign);
  } catch (error) {
    const codes = ['own-unannounced', 'vault-revoked'];
    if (error instanceof CountersignError && codes.includes(String(error.code))) return false;
    throw error;
  }
}

/** Keeps a contact that was proposed. */
export async function addContact(wallet: Wallet, { contact }: Proposal): Promise<void> {
  await keepContact(await wallet.privateRows(), contact);
}

/** The keys of a contact that a safety number is about: those that count on the record, else those on the card. */
export function keysToCompare({ contact, identity }: KnownContact): KeyPair {
  return identity?.current ?? contact.card;
}

/**
 * The safety number with a contact.
 * @throws CountersignError `contact-revoked`, `card-announced`, `own-unannounced`, `vault-revoked`, or a `safety-` code.
 */
export async function numberWith(wallet: Wallet, known: KnownContact): Promise<SafetyNumber> {
  if (known.standing === 'revoked') throw fail('contact-revoked', known.contact.name);
  if (known.standing === 'mismatch') throw fail('card-announced', known.contact.name);
  const { ledger } = known.contact.card;
  const own = await ownPublicKeys(wallet, known.pinned);
  const { sign, encrypt } = keysToCompare(known);
  const number = safetyNumber({ ledger, sign: own.sign, encrypt: own.encrypt }, { ledger, sign, encrypt });
  if (!number.ok) throw fail(number.code);
  return number.value;
}

/**
 * Takes over the keys that count now for a contact.
 * @throws CountersignError `contact-revoked`, `contact-unannounced`, `card-announced`
 */
export async function approveKeys(wallet: Wallet, known: KnownContact): Promise<void> {
  if (known.standing !== 'changed') needCurrent(known);
  const { sign, encrypt } = keysToCompare(known);
  await keepContact(await wallet.privateRows(), { ...known.contact, approved: { sign, encrypt } });
}

/**
 * Keeps 'I checked this key, how and when', and takes over the keys that were checked.
 * @param at seconds since 1970.
 * @throws CountersignError as {@link numberWith}
 */
export async function recordCheck(
  wallet: Wallet,
  known: KnownContact,
  how: CheckMethod,
  at: number,
  note?: string,
): Promise<void> {
  // A key that no number can be shown for cannot have been checked.
  await numberWith(wallet, known);
  const own = await ownPublicKeys(wallet, known.pinned);
  const { sign, encrypt } = keysToCompare(known);
  const rows = await wallet.privateRows();
  const check = { contact: known.contact.id, keys: { sign, encrypt }, own: own.sign, how, at };
  await keepCheck(rows, { ...check, ...(note === undefined ? {} : { note }) });
  await keepContact(rows, { ...known.contact, approved: { sign, encrypt } });
}
