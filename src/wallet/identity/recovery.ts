/**
 * Recovery commitments: what the record is told of the recovery words. The words are kept on paper and nowhere else, so
 * their commitments for the ledgers at hand are made while they are there, and kept until they are announced.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { pinnedLedgers } from '../ledgers.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import type { Wallet } from '../wallet.ts';
import type { RecoveryKeys, RecoverySigner } from '../workflows/announce.ts';

const rowKind = 'recovery';

/** How many recoveries of one identity are looked for. */
const mostRecoveries = 32;

/** Keeps what the announcements on all joined ledgers will commit to. */
export async function keepRecoveries(wallet: Wallet, keys: RecoveryKeys): Promise<void> {
  const rows = await wallet.privateRows();
  for (const { joined } of await pinnedLedgers(wallet.database)) {
    await rows.put(rowKind, joined.ledger.idText, keys.commitment(joined.ledger.id, 0));
  }
}

/** The commitment that was kept for a ledger, if any. */
export async function keptRecovery(rows: PrivateRows, ledger: Uint8Array): Promise<Uint8Array | undefined> {
  return rows.get(rowKind, toHex(ledger));
}

/**
 * The recovery key that an identity's commitment names, and the commitment to the next one.
 * @returns undefined when the keys are those of other words.
 */
export function recoveryFor(
  keys: RecoveryKeys,
  ledger: Uint8Array,
  commitment: Uint8Array,
): { readonly signer: RecoverySigner; readonly next: Uint8Array } | undefined {
  for (let index = 0; index < mostRecoveries; index++) {
    if (!equalBytes(keys.commitment(ledger, index), commitment)) continue;
    return { signer: keys.signer(ledger, index), next: keys.commitment(ledger, index + 1) };
  }
  return undefined;
}
