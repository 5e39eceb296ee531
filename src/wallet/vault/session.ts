/** A profile's vault over time: in which state it is, opened when needed, locked on request or after a while. */
import { CountersignError } from '../../core/errors/family.ts';
import type { KeychainCode } from '../../core/errors/keychain.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import type { OpenVault } from './open-vault.ts';
import { type KeySources, openVault } from './vault.ts';

/** How a vault stands. Every state but `open` and `closed` has a code, whose sentences say the way out. */
export interface VaultState {
  readonly name:
    | 'open'
    /** Locked on request or after a while without use; it can be opened again. */
    | 'closed'
    /** There is no identity yet. */
    | 'none'
    /** There was one, but its sealed file is gone. */
    | 'gone'
    /** It waits for its passphrase. */
    | 'passphrase'
    | 'no-keychain'
    | 'locked'
    | 'lost'
    | 'locked-or-lost'
    | 'changed'
    | 'damaged';
  readonly code?: VaultCode | KeychainCode;
}

const names: Readonly<Partial<Record<string, VaultState['name']>>> = {
  'vault-missing': 'none',
  'vault-passphrase-missing': 'passphrase',
  'vault-locked': 'locked',
  'vault-lost': 'lost',
  'vault-locked-or-lost': 'locked-or-lost',
  'vault-changed': 'changed',
  'vault-malformed': 'damaged',
  'vault-unreadable': 'damaged',
  'keychain-unavailable': 'no-keychain',
  'keychain-driver': 'no-keychain',
  // No answer, or a refusal: the person has to look at the keychain.
  'keychain-no-answer': 'locked-or-lost',
  'keychain-refused': 'locked-or-lost',
};

export interface SessionOptions {
  /** Locks the vault after this long without use, in milliseconds; never when left out. */
  readonly idleMs?: number;
}

export class VaultSession {
  readonly #file: string;
  readonly #sources: KeySources;
  readonly #idleMs: number | undefined;
  #vault: OpenVault | undefined;
  #opening: Promise<OpenVault> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How often it was locked. */
  #locks = 0;
  #wasLocked = false;

  constructor(file: string, sources: KeySources, options: SessionOptions = {}) {
    this.#file = file;
    this.#sources = sources;
    this.#idleMs = options.idleMs;
  }

  /**
   * How the vault stands, found in at most three seconds and without any dialog. A vault that opens without asking is
   * open afterwards, unless it was locked by {@link lock}.
   */
  async state(): Promise<VaultState> {
    if (this.#vault !== undefined) return { name: 'open' };
    if (this.#wasLocked) return { name: 'closed' };
    try {
      this.#keep(await openVault(this.#file, { keychain: this.#sources.keychain }));
      return { name: 'open' };
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      const { code } = error as CountersignError<VaultCode | KeychainCode>;
      const name = names[code];
      if (name === undefined) throw error;
      return { name, code };
    }
  }

  /**
   * The open vault; opens it when it is not, which may ask the person. Every call counts as use.
   * @throws CountersignError with a `vault-` or `keychain-` code, as `openVault` does.
   */
  async unlock(): Promise<OpenVault> {
    if (this.#vault === undefined) {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      return this.#opening;
    }
    this.touch();
    return this.#vault;
  }

  async #open(): Promise<OpenVault> {
    const locks = this.#locks;
    const vault = await openVault(this.#file, this.#sources);
    if (locks !== this.#locks) {
      // Somebody locked while the keychain or the person was asked: that came later, so it counts.
      vault.close();
      throw new CountersignError<VaultCode>('vault-closed');
    }
    this.#keep(vault);
    return vault;
  }

  /** Takes over a vault that was just made. */
  adopt(vault: OpenVault): void {
    this.lock();
    this.#keep(vault);
  }

  /** Says that the identity is in use: the time until it locks by itself begins anew. */
  touch(): void {
    clearTimeout(this.#timer);
    if (this.#idleMs === undefined || this.#vault === undefined) return;
    this.#timer = setTimeout(() => {
      this.lock();
    }, this.#idleMs);
    // Waiting to lock must not keep a finished process alive.
    this.#timer.unref();
  }

  /** Locks: every secret in memory is overwritten, every signer closed. */
  lock(): void {
    clearTimeout(this.#timer);
    this.#vault?.close();
    this.#vault = undefined;
    this.#locks++;
    this.#wasLocked = true;
  }

  #keep(vault: OpenVault): void {
    this.#vault = vault;
    this.#wasLocked = false;
    this.touch();
  }
}
