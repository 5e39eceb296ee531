/** The messages by which an identity speaks about its keys: announcement, rotation, recovery, revocation. */
import { randomBytes } from 'node:crypto';
import { publicKeyOf, signMessage, zeroize } from '../../core/crypto/signature.ts';
import { cardCommitment, type CardClaims, type ContactCard } from '../../core/identity/card.ts';
import { consentBytes } from '../../core/identity/consent.ts';
import { deriveKey } from '../../core/identity/derive.ts';
import { draftAnnouncement, draftRevocation, draftRotation } from '../../core/identity/draft.ts';
import { recoveryCommitment, type Revocation } from '../../core/identity/statement.ts';
import { seedOfWords, type Words } from '../../core/identity/words.ts';
import { composeMessage, type Draft, sealMessage, type SignedMessage } from '../../core/record/envelope.ts';
import type { Signer } from '../vault/signer.ts';

/** Signs with a recovery key. */
export interface RecoverySigner {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** The recovery keys that some words hold: made for one use and kept nowhere. */
export class RecoveryKeys {
  readonly #seed: Uint8Array;

  constructor(words: Words) {
    this.#seed = seedOfWords(words);
  }

  /** The recovery key number `index` for a ledger. */
  signer(ledger: Uint8Array, index: number): RecoverySigner {
    const secret = deriveKey(this.#seed, ledger, 'recovery', index);
    const publicKey = publicKeyOf(secret);
    zeroize(secret);
    const sign = (message: Uint8Array): Uint8Array => {
      const seed = deriveKey(this.#seed, ledger, 'recovery', index);
      const signature = signMessage(seed, message);
      zeroize(seed);
      return signature;
    };
    return { publicKey, sign };
  }

  /** What an announcement commits to so that the key number `index` can recover the identity. */
  commitment(ledger: Uint8Array, index: number): Uint8Array {
    return recoveryCommitment(this.signer(ledger, index).publicKey);
  }

  /** Overwrites the seed in memory. */
  close(): void {
    zeroize(this.#seed);
  }
}

/** What an identity says of itself with a new key. */
export interface NewKey {
  readonly signer: Signer;
  readonly claims: CardClaims;
  /** 32 bytes: that of `OpenVault.cardSalt` for the signer's index. */
  readonly salt: Uint8Array;
}

/** A statement, ready to be sent, and the contact card that it commits to. */
export interface KeyMessage {
  readonly message: SignedMessage;
  readonly card: ContactCard;
}

function nonce(): Uint8Array {
  return new Uint8Array(randomBytes(16));
}

function signed(draft: Draft, sender: Pick<Signer, 'sign'>): SignedMessage {
  const unsigned = composeMessage(draft);
  return sealMessage(unsigned, sender.sign(unsigned.signedBytes));
}

function cardOf({ signer, claims, salt }: NewKey, ledger: Uint8Array): ContactCard {
  return { claims, encrypt: signer.encryptionKey, ledger, salt, sign: signer.publicKey };
}

/**
 * The announcement of an identity's first key.
 * @param recovery commitment to the key that outranks this one ({@link RecoveryKeys}).
 * @param publicName goes on the record for good; left out in most cases.
 * @param time seconds since 1970.
 */
export function announceIdentity(
  key: NewKey,
  ledger: Uint8Array,
  recovery: Uint8Array,
  time: number,
  publicName?: string,
): KeyMessage {
  const card = cardOf(key, ledger);
  const name = publicName === undefined ? {} : { name: publicName };
  const draft = draftAnnouncement(
    { ledger, nonce: nonce(), time },
    { card: cardCommitment(card), encrypt: card.encrypt, recovery, sign: card.sign, ...name },
  );
  return { message: signed(draft, key.signer), card };
}

/**
 * The message by which a new key takes over from `from`.
 * @param sender the key `from` itself, or, for a recovery, the identity's recovery key.
 * @param recovery the commitment to the next recovery key: exactly for a recovery.
 * @param time seconds since 1970.
 */
export function rotateIdentity(
  key: NewKey,
  ledger: Uint8Array,
  from: Uint8Array,
  sender: Pick<Signer, 'publicKey' | 'sign'>,
  time: number,
  recovery?: Uint8Array,
): KeyMessage {
  const card = cardOf(key, ledger);
  const terms = {
    card: cardCommitment(card),
    encrypt: card.encrypt,
    from,
    ledger,
    nonce: nonce(),
    sender: sender.publicKey,
    sign: card.sign,
    ...(recovery === undefined ? {} : { recovery }),
  };
  const proof = key.signer.sign(consentBytes(terms));
  return { message: signed(draftRotation(time, terms, proof), sender), card };
}

/**
 * The message that ends a key.
 * @param sender the key itself, or the recovery key of its identity.
 * @param time seconds since 1970.
 */
export function revokeKey(
  revocation: Omit<Revocation, 'kind'>,
  ledger: Uint8Array,
  sender: Pick<Signer, 'publicKey' | 'sign'>,
  time: number,
): SignedMessage {
  const draft = draftRevocation({ ledger, nonce: nonce(), sender: sender.publicKey, time }, revocation);
  return signed(draft, sender);
}
