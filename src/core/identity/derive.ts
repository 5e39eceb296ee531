/** Keys from a seed, by SLIP-0010 for ed25519, separate for each ledger (`docs/spec/identities.md`). */
import { concatBytes, toUtf8, uintToBytes } from '../bytes.ts';
import { hmacSha512 } from '../crypto/kdf.ts';
import { zeroize } from '../crypto/signature.ts';

/** What a derived key is for. */
export const keyRoles = { signing: 0, encryption: 1, acting: 2, recovery: 3 } as const;

export type KeyRole = keyof typeof keyRoles;

const hardened = 0x8000_0000;

/** The first step of every path: `'CSP1'` read as a u32. */
const purpose = 1_129_533_489;

/**
 * The 32-byte private key at a path of SLIP-0010 for curve ed25519, all of whose steps are hardened.
 *
 * @param path step numbers without the hardening bit: 0 to 2^31 - 1.
 */
export function slip10Ed25519(seed: Uint8Array, path: readonly number[]): Uint8Array {
  let node = hmacSha512(toUtf8('ed25519 seed'), seed);
  for (const step of path) {
    if (!Number.isInteger(step) || step < 0 || step >= hardened) throw new RangeError('0 to 2^31 - 1');
    const data = concatBytes(Uint8Array.of(0), node.subarray(0, 32), uintToBytes(step + hardened, 4));
    const child = hmacSha512(node.subarray(32), data);
    zeroize(node, data);
    node = child;
  }
  const key = node.slice(0, 32);
  zeroize(node);
  return key;
}

/** The first 124 bits of a ledger id as four big-endian numbers of 31 bits. */
function ledgerSteps(ledger: Uint8Array): readonly number[] {
  if (ledger.length !== 32) throw new RangeError('a ledger id has 32 bytes');
  const bits = ledger.subarray(0, 16).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n) >> 4n;
  return [93n, 62n, 31n, 0n].map((shift) => Number((bits >> shift) & 0x7fff_ffffn));
}

/**
 * The 32 secret bytes of one key: an Ed25519 seed, or an X25519 private key for the role `encryption`. The recovery
 * key is derived from other words than the rest; that is for the caller to see to.
 *
 * @param seed the 64 bytes of `seedOfWords`.
 * @param index 0 for the first key of the role, counting up.
 */
export function deriveKey(seed: Uint8Array, ledger: Uint8Array, role: KeyRole, index: number): Uint8Array {
  return slip10Ed25519(seed, [purpose, ...ledgerSteps(ledger), keyRoles[role], index]);
}
