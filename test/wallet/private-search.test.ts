import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { carryOut, planChannel, planPost } from '../../src/wallet/channels/actions.ts';
import { OwnSearch } from '../../src/wallet/private-search/own-search.ts';
import {
  PrivateSearch,
  type PrivateText,
  type SearchState,
} from '../../src/wallet/private-search/private-search.ts';
import { bytes32 } from '../support/ledger.ts';
import { Party } from '../support/parties.ts';
import { now, Place, stopServices } from '../support/people.ts';

const running = new AbortController().signal;
const open: PrivateSearch[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((search) => search.close()));
});

async function opened(mostText?: number): Promise<PrivateSearch> {
  const search = await PrivateSearch.open(mostText);
  open.push(search);
  return search;
}

/** What was said in message n, 3 messages to a block. */
function said(n: number, text: string, channel = 'buyers'): PrivateText {
  const place = { height: Math.floor(n / 3) + 1, position: n % 3 };
  return { ...place, id: bytes32(`message ${n}`), channel: bytes32(channel), text };
}

async function* newestFirst(texts: readonly PrivateText[]): AsyncGenerator<PrivateText> {
  await Promise.resolve();
  yield* [...texts].reverse();
}

/** The numbers of the messages in which words are found. */
async function found(
  search: PrivateSearch,
  words: string,
  more: { readonly channel?: Uint8Array; readonly limit?: number; readonly before?: PrivateText } = {},
): Promise<readonly number[]> {
  const result = await search.find({ words, limit: 100, ...more });
  return result.found.map(({ height, position }) => 3 * (height - 1) + position);
}

const texts = [
  said(0, 'The price is 4,200,000 EUR, payable at closing.'),
  said(1, 'Zürich is fine for the closing'),
  said(2, 'Nous préférons Genève'),
  said(3, 'The seller asks for more', 'sellers'),
  said(4, 'contract-draft.pdf'),
];

describe('searching what was said in private', () => {
  it('finds words in any order, case and accent, newest first; the last one by its beginning', async () => {
    const search = await opened();
    await search.build(newestFirst(texts), running);
    expect(await found(search, 'closing')).toEqual([1, 0]);
    expect(await found(search, 'CLOSING price')).toEqual([0]);
    expect(await found(search, 'zurich')).toEqual([1]);
    expect(await found(search, 'prefer')).toEqual([2]);
    expect(await found(search, 'clos fine')).toEqual([]);
    expect(await found(search, '4,200,000')).toEqual([0]);
    expect(await found(search, 'contract-draft')).toEqual([4]);
    expect(await found(search, 'the')).toEqual([3, 1, 0]);
    expect(await found(search, 'the', { channel: bytes32('buyers') })).toEqual([1, 0]);
    expect(await found(search, 'the', { limit: 1, before: texts[3] ?? expect.fail() })).toEqual([1]);
    expect((await search.find({ words: 'Geneve', limit: 1 })).found).toEqual([
      { height: 1, position: 2, id: bytes32('message 2'), channel: bytes32('buyers') },
    ]);
  });

  it('takes every text for words, whatever stands in it', async () => {
    const search = await opened();
    await search.build(newestFirst([said(0, 'a "quoted" OR NEAR(x) word* ^text:1')]), running);
    for (const words of ['"quoted"', 'OR', 'NEAR(x)', 'word*', '^text:1', 'text', '" quoted', 'x" OR "y']) {
      expect(await found(search, words), words).toEqual(words.endsWith('"y') ? [] : [0]);
    }
    for (const words of ['', ' ', '"', '***', '\0']) expect(await found(search, words)).toEqual([]);
    expect(await found(search, 'zz '.repeat(10_000))).toEqual([]);
  });

  it('can be asked while it is built, and says that it is not done', async () => {
    const search = await opened();
    const states: SearchState[] = [];
    async function* slowly(): AsyncGenerator<PrivateText> {
      for (let n = 999; n >= 0; n--) {
        if (n === 400) {
          const result = await search.find({ words: 'number', limit: 1 });
          states.push(result.state);
          expect(result.found).toHaveLength(1);
        }
        yield said(n, `number ${n}`);
      }
    }
    await search.build(slowly(), running);
    expect(states).toEqual([{ indexed: 500, isBuilding: true, isFull: false }]);
    expect(search.state).toEqual({ indexed: 1000, isBuilding: false, isFull: false });
    expect(await found(search, 'number 0')).toEqual([0]);
  });

  it('enters nothing twice, so that it can be built anew when more was said', async () => {
    const search = await opened();
    await search.build(newestFirst(texts.slice(0, 2)), running);
    await search.build(newestFirst(texts), running);
    expect(search.state.indexed).toBe(5);
    expect(await found(search, 'closing')).toEqual([1, 0]);
  });

  it('is bounded: the oldest are left out, and it says so', async () => {
    const search = await opened(100);
    await search.build(newestFirst(texts), running);
    expect(search.state).toEqual({ indexed: 4, isBuilding: false, isFull: true });
    expect(await found(search, 'the')).toEqual([3, 1]);
    expect(await found(search, 'price')).toEqual([]);
    // What is new goes in all the same.
    await search.build(newestFirst([...texts, said(5, 'the newest')]), running);
    expect(await found(search, 'the')).toEqual([5, 3]);
    expect(search.state).toEqual({ indexed: 4, isBuilding: false, isFull: true });
    // Nothing older is read once there is no room for it.
    let read = 0;
    async function* many(): AsyncGenerator<PrivateText> {
      await Promise.resolve();
      for (let n = 10_000; n >= 0; n--, read++) yield said(n, 'ten bytes.');
    }
    await search.build(many(), running);
    expect(search.state.indexed).toBe(10);
    expect(read).toBeLessThan(300);
  });

  it('finds nothing once it is closed, and stops being built', async () => {
    const search = await opened();
    async function* closing(): AsyncGenerator<PrivateText> {
      for (let n = 0; ; n++) {
        if (n === 600) await search.close();
        yield said(n, 'word');
      }
    }
    await search.build(closing(), running);
    expect(await found(search, 'word')).toEqual([]);
    const stopping = new AbortController();
    const other = await opened();
    stopping.abort();
    await other.build(newestFirst(texts), stopping.signal);
    expect(other.state.indexed).toBe(0);
  });
});

describe('searching one’s own channels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-search-test-'));
  afterAll(async () => {
    await stopServices();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds what was said in them and nothing else, goes on with what is new, and ends with the lock', async () => {
    const place = await Place.start(folder);
    const buyer = await Party.arrive(place, 'buyer', 'Buyer');
    const seller = await Party.arrive(place, 'seller', 'Seller');
    const them = await buyer.meet(seller, 'Seller');
    const planned = await planChannel(
      buyer.wallet,
      await buyer.pinned(),
      { name: 'Price', members: [them] },
      now(),
    );
    await carryOut(buyer.wallet, planned, now());
    const say = async (party: Party, text: string): Promise<void> => {
      await carryOut(party.wallet, planPost(planned.row, { kind: 'text', text }), now());
      await party.deliver();
    };
    await say(buyer, 'We offer one hundred');
    const own = await OwnSearch.open(seller.wallet);
    const asked = async (words: string): Promise<readonly string[]> => {
      const { found: texts } = await own.find(await seller.pinned(), { words, limit: 10 });
      expect(texts.every(({ channelName }) => channelName === 'Price')).toBe(true);
      return texts.map(({ content }) => (content.kind === 'text' ? content.text : content.kind));
    };
    expect(await asked('offer')).toEqual([]);
    await own.update(await seller.sync(), now());
    expect(await asked('hundred')).toEqual(['We offer one hundred']);
    await seller.deliver();
    await say(seller, 'We ask two hundred');
    await own.update(await seller.sync(), now());
    expect(await asked('hundred')).toEqual(['We ask two hundred', 'We offer one hundred']);
    expect(own.state).toEqual({ indexed: 2, isBuilding: false, isFull: false });
    // Who is in none of the channels finds nothing, with the same record.
    const stranger = await Party.arrive(place, 'stranger', 'Stranger');
    const other = await OwnSearch.open(stranger.wallet);
    await other.update(await stranger.sync(), now());
    expect(other.state.indexed).toBe(0);
    seller.wallet.vault.lock();
    expect(await asked('hundred')).toEqual([]);
    await place.close();
  });
});
