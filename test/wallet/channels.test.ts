import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import {
  knownChannel,
  planJoin,
  planLeave,
  planMembers,
  planRemoval,
} from '../../src/wallet/channels/actions.ts';
import { planConfirmation } from '../../src/wallet/channels/confirm.ts';
import { listChannels } from '../../src/wallet/channels/list.ts';
import { publicTransaction } from '../../src/wallet/channels/outside.ts';
import { membersOf } from '../../src/wallet/channels/roll.ts';
import { channelRows } from '../../src/wallet/channels/rows.ts';
import { Party } from '../support/parties.ts';
import { Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'channels-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let buyer: Party;
let seller: Party;
let auditor: Party;
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  buyer = await Party.arrive(place, 'buyer', 'Buyer');
  seller = await Party.arrive(place, 'seller', 'Seller');
  auditor = await Party.arrive(place, 'auditor', 'Auditor');
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

describe('a channel between two profiles', () => {
  it('is created, joined, written and read; a third profile reads nothing of it', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const made = { name: 'Price', members: [them], note: 'Our offer' };
    const ids = await buyer.founds(made);
    await buyer.says(ids, 'We offer 100.');
    expect(await buyer.deliver()).toMatchObject({ waiting: [], failure: undefined });

    await seller.deliver();
    const [row] = await channelRows(await seller.wallet.privateRows(), place.served.ledger.id);
    expect(row).toMatchObject({ ...ids, name: 'Price', note: 'Our offer' });
    expect(await seller.reads(ids)).toEqual(['We offer 100.']);
    await seller.does(ids, planJoin);
    await seller.says(ids, 'We ask 110.');
    expect((await seller.deliver()).waiting).toEqual([]);

    await buyer.sync();
    expect(await buyer.reads(ids)).toEqual(['We offer 100.', '[joined]', 'We ask 110.']);
    const channel = await buyer.open(ids);
    const members = channel.current && (await membersOf(buyer.wallet, channel, channel.current));
    expect(members?.map(({ status }) => status)).toEqual(['reads', 'reads']);

    await auditor.sync();
    expect(await auditor.reads(ids)).toEqual(['! channel-wrap', '! channel-wrap', '! channel-wrap']);
    expect(await channelRows(await auditor.wallet.privateRows(), place.served.ledger.id)).toEqual([]);
    expect(toHex(ids.channel)).not.toBe(toHex(ids.transaction));
  });
});

describe('the members of a channel', () => {
  it('change: who is added reads from then on, who is removed no further', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const made = { name: 'Price', members: [them] };
    const ids = await buyer.founds(made);
    await buyer.says(ids, 'one');
    await buyer.deliver();

    const third = await buyer.meet(auditor, 'Auditor');
    await buyer.does(ids, (row) => planMembers(row, { add: [third], drop: [] }));
    await buyer.says(ids, 'two');
    await buyer.does(ids, (row) => planRemoval(row, [them.sign]));
    await buyer.says(ids, 'three');
    expect((await buyer.deliver()).waiting).toEqual([]);

    await seller.deliver();
    expect(await seller.reads(ids)).toEqual(['one', 'two', '[remove]', '! channel-wrap']);
    await auditor.deliver();
    expect(await auditor.reads(ids)).toEqual(['! channel-wrap', 'two', '[remove]', 'three']);

    await auditor.does(ids, planLeave);
    expect((await auditor.deliver()).waiting).toEqual([]);
    await seller.says(ids, 'still here');
    expect((await seller.deliver()).waiting).toMatchObject([{ problem: 'channel-removed' }]);
    await buyer.sync();
    const channel = await buyer.open(ids);
    const members = channel.current && (await membersOf(buyer.wallet, channel, channel.current));
    expect(members?.map(({ status }) => status).sort()).toEqual(['left', 'reads']);
    expect(channel.epochs).toHaveLength(3);
  });
});

describe('two channels on one transaction', () => {
  it('are read by their own members only; everyone else counts what is sealed', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const inside = await buyer.meet(auditor, 'Auditor');
    const price = await buyer.founds({ name: 'Price', members: [them] });
    const { transaction } = price;
    const board = await buyer.founds({ name: 'Board', members: [inside], transaction });
    await buyer.says(price, 'We offer 100.');
    await buyer.says(board, 'We would pay 120.');
    expect((await buyer.deliver()).waiting).toEqual([]);
    await seller.deliver();
    await auditor.deliver();
    expect(await buyer.reads(price)).toEqual(['We offer 100.']);
    expect(await seller.reads(price)).toEqual(['We offer 100.']);
    expect(await seller.reads(board)).toEqual(['! channel-wrap']);
    expect(await auditor.reads(board)).toEqual(['We would pay 120.']);
    expect(await auditor.reads(price)).toEqual(['! channel-wrap']);
    for (const [party, name] of [
      [seller, 'Price'],
      [auditor, 'Board'],
    ] as const) {
      const { channels } = await listChannels(party.wallet, await party.pinned());
      expect(channels.map((one) => one.name)).toEqual([name]);
    }
    const { joined } = await seller.pinned();
    const shown = await publicTransaction(seller.wallet.database, joined, transaction, 10);
    expect(shown.channels.map(({ channel }) => toHex(channel))).toEqual(
      [price, board].map(({ channel }) => toHex(channel)),
    );
    expect(shown.slots.map(({ size }) => size)).toEqual([272, 272]);
    expect(shown.authors).toMatchObject([{ messages: 2, parts: 0, bytes: 544 }]);
  });

  it('can be confirmed: what a member could read is said by them, once', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const ids = await buyer.founds({ name: 'Price', members: [them] });
    await buyer.says(ids, 'one');
    await buyer.says(ids, 'two');
    await buyer.deliver();
    await seller.deliver();
    const plan = async (): ReturnType<typeof planConfirmation> =>
      planConfirmation(
        seller.wallet,
        await seller.pinned(),
        await knownChannel(seller.wallet, await seller.pinned(), ids),
      );
    const first = await plan();
    expect(first?.count).toBe(2);
    if (first !== undefined) await seller.does(ids, () => first.plan);
    await seller.deliver();
    expect(await plan()).toBeUndefined();
    await buyer.sync();
    expect(await buyer.reads(ids)).toEqual(['one', 'two', '[read]']);
  });
});
