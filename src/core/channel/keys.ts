/** The key schedule of channels (`docs/spec/channels.md`, 'Key schedule', 'Sealed messages', 'What a client draws'). */
import { concatBytes, toUtf8 } from '../bytes.ts';
import { hkdfExpand, hkdfExtract, hmacSha256, label } from '../crypto/kdf.ts';
import type { ChannelContext } from './names.ts';
import { channelDomain } from './names.ts';

/** What the secrets of an announcement are bound to: the id of the announcement itself is not known before it is made. */
export interface AnnouncementContext extends ChannelContext {
  /** The announcement of the epoch before; undefined in the first. */
  readonly previous: Uint8Array | undefined;
  /** The Ed25519 key of the author. */
  readonly author: Uint8Array;
}

/** What the key of a sealed message is bound to. */
export interface MessageContext extends ChannelContext {
  /** The id of the announcement. */
  readonly epoch: Uint8Array;
  readonly sender: Uint8Array;
  readonly payloadType: string;
}

/** A key and a nonce for one secretbox. */
export interface BoxKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The same, with what commits to both. */
export interface CommittedBoxKey extends BoxKey {
  readonly commitment: Uint8Array;
}

/** What the secrets of a client are drawn from. */
export interface Randomness {
  /** 32 bytes that never leave the profile. */
  readonly localKey: Uint8Array;
  /** 32 random bytes, drawn for this one thing. */
  readonly random: Uint8Array;
}

/** The parts of a label that name an announcement. */
export function announcementParts(context: AnnouncementContext): readonly Uint8Array[] {
  const { ledger, transaction, channel, previous, author } = context;
  return [ledger, transaction, channel, previous ?? new Uint8Array(), author];
}

/** The parts of a label that name what a message is bound to. */
export function messageParts(context: MessageContext): readonly (string | Uint8Array)[] {
  const { ledger, transaction, channel, epoch, sender, payloadType } = context;
  return [ledger, transaction, channel, epoch, sender, payloadType];
}

/**
 * A secret that serves once. It depends on what it will protect, so that a copy of a machine which draws the same
 * random bytes again gets another one for another text.
 *
 * @param material everything that the secret will protect.
 * @throws RangeError when a part of the randomness is not 32 bytes.
 */
export function drawSecret(
  { localKey, random }: Randomness,
  purpose: 'epoch' | 'message' | 'document' | 'wrap' | 'letter',
  material: Uint8Array,
): Uint8Array {
  if (localKey.length !== 32 || random.length !== 32) throw new RangeError('32 bytes each');
  return hmacSha256(localKey, concatBytes(label('countersign/fresh/v1', purpose, random), material));
}

/** Cuts key, nonce and commitment out of 88 derived bytes. */
export function committedBoxKey(derived: Uint8Array): CommittedBoxKey {
  return { key: derived.slice(0, 32), nonce: derived.slice(32, 56), commitment: derived.slice(56, 88) };
}

/** Cuts key and nonce out of 56 derived bytes. */
export function boxKey(derived: Uint8Array): BoxKey {
  return { key: derived.slice(0, 32), nonce: derived.slice(32, 56) };
}

/** What follows from the secret of an epoch. The secret itself keys nothing. */
export class EpochKeys {
  readonly #secret: Uint8Array;
  readonly #prk: Uint8Array;

  /** @param secret 32 bytes. @throws RangeError on another length. */
  constructor(secret: Uint8Array) {
    if (secret.length !== 32) throw new RangeError('an epoch secret has 32 bytes');
    this.#secret = secret.slice();
    this.#prk = hkdfExtract(toUtf8(channelDomain), secret);
  }

  /** A copy of the secret: to be wrapped for a member, or disclosed. */
  get secret(): Uint8Array {
    return this.#secret.slice();
  }

  commitment(context: AnnouncementContext): Uint8Array {
    return this.#expand(['commitment', ...announcementParts(context)], 32);
  }

  tag(context: AnnouncementContext): Uint8Array {
    return this.#expand(['tag', ...announcementParts(context)], 32);
  }

  memberSalt(context: AnnouncementContext, sign: Uint8Array): Uint8Array {
    return this.#expand(['member', ...announcementParts(context), sign], 32);
  }

  rosterBox(context: AnnouncementContext, root: Uint8Array): BoxKey {
    return boxKey(this.#expand(['roster', ...announcementParts(context), root], 56));
  }

  joinedProof(context: Omit<MessageContext, 'payloadType'>): Uint8Array {
    const { ledger, transaction, channel, epoch, sender } = context;
    return this.#expand(['joined', ledger, transaction, channel, epoch, sender], 32);
  }

  messageKey(context: MessageContext, salt: Uint8Array): Uint8Array {
    return this.#expand(['message', ...messageParts(context), salt], 32);
  }

  #expand(parts: readonly (string | Uint8Array)[], length: number): Uint8Array {
    return hkdfExpand(this.#prk, label(channelDomain, ...parts), length);
  }
}

/** What a message is sealed with, from its message key alone. */
export function messageBox(
  messageKey: Uint8Array,
  context: MessageContext,
  salt: Uint8Array,
): CommittedBoxKey {
  const info = label(channelDomain, 'box', ...messageParts(context), salt);
  return committedBoxKey(hkdfExpand(messageKey, info, 88));
}
