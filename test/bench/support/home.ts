/** Profiles of the measurements. */
import { composeLedgerCard } from '../../../src/core/record/ledger-card.ts';
import { pinLedger } from '../../../src/wallet/ledgers.ts';
import { profileOf } from '../../../src/wallet/profile.ts';
import { openWallet } from '../../../src/wallet/wallet.ts';
import { MemoryKeychain } from '../../support/memory-keychain.ts';
import type { DataSet } from './data-set.ts';

/** A profile that joined the ledger and has nothing of it. */
export async function joinedHome(home: string, { ledger }: DataSet, url: string): Promise<void> {
  const profile = profileOf('default', { COUNTERSIGN_HOME: home });
  const wallet = await openWallet(profile, { keychain: new MemoryKeychain() }, 'create');
  const card = composeLedgerCard({ endpoints: [url], ledger: ledger.id, log: ledger.logKey });
  if (!card.ok) throw new Error(card.code);
  await pinLedger(wallet.database, card.value, ledger, 0);
  await wallet.close();
}
