/** Who there is on the ledger of the surface: sample people with keys of their own, and the contacts among them. */
import { sha256 } from '../../../src/core/crypto/sha256.ts';
import { toUtf8 } from '../../../src/core/bytes.ts';
import { contactLink } from '../../../src/core/identity/card-link.ts';
import { wordsOf } from '../../../src/core/identity/words.ts';
import { wireBytes } from '../../../src/core/record/envelope.ts';
import { seedOf, signerOfSeed } from '../../../src/wallet/vault/signer.ts';
import {
  announceIdentity,
  type NewKey,
  RecoveryKeys,
  rotateIdentity,
} from '../../../src/wallet/workflows/announce.ts';

/** 32 bytes that a name stands for. */
const bytesOf = (name: string): Uint8Array => sha256(toUtf8(`surface ${name}`));

export interface ContactForm {
  /** What the person here calls the contact. */
  readonly name: string;
  readonly firm: string;
  readonly role: string;
  readonly state: 'verified' | 'unchecked' | 'unannounced' | 'changed';
}

/** Contacts in all their states. Nobody is meant. */
export const contacts: readonly ContactForm[] = [
  { name: 'Buyer', firm: 'Sample Trading Ltd', role: 'General counsel', state: 'verified' },
  { name: 'Seller', firm: 'Sample Estates plc', role: 'Director', state: 'changed' },
  { name: 'Notary', firm: 'Sample & Partners', role: 'Civil-law notary', state: 'verified' },
  { name: 'Bank', firm: 'Sample Bank', role: 'Escrow desk', state: 'unchecked' },
  { name: 'Surveyor', firm: 'Sample Surveys', role: 'Valuer', state: 'unannounced' },
  { name: 'Insurer', firm: 'Sample Mutual', role: 'Underwriter', state: 'unchecked' },
];

function keyOf({ name, firm, role }: ContactForm, ledger: Uint8Array, index: number): NewKey {
  const signer = signerOfSeed(seedOf(bytesOf(name)), ledger, index);
  return {
    signer,
    claims: { name: `Sample ${name.toLowerCase()}`, firm, role },
    salt: bytesOf(`${name} salt`),
  };
}

/** The link of a contact's card, as they hand it out themselves. */
export function linkOf(contact: ContactForm, ledger: Uint8Array): string {
  const { signer, claims, salt } = keyOf(contact, ledger, 0);
  return contactLink({ claims, encrypt: signer.encryptionKey, ledger, salt, sign: signer.publicKey });
}

/** The announcements of those who announced themselves. */
export function announcements(ledger: Uint8Array, time: number): readonly Uint8Array[] {
  return contacts
    .filter(({ state }) => state !== 'unannounced')
    .map((contact) => {
      const recovery = new RecoveryKeys(wordsOf(bytesOf(`${contact.name} recovery`)));
      const commitment = recovery.commitment(ledger, 0);
      recovery.close();
      return wireBytes(announceIdentity(keyOf(contact, ledger, 0), ledger, commitment, time).message);
    });
}

/** The messages by which new keys took over. */
export function rotations(ledger: Uint8Array, time: number): readonly Uint8Array[] {
  return contacts
    .filter(({ state }) => state === 'changed')
    .map((contact) => {
      const { signer } = keyOf(contact, ledger, 0);
      const next = keyOf(contact, ledger, 1);
      return wireBytes(rotateIdentity(next, ledger, signer.publicKey, signer, time).message);
    });
}
