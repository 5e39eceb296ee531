import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { equalBytes, toHex } from '../../src/core/bytes.ts';
import { openMessage, readSealed, openByMessageKey } from '../../src/core/channel/sealed.ts';
import { openEpochBySecret } from '../../src/core/channel/epoch.ts';
import type { Grant } from '../../src/core/channel/grant.ts';
import { sealedType, transactionTag } from '../../src/core/channel/names.ts';
import type { RosterMember } from '../../src/core/channel/roster.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { planRemoval, post } from '../../src/wallet/channels/actions.ts';
import { channelMessages } from '../../src/wallet/channels/messages.ts';
import { leavesUnder } from '../../src/wallet/channels/leaves.ts';
import { type ChannelIds, chainOf } from '../../src/wallet/channels/open.ts';
import { withData } from '../../src/wallet/explorer/copy.ts';
import { documentsOf, putDocument } from '../../src/wallet/documents/documents.ts';
import { beginDisclosure, handOutDisclosures, writeGrantFile } from '../../src/wallet/disclosure/disclose.ts';
import { openDisclosures, type Recipient } from '../../src/wallet/disclosure/disclosure-rows.ts';
import {
  grantedDocument,
  grantedMessages,
  grantInFile,
  openGrant,
  receivedGrants,
} from '../../src/wallet/disclosure/open-grant.ts';
import { type DisclosureTarget, planDisclosure } from '../../src/wallet/disclosure/plan.ts';
import { choose } from '../../src/wallet/follow/choose.ts';
import { sendQueued } from '../../src/wallet/outbox/send-queued.ts';
import { refresh } from '../../src/wallet/records/refresh.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { Party } from '../support/parties.ts';
import { now, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'disclosure-test-'));
const running = { signal: new AbortController().signal };
let place: Place;
let buyer: Party;
let seller: Party;
let auditor: Party;
/** Someone without any identity: a copy of the record and nothing else. */
let stranger: Wallet;
/** Buyer and seller; buyer and auditor's firm do not share anything; the buyer talks to themself in the second one. */
let price: ChannelIds;
let board: ChannelIds;
let auditorKeys: RosterMember;
let files = 0;
const auditorWords = new Uint8Array(32).fill(5);

beforeAll(async () => {
  place = await Place.start(folder);
  buyer = await Party.arrive(place, 'buyer', 'Buyer');
  seller = await Party.arrive(place, 'seller', 'Seller');
  const { wallet } = await place.person('auditor', auditorWords);
  await place.announce(wallet, { name: 'Auditor' });
  auditor = new Party(place, wallet);
  stranger = await place.open('stranger', new MemoryKeychain());
  await place.join(stranger);
  const them = await buyer.meet(seller, 'Seller');
  auditorKeys = await buyer.meet(auditor, 'Auditor');
  price = await buyer.founds({ name: 'Price', members: [them] });
  const inside = { name: 'Board', members: [], transaction: price.transaction };
  board = await buyer.founds(inside);
  await say(buyer, price, 'We offer 100.');
  await say(buyer, board, 'We would pay 120.');
  await seller.deliver();
  await say(seller, price, 'We ask 110.');
  await buyer.sync();
}, 60_000);

afterAll(async () => {
  await place.close();
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

async function say(party: Party, ids: ChannelIds, text: string): Promise<void> {
  await post(party.wallet, await party.pinned(), ids, { kind: 'text', text }, now());
  await party.deliver();
}

function freePath(): string {
  return join(folder, `disclosure ${files++}`);
}

/** The id of the message that says something. */
async function idOf(party: Party, ids: ChannelIds, text: string): Promise<Uint8Array> {
  for await (const { content, sealed } of channelMessages(party.wallet, await party.open(ids), {
    order: 'oldest first',
  })) {
    if (content?.ok === true && content.value.kind === 'text' && content.value.text === text)
      return sealed.message.id;
  }
  return expect.fail(`nobody said ${text}`);
}

/** Discloses to the end, as the command line does. */
async function disclose(party: Party, target: DisclosureTarget, to: Recipient): Promise<void> {
  const plan = await planDisclosure(party.wallet, target);
  await beginDisclosure(party.wallet, await party.pinned(), plan, to, now());
  await party.deliver();
  const pinned = await party.sync();
  const steps = await handOutDisclosures(party.wallet, pinned, now(), writeGrantFile);
  expect(steps.map(({ state }) => state)).toEqual(['given']);
  await sendQueued(party.wallet.database, await party.wallet.privateRows(), pinned, { when: 'at once', now });
  await party.deliver();
}

async function toFile(party: Party, target: DisclosureTarget): Promise<Grant> {
  const path = freePath();
  await disclose(party, target, { kind: 'file', path });
  return grantInFile(path, place.served.ledger.id);
}

/** What someone reads with a grant, against their own copy of the record. */
async function read(wallet: Wallet, grant: Grant): Promise<readonly string[]> {
  const { joined } = await place.sync(wallet);
  const opened = await openGrant(wallet.database, joined, grant);
  expect(opened.absent).toEqual([]);
  const texts: string[] = [];
  for await (const { content, opened: message } of grantedMessages(wallet.database, joined, opened)) {
    if (!message.ok) texts.push(`! ${message.code}`);
    else texts.push(content?.kind === 'text' ? content.text : `[${content?.kind ?? '?'}]`);
  }
  return texts;
}

/** How many of all sealed messages of the transaction open with the keys in a grant, whatever one tries. */
async function opensInAll(wallet: Wallet, { content }: Grant): Promise<number> {
  const { joined } = await place.sync(wallet);
  const secrets = [...content.epochs.map(({ secret }) => secret), ...content.messages.map(({ key }) => key)];
  const tag = transactionTag(joined.ledger.id, price.transaction);
  const chains = await Promise.all([price, board].map((ids) => chainOf(wallet.database, joined, ids)));
  let count = 0;
  for await (const leaf of leavesUnder(
    wallet.database,
    joined,
    { tag, types: [sealedType] },
    { order: 'oldest first' },
  )) {
    const sealed = readSealed((await withData(wallet.database, joined, leaf)).message);
    if (sealed?.ok !== true) continue;
    const epochs = chains.flatMap(({ epochs }) => epochs);
    const opens = epochs.some((epoch) =>
      secrets.some((secret) => {
        const open = openEpochBySecret(epoch, secret);
        return (
          (open.ok && openMessage(open.value, sealed.value).ok) ||
          openByMessageKey(epoch, sealed.value, secret).ok
        );
      }),
    );
    if (opens) count++;
  }
  return count;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof CountersignError ? String(error.code) : String(error)),
  );
}

describe('a disclosure', () => {
  it('of one message to a key opens that one, for its recipient alone, and was logged before it left', async () => {
    const target = {
      scope: 'message',
      channel: await buyer.open(price),
      message: await idOf(buyer, price, 'We ask 110.'),
    } as const;
    await disclose(buyer, target, { kind: 'key', keys: auditorKeys });
    await auditor.sync();
    const grants = [];
    for await (const one of receivedGrants(auditor.wallet, await auditor.pinned())) grants.push(one);
    const [received] = grants;
    if (grants.length !== 1 || received?.grant.ok !== true) expect.fail('no grant');
    expect(await read(auditor.wallet, received.grant.value)).toEqual(['We ask 110.']);
    expect(await opensInAll(auditor.wallet, received.grant.value)).toBe(1);
    await seller.sync();
    for await (const one of receivedGrants(seller.wallet, await seller.pinned())) expect.fail(toHex(one.id));
    // The other member reads in the channel what was disclosed, to whom, and stood there before.
    let logged = 0;
    for await (const { content, height, position } of channelMessages(
      seller.wallet,
      await seller.open(price),
      { order: 'newest first' },
    )) {
      if (content?.ok !== true || content.value.kind !== 'disclosed') continue;
      expect(content.value).toMatchObject({ scope: 'message', to: auditorKeys.sign });
      const isBefore =
        height < received.height || (height === received.height && position < received.position);
      expect(isBefore).toBe(true);
      logged++;
    }
    expect(logged).toBe(1);
  });

  it('leaves only when the record shows that it was logged, however it is stopped', async () => {
    const target = {
      scope: 'message',
      channel: await buyer.open(price),
      message: await idOf(buyer, price, 'We offer 100.'),
    } as const;
    const path = freePath();
    const plan = await planDisclosure(buyer.wallet, target);
    const begin = async (): Promise<void> => {
      await beginDisclosure(buyer.wallet, await buyer.pinned(), plan, { kind: 'file', path }, now());
    };
    await begin();
    const hand = async (): Promise<readonly string[]> =>
      (await handOutDisclosures(buyer.wallet, await buyer.pinned(), now(), writeGrantFile)).map(
        ({ state }) => state,
      );
    expect(await hand()).toEqual(['waits']);
    expect(existsSync(path)).toBe(false);
    // Asked for again while it waits, it is the same one.
    await begin();
    expect(await openDisclosures(await buyer.wallet.privateRows(), place.served.ledger.id)).toHaveLength(1);
    await buyer.deliver();
    expect(existsSync(path)).toBe(false);
    expect(await hand()).toEqual(['given']);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(await hand()).toEqual([]);
    expect(await read(stranger, await grantInFile(path, place.served.ledger.id))).toEqual(['We offer 100.']);
    const logs = (await buyer.reads(price)).filter((text) => text === '[disclosed]');
    expect(logs).toHaveLength(2);
  });

  it('of a period opens what stands in it, to whoever has the file, without any identity', async () => {
    const before = (await buyer.sync()).joined.size;
    await say(buyer, price, 'In the period.');
    const after = (await buyer.pinned()).joined.size - 1;
    await say(buyer, price, 'After the period.');
    const period = { from: before, to: after };
    const grant = await toFile(buyer, { scope: 'period', channel: await buyer.open(price), period });
    expect(grant.content.period).toEqual(period);
    expect(await read(stranger, grant)).toEqual(['In the period.']);
    expect(await opensInAll(stranger, grant)).toBe(1);
  });

  it('of an epoch opens all of it, with its members and documents, and what is said afterwards stays closed', async () => {
    const file = join(folder, 'contract.txt');
    writeFileSync(file, 'The contract.');
    const options = { ...running, now };
    await putDocument(buyer.wallet, await buyer.pinned(), price, file, options);
    await buyer.deliver();
    const channel = await buyer.open(price);
    const [document] = await documentsOf(buyer.wallet, channel);
    expect(document?.document.content.name).toBe('contract.txt');
    const epoch = channel.current?.epoch.id ?? expect.fail('no epoch');
    const plan = await planDisclosure(buyer.wallet, { scope: 'epoch', channel, epoch });
    expect(plan).toMatchObject({
      scope: 'epoch',
      documents: 1,
      channels: [{ epochs: [0], closedEpochs: 0 }],
    });
    const grant = await toFile(buyer, { scope: 'epoch', channel, epoch });
    await say(buyer, price, 'Said afterwards.');
    const texts = await read(stranger, grant);
    expect(texts).toContain('We offer 100.');
    expect(texts).toContain('We ask 110.');
    expect(texts).not.toContain('Said afterwards.');
    expect(texts).not.toContain('We would pay 120.');
    // The log of the disclosure itself stands in the epoch: planned for when it was begun, and one more.
    expect(texts).toHaveLength(plan.messages + 1);
    expect(await opensInAll(stranger, grant)).toBe(texts.length);
    const { joined } = await place.pinned(stranger);
    const opened = await openGrant(stranger.database, joined, grant);
    const [view] = opened.channels;
    const [granted] = view?.epochs ?? [];
    expect(granted?.opened.ok === true && granted.opened.value.members).toHaveLength(2);
    expect(view?.chain.epochs).toHaveLength(2);
    for await (const message of grantedMessages(stranger.database, joined, opened)) {
      const found = grantedDocument(stranger.database, joined, message);
      if (found === undefined) continue;
      const out = freePath();
      await found.writeTo(out, running);
      expect(readFileSync(out, 'utf8')).toBe('The contract.');
    }
    // The members are the same, and read on.
    await seller.deliver();
    expect(await seller.reads(price)).toContain('Said afterwards.');
  });

  it('of a channel opens all its epochs and nothing of another channel; of a transaction all its channels', async () => {
    const channel = await buyer.open(price);
    const one = await toFile(buyer, { scope: 'channel', channel });
    const all = await read(stranger, one);
    expect(all).toContain('We offer 100.');
    expect(all).toContain('Said afterwards.');
    expect(all).not.toContain('We would pay 120.');
    expect(await opensInAll(stranger, one)).toBe(all.length);
    const channels = [await buyer.open(price), await buyer.open(board)];
    const both = await toFile(buyer, { scope: 'transaction', channels });
    const texts = await read(stranger, both);
    expect(texts).toContain('We would pay 120.');
    expect(await opensInAll(stranger, both)).toBe(texts.length);
    // Both channels go on in an epoch of their own.
    for (const ids of [price, board]) {
      const { current } = await buyer.open(ids);
      expect(both.epoch(current?.epoch.id ?? bytes32('none'))).toBeUndefined();
    }
  });

  it('is refused where there is nothing, where its file cannot be, and for who is no member any more', async () => {
    const channel = await buyer.open(price);
    const nothing = { scope: 'message', channel, message: bytes32('no message') } as const;
    expect(await codeOf(planDisclosure(buyer.wallet, nothing))).toBe('disclose-nothing');
    const early = { scope: 'period', channel, period: { from: 0, to: 0 } } as const;
    expect(await codeOf(planDisclosure(buyer.wallet, early))).toBe('disclose-nothing');
    const plan = await planDisclosure(buyer.wallet, { scope: 'channel', channel });
    const path = freePath();
    writeFileSync(path, 'mine');
    const to = { kind: 'file', path } as const;
    expect(await codeOf(beginDisclosure(buyer.wallet, await buyer.pinned(), plan, to, now()))).toBe(
      'disclose-exists',
    );
    const { sign } = await buyer.contact('Seller');
    await buyer.does(price, (row) => planRemoval(row, [sign]));
    await buyer.deliver();
    await seller.sync();
    const theirs = { scope: 'channel', channel: await seller.open(price) } as const;
    expect(await codeOf(planDisclosure(seller.wallet, theirs))).toBe('disclose-not-member');
  });

  it('lists what a copy does not have, and opens nothing with keys of something else', async () => {
    const channel = await buyer.open(board);
    const grant = await toFile(buyer, {
      scope: 'message',
      channel,
      message: await idOf(buyer, board, 'We would pay 120.'),
    });
    const late = await place.open('late', new MemoryKeychain());
    await place.join(late);
    const { joined } = await place.pinned(late);
    const { absent, listed } = await openGrant(late.database, joined, grant);
    expect([absent.length, listed.length]).toEqual([1, 0]);
    expect(
      equalBytes(absent[0] ?? bytes32('none'), grant.content.messages[0]?.message ?? bytes32('other')),
    ).toBe(true);
    expect(await codeOf(grantInFile(join(folder, 'nowhere'), joined.ledger.id))).toBe('disclose-unreadable');
    expect(await codeOf(grantInFile(join(folder, 'contract.txt'), joined.ledger.id))).toMatch(/^json-/);
  });

  it('opens in a copy that follows only what is its recipient’s own, the document with it', async () => {
    const [document] = await documentsOf(buyer.wallet, await buyer.open(price));
    if (document === undefined) expect.fail('no document');
    const target = { scope: 'message', channel: await buyer.open(price), message: document.message } as const;
    await disclose(buyer, target, { kind: 'key', keys: auditorKeys });
    const keychain = new MemoryKeychain();
    const second = await place.open('second', keychain);
    await place.join(second);
    const keeper = { kind: 'keychain', keychain } as const;
    second.vault.adopt(await createVault(second.profile.vaultFile, keeper, newSecrets(auditorWords)));
    await choose(second, await place.pinned(second), { mode: 'follow', tags: [], keys: [], forget: [] });
    const { pinned } = await refresh(second, await place.pinned(second));
    expect(pinned.joined.filled).toBeLessThanOrEqual(1);
    for await (const { grant } of receivedGrants(second, pinned)) {
      if (!grant.ok || grant.value.message(document.message) === undefined) continue;
      const opened = await openGrant(second.database, pinned.joined, grant.value);
      for await (const message of grantedMessages(second.database, pinned.joined, opened)) {
        const found = grantedDocument(second.database, pinned.joined, message);
        expect(Buffer.from((await found?.bytes(1000, running)) ?? []).toString()).toBe('The contract.');
        return;
      }
    }
    expect.fail('nothing was disclosed');
  });
});
