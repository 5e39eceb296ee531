/** Opening the practice ledger: its firehose, and a profile with throw-away keys that has joined it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { wordsOf } from '../../core/identity/words.ts';
import { httpReader } from '../../engines/http-reader.ts';
import { keepRecoveries } from '../../wallet/identity/recovery.ts';
import type { Keychain } from '../../wallet/keychain/keychain.ts';
import { cardFrom, effectOf, fetchForCard, pinLedger } from '../../wallet/ledgers.ts';
import { profileOf } from '../../wallet/profile.ts';
import { createVault, hasVault, newSecrets } from '../../wallet/vault/vault.ts';
import { openWallet, type Wallet } from '../../wallet/wallet.ts';
import { RecoveryKeys } from '../../wallet/workflows/announce.ts';
import { practiceKeychain } from './keychain.ts';
import type { PracticeMessage, PracticeSetup } from './ledger-thread.ts';

const timeoutMs = 10_000;

/** A running practice ledger. */
export interface Practice {
  readonly wallet: Wallet;
  /** Links of the cards of its sample people. */
  readonly samples: readonly string[];
  readonly keychain: Keychain;
  readonly stop: () => Promise<void>;
}

interface RunningLedger extends Pick<Practice, 'samples' | 'stop'> {
  readonly card: Uint8Array;
}

/** Starts the firehose. @returns its ledger's card, and what ends it. */
async function startLedger(folder: string): Promise<RunningLedger> {
  const workerData: PracticeSetup = { folder };
  const thread = new Worker(new URL('./ledger-thread.ts', import.meta.url), { workerData });
  const said = (kind: PracticeMessage['kind']): Promise<PracticeMessage> =>
    new Promise((resolve, reject) => {
      thread.on('message', (message: PracticeMessage) => {
        if (message.kind === kind) resolve(message);
        else if (message.kind === 'failed') reject(new Error(message.reason));
      });
      thread.once('error', reject);
      thread.once('exit', () => {
        reject(new Error('the practice ledger ended'));
      });
    });
  const ready = await said('ready');
  if (ready.kind !== 'ready') throw new RangeError('the practice ledger is not ready');
  const stop = async (): Promise<void> => {
    const stopped = said('stopped').catch(() => undefined);
    thread.postMessage('stop');
    await stopped;
    await thread.terminate();
  };
  return { card: ready.card, samples: ready.samples, stop };
}

async function joinByCard(wallet: Wallet, given: Uint8Array): Promise<void> {
  const card = cardFrom(given);
  // Its port is another one each time.
  if ((await effectOf(wallet.database, card)) === 'nothing') return;
  const ledger = await fetchForCard(card, (endpoint) => httpReader(endpoint, timeoutMs));
  await pinLedger(wallet.database, card, ledger, Math.floor(Date.now() / 1000));
}

/** Opens the practice ledger in a folder. */
export async function openPractice(folder: string): Promise<Practice> {
  const { card, samples, stop } = await startLedger(folder);
  const profile = profileOf('practice', { COUNTERSIGN_HOME: join(folder, 'profiles') });
  const keychain = practiceKeychain(join(folder, 'keys.json'));
  const wallet = await openWallet(profile, { keychain }, 'create');
  try {
    await joinByCard(wallet, card);
    if (!(await hasVault(profile.vaultFile))) {
      const entropy = new Uint8Array(randomBytes(32));
      const keeper = { kind: 'keychain', keychain } as const;
      wallet.vault.adopt(await createVault(profile.vaultFile, keeper, newSecrets(entropy)));
      const recovery = new RecoveryKeys(wordsOf(new Uint8Array(randomBytes(32))));
      await keepRecoveries(wallet, recovery);
      recovery.close();
    }
    return { wallet, keychain, samples, stop };
  } catch (error) {
    await wallet.close();
    await stop();
    throw error;
  }
}
