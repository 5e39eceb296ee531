import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import {
  addMembers,
  createChannel,
  joinChannel,
  leaveChannel,
  post,
  removeMembers,
} from '../../src/wallet/channels/actions.ts';
import type { ChannelIds } from '../../src/wallet/channels/open.ts';
import { membersOf } from '../../src/wallet/channels/roll.ts';
import { channelRows } from '../../src/wallet/channels/rows.ts';
import { Party } from '../support/parties.ts';
import { now, Place, stopServices } from '../support/people.ts';

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
    const ids = await createChannel(buyer.wallet, await buyer.pinned(), made, now());
    await post(buyer.wallet, await buyer.pinned(), ids, { kind: 'text', text: 'We offer 100.' }, now());
    expect(await buyer.deliver()).toMatchObject({ waiting: [], failure: undefined });

    await seller.deliver();
    const [row] = await channelRows(await seller.wallet.privateRows(), place.served.ledger.id);
    expect(row).toMatchObject({ ...ids, name: 'Price', note: 'Our offer' });
    expect(await seller.reads(ids)).toEqual(['We offer 100.']);
    await joinChannel(seller.wallet, await seller.pinned(), ids, now());
    await post(seller.wallet, await seller.pinned(), ids, { kind: 'text', text: 'We ask 110.' }, now());
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
  const say = async (party: Party, ids: ChannelIds, text: string): Promise<void> => {
    await post(party.wallet, await party.pinned(), ids, { kind: 'text', text }, now());
  };

  it('change: who is added reads from then on, who is removed no further', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const made = { name: 'Price', members: [them] };
    const ids = await createChannel(buyer.wallet, await buyer.pinned(), made, now());
    await say(buyer, ids, 'one');
    await buyer.deliver();

    const third = await buyer.meet(auditor, 'Auditor');
    await addMembers(buyer.wallet, await buyer.pinned(), ids, { add: [third], drop: [] }, now());
    await say(buyer, ids, 'two');
    await removeMembers(buyer.wallet, await buyer.pinned(), ids, [them.sign], now());
    await say(buyer, ids, 'three');
    expect((await buyer.deliver()).waiting).toEqual([]);

    await seller.deliver();
    expect(await seller.reads(ids)).toEqual(['one', 'two', '[remove]', '! channel-wrap']);
    await auditor.deliver();
    expect(await auditor.reads(ids)).toEqual(['! channel-wrap', 'two', '[remove]', 'three']);

    await leaveChannel(auditor.wallet, await auditor.pinned(), ids, now());
    expect((await auditor.deliver()).waiting).toEqual([]);
    await say(seller, ids, 'still here');
    expect((await seller.deliver()).waiting).toMatchObject([{ problem: 'channel-wrap' }]);
    await buyer.sync();
    const channel = await buyer.open(ids);
    const members = channel.current && (await membersOf(buyer.wallet, channel, channel.current));
    expect(members?.map(({ status }) => status).sort()).toEqual(['left', 'reads']);
    expect(channel.epochs).toHaveLength(3);
  });
});
