/** Whether the keychain is locked; `unknown` where the system does not tell. */
export type LockState = 'locked' | 'unlocked' | 'unknown';

/**
 * The keychain port. A keychain holds one random 32-byte wrapping key per profile and nothing else (Windows
 * limits the size of an entry; the less a keychain holds, the less a confused or curious program can read).
 */
export interface Keychain {
  /** Asks, without any dialog and in less than a second, whether the keychain is locked. Never throws. */
  lockState(): Promise<LockState>;
  /**
   * The key stored for `account`, or undefined when there is none. A locked keyring answers exactly like an
   * empty one, so 'undefined' never means 'new user': see `vault/`.
   * @param waitMs how long to wait for an answer, when the person may be typing a password into a dialog.
   * @throws CountersignError with a `keychain-` code.
   */
  read(account: string, waitMs?: number): Promise<Uint8Array | undefined>;
  /** Stores a key. @throws CountersignError with a `keychain-` code. */
  write(account: string, key: Uint8Array): Promise<void>;
  /** Removes a key; true when there was one. @throws CountersignError with a `keychain-` code. */
  remove(account: string): Promise<boolean>;
}
