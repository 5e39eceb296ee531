/** Wraps (`docs/spec/channels.md`): the secret of an epoch, sealed to one member. Suite 1: X25519. */
import { concatBytes, toUtf8 } from '../bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../crypto/kdf.ts';
import { openBox, sealBox } from '../crypto/sealed.ts';
import { sharedSecret, x25519PublicKey, zeroize } from '../crypto/signature.ts';
import type { AnnouncementContext, BoxKey } from './keys.ts';
import { announcementParts, boxKey } from './keys.ts';
import type { RosterMember } from './roster.ts';

export const wrapSuite = 1;

/** Suite, ephemeral key, and the box of 32 bytes. */
export const wrapBytes = 1 + 32 + 48;

const domain = 'countersign/wrap/v1';

function wrapBox(
  shared: Uint8Array,
  context: AnnouncementContext,
  member: RosterMember,
  ephemeral: Uint8Array,
): BoxKey {
  const parts = [Uint8Array.of(wrapSuite), ...announcementParts(context), member.sign, member.encrypt];
  return boxKey(hkdfExpand(hkdfExtract(toUtf8(domain), shared), label(domain, ...parts, ephemeral), 56));
}

/**
 * Seals the secret of an epoch to a member.
 *
 * @param ephemeralSecret 32 bytes for this one wrap.
 * @throws RangeError when the member's key may not be used.
 */
export function sealWrap(
  secret: Uint8Array,
  context: AnnouncementContext,
  member: RosterMember,
  ephemeralSecret: Uint8Array,
): Uint8Array {
  const shared = sharedSecret(ephemeralSecret, member.encrypt);
  if (!shared.ok) throw new RangeError('the key of the member may not be used');
  const ephemeral = x25519PublicKey(ephemeralSecret);
  const { key, nonce } = wrapBox(shared.value, context, member, ephemeral);
  const box = sealBox(key, nonce, secret);
  zeroize(shared.value, key);
  return concatBytes(Uint8Array.of(wrapSuite), ephemeral, box);
}

/**
 * The secret in a wrap: undefined when it is not for this member, `'unsafe'` when its ephemeral key is of small order,
 * so that anyone could have computed what it was sealed with.
 */
export function openWrap(
  wrap: Uint8Array,
  context: AnnouncementContext,
  member: RosterMember,
  encryptSecret: Uint8Array,
): Uint8Array | 'unsafe' | undefined {
  const ephemeral = wrap.subarray(1, 33);
  const shared = sharedSecret(encryptSecret, ephemeral);
  if (!shared.ok) return 'unsafe';
  const { key, nonce } = wrapBox(shared.value, context, member, ephemeral);
  const secret = openBox(key, nonce, wrap.subarray(33));
  zeroize(shared.value, key);
  return secret;
}
