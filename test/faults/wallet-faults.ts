/** Wallets that are killed, and whose writes fail: what was kept is kept, and the copy ends as one that never failed. */
import { deepStrictEqual } from 'node:assert';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes, toHex } from '../../src/core/bytes.ts';
import { verifyReceipt } from '../../src/core/record/receipt.ts';
import { diskReader } from '../../src/engines/disk-reader.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { wireBytes } from '../../src/core/record/envelope.ts';
import { deepLook } from '../../src/wallet/doctor/deep.ts';
import type { Finding } from '../../src/wallet/doctor/findings.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { ownRecords } from '../../src/wallet/records/own-records.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import { foundIn, messageFor, openIn, startTime, taken, until } from '../support/firehose.ts';
import { type Content, contentIn } from './content.ts';
import { type Fault, isInjected, type Life, live } from './lives.ts';
import { fileKeychain, walletLife } from './wallet-life.ts';

/** A ledger on disk with blocks, tags of several messages, and data. @returns its folder. */
export async function ledgerOnDisk(folder: string, blocks: number): Promise<string> {
  const root = mkdtempSync(join(folder, 'ledger-'));
  const storage = embeddedStorage(root);
  const ledger = await foundIn(storage);
  const sequencer = await openIn(storage, { now: () => startTime + 10 });
  for (let n = 0; n < 3 * blocks; n++) {
    const tags = [new Uint8Array(32).fill(n % 4), new Uint8Array(32).fill(100 + n)];
    await taken(sequencer, wireBytes(messageFor(ledger, n, { tags })));
    if (n % 3 === 2) await until(() => sequencer.waiting === 0);
  }
  await sequencer.stop();
  return root;
}

export class WalletFaults {
  readonly #folder: string;
  readonly #ledger: string;
  readonly #files: readonly string[];
  readonly #expected: Content;

  private constructor(folder: string, ledger: string, files: readonly string[], expected: Content) {
    this.#folder = folder;
    this.#ledger = ledger;
    this.#files = files;
    this.#expected = expected;
  }

  /** A ledger to fetch, files to record, and what a life without faults makes of them. */
  static async prepare(folder: string): Promise<WalletFaults> {
    const ledger = await ledgerOnDisk(folder, 4);
    const files = ['a', 'b'].map((name) => join(folder, `${name}.txt`));
    for (const file of files) writeFileSync(file, `the content of ${file}`);
    const home = mkdtempSync(join(folder, 'whole-'));
    await walletLife(home, ledger, files, () => undefined);
    const expected = await contentIn(profileOf('default', { COUNTERSIGN_HOME: home }).storeFile);
    return new WalletFaults(folder, ledger, files, expected);
  }

  #live(home: string, options: { readonly fault?: Fault; readonly killAfterMs?: number }): Promise<Life> {
    const args = [home, this.#ledger, ...this.#files];
    return live({ module: 'wallet-life.ts', args, log: join(home, 'log.txt'), ...options });
  }

  #home(): string {
    return mkdtempSync(join(this.#folder, 'home-'));
  }

  async measure(): Promise<Life> {
    const life = await this.#live(this.#home(), {});
    if (life.lines.at(-1) !== 'done')
      throw new Error(`a life that failed: ${life.lines.join(' ')} ${life.stderr}`);
    return life;
  }

  /** As of firehoses: one life with a fault and one without. @returns whether the fault was met. */
  async one(options: { readonly fault?: Fault; readonly killAfterMs?: number }): Promise<boolean> {
    const home = this.#home();
    const life = await this.#live(home, options);
    if (!life.isKilled && life.code !== 0) throw new Error(`ended without a code: ${life.stderr}`);
    const again: string[] = [];
    await walletLife(home, this.#ledger, this.#files, (line) => again.push(line));
    if (again.at(-1) !== 'done') throw new Error(`does not go on: ${again.join(', ')}`);
    await this.#judge(home, [...life.lines, ...again]);
    return options.fault === undefined ? life.isKilled : isInjected(life, options.fault);
  }

  /** @throws Error when anything is lost, too many, or not as it would be without a fault. */
  async #judge(home: string, said: readonly string[]): Promise<void> {
    const profile = profileOf('default', { COUNTERSIGN_HOME: home });
    deepStrictEqual(await contentIn(profile.storeFile), this.#expected);
    const keychain = fileKeychain(home);
    const readerOf = (): ReturnType<typeof diskReader> => diskReader(join(this.#ledger, 'public'));
    const findings: Finding[] = [];
    await deepLook(profile, { keychain, readerOf }, (finding) => findings.push(finding));
    const wrong = findings.filter(({ state }) => state === 'bad' || state === 'repaired');
    if (wrong.length > 0) throw new Error(`something is wrong: ${JSON.stringify(wrong)}`);
    const wallet = await openWallet(profile, { keychain }, 'existing');
    try {
      const records = await ownRecords(await wallet.privateRows(), {});
      const ids = new Set(records.map(({ id }) => toHex(id)));
      const kept = said.filter((line) => line.startsWith('kept ')).map((line) => line.slice('kept '.length));
      const lost = kept.filter((id) => !ids.has(id));
      if (lost.length > 0) throw new Error(`lost: ${lost.join(', ')}`);
      if (ids.size !== this.#files.length)
        throw new Error(`${ids.size} records of ${this.#files.length} files`);
      for (const { id, ledger } of records) judgeReceipt(join(home, 'receipts'), id, ledger);
    } finally {
      await wallet.close();
    }
  }
}

/** @throws Error unless a whole receipt of the message lies in the folder. */
function judgeReceipt(folder: string, id: Uint8Array, ledger: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const end = `-${toHex(id).slice(0, 12)}.receipt.json`;
  const name = readdirSync(folder).find((one) => one.endsWith(end));
  const shows = name === undefined ? undefined : verifyReceipt(readFileSync(join(folder, name)), ledger);
  if (shows?.ok !== true || !equalBytes(shows.value.message.id, id))
    throw new Error(`no whole receipt ${end}`);
}
