/** People with profiles of their own who share one ledger: wallets on a keychain in memory, and a firehose that listens. */
import './fast-engines.ts';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Words, wordsOf } from '../../src/core/identity/words.ts';
import type { CardClaims } from '../../src/core/identity/card.ts';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { httpReader } from '../../src/engines/http-reader.ts';
import { announce, ownIdentity, type Sent } from '../../src/wallet/identity/own-identity.ts';
import { keepRecoveries } from '../../src/wallet/identity/recovery.ts';
import { findLedger, type PinnedLedger, pinLedger } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { unwrap } from './ledger.ts';
import { MemoryKeychain } from './memory-keychain.ts';
import { type Served, served } from './served.ts';

export { stopServices } from './served.ts';

export const now = (): number => Math.floor(Date.now() / 1000);

/** One person's profile, open. */
export interface Person {
  readonly wallet: Wallet;
  readonly keychain: MemoryKeychain;
  /** The words of the identity, and of its recovery. */
  readonly words: Words;
  readonly recoveryWords: Words;
  readonly entropy: Uint8Array;
}

/** A ledger that is served, and whoever joins it. */
export class Place {
  readonly served: Served;
  readonly #home: string;
  readonly #open: Wallet[] = [];

  private constructor(home: string, service: Served) {
    this.#home = home;
    this.served = service;
  }

  /** @param home a folder for the profiles. Close the place and stop the services afterwards. */
  static async start(home: string): Promise<Place> {
    return new Place(home, await served());
  }

  /** Opens a profile of a person; it is made when it is not there yet. */
  async open(who: string, keychain: MemoryKeychain, profile = 'default'): Promise<Wallet> {
    const place = profileOf(profile, { COUNTERSIGN_HOME: join(this.#home, who) });
    const wallet = await openWallet(place, { keychain }, 'create');
    this.#open.push(wallet);
    return wallet;
  }

  /** Makes a profile with an identity that joined the ledger and has its copy. */
  async person(
    who: string,
    entropy: Uint8Array = new Uint8Array(randomBytes(32)),
    profile = 'default',
  ): Promise<Person> {
    const keychain = new MemoryKeychain();
    const wallet = await this.open(who, keychain, profile);
    await this.join(wallet);
    const secrets = newSecrets(entropy);
    wallet.vault.adopt(await createVault(wallet.profile.vaultFile, { kind: 'keychain', keychain }, secrets));
    const recoveryWords = wordsOf(new Uint8Array(randomBytes(32)));
    await keepRecoveries(wallet, new RecoveryKeys(recoveryWords));
    await this.sync(wallet);
    return { wallet, keychain, words: wordsOf(entropy), recoveryWords, entropy };
  }

  async join(wallet: Wallet): Promise<void> {
    const { ledger, url } = this.served;
    const content = { endpoints: [url], ledger: ledger.id, log: ledger.logKey };
    await pinLedger(wallet.database, unwrap(composeLedgerCard(content)), ledger, now());
  }

  async pinned(wallet: Wallet): Promise<PinnedLedger> {
    return findLedger(wallet.database, this.served.ledger.idText);
  }

  /** Brings a copy up to date. */
  async sync(wallet: Wallet): Promise<PinnedLedger> {
    await syncLedger(wallet.store, this.served.ledger.id, httpReader(new URL(this.served.url), 10_000));
    return this.pinned(wallet);
  }

  /** Brings a copy up to date until it has what was sent. */
  async settle(wallet: Wallet, { message }: Sent): Promise<void> {
    await this.arrival(wallet, message);
  }

  /** Brings a copy up to date until it has the message with this id. */
  async arrival(wallet: Wallet, id: Uint8Array): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      const { joined } = await this.sync(wallet);
      if ((await wallet.store.placeOf(joined, id)) !== undefined) return;
      await new Promise((next) => setTimeout(next, 10));
    }
    throw new Error('the message did not get into a block');
  }

  /** Announces a person, and waits until it is in their copy. */
  async announce(wallet: Wallet, claims: CardClaims): Promise<void> {
    const options = { claims, recovery: () => Promise.resolve(undefined), now: now() };
    await this.settle(wallet, await announce(wallet, await this.pinned(wallet), options));
  }

  /** The person's identity as their copy has it. */
  async identity(wallet: Wallet): ReturnType<typeof ownIdentity> {
    return ownIdentity(wallet, await this.pinned(wallet));
  }

  /** Closes all wallets. */
  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((wallet) => wallet.close()));
  }
}
