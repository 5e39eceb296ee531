/**
 * The wallet: one profile, opened. The facade that verbs and windows call; what it does lies in the folders beside it.
 * Public work (reading, checking, synchronising) needs no vault and never opens it.
 */
import { CountersignError } from '../core/errors/family.ts';
import type { OwnCode } from '../core/errors/own.ts';
import type { VaultCode } from '../core/errors/vault.ts';
import { findOwnKeys } from './identity/own-keys.ts';
import { pendingStatements } from './identity/own-statements.ts';
import { makeProfileFolder, needProfile, type Profile } from './profile.ts';
import type { Database } from './store/driver.ts';
import { openStore } from './store/open.ts';
import { type JoinedLedger, reachOf } from './store/record-reader.ts';
import { RecordStore } from './store/record-store.ts';
import type { OpenVault } from './vault/open-vault.ts';
import { hasPrivateRows, PrivateRows } from './vault/private-rows.ts';
import { VaultSession, type VaultState } from './vault/session.ts';
import type { Signer } from './vault/signer.ts';
import { hasVault, type KeySources } from './vault/vault.ts';

/** What a wallet needs from outside. */
export interface WalletPorts extends KeySources {
  /** Locks the identity after this long without use, in milliseconds. */
  readonly idleMs?: number;
}

export class Wallet {
  readonly profile: Profile;
  readonly database: Database;
  readonly store: RecordStore;
  /** State of the vault, locking and unlocking. */
  readonly vault: VaultSession;
  #closing: Promise<void> | undefined;
  #rows: { readonly vault: OpenVault; readonly rows: PrivateRows } | undefined;

  constructor(profile: Profile, database: Database, vault: VaultSession) {
    this.profile = profile;
    this.database = database;
    this.store = new RecordStore(database);
    this.vault = vault;
  }

  /**
   * The open vault, with `sealRow` and `openRow` for private rows; asks the person where that is needed.
   * @throws CountersignError with a `vault-` or `keychain-` code.
   */
  async unlock(): Promise<OpenVault> {
    try {
      return await this.vault.unlock();
    } catch (error) {
      if (!(error instanceof CountersignError && error.code === 'vault-missing')) throw error;
      if (await hasPrivateRows(this.database)) throw new CountersignError<VaultCode>('vault-gone');
      throw error;
    }
  }

  /**
   * For verbs that make an identity: nothing may be there that it would replace or shut out.
   * @throws CountersignError `vault-exists`, `vault-gone`
   */
  async needNoVault(): Promise<void> {
    if (await hasVault(this.profile.vaultFile)) throw new CountersignError<VaultCode>('vault-exists');
    if (await hasPrivateRows(this.database)) throw new CountersignError<VaultCode>('vault-gone');
  }

  /** How the vault stands, without any dialog, in at most three seconds. */
  async vaultState(): Promise<VaultState> {
    const state = await this.vault.state();
    const isGone = state.name === 'none' && (await hasPrivateRows(this.database));
    return isGone ? { name: 'gone', code: 'vault-gone' } : state;
  }

  /**
   * The private rows of this profile, compared as a whole when they are first opened.
   * @throws CountersignError `vault-foreign`, `vault-rows`, or as {@link unlock}.
   */
  async privateRows(): Promise<PrivateRows> {
    const vault = await this.unlock();
    if (this.#rows?.vault !== vault) {
      this.#rows = { vault, rows: await PrivateRows.open(this.database, vault) };
    }
    return this.#rows.rows;
  }

  /** A ledger that this profile has joined. @throws CountersignError `copy-no-ledger` */
  async ledger(id: Uint8Array): Promise<JoinedLedger> {
    const joined = await this.store.joined(id);
    if (joined === undefined) throw new CountersignError('copy-no-ledger');
    return joined;
  }

  /**
   * The signer with the identity's current key on a joined ledger, as the local copy of the record has it; before the
   * announcement, the key that will be announced.
   * @throws CountersignError `copy-no-ledger`, `own-unsynced`, `own-pending` (a change of the key is on its
   *   way), `vault-revoked`,
   *   `vault-watch-only`, or as {@link privateRows}.
   */
  async signer(ledger: Uint8Array): Promise<Signer> {
    const vault = await this.unlock();
    const joined = await this.ledger(ledger);
    // Without the whole history nobody can tell which key counts: it may have been replaced long ago.
    if (joined.size === 0 || Math.max(reachOf(joined), 1) < joined.size)
      throw new CountersignError<OwnCode>('own-unsynced');
    const pending = await pendingStatements(this.database, await this.privateRows(), joined);
    // Between sending and the block nobody can tell which key a message will find current.
    if (pending.some(({ kind }) => kind !== 'announcement'))
      throw new CountersignError<OwnCode>('own-pending');
    const keys = await findOwnKeys(this.database, joined, vault);
    if (keys.current === undefined && keys.identity !== undefined) {
      throw new CountersignError<VaultCode>('vault-revoked');
    }
    return vault.signerFor(ledger, keys.current ?? keys.free);
  }

  /** Locks the identity and closes the database. Closing again does nothing. */
  async close(): Promise<void> {
    this.vault.lock();
    this.#closing ??= this.database.close();
    await this.#closing;
  }
}

/**
 * Opens a profile.
 * @param mode `create` makes folder and database when they are missing; `existing` refuses then.
 * @throws CountersignError `profile-missing`, `profile-cannot-write`, or a `store-` code.
 */
export async function openWallet(
  profile: Profile,
  ports: WalletPorts,
  mode: 'existing' | 'create',
): Promise<Wallet> {
  if (mode === 'existing') await needProfile(profile);
  await makeProfileFolder(profile);
  const database = await openStore(profile.storeFile);
  const { idleMs } = ports;
  const vault = new VaultSession(profile.vaultFile, ports, idleMs === undefined ? {} : { idleMs });
  return new Wallet(profile, database, vault);
}

/**
 * Opens the database of a wallet again after it was closed for work on its file. The identity stays as it is.
 * @throws CountersignError with a `store-` code.
 */
export async function reopenWallet({ profile, vault }: Wallet): Promise<Wallet> {
  return new Wallet(profile, await openStore(profile.storeFile), vault);
}
