/** Whose key is whose: one's own keys and those of contacts, as far as the identity is open. */
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { OwnerView } from '../../contract/channels/check.ts';
import { type KnownContact, knownContacts } from '../../wallet/contacts/contacts.ts';
import { ownIdentity } from '../../wallet/identity/own-identity.ts';
import { pinnedLedgers } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { stateOf } from '../handlers/contacts.ts';

export class Owners {
  /** The identity is not open: nothing is said of contacts, and nobody is asked for a passphrase because of that. */
  readonly isSealed: boolean;
  readonly contacts: readonly KnownContact[];
  readonly #owners: ReadonlyMap<string, OwnerView>;

  private constructor(
    isSealed: boolean,
    contacts: readonly KnownContact[],
    owners: ReadonlyMap<string, OwnerView>,
  ) {
    this.isSealed = isSealed;
    this.contacts = contacts;
    this.#owners = owners;
  }

  /** Reads them. @throws CountersignError with a `vault-`, `keychain-` or `store-` code. */
  static async read(wallet: Wallet): Promise<Owners> {
    if ((await wallet.vaultState()).name !== 'open') return new Owners(true, [], new Map());
    const owners = new Map<string, OwnerView>();
    const contacts = await knownContacts(wallet);
    for (const known of contacts) {
      const { id, name, card, approved } = known.contact;
      const owner = { who: 'contact', id, name, state: stateOf(known) } as const;
      const keys = [card, approved, ...(known.identity?.keys ?? [])];
      for (const { sign } of keys) owners.set(toHex(sign), owner);
    }
    for (const key of await ownKeys(wallet)) owners.set(toHex(key), { who: 'self' });
    return new Owners(false, contacts, owners);
  }

  /** Who has this signing key. */
  of(key: Uint8Array): { readonly owner?: OwnerView } {
    const owner = this.#owners.get(toHex(key));
    return owner === undefined ? {} : { owner };
  }
}

/** One's own keys on all ledgers, as far as the copies reach. */
async function ownKeys(wallet: Wallet): Promise<readonly Uint8Array[]> {
  const keys: Uint8Array[] = [];
  for (const pinned of await pinnedLedgers(wallet.database)) {
    try {
      const { identity } = await ownIdentity(wallet, pinned);
      keys.push(...(identity?.keys ?? []).map(({ sign }) => sign));
      const vault = await wallet.unlock();
      if (vault.canSign) keys.push(vault.signerFor(pinned.joined.ledger.id, 0).publicKey);
    } catch (error) {
      // A copy that does not reach so far cannot tell.
      if (!(error instanceof CountersignError)) throw error;
    }
  }
  return keys;
}
