/**
 * Contact cards (`docs/spec/identities.md`): who someone says they are, passed from hand to hand and not on the
 * record, where only a salted commitment stands.
 */
import { concatBytes, equalBytes, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { isAgreementKey, isSigningKey } from '../crypto/signature.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { isJsonObject, parseJson, writeJson } from '../encoding/json.ts';
import { hexOf, integerFrom, plainText, readObject } from '../encoding/members.ts';
import type { CardCode } from '../errors/card.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** The longest card, in bytes. */
export const maxCardBytes = 4096;

/** What a person says about themselves; nobody vouches for it. Texts of 1 to 200 characters. */
export interface CardClaims {
  readonly firm?: string;
  readonly name?: string;
  readonly role?: string;
}

export interface ContactCard {
  readonly claims: CardClaims;
  /** X25519 public key. */
  readonly encrypt: Uint8Array;
  readonly ledger: Uint8Array;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
  /** Ed25519 public key. */
  readonly sign: Uint8Array;
}

const codes = { members: 'card-members', value: 'card-value' } as const;
const text = plainText(200);

/** Reads a card for a ledger. */
export function parseCard(bytes: Uint8Array, ledger: Uint8Array): Result<ContactCard, CardCode | JsonCode> {
  const json = parseJson(bytes, maxCardBytes);
  if (!json.ok) return json;
  const card = readObject(json.value, codes, {
    card: (value: JsonValue): JsonObject | undefined => (isJsonObject(value) ? value : undefined),
    encrypt: hexOf(32),
    ledger: hexOf(32),
    salt: hexOf(32),
    sign: hexOf(32),
    v: integerFrom(1, 1),
  });
  if (!card.ok) return card;
  const claims = readObject(card.value.card, codes, {}, { firm: text, name: text, role: text });
  if (!claims.ok) return claims;
  const { encrypt, salt, sign } = card.value;
  if (!isSigningKey(sign)) return refuse('card-key', 'sign');
  if (!isAgreementKey(encrypt)) return refuse('card-key', 'encrypt');
  if (!equalBytes(card.value.ledger, ledger)) return refuse('card-ledger');
  return ok({ claims: claims.value, encrypt, ledger: card.value.ledger, salt, sign });
}

/** The bytes of a card. @throws RangeError when a reader would refuse it. */
export function writeCard(card: ContactCard): Uint8Array {
  const bytes = writeJson({
    card: claimsJson(card.claims),
    encrypt: toHex(card.encrypt),
    ledger: toHex(card.ledger),
    salt: toHex(card.salt),
    sign: toHex(card.sign),
    v: 1,
  });
  const readBack = parseCard(bytes, card.ledger);
  if (!readBack.ok) throw new RangeError(`not a contact card: ${readBack.code}`);
  return bytes;
}

/** The commitment to a card that the owner announces on the record: 32 bytes. */
export function cardCommitment(card: Pick<ContactCard, 'claims' | 'salt'>): Uint8Array {
  if (card.salt.length !== 32) throw new RangeError('the salt has 32 bytes');
  return sha256(concatBytes(toUtf8('countersign/card/v1'), card.salt, writeJson(claimsJson(card.claims))));
}

/** What the record says about the key of a card, from the statement by which it joined its identity. */
export interface AnnouncedKey {
  readonly sign: Uint8Array;
  readonly encrypt: Uint8Array;
  /** The commitment to the card. */
  readonly card: Uint8Array;
}

/** Whether a card belongs to a key of the record. */
export function matchCard(card: ContactCard, announced: AnnouncedKey): Result<void, CardCode> {
  const same =
    equalBytes(card.sign, announced.sign) &&
    equalBytes(card.encrypt, announced.encrypt) &&
    equalBytes(cardCommitment(card), announced.card);
  return same ? ok(undefined) : refuse('card-announced');
}

function claimsJson(claims: CardClaims): JsonObject {
  return { ...claims };
}
