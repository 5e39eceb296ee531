/** Letters (`docs/spec/channels.md`): bytes for one key, for those who share no epoch. Suite 1: X25519. */
import { concatBytes, toUtf8 } from '../bytes.ts';
import { equalSecrets, hkdfExpand, hkdfExtract, label } from '../crypto/kdf.ts';
import { openBox, sealBox } from '../crypto/sealed.ts';
import { sharedSecret, x25519PublicKey, zeroize } from '../crypto/signature.ts';
import type { LetterCode } from '../errors/letter.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { MemberKeys } from './epoch.ts';
import type { CommittedBoxKey, Randomness } from './keys.ts';
import { committedBoxKey, drawSecret } from './keys.ts';
import { padded, sizeStep, unpadded } from './padding.ts';
import type { RosterMember } from './roster.ts';

const domain = 'countersign/letter/v1';
const suite = 1;

/** Suite, ephemeral key, commitment, and the authenticator of the box. */
const overhead = 1 + 32 + 32 + 16;

/** What a letter is bound to: the message that carries it. */
export interface LetterContext {
  readonly payloadType: string;
  readonly ledger: Uint8Array;
  /** The Ed25519 key of the author. */
  readonly author: Uint8Array;
}

function letterBox(
  shared: Uint8Array,
  { payloadType, ledger, author }: LetterContext,
  recipient: RosterMember,
  ephemeral: Uint8Array,
): CommittedBoxKey {
  const parts = [
    Uint8Array.of(suite),
    payloadType,
    ledger,
    author,
    recipient.sign,
    recipient.encrypt,
    ephemeral,
  ];
  return committedBoxKey(hkdfExpand(hkdfExtract(toUtf8(domain), shared), label(domain, ...parts), 88));
}

/** Seals a letter. @throws RangeError when the recipient's key may not be used. */
export function sealLetter(
  context: LetterContext,
  recipient: RosterMember,
  plaintext: Uint8Array,
  randomness: Randomness,
): Uint8Array {
  const material = concatBytes(label(recipient.sign, recipient.encrypt), plaintext);
  const ephemeralSecret = drawSecret(randomness, 'letter', material);
  const shared = sharedSecret(ephemeralSecret, recipient.encrypt);
  if (!shared.ok) throw new RangeError('the key of the recipient may not be used');
  const ephemeral = x25519PublicKey(ephemeralSecret);
  const { key, nonce, commitment } = letterBox(shared.value, context, recipient, ephemeral);
  const box = sealBox(key, nonce, padded(plaintext));
  zeroize(ephemeralSecret, shared.value, key);
  return concatBytes(Uint8Array.of(suite), ephemeral, commitment, box);
}

/** Opens a letter with the keys of its recipient. */
export function openLetter(
  context: LetterContext,
  me: MemberKeys,
  letter: Uint8Array,
): Result<Uint8Array, LetterCode> {
  const length = letter.length - overhead;
  if (letter[0] !== suite || length < 0 || sizeStep(length) !== length) return refuse('letter-form');
  const ephemeral = letter.subarray(1, 33);
  const shared = sharedSecret(me.encryptSecret, ephemeral);
  if (!shared.ok) return refuse('letter-key');
  const recipient = { sign: me.sign, encrypt: x25519PublicKey(me.encryptSecret) };
  const { key, nonce, commitment } = letterBox(shared.value, context, recipient, ephemeral);
  if (!equalSecrets(commitment, letter.subarray(33, 65))) return refuse('letter-commitment');
  const padding = openBox(key, nonce, letter.subarray(65));
  zeroize(shared.value, key);
  const plaintext = padding && unpadded(padding);
  return plaintext === undefined ? refuse('letter-box') : ok(plaintext.slice());
}
