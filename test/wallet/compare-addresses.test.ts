import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { alarmsOf } from '../../src/wallet/alarms/rows.ts';
import { findLedger, pinLedger, type PinnedLedger } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { refresh } from '../../src/wallet/records/refresh.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { HostileFirehose } from '../support/hostile/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'compare-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let [one, two]: HostileFirehose[] = [];
let wallet: Wallet;
let pinned: PinnedLedger;
let count = 0;

/** Two addresses of one ledger, and a wallet that joined it with both. */
beforeEach(async () => {
  one = await HostileFirehose.start(1);
  two = await HostileFirehose.start(1);
  for (const firehose of [one, two]) {
    firehose.grow(4);
    firehose.publish();
  }
  const profile = profileOf('default', { COUNTERSIGN_HOME: join(folder, String(++count)) });
  wallet = await openWallet(profile, { keychain: new MemoryKeychain() }, 'create');
  const { ledger } = one.ledger;
  const content = { endpoints: [one.url, two.url], ledger: ledger.id, log: ledger.logKey };
  await pinLedger(wallet.database, unwrap(composeLedgerCard(content)), ledger, 1);
  pinned = await findLedger(wallet.database, undefined);
});
afterEach(async () => {
  await wallet.close();
  await one?.close();
  await two?.close();
});

const skipped: string[] = [];
const comparing = {
  compares: true,
  onSkipped: (address: string, { code }: { readonly code: string }): void => {
    skipped.push(`${address} ${code}`);
  },
};

it('takes the longest record of all addresses, and says nothing of one that is behind', async () => {
  two?.grow(6);
  two?.publish();
  const { joined } = (await refresh(wallet, pinned, comparing)).pinned;
  expect([joined.size, joined.filled]).toEqual([7, 7]);
  expect((await refresh(wallet, pinned, comparing)).pinned.joined.size).toBe(7);
  expect(await alarmsOf(wallet.database, joined)).toEqual([]);
  expect(skipped).toEqual([`${one?.url ?? ''} sync-stale`]);
});

it('finds out an operator who shows another record at another address', async () => {
  if (two === undefined) throw new Error('not started');
  two.publish(two.twin(3, 6));
  await expect(refresh(wallet, pinned, comparing)).rejects.toMatchObject({ code: 'sync-fork' });
  const { joined } = await findLedger(wallet.database, undefined);
  expect([joined.size, joined.filled]).toEqual([5, 5]);
  expect(await alarmsOf(wallet.database, joined)).toMatchObject([{ code: 'sync-fork', address: two.url }]);
  await expect(refresh(wallet, pinned)).rejects.toMatchObject({ code: 'alarm-open' });
});
