import { CountersignError } from '../../src/core/errors/family.ts';
import type { KeychainCode } from '../../src/core/errors/keychain.ts';
import type { Keychain, LockState } from '../../src/wallet/keychain/keychain.ts';

/** A keychain in memory, which can be locked, emptied and told to fail: the double beside the operating system's. */
export class MemoryKeychain implements Keychain {
  readonly keys = new Map<string, Uint8Array>();
  /** What it is, and says that it is; `hidden` is a locked one that does not tell. */
  mood: LockState | 'hidden' = 'unlocked';
  /** Asked at each call, in order: an answer makes it fail with that code, after it took effect where it says so. */
  fault: ((call: 'read' | 'write' | 'remove') => KeychainCode | 'forgets' | undefined) | undefined;
  /** How long the last read was allowed to take. */
  waitedMs: number | undefined;

  get #isLocked(): boolean {
    return this.mood === 'locked' || this.mood === 'hidden';
  }

  lockState(): Promise<LockState> {
    return Promise.resolve(this.mood === 'hidden' ? 'unknown' : this.mood);
  }

  async read(account: string, waitMs?: number): Promise<Uint8Array | undefined> {
    this.waitedMs = waitMs;
    await this.#check('read');
    return this.#isLocked ? undefined : this.keys.get(account)?.slice();
  }

  async write(account: string, key: Uint8Array): Promise<void> {
    const isForgotten = await this.#check('write');
    if (this.#isLocked) throw new CountersignError<KeychainCode>('keychain-refused');
    if (!isForgotten) this.keys.set(account, new Uint8Array(key));
  }

  async remove(account: string): Promise<boolean> {
    await this.#check('remove');
    return this.keys.delete(account);
  }

  async #check(call: 'read' | 'write' | 'remove'): Promise<boolean> {
    await Promise.resolve();
    const fault = this.fault?.(call);
    if (fault !== undefined && fault !== 'forgets') throw new CountersignError<KeychainCode>(fault);
    return fault === 'forgets';
  }
}
