import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { planJoin, planLeave, planMembers, planRemoval } from '../../src/wallet/channels/actions.ts';
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
