/** Safety numbers (`docs/spec/identities.md`): one number that two people compare to know that nobody is between. */
import { compareBytes, concatBytes, equalBytes, toHex, toUtf8 } from '../bytes.ts';
import { sha512 } from '../crypto/kdf.ts';
import type { SafetyCode } from '../errors/safety.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';

/** One side of the comparison; each member has 32 bytes. */
export interface SafetySide {
  readonly ledger: Uint8Array;
  /** Ed25519 public key. */
  readonly sign: Uint8Array;
  /** X25519 public key. */
  readonly encrypt: Uint8Array;
}

export interface SafetyNumber {
  /** 16 groups of four digits, 212 bits. */
  readonly groups: readonly string[];
  /** The text of the QR code; the same on both screens. */
  readonly qr: string;
}

/** The safety number of two sides, whichever is named first. @throws RangeError when a member is not 32 bytes. */
export function safetyNumber(one: SafetySide, other: SafetySide): Result<SafetyNumber, SafetyCode> {
  const [a, b] = [sideBytes(one), sideBytes(other)].sort(compareBytes) as [Uint8Array, Uint8Array];
  if (!equalBytes(one.ledger, other.ledger)) return refuse('safety-ledger');
  if (equalBytes(a, b)) return refuse('safety-same');
  const digest = sha512(concatBytes(toUtf8('countersign/safety-number/v1'), a, b));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.length);
  const groups = Array.from({ length: 16 }, (_, i) =>
    String(view.getUint32(4 * i) % 10_000).padStart(4, '0'),
  );
  return ok({ groups, qr: `countersign-safety-v1:${toHex(digest)}` });
}

function sideBytes(side: SafetySide): Uint8Array {
  const parts = [side.ledger, side.sign, side.encrypt];
  if (parts.some((part) => part.length !== 32)) throw new RangeError('ledger and keys have 32 bytes each');
  return concatBytes(...parts);
}
