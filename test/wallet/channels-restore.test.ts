import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { equalBytes, toHex } from '../../src/core/bytes.ts';
import { inboxTag, invitationType } from '../../src/core/channel/names.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { composeMessage, sealMessage, type SignedMessage } from '../../src/core/record/envelope.ts';
import { writeJson } from '../../src/core/encoding/json.ts';
import { sealLetter } from '../../src/core/channel/letter.ts';
import { planJoin, planMembers, planRemoval } from '../../src/wallet/channels/actions.ts';
import { deliver } from '../../src/wallet/channels/deliver.ts';
import { learnChannels } from '../../src/wallet/channels/learn.ts';
import { listChannels } from '../../src/wallet/channels/list.ts';
import type { ChannelIds } from '../../src/wallet/channels/open.ts';
import { publicChannels, publicTransaction } from '../../src/wallet/channels/outside.ts';
import { channelRows } from '../../src/wallet/channels/rows.ts';
import { choose } from '../../src/wallet/follow/choose.ts';
import { openItems, queueMessages } from '../../src/wallet/outbox/outbox.ts';
import { sendQueued } from '../../src/wallet/outbox/send-queued.ts';
import { refresh } from '../../src/wallet/records/refresh.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { Party } from '../support/parties.ts';
import { now, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'channels-restore-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let buyer: Party;
let seller: Party;
let ids: ChannelIds;
const sellerWords = new Uint8Array(32).fill(9);
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  buyer = await Party.arrive(place, 'buyer', 'Buyer');
  const { wallet } = await place.person('seller', sellerWords);
  await place.announce(wallet, { name: 'Seller' });
  seller = new Party(place, wallet);
  ids = await buyer.founds({ name: 'Price', members: [await buyer.meet(seller, 'Seller')] });
  await buyer.says(ids, 'We offer 100.');
  await buyer.deliver();
  await seller.deliver();
  await seller.does(ids, planJoin);
  await seller.says(ids, 'We ask 110.');
  await seller.deliver();
  await buyer.sync();
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

const said = ['We offer 100.', '[joined]', 'We ask 110.'];
/** Nothing is sent: there is no way. */
const noWay = (): Promise<never> => Promise.reject(new CountersignError('sync-unreachable'));
const queued = async ({ wallet }: Party): Promise<number> =>
  (await openItems(wallet.database, (await place.pinned(wallet)).joined)).filter(
    ({ state }) => state === 'queued',
  ).length;

describe('a second machine with the words', () => {
  const restored = async (mode: 'full' | 'follow'): Promise<Party> => {
    const keychain = new MemoryKeychain();
    const wallet = await place.open('second', keychain);
    await place.join(wallet);
    const keeper = { kind: 'keychain', keychain } as const;
    wallet.vault.adopt(await createVault(wallet.profile.vaultFile, keeper, newSecrets(sellerWords)));
    if (mode === 'follow')
      await choose(wallet, await place.pinned(wallet), { mode, tags: [], keys: [], forget: [] });
    await refresh(wallet, await place.pinned(wallet));
    return new Party(place, wallet);
  };

  it('has the channels and what was said in them, and joins what follows', async () => {
    const second = await restored('full');
    expect(await learnChannels(second.wallet, await second.pinned(), now())).toBe(1);
    expect(await second.reads(ids)).toEqual(said);
    expect(await second.summary(ids)).toMatchObject({ name: 'Price', standing: 'reads', unread: 1 });
    const third = await Party.arrive(place, 'third', 'Third');
    const them = await buyer.meet(third, 'Third');
    await buyer.does(ids, (row) => planMembers(row, { add: [them], drop: [] }));
    await buyer.deliver();
    await second.deliver();
    expect(await second.summary(ids)).toMatchObject({ standing: 'reads', epochs: 2 });
  });

  it('has them in a copy that follows too, without anything of others', async () => {
    const other = await Party.arrive(place, 'other', 'Other');
    await other.founds({ name: 'Elsewhere', members: [] });
    await other.deliver();
    const second = await restored('follow');
    expect(await second.reads(ids)).toEqual(said);
    const { channels, unseen } = await listChannels(second.wallet, await second.pinned());
    expect(channels).toMatchObject([{ name: 'Price', standing: 'reads', alarms: [] }]);
    expect(unseen).toEqual([]);
    const { joined } = await second.pinned();
    expect(joined.filled).toBeLessThanOrEqual(1);
    const seen = await publicChannels(second.wallet.database, joined, 10);
    expect(seen.map(({ channel }) => toHex(channel))).toEqual([toHex(ids.channel)]);
  });

  it('brings the founder the name of the channel back', async () => {
    const { wallet } = await place.person('founder', new Uint8Array(randomBytes(32)));
    await place.announce(wallet, {});
    const founder = new Party(place, wallet);
    const own = await founder.founds({ name: 'Mine', members: [] });
    await founder.deliver();
    const before = await channelRows(await wallet.privateRows(), place.served.ledger.id);
    await wallet.database.run('DELETE FROM private_row');
    await wallet.database.run('DELETE FROM private_mark');
    wallet.vault.lock();
    expect(before).toHaveLength(1);
    await learnChannels(wallet, await founder.pinned(), now());
    expect(await founder.summary(own)).toMatchObject({ name: 'Mine', standing: 'reads' });
  });
});

describe('an invitation by someone who is no member', () => {
  it('is none, whatever it says', async () => {
    const stranger = await Party.arrive(place, 'stranger', 'Stranger');
    const signer = await stranger.wallet.signer(place.served.ledger.id);
    const { id: ledger } = place.served.ledger;
    const epoch = (await buyer.open(ids)).current?.epoch.id ?? ids.channel;
    const them = await buyer.contact('Seller');
    const forge = (content: ChannelIds & { readonly epoch: Uint8Array }): SignedMessage => {
      const letter = {
        channel: toHex(content.channel),
        epoch: toHex(content.epoch),
        name: 'Free money',
        note: 'Call this number',
        transaction: toHex(content.transaction),
      };
      const data = sealLetter(
        { payloadType: invitationType, ledger, author: signer.publicKey },
        them,
        writeJson(letter),
        { localKey: new Uint8Array(32), random: new Uint8Array(randomBytes(32)) },
      );
      const head = {
        body: {},
        ledger,
        nonce: new Uint8Array(randomBytes(16)),
        tags: [inboxTag(ledger, them.sign)],
        time: now(),
        v: 1,
      };
      const unsigned = composeMessage({ payloadType: invitationType, sender: signer.publicKey, head, data });
      return sealMessage(unsigned, signer.sign(unsigned.signedBytes));
    };
    const nowhere = { transaction: new Uint8Array(32).fill(1), channel: new Uint8Array(32).fill(2), epoch };
    const forged = [forge({ ...ids, epoch }), forge(nowhere)];
    const { wallet } = stranger;
    const rows = await wallet.privateRows();
    await queueMessages(wallet.database, rows, (await stranger.pinned()).joined, forged);
    expect(
      await sendQueued(wallet.database, rows, await stranger.pinned(), { when: 'at once', now }),
    ).toMatchObject({ accepted: 2 });
    await seller.deliver();
    const { wallet: second } = await place.person('second', sellerWords);
    await new Party(place, second).deliver();
    for (const one of [seller.wallet, second] satisfies readonly Wallet[]) {
      const known = await channelRows(await one.privateRows(), ledger);
      const us = (await buyer.wallet.signer(ledger)).publicKey;
      expect(known.map(({ from, name, note }) => [toHex(from), name, note])).toEqual([
        [toHex(us), 'Price', undefined],
      ]);
    }
  });
});

describe('what waits while the members change', () => {
  it('is sealed for those who are members when it is sent', async () => {
    await seller.says(ids, 'Between us.');
    const third = await Party.arrive(place, 'third', 'Third');
    const them = await buyer.meet(third, 'Third');
    await buyer.does(ids, (row) => planMembers(row, { add: [them], drop: [] }));
    await buyer.deliver();
    await seller.deliver();
    await third.deliver();
    expect(await third.reads(ids)).toContain('Between us.');
  });

  it('is taken back and sealed anew when it was sealed and not sent', async () => {
    const third = await Party.arrive(place, 'third', 'Third');
    const them = await buyer.meet(third, 'Third');
    await buyer.does(ids, (row) => planMembers(row, { add: [them], drop: [] }));
    await buyer.deliver();
    await third.deliver();
    await seller.sync();
    await seller.says(ids, 'Not for the third.');
    const offline = { now, when: 'at once', send: noWay } as const;
    const report = await deliver(seller.wallet, await seller.pinned(), offline);
    expect(report).toMatchObject({ failure: { code: 'sync-unreachable' }, needsBlock: false });
    // What is to be said, and that the new epoch was joined.
    expect(await queued(seller)).toBe(2);
    // Who only sends what waits, without knowing the channel, leaves it alone.
    const rows = await seller.wallet.privateRows();
    await sendQueued(seller.wallet.database, rows, await seller.pinned(), { when: 'at once', now });
    expect(await queued(seller)).toBe(2);
    await buyer.does(ids, (row) => planRemoval(row, [them.sign]));
    await buyer.deliver();
    expect((await seller.deliver()).waiting).toEqual([]);
    await third.sync();
    expect((await third.reads(ids)).slice(-1)).toEqual(['! channel-wrap']);
    await buyer.sync();
    expect(await buyer.reads(ids)).toContain('Not for the third.');
    const { joined } = await buyer.pinned();
    const shown = await publicTransaction(buyer.wallet.database, joined, ids.transaction, 2);
    const total = shown.authors.reduce((sum, { messages }) => sum + messages, 0);
    expect(total).toBe((await buyer.reads(ids)).length);
    expect(shown.slots).toHaveLength(2);
    expect(shown.channels).toHaveLength(1);
    expect(equalBytes(shown.transaction, ids.transaction)).toBe(true);
  });
});
