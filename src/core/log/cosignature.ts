/**
 * Cosignatures v1: a witness's Ed25519 signature over a time and a checkpoint's whole text. Specified in
 * `docs/spec/notes.md`, after C2SP tlog-cosignature.
 */
import { ByteReader, concatBytes, equalBytes, toUtf8, uintToBytes } from '../bytes.ts';
import { publicKeyOf, signMessage, verifySignature } from '../crypto/signature.ts';
import { maxTime } from '../encoding/members.ts';
import { keyType, type VerifierKey } from './verifier-key.ts';

/** The bytes that a cosignature at `time` (POSIX seconds) over a note's text signs. */
function cosignedMessage(time: number, noteText: string): Uint8Array {
  return toUtf8(`cosignature/v1\ntime ${time}\n${noteText}`);
}

/**
 * The 72 signature bytes of a cosignature: u64 time, Ed25519 signature.
 *
 * @param time POSIX seconds, 0 to the end of the year 9999
 * @throws RangeError when the key is not a witness's, the seed not the key's, or the time out of range.
 */
export function cosign(key: VerifierKey, seed: Uint8Array, noteText: string, time: number): Uint8Array {
  if (key.type !== keyType.cosignature) throw new RangeError('a cosigner has a key of type 4');
  if (!equalBytes(publicKeyOf(seed), key.publicKey)) throw new RangeError("the seed is not the key's");
  if (!Number.isSafeInteger(time) || time < 0 || time > maxTime) throw new RangeError('time out of range');
  return concatBytes(uintToBytes(time, 8), signMessage(seed, cosignedMessage(time, noteText)));
}

/** The time (POSIX seconds) that a valid cosignature states, or undefined when it is not valid. */
export function cosignatureTime(
  key: VerifierKey,
  noteText: string,
  signature: Uint8Array,
): number | undefined {
  const reader = new ByteReader(signature);
  const stated = reader.uint64();
  const bytes = reader.take(64);
  if (stated === undefined || bytes === undefined || reader.remaining > 0) return undefined;
  // A time beyond the year 9999 lies in the future, which a verifier may refuse.
  if (stated > BigInt(maxTime)) return undefined;
  const time = Number(stated);
  return verifySignature(key.publicKey, cosignedMessage(time, noteText), bytes) ? time : undefined;
}
