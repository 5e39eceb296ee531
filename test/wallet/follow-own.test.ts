import '../support/fast-engines.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { verifyEvidence } from '../../src/core/evidence/verify.ts';
import { keyStatusTag } from '../../src/core/identity/statement.ts';
import { senderTag } from '../../src/core/record/sender-tag.ts';
import { followLedger } from '../../src/wallet/follow/follow.ts';
import { isKnown } from '../../src/wallet/follow/known.ts';
import { ownTags } from '../../src/wallet/follow/own-tags.ts';
import { askIndexes } from '../../src/wallet/follow/view.ts';
import { historyOf } from '../../src/wallet/identity/statements.ts';
import { outboxItem } from '../../src/wallet/outbox/outbox.ts';
import { settleOutbox } from '../../src/wallet/outbox/settle.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { followedTags } from '../../src/wallet/store/followed-store.ts';
import type { JoinedLedger } from '../../src/wallet/store/record-reader.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { allFilesOf, partEndpoint } from '../support/follow.ts';
import { bytes32, testTime, TestLedger } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-own-'));
const wallets: Wallet[] = [];
afterAll(async () => {
  for (const wallet of wallets) await wallet.close();
  rmSync(folder, { recursive: true, force: true });
});

async function walletFor(ledger: TestLedger, name: string): Promise<Wallet> {
  const keychain = new MemoryKeychain();
  const profile = profileOf(name, { COUNTERSIGN_HOME: folder });
  const wallet = await openWallet(profile, { keychain }, 'create');
  wallets.push(wallet);
  const secrets = newSecrets(new Uint8Array(32).fill(3));
  wallet.vault.adopt(await createVault(profile.vaultFile, { kind: 'keychain', keychain }, secrets));
  await wallet.store.join(ledger.ledger, 'http://127.0.0.1:1/');
  return wallet;
}

/** Follows what is the wallet's own, then looks at its outbox. */
async function refreshed(wallet: Wallet, ledger: TestLedger): Promise<JoinedLedger> {
  const reader = partEndpoint(allFilesOf(ledger));
  await followLedger(wallet.store, ledger.ledger.id, reader, ownTags(wallet));
  const joined = await wallet.ledger(ledger.ledger.id);
  await settleOutbox(wallet.database, joined, askIndexes(wallet.database, joined, reader));
  return joined;
}

async function accepted(
  wallet: Wallet,
  joined: JoinedLedger,
  id: Uint8Array,
  promise: Uint8Array,
): Promise<void> {
  await wallet.database.run(
    "INSERT INTO outbox (ledger, message_id, state, promise) VALUES (?, ?, 'accepted', ?)",
    ...[joined.row, id, promise],
  );
}

describe('what is one’s own', () => {
  it('are the tags of one’s keys; of any other key a copy that follows says nothing', async () => {
    const ledger = new TestLedger('own');
    ledger.seal([ledger.message()]);
    const wallet = await walletFor(ledger, 'own');
    const joined = await refreshed(wallet, ledger);
    const key = (await wallet.unlock()).signerFor(ledger.ledger.id, 0).publicKey;
    const followed = (await followedTags(wallet.database, joined)).map(({ tag }) => toHex(tag));
    expect(followed).toEqual(expect.arrayContaining([toHex(keyStatusTag(key)), toHex(senderTag(key))]));
    expect(await isKnown(wallet.database, joined, keyStatusTag(key))).toBe(true);
    expect(await isKnown(wallet.database, joined, bytes32('other'))).toBe(false);
    expect((await historyOf(wallet.database, joined, key)).identityOf(key)).toBeUndefined();
    await expect(historyOf(wallet.database, joined, bytes32('other'))).rejects.toMatchObject({
      code: 'follow-tag',
    });
    // The signer needs no more than the history of its own keys.
    expect((await wallet.signer(ledger.ledger.id)).publicKey).toEqual(key);
  });

  it('is a message on its way: found in its block, with every entry of its tags', async () => {
    const ledger = new TestLedger('sent');
    ledger.seal([ledger.message()]);
    const wallet = await walletFor(ledger, 'sent');
    let joined = await refreshed(wallet, ledger);
    const message = ledger.message({ tags: [bytes32('a')] });
    const promise = ledger.promise({ message: message.id, size: 2, lastHeight: 4, lastTime: testTime + 100 });
    await accepted(wallet, joined, message.id, promise);
    ledger.seal([ledger.message()]);
    joined = await refreshed(wallet, ledger);
    expect(await outboxItem(wallet.database, joined, message.id)).toMatchObject({ state: 'accepted' });
    ledger.seal([ledger.message(), message]);
    joined = await refreshed(wallet, ledger);
    expect(await outboxItem(wallet.database, joined, message.id)).toMatchObject({
      state: 'in-block',
      height: 3,
    });
    // Its id is followed no longer.
    expect((await followedTags(wallet.database, joined)).filter(({ why }) => why === 'sent')).toEqual([]);
  });

  it('is a promise that was not kept: shown by the indexes of the blocks that it speaks of', async () => {
    const ledger = new TestLedger('broken');
    ledger.seal([ledger.message()]);
    const wallet = await walletFor(ledger, 'broken');
    let joined = await refreshed(wallet, ledger);
    const message = ledger.message();
    const promise = ledger.promise({
      message: message.id,
      size: 2,
      lastHeight: 3,
      lastTime: testTime + 1000,
    });
    await accepted(wallet, joined, message.id, promise);
    for (let n = 0; n < 2; n++) ledger.seal([ledger.message()]);
    joined = await refreshed(wallet, ledger);
    expect(await outboxItem(wallet.database, joined, message.id)).toMatchObject({ state: 'accepted' });
    ledger.seal([ledger.message()]);
    joined = await refreshed(wallet, ledger);
    const item = await outboxItem(wallet.database, joined, message.id);
    expect(item?.state).toBe('broken');
    const lie = verifyEvidence(item?.evidence ?? new Uint8Array(), ledger.ledger.id);
    expect(lie.ok && lie.value.kind).toBe('promise-broken');
  });
});
