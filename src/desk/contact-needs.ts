/** Contacts with whom nothing is done until the person looks: Home says who they are. */
import type { ContactNeedView } from '../contract/state.ts';
import { knownContacts } from '../wallet/contacts/contacts.ts';
import type { Wallet } from '../wallet/wallet.ts';

const waiting: readonly string[] = ['changed', 'mismatch', 'revoked'] satisfies ContactNeedView['state'][];

/** @throws CountersignError with a `vault-`, `keychain-` or `store-` code, or one about the copy. */
export async function contactNeeds(wallet: Wallet): Promise<readonly ContactNeedView[]> {
  const found = (await knownContacts(wallet)).filter(({ standing }) => waiting.includes(standing));
  return found.map(({ contact: { id, name }, standing }) => ({
    id,
    name,
    state: standing as ContactNeedView['state'],
  }));
}
