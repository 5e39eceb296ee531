/**
 * The keychain of the practice ledger: a plain file. It protects nothing, and need not: its keys are thrown away with the
 * practice ledger and are good for nothing else.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromHex, toHex } from '../../core/bytes.ts';
import type { Keychain } from '../../wallet/keychain/keychain.ts';

export function practiceKeychain(file: string): Keychain {
  const read = async (): Promise<Record<string, string>> => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    } catch {
      return {};
    }
  };
  const write = async (keys: Record<string, string>): Promise<void> => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(keys), { mode: 0o600 });
  };
  return {
    lockState: () => Promise.resolve('unlocked'),
    async read(account) {
      return fromHex((await read())[account] ?? '', 32);
    },
    async write(account, key) {
      await write({ ...(await read()), [account]: toHex(key) });
    },
    async remove(account) {
      const { [account]: removed, ...others } = await read();
      await write(others);
      return removed !== undefined;
    },
  };
}
