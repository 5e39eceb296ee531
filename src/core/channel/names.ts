/**
 * What channels are called on the record (`docs/spec/channels.md`, 'Words and derivations'): ids, tags, payload types.
 * Both ids are fixed before the first message that uses them.
 */
import { sha256 } from '../crypto/sha256.ts';
import { label } from '../crypto/kdf.ts';

/** First part of every label of a channel, and what its secrets are extracted with. */
export const channelDomain = 'countersign/channel/v1';

const transactionDomain = 'countersign/transaction/v1';

export const epochType = 'application/vnd.countersign.channel-epoch.v1';
export const sealedType = 'application/vnd.countersign.sealed.v1';
export const partType = 'application/vnd.countersign.document-part.v1';
export const invitationType = 'application/vnd.countersign.invitation.v1';
export const grantType = 'application/vnd.countersign.grant.v1';
export const unreadableType = 'application/vnd.countersign.unreadable.v1';

/** The channel that something belongs to: three ids of 32 bytes. */
export interface ChannelContext {
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  readonly channel: Uint8Array;
}

/** The id of a transaction. @param opener the Ed25519 key that opens it. @param salt 32 random bytes. */
export function transactionId(ledger: Uint8Array, opener: Uint8Array, salt: Uint8Array): Uint8Array {
  return sha256(label(transactionDomain, 'id', ledger, opener, salt));
}

/** The public tag of every message of a transaction. */
export function transactionTag(ledger: Uint8Array, transaction: Uint8Array): Uint8Array {
  return sha256(label(transactionDomain, 'tag', ledger, transaction));
}

/** The id of a channel. @param founder the Ed25519 key that founds it. @param salt 32 random bytes. */
export function channelId(
  ledger: Uint8Array,
  transaction: Uint8Array,
  founder: Uint8Array,
  salt: Uint8Array,
): Uint8Array {
  return sha256(label(channelDomain, 'channel', ledger, transaction, founder, salt));
}

/** The tag under which a key is told of what it is no member of yet. Whoever knows the key knows the tag. */
export function inboxTag(ledger: Uint8Array, sign: Uint8Array): Uint8Array {
  return sha256(label(channelDomain, 'inbox', ledger, sign));
}
