/** A new identity: its words, and the message by which its key announces itself. */
import { randomBytes } from 'node:crypto';
import { publicKeyOf, zeroize } from '../../core/crypto/signature.ts';
import { cardCommitment, type CardClaims, type ContactCard } from '../../core/identity/card.ts';
import { deriveKey } from '../../core/identity/derive.ts';
import { draftAnnouncement } from '../../core/identity/draft.ts';
import { recoveryCommitment } from '../../core/identity/statement.ts';
import { seedOfWords, type Words } from '../../core/identity/words.ts';
import { composeMessage, sealMessage, type SignedMessage } from '../../core/record/envelope.ts';
import type { Signer } from '../vault/signer.ts';

/** The public half of the recovery key that these words hold for a ledger. The words are not kept. */
export function recoveryKeyOf(words: Words, ledger: Uint8Array): Uint8Array {
  const seed = seedOfWords(words);
  const secret = deriveKey(seed, ledger, 'recovery', 0);
  const key = publicKeyOf(secret);
  zeroize(seed, secret);
  return key;
}

/**
 * The announcement of an identity's first key, and the contact card that it commits to.
 * @param recoveryKey public half of the key that outranks this one.
 * @param time seconds since 1970.
 */
export function announceIdentity(
  signer: Signer,
  ledger: Uint8Array,
  claims: CardClaims,
  recoveryKey: Uint8Array,
  time: number,
): { readonly message: SignedMessage; readonly card: ContactCard } {
  const { publicKey: sign, encryptionKey: encrypt } = signer;
  const card: ContactCard = { claims, encrypt, ledger, salt: new Uint8Array(randomBytes(32)), sign };
  const draft = draftAnnouncement(
    { ledger, nonce: new Uint8Array(randomBytes(16)), time },
    { card: cardCommitment(card), encrypt, recovery: recoveryCommitment(recoveryKey), sign },
  );
  const unsigned = composeMessage(draft);
  return { message: sealMessage(unsigned, signer.sign(unsigned.signedBytes)), card };
}
