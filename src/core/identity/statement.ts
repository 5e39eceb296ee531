/**
 * Statements about keys (`docs/spec/identities.md`, 'Messages about keys'): announcement, rotation, revocation, read
 * strictly from verified messages. What a statement changes is decided in `history.ts`.
 */
import { concatBytes, equalBytes, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { isAgreementKey, isSigningKey, verifySignature } from '../crypto/signature.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { base64UpTo, hexOf, oneOf, plainText, readObject, time } from '../encoding/members.ts';
import type { IdentityCode } from '../errors/identity.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { consentBytes } from './consent.ts';

export const announceType = 'application/vnd.countersign.identity-announce.v1';
export const rotateType = 'application/vnd.countersign.identity-rotate.v1';
export const revokeType = 'application/vnd.countersign.identity-revoke.v1';

/** A key announces itself. Keys and commitments have 32 bytes. */
export interface Announcement {
  readonly kind: 'announcement';
  /** Commitment to the contact card. */
  readonly card: Uint8Array;
  readonly encrypt: Uint8Array;
  /** A public name: on the record for good. */
  readonly name?: string;
  /** Commitment to the recovery key. */
  readonly recovery: Uint8Array;
  readonly sign: Uint8Array;
}

/** A key hands over to the next; with `recovery` the recovery key does it for them. */
export interface Rotation {
  readonly kind: 'rotation';
  readonly card: Uint8Array;
  readonly encrypt: Uint8Array;
  readonly from: Uint8Array;
  /** The new key's consent: its signature, 64 bytes. */
  readonly proof: Uint8Array;
  /** Commitment to the next recovery key; present exactly in a recovery. */
  readonly recovery?: Uint8Array;
  readonly sign: Uint8Array;
}

export const revocationReasons = ['compromised', 'lost', 'retired', 'left'] as const;

/** A key ends. */
export interface Revocation {
  readonly kind: 'revocation';
  readonly key: Uint8Array;
  readonly reason: (typeof revocationReasons)[number];
  /** Only with `compromised`: since when (seconds since 1970) the key may have been in other hands. */
  readonly since?: number;
}

export type StatementContent = Announcement | Rotation | Revocation;

const token = Symbol('made by readKeyStatement');

/** A class with a private field, and not exported: only {@link readKeyStatement} makes one. */
class ReadStatement {
  readonly content: StatementContent;
  readonly #message: VerifiedMessage;

  constructor(made: symbol, message: VerifiedMessage, content: StatementContent) {
    if (made !== token) throw new TypeError('statements are read by readKeyStatement');
    this.content = Object.freeze(content);
    this.#message = message;
    Object.freeze(this);
  }

  /** The message that it stands in. */
  get message(): VerifiedMessage {
    return this.#message;
  }

  /** The key that made it. */
  get sender(): Uint8Array {
    return this.#message.sender;
  }
}

/** A statement about a key that holds by itself; whether it counts depends on what came before. */
export type KeyStatement = ReadStatement;

/** The tag that every statement about a key carries. */
export function keyStatusTag(key: Uint8Array): Uint8Array {
  return sha256(concatBytes(toUtf8('countersign/key-status/v1'), key));
}

/** The commitment to a recovery key, made before the key is ever shown. */
export function recoveryCommitment(recoveryKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(toUtf8('countersign/recovery/v1'), recoveryKey));
}

/**
 * Reads the statement that a message is.
 *
 * @returns undefined when the message is of another payload type, or of a version that is not known here: such a
 *   message is kept and shown raw.
 */
export function readKeyStatement(message: VerifiedMessage): Result<KeyStatement, IdentityCode> | undefined {
  const read = message.head.v === 1 ? contentReaders.get(message.payloadType) : undefined;
  if (read === undefined) return undefined;
  const content = read(message.head.body);
  if (!content.ok) return content;
  const fault = faultOf(content.value, message);
  return fault === undefined ? ok(new ReadStatement(token, message, content.value)) : refuse(fault);
}

const codes = { members: 'identity-members', value: 'identity-value' } as const;
const proof = (value: JsonValue): Uint8Array | undefined => {
  const bytes = base64UpTo(64)(value);
  return bytes?.length === 64 ? bytes : undefined;
};

function readAnnouncement(body: JsonObject): Result<StatementContent, IdentityCode> {
  const read = readObject(
    body,
    codes,
    { card: hexOf(32), encrypt: hexOf(32), recovery: hexOf(32), sign: hexOf(32) },
    { name: plainText(100) },
  );
  return read.ok ? ok({ kind: 'announcement', ...read.value }) : read;
}

function readRotation(body: JsonObject): Result<StatementContent, IdentityCode> {
  const read = readObject(
    body,
    codes,
    { card: hexOf(32), encrypt: hexOf(32), from: hexOf(32), proof, sign: hexOf(32) },
    { recovery: hexOf(32) },
  );
  return read.ok ? ok({ kind: 'rotation', ...read.value }) : read;
}

function readRevocation(body: JsonObject): Result<StatementContent, IdentityCode> {
  const since = body['reason'] === 'compromised' ? { since: time } : {};
  const read = readObject(body, codes, { key: hexOf(32), reason: oneOf(revocationReasons) }, since);
  return read.ok ? ok({ kind: 'revocation', ...read.value }) : read;
}

const contentReaders = new Map([
  [announceType, readAnnouncement],
  [rotateType, readRotation],
  [revokeType, readRevocation],
]);

/** The keys that a statement names: the Ed25519 keys whose tags it carries, in the order of its members. */
export function namedKeys(content: StatementContent): readonly Uint8Array[] {
  switch (content.kind) {
    case 'announcement':
      return [content.sign];
    case 'rotation':
      return [content.from, content.sign];
    case 'revocation':
      return [content.key];
  }
}

/** What speaks against a statement, by itself, in the order of the specification. */
function faultOf(content: StatementContent, message: VerifiedMessage): IdentityCode | undefined {
  const named = namedKeys(content);
  if (!named.every(isSigningKey)) return 'identity-key';
  if (content.kind !== 'revocation' && !isAgreementKey(content.encrypt)) return 'identity-key';
  const { sender, head } = message;
  const carried = (tag: Uint8Array): boolean => head.tags.some((other) => equalBytes(other, tag));
  if (!named.every((key) => carried(keyStatusTag(key)))) return 'identity-tag';
  if (!senderMay(content, sender)) return 'identity-sender';
  if (content.kind === 'revocation') return undefined;
  const { recovery } = content;
  const commitsTo = (key: Uint8Array): boolean =>
    recovery !== undefined && equalBytes(recovery, recoveryCommitment(key));
  if ([...named, sender].some(commitsTo)) return 'identity-recovery';
  if (content.kind === 'announcement') return undefined;
  const consent = consentBytes({ ...content, ledger: head.ledger, nonce: head.nonce, sender });
  return verifySignature(content.sign, consent, content.proof) ? undefined : 'identity-proof';
}

/** Whether the sender may make the statement, as far as it shows by itself. */
function senderMay(content: StatementContent, sender: Uint8Array): boolean {
  switch (content.kind) {
    case 'announcement':
      return equalBytes(content.sign, sender);
    case 'rotation': {
      const ordinary = equalBytes(content.from, sender);
      const fresh = !equalBytes(content.sign, content.from) && !equalBytes(content.sign, sender);
      return fresh && ordinary === (content.recovery === undefined);
    }
    case 'revocation':
      return true;
  }
}
