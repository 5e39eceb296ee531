/** Contacts and checks as private rows. */
import { randomBytes } from 'node:crypto';
import { toBase64, toHex } from '../../core/bytes.ts';
import {
  type JsonObject,
  type JsonValue,
  isJsonObject,
  parseJson,
  writeJson,
} from '../../core/encoding/json.ts';
import { base64UpTo, hexOf, oneOf, plainText, readObject, time } from '../../core/encoding/members.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { type ContactCard, maxCardBytes, parseCard, writeCard } from '../../core/identity/card.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { PrivateRows } from '../vault/private-rows.ts';

/** A pair of public keys: Ed25519 and X25519. */
export interface KeyPair {
  readonly sign: Uint8Array;
  readonly encrypt: Uint8Array;
}

/** A contact, as this profile keeps it. */
export interface Contact {
  /** Random, 32 hexadecimal digits. */
  readonly id: string;
  /** What the user calls the contact. Never what the contact says of itself: that stands on the card. */
  readonly name: string;
  readonly card: ContactCard;
  /** The keys that the user took over, with the card or later. */
  readonly approved: KeyPair;
  /** Seconds since 1970. */
  readonly added: number;
}

/** How two people compared their safety number. */
export const checkMethods = ['in-person', 'video', 'phone', 'other'] as const;

export type CheckMethod = (typeof checkMethods)[number];

/** 'I checked this key, how and when.' */
export interface KeyCheck {
  readonly contact: string;
  readonly keys: KeyPair;
  /** One's own signing key at the time. */
  readonly own: Uint8Array;
  readonly how: CheckMethod;
  /** Seconds since 1970. */
  readonly at: number;
  readonly note?: string;
}

const contactKind = 'contact';
const checkKind = 'contact-check';
const maxBytes = 16_384;
const codes = { members: 'vault-rows', value: 'vault-rows' } as const;

/** The form of a local name. */
export const localName = plainText(100);
/** The form of a note. */
export const checkNote = plainText(500);

function object(value: JsonValue): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function parseKeys(value: JsonObject): Result<KeyPair, VaultCode> {
  return readObject(value, codes, { encrypt: hexOf(32), sign: hexOf(32) });
}

function keysJson({ sign, encrypt }: KeyPair): JsonObject {
  return { encrypt: toHex(encrypt), sign: toHex(sign) };
}

function parseContact(id: string, bytes: Uint8Array): Result<Contact, VaultCode> {
  const json = parseJson(bytes, maxBytes);
  if (!json.ok) return refuse('vault-rows', json.code);
  const read = readObject(json.value, codes, {
    added: time,
    approved: object,
    card: base64UpTo(maxCardBytes),
    ledger: hexOf(32),
    name: localName,
  });
  if (!read.ok) return read;
  const approved = parseKeys(read.value.approved);
  if (!approved.ok) return approved;
  const card = parseCard(read.value.card, read.value.ledger);
  if (!card.ok) return refuse('vault-rows', card.code);
  const { added, name } = read.value;
  return ok({ id, name, card: card.value, approved: approved.value, added });
}

function parseCheck(bytes: Uint8Array): Result<KeyCheck, VaultCode> {
  const json = parseJson(bytes, maxBytes);
  if (!json.ok) return refuse('vault-rows', json.code);
  const read = readObject(
    json.value,
    codes,
    { at: time, contact: hexOf(16), how: oneOf(checkMethods), keys: object, own: hexOf(32) },
    { note: checkNote },
  );
  if (!read.ok) return read;
  const keys = parseKeys(read.value.keys);
  return keys.ok ? ok({ ...read.value, contact: toHex(read.value.contact), keys: keys.value }) : keys;
}

function opened<T>(read: Result<T, VaultCode>): T {
  if (!read.ok) throw new CountersignError<VaultCode>(read.code, read.detail);
  return read.value;
}

/** The contacts of a profile, by their local names. @throws CountersignError `vault-rows` */
export async function allContacts(rows: PrivateRows): Promise<readonly Contact[]> {
  const contacts = (await rows.all(contactKind)).map(({ key, plain }) => opened(parseContact(key, plain)));
  return contacts.sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}

/** A contact that is not kept yet. */
export function newContact(name: string, card: ContactCard, added: number): Contact {
  const { sign, encrypt } = card;
  return { id: toHex(randomBytes(16)), name, card, approved: { sign, encrypt }, added };
}

/** Keeps a contact, new or changed. */
export async function keepContact(rows: PrivateRows, contact: Contact): Promise<void> {
  const { id, name, card, approved, added } = contact;
  const json = {
    added,
    approved: keysJson(approved),
    card: toBase64(writeCard(card)),
    ledger: toHex(card.ledger),
    name,
  };
  await rows.put(contactKind, id, writeJson(json));
}

/** The checks of all contacts, the earliest first. @throws CountersignError `vault-rows` */
export async function allChecks(rows: PrivateRows): Promise<readonly KeyCheck[]> {
  const checks = (await rows.all(checkKind)).map(({ plain }) => opened(parseCheck(plain)));
  return checks.sort((a, b) => a.at - b.at);
}

/** Keeps a check; none is ever replaced. */
export async function keepCheck(rows: PrivateRows, check: KeyCheck): Promise<void> {
  const { contact, keys, own, how, at, note } = check;
  const json = {
    at,
    contact,
    how,
    keys: keysJson(keys),
    ...(note === undefined ? {} : { note }),
    own: toHex(own),
  };
  await rows.put(checkKind, `${contact}/${toHex(randomBytes(16))}`, writeJson(json));
}
