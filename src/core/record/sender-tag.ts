/** The sender tag (`docs/spec/tags.md`): by which everything that a key sent is found, with proof that it is everything. */
import { concatBytes, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';

/** @param key the sender's Ed25519 key, 32 bytes. @throws RangeError when it is not. */
export function senderTag(key: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes');
  return sha256(concatBytes(toUtf8('countersign/sender/v1'), key));
}
