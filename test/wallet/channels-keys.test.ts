import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftNextEpoch } from '../../src/core/channel/epoch.ts';
import { composeMessage, sealMessage } from '../../src/core/record/envelope.ts';
import { planInvitation, planJoin, planMembers, planRemoval } from '../../src/wallet/channels/actions.ts';
import { deliver } from '../../src/wallet/channels/deliver.ts';
import { dropDraft, openDrafts, swapDraft } from '../../src/wallet/channels/drafts.ts';
import type { ChannelIds } from '../../src/wallet/channels/open.ts';
import { approveKeys, findContact } from '../../src/wallet/contacts/contacts.ts';
import { revoke, rotate } from '../../src/wallet/identity/own-identity.ts';
import { sendMessage } from '../../src/wallet/sync/send.ts';
import { KnownHead } from '../../src/wallet/sync/known-head.ts';
import { Party } from '../support/parties.ts';
import { now, type Person, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'channels-keys-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let buyer: Party;
let seller: Party;
let sellerPerson: Person;
let ids: ChannelIds;
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  buyer = await Party.arrive(place, 'buyer', 'Buyer');
  sellerPerson = await place.person('seller');
  await place.announce(sellerPerson.wallet, { name: 'Seller' });
  seller = new Party(place, sellerPerson.wallet);
  ids = await buyer.founds({ name: 'Price', members: [await buyer.meet(seller, 'Seller')] });
  await buyer.deliver();
  await seller.deliver();
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

/** Gives up all that waits. */
async function dropAll({ wallet }: Party): Promise<void> {
  const rows = await wallet.privateRows();
  for (const { id } of await openDrafts(rows, place.served.ledger.id)) await dropDraft(rows, id);
}

describe('a member whose key ended', () => {
  it('changes the members no more, however they sign it', async () => {
    const { wallet } = seller;
    const { current, chain } = await seller.open(ids);
    const vault = await wallet.unlock();
    const { id: ledger } = place.served.ledger;
    const old = vault.signerFor(ledger, 0);
    await place.settle(wallet, await revoke(wallet, await seller.pinned(), { reason: 'lost', now: now() }));
    if (current?.opened.ok !== true) throw new Error('the seller is a member');
    const { members } = current.opened.value;
    const origin = { ledger, sender: old.publicKey, nonce: new Uint8Array(randomBytes(16)), time: now() };
    const drawn = { localKey: new Uint8Array(32), random: new Uint8Array(randomBytes(32)) };
    const draft = draftNextEpoch(chain, current.opened.value, { origin, members, randomness: drawn });
    if (!draft.ok) throw new Error(draft.code);
    const unsigned = composeMessage(draft.value);
    const message = sealMessage(unsigned, old.sign(unsigned.signedBytes));
    const { joined } = await seller.pinned();
    await sendMessage(
      new URL(place.served.url),
      new KnownHead(joined.ledger, joined.checkpoint),
      message,
      10_000,
    );
    await place.settle(buyer.wallet, { message: message.id, promise: undefined, failure: undefined });
    const { entries } = await buyer.sees(ids);
    expect(entries.at(-1)).toMatchObject({ kind: 'epoch', epoch: undefined, void: 'channel-void-key' });
    expect((await buyer.open(ids)).epochs).toHaveLength(1);
    expect((await buyer.summary(ids))?.alarms.map(({ code }) => code)).toEqual(['channel-member-ended']);
  });

  it('is a member again once they are invited with the key that took over', async () => {
    const { wallet } = seller;
    await place.settle(wallet, await rotate(wallet, await seller.pinned(), { name: 'Seller' }, now()));
    // A new epoch with the old key is not joined: nothing could be said in it.
    const third = await buyer.meet(await Party.arrive(place, 'third', 'Third'), 'Third');
    await seller.does(ids, planJoin);
    await buyer.does(ids, (row) => planMembers(row, { add: [third], drop: [] }));
    await buyer.does(ids, (row) => planRemoval(row, [third.sign]));
    await buyer.deliver();
    await dropAll(seller);
    expect((await seller.deliver()).waiting).toEqual([]);
    await seller.says(ids, 'With a new key.');
    expect((await seller.deliver()).waiting).toMatchObject([{ problem: 'channel-not-member' }]);
    await buyer.sync();
    expect((await buyer.summary(ids))?.alarms.map(({ code }) => code)).toEqual(['channel-member-ended']);
    await approveKeys(buyer.wallet, await findContact(buyer.wallet, 'Seller'));
    const contacts = [await findContact(buyer.wallet, 'Seller')];
    const pinned = await buyer.pinned();
    const row = (await buyer.summary(ids)) ?? {
      ...ids,
      ledger: place.served.ledger.id,
      added: 0,
      from: ids.channel,
    };
    const known = { ledger: row.ledger, ...ids, name: 'Price', from: row.from, added: row.added };
    const plan = await planInvitation(buyer.wallet, pinned, known, contacts);
    await buyer.does(ids, () => plan);
    await buyer.deliver();
    expect(await buyer.summary(ids)).toMatchObject({ members: 2, alarms: [] });
    // What could not be said before is still here until it is given up, and keeps nobody from joining.
    expect((await seller.deliver()).waiting).toMatchObject([{ problem: 'channel-not-member' }]);
    expect(await seller.summary(ids)).toMatchObject({ standing: 'reads', epochs: 4 });
  });
});

describe('two windows of one profile', () => {
  it('say a thing once', async () => {
    await seller.does(ids, planJoin);
    await seller.deliver();
    const second = await place.open('seller', sellerPerson.keychain);
    await seller.says(ids, 'Only once.');
    const pinned = await seller.pinned();
    await second.privateRows();
    await Promise.all([seller.wallet, second].map((one) => deliver(one, pinned, { now, when: 'at once' })));
    await seller.deliver();
    await buyer.sync();
    expect((await buyer.reads(ids)).filter((text) => text === 'Only once.')).toHaveLength(1);
  });

  it('take a draft over only as they found it', async () => {
    await seller.says(ids, 'Only once.');
    const rows = await seller.wallet.privateRows();
    const [draft] = await openDrafts(rows, place.served.ledger.id);
    if (draft === undefined) throw new Error('nothing waits');
    const [one, other] = [1, 2].map((byte) => ({ ...draft, sent: new Uint8Array(32).fill(byte) }));
    if (one === undefined || other === undefined) throw new Error('two');
    expect([await swapDraft(rows, draft, one), await swapDraft(rows, draft, other)]).toEqual([true, false]);
    expect(await openDrafts(rows, place.served.ledger.id)).toEqual([one]);
  });
});
