import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { writeContent } from '../../src/core/channel/content.ts';
import {
  type ChannelPlan,
  knownChannel,
  planChannel,
  planJoin,
  planMembers,
  planNotice,
  planPost,
  planRemoval,
} from '../../src/wallet/channels/actions.ts';
import type { ConversationEntry } from '../../src/wallet/channels/conversation.ts';
import { deliver, discard } from '../../src/wallet/channels/deliver.ts';
import { findChannel } from '../../src/wallet/channels/find.ts';
import type { ChannelIds } from '../../src/wallet/channels/open.ts';
import {
  answerInvitation,
  forgetInvitation,
  handOutInvitation,
  openInvitations,
  readAnswer,
} from '../../src/wallet/channels/open-invitations.ts';
import { mostUnread } from '../../src/wallet/channels/list.ts';
import { whatThePublicSees } from '../../src/wallet/channels/public-preview.ts';
import { keepChannel } from '../../src/wallet/channels/rows.ts';
import { Party } from '../support/parties.ts';
import { now, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'channels-views-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let buyer: Party;
let seller: Party;
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  buyer = await Party.arrive(place, 'buyer', 'Buyer');
  seller = await Party.arrive(place, 'seller', 'Seller');
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

/** A channel of the two, in which one thing was said. */
async function priceChannel(): Promise<ChannelIds> {
  const them = await buyer.meet(seller, 'Seller');
  await seller.meet(buyer, 'Buyer');
  const ids = await buyer.founds({ name: 'Price', members: [them] });
  await buyer.says(ids, 'We offer 100.');
  await buyer.deliver();
  await seller.deliver();
  return ids;
}

/** An entry in a few words. */
function told(entry: ConversationEntry): string {
  const who = entry.author.isMe ? 'I' : (entry.author.name ?? '?');
  switch (entry.kind) {
    case 'message':
      return `${who} (${entry.author.status}): ${entry.content?.kind === 'text' ? entry.content.text : `[${entry.contentType.split('content-')[1] ?? ''}]`}`;
    case 'slot':
      return `${who} sealed ${entry.slot.size} bytes: ${entry.code}`;
    case 'epoch':
      return `${who} epoch ${String(entry.epoch)} +${entry.added.length} -${entry.removed.length} ${entry.void ?? ''}`.trim();
    case 'notice':
      return `${who} cannot read`;
  }
}

const toldOf = async (party: Party, ids: ChannelIds): Promise<readonly string[]> =>
  (await party.sees(ids)).entries.map(told);

const whatIsSeen = async (party: Party, plan: ChannelPlan): ReturnType<typeof whatThePublicSees> =>
  whatThePublicSees(party.wallet, await party.pinned(), plan, now());

describe('the list of channels', () => {
  it('counts what is unread and waits, and says how one stands', async () => {
    const ids = await priceChannel();
    expect(mostUnread).toBeGreaterThan(100);
    expect(await seller.summary(ids)).toMatchObject({
      standing: 'invited',
      unread: 1,
      members: 2,
      waiting: 0,
    });
    expect(await buyer.summary(ids)).toMatchObject({ standing: 'reads', unread: 0, epochs: 1, alarms: [] });
    const row = await findChannel(seller.wallet, await seller.pinned(), 'Price');
    const [, said] = (await seller.sees(ids)).entries;
    const read = said && { height: said.height, position: said.position };
    if (read !== undefined) await keepChannel(await seller.wallet.privateRows(), { ...row, read });
    await seller.says(ids, 'No.');
    expect(await seller.summary(ids)).toMatchObject({ unread: 0, waiting: 1 });
    await seller.deliver();
    await buyer.sync();
    expect(await buyer.summary(ids)).toMatchObject({ unread: 1 });
    await expect(findChannel(seller.wallet, await seller.pinned(), 'Prize')).rejects.toThrow(
      'channel-unknown',
    );
  });
});

describe('a conversation', () => {
  it('tells who was removed apart, shows what is sealed for others in its place, and pages', async () => {
    const ids = await priceChannel();
    await seller.does(ids, planJoin);
    await seller.deliver();
    const them = await buyer.contact('Seller');
    await buyer.does(ids, (row) => planRemoval(row, [them.sign]));
    await buyer.says(ids, 'Only us.');
    await buyer.deliver();
    await seller.says(ids, 'Why?');
    await seller.deliver();
    const common = [
      'epoch 0 +2 -0',
      '(reads): We offer 100.',
      'Seller (removed): [joined.v1]',
      'I (reads): [remove.v1]',
      'I epoch 1 +0 -1',
    ];
    expect(await toldOf(buyer, ids)).toEqual([
      `I ${common[0] ?? ''}`,
      `I ${common[1] ?? ''}`,
      ...common.slice(2),
      'I (reads): Only us.',
    ]);
    expect((await toldOf(seller, ids)).slice(-2)).toEqual([
      'Buyer epoch 1 +0 -0',
      'Buyer sealed 272 bytes: channel-wrap',
    ]);
    expect(await seller.summary(ids)).toMatchObject({
      standing: 'removed',
      alarms: [{ code: 'channel-removed' }],
    });
    const [newest] = (await buyer.sees(ids, 1)).entries;
    expect(newest && told(newest)).toBe('I (reads): Only us.');
    const page = await buyer.sees(ids, 2);
    expect(page.older).toEqual({ height: page.entries[0]?.height, position: page.entries[0]?.position });
    const said = (await buyer.sees(ids)).entries[1];
    expect(said?.kind === 'message' && said.readableBy.map(({ name }) => name)).toEqual(['Seller']);
    const waiting = (await seller.sees(ids)).pending;
    expect(waiting).toMatchObject([{ state: 'draft', draft: { problem: 'channel-removed' } }]);
    const [first] = waiting;
    expect(first && (await discard(seller.wallet, await seller.pinned(), first.draft))).toBe(true);
    expect((await seller.sees(ids)).pending).toEqual([]);
  });

  it('shows public word of what does not open as an alarm', async () => {
    const ids = await priceChannel();
    const epoch = (await seller.open(ids)).current?.epoch.id ?? ids.channel;
    await seller.does(ids, (row) => planNotice(row, epoch, epoch));
    await seller.deliver();
    await buyer.sync();
    expect(await toldOf(buyer, ids)).toContain('Seller cannot read');
    expect(await buyer.summary(ids)).toMatchObject({ alarms: [{ code: 'channel-unreadable' }] });
  });
});

describe('two changes of members at once', () => {
  it('do not both count: the second is made again on the first, and nothing that was queued behind it is lost', async () => {
    const ids = await priceChannel();
    const third = await Party.arrive(place, 'third', 'Third');
    const fourth = await Party.arrive(place, 'fourth', 'Fourth');
    const [one, two] = [await buyer.meet(third, 'Third'), await seller.meet(fourth, 'Fourth')];
    await buyer.does(ids, (row) => planMembers(row, { add: [one], drop: [] }));
    await seller.does(ids, (row) => planMembers(row, { add: [two], drop: [] }));
    await seller.says(ids, 'For all of us.');
    // Both are sealed on the same epoch before either is in a block that the other saw.
    await deliver(buyer.wallet, await buyer.pinned(), { now, when: 'at once' });
    await deliver(seller.wallet, await seller.pinned(), { now, when: 'at once' });
    expect((await buyer.deliver()).waiting).toEqual([]);
    expect((await seller.deliver()).waiting).toEqual([]);
    await third.deliver();
    await fourth.deliver();
    expect(await third.reads(ids)).toContain('For all of us.');
    expect(await fourth.reads(ids)).toContain('For all of us.');
    await buyer.sync();
    const voided = (await buyer.sees(ids)).entries.filter((entry) => entry.kind === 'epoch' && entry.void);
    expect((await buyer.open(ids)).current?.epoch.announcement.content.members).toBe(4);
    expect(voided.map((entry) => told(entry).split(' ').at(-1))).toEqual(['channel-void-sibling']);
  });
});

describe('what the public will see', () => {
  it('is told of every message of a plan before anything is kept', async () => {
    const them = await buyer.meet(seller, 'Seller');
    const made = { name: 'Price', members: [them], note: 'n'.repeat(300) };
    const plan = await planChannel(buyer.wallet, await buyer.pinned(), made, now());
    const seen = await whatIsSeen(buyer, plan);
    expect(seen.problem).toBeUndefined();
    const shown = seen.messages.map((one) => [
      one.for,
      one.dataBytes,
      ...one.tags.map(({ meaning }) => meaning).sort(),
    ]);
    expect(shown).toEqual([
      ['found', 306, 'epoch', 'transaction'],
      ['invite', 337, 'inbox'],
      ['invite', 849, 'inbox'],
    ]);
    await expect(knownChannel(buyer.wallet, await buyer.pinned(), plan.row)).rejects.toThrow(
      'channel-unknown',
    );
    const ids = await buyer.founds(made);
    await buyer.deliver();
    const row = await knownChannel(buyer.wallet, await buyer.pinned(), ids);
    const said = await whatIsSeen(buyer, planPost(row, { kind: 'text', text: 'We offer 100.' }));
    expect(said.messages).toMatchObject([
      { for: 'say', dataBytes: 272, body: { epoch: expect.any(String) as string } },
    ]);
    expect(JSON.stringify(said)).not.toContain(
      toHex(writeContent({ kind: 'text', text: 'We offer' }).content),
    );
  });
});

describe('an invitation to someone who has no key yet', () => {
  it('goes out, an answer comes back, and then they are added', async () => {
    const ids = await buyer.founds({ name: 'Price', members: [] });
    await buyer.deliver();
    const row = await knownChannel(buyer.wallet, await buyer.pinned(), ids);
    const out = await handOutInvitation(buyer.wallet, await buyer.pinned(), row, 'Come in', now());
    const answer = await answerInvitation(seller.wallet, Buffer.from(out.link));
    expect(answer).toMatchObject({ note: 'Come in', inviter: { claims: { name: 'Buyer' } } });
    const rows = await buyer.wallet.privateRows();
    expect(await openInvitations(rows, ids)).toHaveLength(1);
    const taken = await readAnswer(rows, answer.bytes);
    expect(taken.answer.card.claims).toEqual({ name: 'Seller' });
    await expect(readAnswer(await seller.wallet.privateRows(), answer.bytes)).rejects.toThrow('invite-token');
    const them = await buyer.meet(seller, 'Seller');
    expect(toHex(them.sign)).toBe(toHex(taken.answer.card.sign));
    await forgetInvitation(rows, taken.handedOut);
    await expect(readAnswer(rows, answer.bytes)).rejects.toThrow('invite-token');
    await buyer.does(ids, (known) => planMembers(known, { add: [them], drop: [] }));
    await buyer.deliver();
    await seller.deliver();
    expect(await seller.summary(ids)).toMatchObject({ name: 'Price', standing: 'invited' });
  });
});
