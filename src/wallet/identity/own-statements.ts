/** What an identity said about its own keys from this profile: kept so that cards can be shown and waiting be noticed. */
import { toHex } from '../../core/bytes.ts';
import {
  type JsonObject,
  type JsonValue,
  isJsonObject,
  parseJson,
  writeJson,
} from '../../core/encoding/json.ts';
import { hexOf, integerFrom, oneOf, plainText, readObject, time } from '../../core/encoding/members.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { CardClaims } from '../../core/identity/card.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { outboxItem } from '../outbox/outbox.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { RecordStore } from '../store/record-store.ts';
import type { PrivateRows } from '../vault/private-rows.ts';

/** A statement that this profile sent. */
export interface OwnStatement {
  readonly kind: 'announcement' | 'rotation' | 'recovery' | 'revocation';
  /** The message's id. */
  readonly id: Uint8Array;
  /** The key that it brings, or ends. */
  readonly sign: Uint8Array;
  /** What the card says that it commits to; empty for a revocation. */
  readonly claims: CardClaims;
  /** The number of the key among the identity's keys; 0 for a revocation. */
  readonly index: number;
  /** When it was made: seconds since 1970. */
  readonly time: number;
}

const rowKind = 'own-statement';
const maxBytes = 4096;
const codes = { members: 'vault-rows', value: 'vault-rows' } as const;
const text = plainText(200);
const object = (value: JsonValue): JsonObject | undefined => (isJsonObject(value) ? value : undefined);

function parseOwnStatement(bytes: Uint8Array): Result<OwnStatement, VaultCode> {
  const json = parseJson(bytes, maxBytes);
  if (!json.ok) return refuse('vault-rows', json.code);
  const read = readObject(json.value, codes, {
    claims: object,
    id: hexOf(32),
    index: integerFrom(0, 0x7fff_ffff),
    kind: oneOf(['announcement', 'rotation', 'recovery', 'revocation']),
    sign: hexOf(32),
    time,
  });
  if (!read.ok) return read;
  const claims = readObject(read.value.claims, codes, {}, { firm: text, name: text, role: text });
  return claims.ok ? ok({ ...read.value, claims: claims.value }) : claims;
}

function rowKey(ledger: Uint8Array, id: Uint8Array): string {
  return `${toHex(ledger)}/${toHex(id)}`;
}

/** Keeps a statement that was sent. */
export async function keepOwnStatement(
  rows: PrivateRows,
  ledger: Uint8Array,
  statement: OwnStatement,
): Promise<void> {
  const { kind, id, sign, claims, index, time: at } = statement;
  const json = { claims: { ...claims }, id: toHex(id), index, kind, sign: toHex(sign), time: at };
  await rows.put(rowKind, rowKey(ledger, id), writeJson(json));
}

/** The statements that this profile sent to a ledger, the earliest first. @throws CountersignError `vault-rows` */
export async function ownStatements(rows: PrivateRows, ledger: Uint8Array): Promise<readonly OwnStatement[]> {
  const found: OwnStatement[] = [];
  for (const { key, plain } of await rows.all(rowKind)) {
    if (!key.startsWith(`${toHex(ledger)}/`)) continue;
    const statement = parseOwnStatement(plain);
    if (!statement.ok) throw new CountersignError<VaultCode>(statement.code, statement.detail);
    found.push(statement.value);
  }
  return found.sort((a, b) => a.time - b.time);
}

/** Those of the statements that are not in a block of the local copy yet, and that no firehose refused for good. */
export async function pendingStatements(
  database: Database,
  rows: PrivateRows,
  joined: JoinedLedger,
): Promise<readonly OwnStatement[]> {
  const store = new RecordStore(database);
  const pending: OwnStatement[] = [];
  for (const statement of await ownStatements(rows, joined.ledger.id)) {
    if ((await store.placeOf(joined, statement.id)) !== undefined) continue;
    const item = await outboxItem(database, joined, statement.id);
    if (item?.state !== 'refused') pending.push(statement);
  }
  return pending;
}
