/**
 * Invitations to someone who has no key yet (`docs/spec/channels.md`): an open invitation goes out, a card comes back, and
 * only then anything is sealed to them. Neither holds anything private of a channel.
 */
import { equalBytes, fromBase64Url, fromUtf8, toBase64, toBase64Url, toHex, toUtf8 } from '../bytes.ts';
import { verifySignature } from '../crypto/signature.ts';
import { preAuthEncoding } from '../encoding/dsse.ts';
import type { JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { base64UpTo, hexOf, oneOf, plainText, readObject } from '../encoding/members.ts';
import type { CardCode } from '../errors/card.ts';
import type { InviteCode } from '../errors/invite.ts';
import type { JsonCode } from '../errors/json.ts';
import type { ContactCard } from '../identity/card.ts';
import { maxCardBytes, parseCard, writeCard } from '../identity/card.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { maxInvitationBytes } from './invitation.ts';

/** What someone is invited with who has no key yet. */
export interface OpenInvitation {
  /** The card of the inviter. */
  readonly card: ContactCard;
  /** 1 to 1,000 characters. */
  readonly note?: string;
  /** 32 random bytes, by which the inviter knows the answer. */
  readonly token: Uint8Array;
}

const invitationFormat = 'countersign/invitation/v1';
const answerFormat = 'countersign/invitation-answer/v1';
const consentType = 'application/vnd.countersign.invitation-answer.v1';
const invitationLink = 'countersign:invite/';
const answerLink = 'countersign:answer/';
const codes = { members: 'invite-members', value: 'invite-value' } as const;
const cardBytes = base64UpTo(maxCardBytes);
const signature = (value: JsonValue): Uint8Array | undefined => {
  const bytes = base64UpTo(64)(value);
  return bytes?.length === 64 ? bytes : undefined;
};

/** The bytes of an open invitation. @throws RangeError when a reader would refuse it. */
export function writeOpenInvitation({ card, note, token }: OpenInvitation): Uint8Array {
  const bytes = writeJson({
    card: toBase64(writeCard(card)),
    invitation: invitationFormat,
    ledger: toHex(card.ledger),
    ...(note === undefined ? {} : { note }),
    token: toHex(token),
  });
  const readBack = parseOpenInvitation(bytes, card.ledger);
  if (!readBack.ok) throw new RangeError(`not an invitation: ${readBack.code}`);
  return bytes;
}

/** An invitation or an answer as a link. */
export function invitationLinkOf(bytes: Uint8Array, kind: 'invitation' | 'answer'): string {
  return (kind === 'invitation' ? invitationLink : answerLink) + toBase64Url(bytes);
}

/** The JSON in what was handed over: a file or a link, with white space around it. */
function given(bytes: Uint8Array, link: string): Result<JsonValue, InviteCode | JsonCode> {
  const text = bytes.length > 2 * maxInvitationBytes ? undefined : fromUtf8(bytes)?.trim();
  if (text === undefined) return refuse('invite-link', `${bytes.length} bytes`);
  if (text.startsWith('{')) return parseJson(toUtf8(text), maxInvitationBytes);
  const inside = text.startsWith(link) ? fromBase64Url(text.slice(link.length)) : undefined;
  return inside === undefined ? refuse('invite-link') : parseJson(inside, maxInvitationBytes);
}

/** Reads an open invitation for a ledger: the JSON of a file, or a link. */
export function parseOpenInvitation(
  bytes: Uint8Array,
  ledger: Uint8Array,
): Result<OpenInvitation, InviteCode | CardCode | JsonCode> {
  const json = given(bytes, invitationLink);
  if (!json.ok) return json;
  const read = readObject(
    json.value,
    codes,
    { card: cardBytes, invitation: oneOf([invitationFormat]), ledger: hexOf(32), token: hexOf(32) },
    { note: plainText(1000) },
  );
  if (!read.ok) return read;
  const { note, token } = read.value;
  const card = parseCard(read.value.card, read.value.ledger);
  if (!card.ok) return card;
  if (!equalBytes(read.value.ledger, ledger)) return refuse('invite-ledger');
  return ok({ card: card.value, ...(note === undefined ? {} : { note }), token });
}

/** What the new key signs. @param card the bytes of the card of the invited. */
export function answerBytes(card: Uint8Array, invitation: OpenInvitation): Uint8Array {
  const { card: inviter, token } = invitation;
  const statement = {
    card: toBase64(card),
    inviter: toHex(inviter.sign),
    ledger: toHex(inviter.ledger),
    token: toHex(token),
  };
  return preAuthEncoding(consentType, writeJson(statement));
}

/**
 * The bytes of an answer.
 *
 * @param card that of the invited.
 * @param proof the signature of the card's key over {@link answerBytes}.
 */
export function writeAnswer(card: ContactCard, proof: Uint8Array, token: Uint8Array): Uint8Array {
  return writeJson({
    answer: answerFormat,
    card: toBase64(writeCard(card)),
    signature: toBase64(proof),
    token: toHex(token),
  });
}

const made = Symbol('made by parseAnswer');

/** Not exported: only {@link parseAnswer} makes one. */
class ReadAnswer {
  readonly card: ContactCard;

  constructor(token: symbol, card: ContactCard) {
    if (token !== made) throw new TypeError('answers are read by parseAnswer');
    this.card = card;
    Object.freeze(this);
  }
}

/**
 * The card of someone who was invited and holds its key. Whether that is the person who was meant only the safety number
 * shows: who intercepts an open invitation can answer it.
 */
export type InvitationAnswer = ReadAnswer;

/** Reads an answer to an invitation that one made: the JSON of a file, or a link. */
export function parseAnswer(
  bytes: Uint8Array,
  invitation: OpenInvitation,
): Result<InvitationAnswer, InviteCode | CardCode | JsonCode> {
  const json = given(bytes, answerLink);
  if (!json.ok) return json;
  const read = readObject(json.value, codes, {
    answer: oneOf([answerFormat]),
    card: cardBytes,
    signature,
    token: hexOf(32),
  });
  if (!read.ok) return read;
  if (!equalBytes(read.value.token, invitation.token)) return refuse('invite-token');
  const card = parseCard(read.value.card, invitation.card.ledger);
  if (!card.ok) return card;
  const signed = answerBytes(read.value.card, invitation);
  return verifySignature(card.value.sign, signed, read.value.signature)
    ? ok(new ReadAnswer(made, card.value))
    : refuse('invite-signature');
}
