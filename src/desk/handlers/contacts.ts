/** Answers about contacts: read, added, listed, compared. */
import { open } from 'node:fs/promises';
import { equalBytes, toHex, toUtf8 } from '../../core/bytes.ts';
import type { CardCode } from '../../core/errors/card.ts';
import type { ContactCode } from '../../core/errors/contact.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { JsonCode } from '../../core/errors/json.ts';
import type { ContactCard } from '../../core/identity/card.ts';
import { contactLink, maxGivenCardBytes, readContactCard } from '../../core/identity/card-link.ts';
import type {
  AddedView,
  ContactPage,
  ContactRow,
  ContactState,
  GivenCardView,
} from '../../contract/channels/contacts.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { checkNote } from '../../wallet/contacts/contact-rows.ts';
import {
  addContact,
  approveKeys,
  keysToCompare,
  type KnownContact,
  knownContacts,
  numberWith,
  proposeContact,
  recordCheck,
} from '../../wallet/contacts/contacts.ts';
import { learnKey } from '../../wallet/follow/choose.ts';
import { type PinnedLedger, pinnedLedgers } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Desk, Handlers } from '../desk.ts';
import { needOpen, tellContacts } from './own-card.ts';

const now = (): number => Math.floor(Date.now() / 1000);

/** How a contact stands, in one word. */
export function stateOf({ standing, check }: KnownContact): ContactState {
  if (standing !== 'current') return standing;
  return check === undefined ? 'unchecked' : 'verified';
}

function rowOf(known: KnownContact): ContactRow {
  const { contact, pinned, check, standing } = known;
  const { id, name, card, approved, added } = contact;
  const { how, at, note } = check ?? {};
  const checked = how && at && { how, at, ...(note === undefined ? {} : { note }) };
  return {
    id,
    name,
    says: { ...card.claims },
    state: stateOf(known),
    key: toHex(approved.sign),
    origin: pinned.card.origin,
    added,
    ...(checked ? { checked } : {}),
    ...(standing === 'changed' ? { newKey: toHex(keysToCompare(known).sign) } : {}),
  };
}

/** What needs the person stands first. */
const places: Readonly<Partial<Record<ContactState, number>>> = { changed: 0, mismatch: 1, revoked: 2 };
const place = ({ state }: ContactRow): number => places[state] ?? 3;

async function pageOf(desk: Desk, { text, limit }: RequestOf<'contacts.page'>): Promise<ContactPage> {
  const { wallet } = await needOpen(desk);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = (await knownContacts(wallet)).map(rowOf).filter(({ name, says, key }) => {
    const all = [name, says.name, says.firm, says.role, key].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  rows.sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name, 'en'));
  return { total: rows.length, rows: rows.slice(0, limit) };
}

/** @throws CountersignError `contact-unknown` */
async function contactOf(wallet: Wallet, id: string): Promise<KnownContact> {
  const found = (await knownContacts(wallet)).find(({ contact }) => contact.id === id);
  if (found === undefined) throw new CountersignError<ContactCode>('contact-unknown');
  return found;
}

/** The beginning of a file: as much as a card can be, and one byte more. @throws CountersignError `card-unread` */
async function startOf(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(maxGivenCardBytes + 1));
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new CountersignError<CardCode>('card-unread', code, { cause });
  }
}

/** A card and its ledger. @throws CountersignError with a `card-` or `json-` code */
async function cardOf(
  wallet: Wallet,
  bytes: Uint8Array,
): Promise<{ readonly card: ContactCard; readonly pinned: PinnedLedger }> {
  const ledgers = await pinnedLedgers(wallet.database);
  const read = readContactCard(
    bytes,
    ledgers.map(({ joined }) => joined.ledger.id),
  );
  if (!read.ok) throw new CountersignError<CardCode | JsonCode>(read.code, read.detail);
  const card = read.value;
  const pinned = ledgers.find(({ joined }) => equalBytes(joined.ledger.id, card.ledger));
  if (pinned === undefined) throw new CountersignError<CardCode>('card-ledger');
  return { card, pinned };
}

async function read(desk: Desk, request: RequestOf<'contacts.read'>): Promise<GivenCardView> {
  const { wallet } = await needOpen(desk);
  let bytes: Uint8Array;
  if ('text' in request) bytes = toUtf8(request.text);
  else {
    const [path = '', ...more] = desk.choices.get(request.chosen).paths;
    if (path === '' || more.length > 0) throw new CountersignError<CardCode>('card-unread', 'not one file');
    bytes = await startOf(path);
  }
  return givenView(await cardOf(wallet, bytes));
}

function givenView({ card, pinned }: Awaited<ReturnType<typeof cardOf>>): GivenCardView {
  const { origin } = pinned.card;
  return { link: contactLink(card), says: { ...card.claims }, key: toHex(card.sign), origin };
}

/** The sample people that are no contacts yet. */
async function samples(desk: Desk): Promise<readonly GivenCardView[]> {
  const { wallet } = await needOpen(desk);
  const known = (await knownContacts(wallet)).map(({ contact }) => toHex(contact.card.sign));
  const views: GivenCardView[] = [];
  for (const link of desk.need().session.samples) views.push(givenView(await cardOf(wallet, toUtf8(link))));
  return views.filter(({ key }) => !known.includes(key));
}

async function add(desk: Desk, { link, name, isOther }: RequestOf<'contacts.add'>): Promise<AddedView> {
  // A copy that follows fetches the history of the key first.
  return desk.need().follower.alone(async () => {
    const { wallet } = await needOpen(desk);
    const { card, pinned: before } = await cardOf(wallet, toUtf8(link));
    const pinned = await learnKey(wallet, before, card.sign);
    const proposal = await proposeContact(wallet, pinned, card, name, now());
    const { warnings, contact } = proposal;
    if (warnings.length > 0 && !isOther) return { added: false, warnings };
    await addContact(wallet, proposal);
    tellContacts(desk);
    return { added: true, id: contact.id };
  });
}

/** Keeps a check of the very number that was in sight; another key may have come to count meanwhile. */
async function check(desk: Desk, { id, number, how, note }: RequestOf<'contacts.check'>): Promise<null> {
  return desk.need().follower.alone(async () => {
    const { wallet } = await needOpen(desk);
    const known = await contactOf(wallet, id);
    const { groups } = await numberWith(wallet, known);
    if (groups.join('') !== number) throw new CountersignError<ContactCode>('contact-number');
    if (note !== undefined && checkNote(note) === undefined) {
      throw new CountersignError<ContactCode>('contact-note');
    }
    await recordCheck(wallet, known, how, now(), note);
    tellContacts(desk);
    return null;
  });
}

async function approve(desk: Desk, { id, key }: RequestOf<'contacts.approve'>): Promise<null> {
  return desk.need().follower.alone(async () => {
    const { wallet } = await needOpen(desk);
    const known = await contactOf(wallet, id);
    if (toHex(keysToCompare(known).sign) !== key) throw new CountersignError<ContactCode>('contact-changed');
    await approveKeys(wallet, known);
    tellContacts(desk);
    return null;
  });
}

type Names =
  | 'contacts.page'
  | 'contacts.detail'
  | 'contacts.read'
  | 'contacts.add'
  | 'contacts.samples'
  | 'contacts.number'
  | 'contacts.check'
  | 'contacts.approve';

export function contactHandlers(desk: Desk): Handlers<Names> {
  return {
    'contacts.page': (request) => pageOf(desk, request),
    'contacts.detail': async ({ id }) => rowOf(await contactOf((await needOpen(desk)).wallet, id)),
    'contacts.read': (request) => read(desk, request),
    'contacts.add': (request) => add(desk, request),
    'contacts.samples': () => samples(desk),
    'contacts.number': async ({ id }) => {
      const { wallet } = await needOpen(desk);
      const known = await contactOf(wallet, id);
      const { groups, qr } = await numberWith(wallet, known);
      return { groups, qr, key: toHex(keysToCompare(known).sign) };
    },
    'contacts.check': (request) => check(desk, request),
    'contacts.approve': (request) => approve(desk, request),
  };
}
