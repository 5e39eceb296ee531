/**
 * The keychain port. A keychain holds one random 32-byte wrapping key per profile and nothing else (Windows
 * limits the size of an entry; the less a keychain holds, the less a confused or curious program can read).
 */
export interface Keychain {
  /**
   * The key stored for `account`, or undefined when there is none. A locked keyring answers exactly like an
   * empty one, so 'undefined' never means 'new user': see `vault/`.
   * @throws CountersignError with a `keychain-` code.
   */
  read(account: string): Promise<Uint8Array | undefined>;
  /** Stores a key. @throws CountersignError with a `keychain-` code. */
  write(account: string, key: Uint8Array): Promise<void>;
  /** Removes a key; true when there was one. @throws CountersignError with a `keychain-` code. */
  remove(account: string): Promise<boolean>;
}
