/** Statements about keys, really signed and verified, for the tests of identities. */
import './engines.ts';
import { publicKeyOf, signMessage, x25519PublicKey } from '../../src/core/crypto/signature.ts';
import { consentBytes } from '../../src/core/identity/consent.ts';
import { draftAnnouncement, draftRevocation, draftRotation } from '../../src/core/identity/draft.ts';
import type { KeyStatement, Revocation } from '../../src/core/identity/statement.ts';
import { readKeyStatement, recoveryCommitment } from '../../src/core/identity/statement.ts';
import type { Draft } from '../../src/core/record/envelope.ts';
import { composeMessage, sealMessage } from '../../src/core/record/envelope.ts';
import type { VerifiedMessage } from '../../src/core/record/message.ts';
import { verifyMessage } from '../../src/core/record/message.ts';

export const ledger = new Uint8Array(32).fill(0x4c);

/** A key pair that tests name by a number. */
export interface Signer {
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  readonly encrypt: Uint8Array;
}

const signers = new Map<number, Signer>();

export function signer(number: number): Signer {
  let known = signers.get(number);
  if (known === undefined) {
    const seed = new Uint8Array(32).fill(number);
    known = { seed, key: publicKeyOf(seed), encrypt: x25519PublicKey(seed) };
    signers.set(number, known);
  }
  return known;
}

/** What two messages that say the same need to be different ones. */
export interface Variant {
  readonly nonce?: number;
  readonly time?: number;
}

const originOf = ({ nonce = 0, time = 1_700_000_000 }: Variant) => ({
  ledger,
  nonce: new Uint8Array(16).fill(nonce),
  time,
});

/** Signs a draft and verifies it. */
export function send(draft: Draft, by: Signer): VerifiedMessage {
  const unsigned = composeMessage(draft);
  const { leaf, data } = sealMessage(unsigned, signMessage(by.seed, unsigned.signedBytes));
  const result = verifyMessage(leaf, data, ledger, { headBytes: 65_535, dataBytes: 0 });
  if (!result.ok) throw new Error(result.code);
  return result.value;
}

/** The statement of a message, which must be one. */
export function statementOf(message: VerifiedMessage): KeyStatement {
  const result = readKeyStatement(message);
  if (result?.ok !== true) throw new Error(result?.code ?? 'not about keys');
  return result.value;
}

export const card = new Uint8Array(32).fill(0xca);

export function announcementDraft(key: Signer, recovery: Signer, variant: Variant = {}): Draft {
  const commitment = recoveryCommitment(recovery.key);
  return draftAnnouncement(originOf(variant), {
    card,
    encrypt: key.encrypt,
    recovery: commitment,
    sign: key.key,
  });
}

export function announce(key: Signer, recovery: Signer, variant?: Variant): KeyStatement {
  return statementOf(send(announcementDraft(key, recovery, variant), key));
}

/** Who takes part in a rotation; with `next`, the next recovery key, it is a recovery that `sender` makes. */
export interface RotationParts extends Variant {
  readonly sender?: Signer;
  readonly next?: Signer;
}

export function rotationDraft(from: Signer, to: Signer, parts: RotationParts = {}): Draft {
  const { sender = from, next } = parts;
  const { nonce, time } = originOf(parts);
  const terms = {
    card,
    encrypt: to.encrypt,
    from: from.key,
    ledger,
    nonce,
    ...(next === undefined ? {} : { recovery: recoveryCommitment(next.key) }),
    sender: sender.key,
    sign: to.key,
  };
  return draftRotation(time, terms, signMessage(to.seed, consentBytes(terms)));
}

export function rotate(from: Signer, to: Signer, variant?: Variant): KeyStatement {
  return statementOf(send(rotationDraft(from, to, variant), from));
}

/** The recovery key `by` gives the identity of `from` the key `to`, and commits to the recovery key `next`. */
export function recover(from: Signer, to: Signer, by: Signer, next: Signer, variant?: Variant): KeyStatement {
  return statementOf(send(rotationDraft(from, to, { ...variant, sender: by, next }), by));
}

export function revocationDraft(
  key: Signer,
  by: Signer,
  more: Variant & Partial<Pick<Revocation, 'reason' | 'since'>> = {},
): Draft {
  const { reason = 'lost', since } = more;
  const revocation = { key: key.key, reason, ...(since === undefined ? {} : { since }) };
  return draftRevocation({ ...originOf(more), sender: by.key }, revocation);
}

export function revoke(
  key: Signer,
  by: Signer = key,
  more?: Parameters<typeof revocationDraft>[2],
): KeyStatement {
  return statementOf(send(revocationDraft(key, by, more), by));
}
