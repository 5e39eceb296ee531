/** One's own keys as members of channels: all that this identity used on a ledger, and the one that counts now. */
import type { RosterMember } from '../../core/channel/roster.ts';
import { findOwnKeys } from '../identity/own-keys.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';

/** A pair of one's own keys. */
export interface OwnMember extends RosterMember {
  /** Its number among the keys of the identity. */
  readonly index: number;
}

/**
 * One's own keys, the newest first: whoever was a member under an older key still opens what was sealed to it.
 * @throws CountersignError `vault-watch-only`, or as `Wallet.unlock`.
 */
export async function ownMembers(wallet: Wallet, joined: JoinedLedger): Promise<readonly OwnMember[]> {
  const vault = await wallet.unlock();
  const { free } = await findOwnKeys(wallet.database, joined, vault);
  return Array.from({ length: free + 1 }, (_, i) => {
    const index = free - i;
    const { publicKey: sign, encryptionKey: encrypt } = vault.signerFor(joined.ledger.id, index);
    return { sign, encrypt, index };
  });
}
