/** Keychains for tests: one in memory that can be locked, emptied and broken. Real ones: `private-keyring.ts`. */
import { CountersignError } from '../../src/core/errors/family.ts';
import type { KeychainCode } from '../../src/core/errors/keychain.ts';
import type { Keychain, LockState } from '../../src/wallet/keychain/keychain.ts';

export class MemoryKeychain implements Keychain {
  readonly entries = new Map<string, Uint8Array>();
  /** What it says of itself; `hidden` is a locked one that does not tell. */
  mood: LockState | 'hidden' = 'unlocked';
  /** What every call fails with. */
  failure: KeychainCode | undefined;
  /** How long the last read was allowed to take. */
  waitedMs: number | undefined;
  /** Runs when a read begins: a person who unlocks it, for example. */
  onRead: () => void = () => undefined;

  get #isLocked(): boolean {
    return this.mood === 'locked' || this.mood === 'hidden';
  }

  #mayFail(): void {
    if (this.failure !== undefined) throw new CountersignError(this.failure);
  }

  lockState(): Promise<LockState> {
    if (this.failure !== undefined || this.mood === 'hidden') return Promise.resolve('unknown');
    return Promise.resolve(this.mood);
  }

  async read(account: string, waitMs?: number): Promise<Uint8Array | undefined> {
    this.waitedMs = waitMs;
    await Promise.resolve();
    this.onRead();
    this.#mayFail();
    return this.#isLocked ? undefined : this.entries.get(account)?.slice();
  }

  async write(account: string, key: Uint8Array): Promise<void> {
    await Promise.resolve();
    this.#mayFail();
    if (this.#isLocked) throw new CountersignError<KeychainCode>('keychain-refused', 'locked');
    this.entries.set(account, key.slice());
  }

  async remove(account: string): Promise<boolean> {
    await Promise.resolve();
    this.#mayFail();
    return this.entries.delete(account);
  }
}
