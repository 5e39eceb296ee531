/** Keys from passphrases: scrypt (RFC 7914) with the one cost that the formats of version 1 have. */
import { scrypt } from 'node:crypto';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';

/** N = 2^17, r = 8, p = 1: 128 MiB and about half a second for each try. */
const cost = { N: 131_072, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;

const leastCharacters = 12;

/** One passphrase has one byte string, however it was typed: Unicode NFC, as UTF-8. */
function bytesOf(passphrase: string): Buffer {
  return Buffer.from(passphrase.normalize('NFC'), 'utf8');
}

/** Refuses a new passphrase that is too short. @throws CountersignError `vault-passphrase-weak` */
export function checkNewPassphrase(passphrase: string): void {
  if (Array.from(passphrase.normalize('NFC')).length < leastCharacters) {
    throw new CountersignError<VaultCode>('vault-passphrase-weak');
  }
}

/** The 32-byte key of a passphrase. The work is done off the main thread. @param salt 32 random bytes. */
export function keyOfPassphrase(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const bytes = bytesOf(passphrase);
    scrypt(bytes, salt, 32, cost, (error, key) => {
      bytes.fill(0);
      if (error === null) resolve(new Uint8Array(key));
      else reject(error);
    });
  });
}
