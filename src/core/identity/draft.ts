/** Composing statements about keys. Random bytes and the time come in; who holds the keys signs the drafts. */
import { toBase64, toHex } from '../bytes.ts';
import type { JsonObject } from '../encoding/json.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { RotationTerms } from './consent.ts';
import type { Announcement, Revocation } from './statement.ts';
import { announceType, keyStatusTag, revokeType, rotateType } from './statement.ts';

/** The announcement that a key makes of itself: the sender is `sign`. */
export function draftAnnouncement(
  origin: Omit<DraftOrigin, 'sender'>,
  announcement: Omit<Announcement, 'kind'>,
): Draft {
  const { card, encrypt, name, recovery, sign } = announcement;
  const body = {
    card: toHex(card),
    encrypt: toHex(encrypt),
    ...(name === undefined ? {} : { name }),
    recovery: toHex(recovery),
    sign: toHex(sign),
  };
  return draft(announceType, { ...origin, sender: sign }, body, [sign]);
}

/**
 * A rotation, or a recovery when the terms have `recovery`.
 *
 * @param time seconds since 1970.
 * @param terms what the new key agreed to; ledger, nonce and sender become those of the message.
 * @param proof the new key's signature over `consentBytes(terms)`.
 */
export function draftRotation(time: number, terms: RotationTerms, proof: Uint8Array): Draft {
  const { card, encrypt, from, recovery, sign } = terms;
  const body = {
    card: toHex(card),
    encrypt: toHex(encrypt),
    from: toHex(from),
    proof: toBase64(proof),
    ...(recovery === undefined ? {} : { recovery: toHex(recovery) }),
    sign: toHex(sign),
  };
  return draft(rotateType, { ...terms, time }, body, [from, sign]);
}

/** A revocation, sent by the key itself or by the recovery key of its identity. */
export function draftRevocation(origin: DraftOrigin, revocation: Omit<Revocation, 'kind'>): Draft {
  const { key, reason, since } = revocation;
  const body = { key: toHex(key), reason, ...(since === undefined ? {} : { since }) };
  return draft(revokeType, origin, body, [key]);
}

function draft(
  payloadType: string,
  origin: DraftOrigin,
  body: JsonObject,
  keys: readonly Uint8Array[],
): Draft {
  const { ledger, nonce, sender, time } = origin;
  const tags = keys.map(keyStatusTag);
  return {
    payloadType,
    sender,
    head: { body, ledger, nonce, tags, time, v: 1 },
    data: new Uint8Array(),
  };
}
