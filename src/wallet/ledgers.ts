/**
 * The ledgers of a profile: joining by card, and what was pinned. A pin is never changed by anything that an endpoint
 * says, and never to another id or key at all.
 */
import { equalBytes, toHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { JsonCode } from '../core/errors/json.ts';
import type { LedgerCode } from '../core/errors/ledger.ts';
import type { StoreCode } from '../core/errors/store.ts';
import type { LogReader } from '../core/log/audit-port.ts';
import { formatVerifierKey } from '../core/log/verifier-key.ts';
import type { Ledger } from '../core/record/ledger.ts';
import {
  type LedgerCard,
  matchLedgerCard,
  parseLedgerCard,
  readLedgerCard,
  writeLedgerCard,
} from '../core/record/ledger-card.ts';
import { keepAlarm } from './alarms/rows.ts';
import type { Database, Row, Statements } from './store/driver.ts';
import { type JoinedLedger, RecordReader } from './store/record-reader.ts';
import { RecordWriter } from './store/record-writer.ts';
import { fetchLedger } from './sync/fetch.ts';

/** A ledger that was joined by its card. */
export interface PinnedLedger {
  /** What the copy of the record knows of it. */
  readonly joined: JoinedLedger;
  /** Addresses and policy, as they were last confirmed. */
  readonly card: LedgerCard;
  /** When the key was pinned: seconds since 1970. */
  readonly pinnedAt: number;
}

/** What a card would change. */
export type CardEffect =
  /** The ledger is not joined yet. */
  | 'join'
  /** It is joined; addresses or policy are others. */
  | 'change'
  /** It is joined with this very card. */
  | 'nothing';

function corrupt(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

/** Reads a card from what a person gave. @throws CountersignError with a `ledger-` or `json-` code. */
export function cardFrom(given: Uint8Array): LedgerCard {
  const card = readLedgerCard(given);
  if (!card.ok) throw new CountersignError<LedgerCode | JsonCode>(card.code, card.detail);
  // A name may have the form and still be none: 'xn--' and what follows has rules of its own.
  const bad = card.value.endpoints.find((endpoint) => !URL.canParse(endpoint));
  if (bad !== undefined) throw new CountersignError<LedgerCode>('ledger-endpoint', bad);
  return card.value;
}

async function pinnedFrom(database: Statements, row: Row): Promise<PinnedLedger> {
  const { ledger_id: id, card: cardBytes, pinned_at: pinnedAt, origin } = row;
  if (!(id instanceof Uint8Array && cardBytes instanceof Uint8Array && typeof pinnedAt === 'number'))
    throw corrupt('ledger_pin');
  const joined = await new RecordReader(database).joined(id);
  const card = parseLedgerCard(cardBytes);
  if (joined === undefined || !card.ok || card.value.origin !== origin) throw corrupt('ledger_pin');
  if (!matchLedgerCard(card.value, joined.ledger).ok) throw corrupt('ledger_pin');
  return { joined, card: card.value, pinnedAt };
}

const selectPins = `SELECT ledger.ledger_id, ledger_pin.origin, ledger_pin.card, ledger_pin.pinned_at
  FROM ledger_pin JOIN ledger ON ledger.id = ledger_pin.ledger`;

/** All joined ledgers, by origin. @throws CountersignError with a `store-` code. */
export async function pinnedLedgers(database: Database): Promise<readonly PinnedLedger[]> {
  const rows = await database.all(`${selectPins} ORDER BY ledger_pin.origin`);
  const found: PinnedLedger[] = [];
  for (const row of rows) found.push(await pinnedFrom(database, row));
  return found;
}

/**
 * The ledger that a person means.
 * @param given its whole origin, or the beginning of its id in hexadecimal (at least 4 digits); undefined for the only
 *   one that there is.
 * @throws CountersignError `ledger-not-joined`, `ledger-ambiguous`, or with a `store-` code.
 */
export async function findLedger(database: Database, given: string | undefined): Promise<PinnedLedger> {
  const all = await pinnedLedgers(database);
  const isId = given !== undefined && /^[0-9a-f]{4,64}$/.test(given);
  const byOrigin = all.filter(({ card }) => given === undefined || card.origin === given);
  const byId = all.filter(({ joined }) => isId && joined.ledger.idText.startsWith(given));
  const found = byOrigin.length > 0 ? byOrigin : byId;
  const [one] = found;
  if (one === undefined) throw new CountersignError<LedgerCode>('ledger-not-joined', given);
  if (found.length > 1) {
    const names = found.map(({ card }) => card.origin).join(', ');
    throw new CountersignError<LedgerCode>('ledger-ambiguous', names.slice(0, 300));
  }
  return one;
}

/** A card for a ledger of a name that is joined with another id or key: what was seen of it is kept. */
async function keepChanged(database: Database, card: LedgerCard): Promise<void> {
  const [row] = await database.all(`${selectPins} WHERE ledger_pin.origin = ?`, card.origin);
  if (row === undefined) return;
  const { joined } = await pinnedFrom(database, row);
  const subject = `card ${toHex(card.ledger)} ${formatVerifierKey(card.log)}`;
  const detail = `a card with the id ${toHex(card.ledger)} and the key ${formatVerifierKey(card.log)}`;
  const code: LedgerCode = 'ledger-changed';
  const [address, now] = [card.endpoints[0] ?? '', Math.floor(Date.now() / 1000)];
  const notice = { code, subject, detail, address, evidence: undefined, now };
  await database.transaction((inside) => keepAlarm(inside, joined, notice));
}

/**
 * What taking this card over would do. No pin is changed.
 * @throws CountersignError `ledger-changed` when a ledger of the same origin, with another id or key, is joined: the
 *   alarm of `docs/spec/ledger-card.md`, which is kept; or with a `store-` code.
 */
export async function effectOf(database: Database, card: LedgerCard): Promise<CardEffect> {
  try {
    return await effectIn(database, card);
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'ledger-changed')
      await keepChanged(database, card);
    throw error;
  }
}

async function effectIn(database: Statements, card: LedgerCard): Promise<CardEffect> {
  const [row] = await database.all(`${selectPins} WHERE ledger_pin.origin = ?`, card.origin);
  if (row === undefined) return 'join';
  const pinned = await pinnedFrom(database, row);
  const { ledger } = pinned.joined;
  if (!matchLedgerCard(card, ledger).ok) {
    const isKey = formatVerifierKey(card.log) !== formatVerifierKey(ledger.logKey);
    const what = isKey ? 'another log key' : 'another ledger id';
    throw new CountersignError<LedgerCode>('ledger-changed', `${card.origin}: ${what}`);
  }
  return equalBytes(writeLedgerCard(pinned.card), writeLedgerCard(card)) ? 'nothing' : 'change';
}

/**
 * Fetches the ledger that a card names, from the first of its addresses that serves it.
 * @throws CountersignError `ledger-mismatch` when the card's key is not the one that the ledger was founded with, else
 *   what the last address failed with: a `sync-` code.
 */
export async function fetchForCard(
  card: LedgerCard,
  readerOf: (endpoint: URL) => LogReader,
): Promise<Ledger> {
  let failure: unknown;
  for (const endpoint of card.endpoints) {
    try {
      // Its hash is the id: from here on it does not matter who handed it out.
      const ledger = await fetchLedger(readerOf(new URL(endpoint)), card.ledger);
      const matched = matchLedgerCard(card, ledger);
      if (!matched.ok) throw new CountersignError<LedgerCode>(matched.code, matched.detail);
      return ledger;
    } catch (error) {
      if (error instanceof CountersignError && error.code === 'ledger-mismatch') throw error;
      failure = error;
    }
  }
  throw failure;
}

/**
 * Pins a ledger by its card, or takes over other addresses and another policy for one that is pinned already. To be
 * called on a person's explicit yes only.
 * @param now seconds since 1970.
 * @throws CountersignError `ledger-mismatch`, `ledger-changed`, or with a `store-` code: then nothing was changed.
 */
export async function pinLedger(
  database: Database,
  card: LedgerCard,
  ledger: Ledger,
  now: number,
): Promise<CardEffect> {
  const matched = matchLedgerCard(card, ledger);
  if (!matched.ok) throw new CountersignError<LedgerCode>(matched.code, matched.detail);
  return database.transaction(async (inside) => {
    const effect = await effectIn(inside, card);
    if (effect === 'nothing') return effect;
    await new RecordWriter(inside).join(ledger, card.endpoints[0] ?? '');
    await inside.run(
      `INSERT INTO ledger_pin (ledger, origin, card, pinned_at)
       SELECT id, ?2, ?3, ?4 FROM ledger WHERE ledger_id = ?1
       ON CONFLICT (ledger) DO UPDATE SET card = excluded.card`,
      ledger.id,
      card.origin,
      writeLedgerCard(card),
      now,
    );
    return effect;
  });
}
