import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { compareBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import type { SignedMessage } from '../../src/core/record/envelope.ts';
import { httpReader } from '../../src/engines/http-reader.ts';
import { followLedger, type WishList } from '../../src/wallet/follow/follow.ts';
import { setMode } from '../../src/wallet/store/followed-store.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { findMessages, messagesOldestFirst } from '../../src/wallet/explorer/search.ts';
import { contentOf, emptyCopy, type TestCopy } from '../support/endpoint.ts';
import {
  allFilesOf,
  copyToFollow,
  followedContent,
  mine,
  partEndpoint,
  sealOwn,
  wish,
} from '../support/follow.ts';
import { taken } from '../support/firehose.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';
import { served, stopServices } from '../support/served.ts';
import { wireBytes } from '../../src/core/record/envelope.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-agrees-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(stopServices);

const tags = [mine, bytes32('second'), bytes32('third')];
const wishFor =
  (wanted: readonly Uint8Array[]): WishList =>
  () =>
    Promise.resolve(wanted.map((tag) => ({ tag, why: 'tag' as const })));

/** What a copy says of a tag: where its messages stand and which they are. */
async function historyIn(copy: TestCopy, ledger: TestLedger, tag: Uint8Array): Promise<readonly string[]> {
  const joined = await copy.store.joined(ledger.ledger.id);
  if (joined === undefined) throw new Error('not joined');
  const found: string[] = [];
  for await (const { height, position, message } of messagesOldestFirst(copy.database, joined, tag))
    found.push(`${height}.${position} ${toHex(message.id)}`);
  const newest = await findMessages(copy.database, joined, { tag }, { limit: 1000 });
  expect(newest.map(({ height, position, message }) => `${height}.${position} ${toHex(message.id)}`)).toEqual(
    found.toReversed(),
  );
  return found;
}

type Blocks = readonly (readonly { readonly tags: readonly number[]; readonly namesFirst: boolean }[])[];

/** Of each block, of each message: which of the tags it carries, and whether it names the first message of all. */
const blocksOf = fc.array(
  fc.array(fc.record({ tags: fc.subarray([0, 1, 2]), namesFirst: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  { minLength: 1, maxLength: 8 },
);

function sealAll(ledger: TestLedger, blocks: Blocks, before: SignedMessage[]): void {
  for (const block of blocks) {
    const messages = block.map(({ tags: chosen, namesFirst }) => {
      const carried = chosen.map((i) => tags[i] ?? mine);
      const [first] = before;
      if (namesFirst && first !== undefined) carried.push(first.id);
      const message = ledger.message({ tags: carried.sort(compareBytes), data: toUtf8('data') });
      before.push(message);
      return message;
    });
    ledger.seal(messages);
  }
}

describe('a copy that follows', () => {
  it('holds of its tags what a full copy holds, however the record grows and when it is fetched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(blocksOf, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (parts, late) => {
          const ledger = new TestLedger('agrees');
          const before: SignedMessage[] = [];
          const [whole, own] = [await copyToFollow(ledger, folder), await copyToFollow(ledger, folder)];
          let wanted: Uint8Array[] = [];
          for (const [i, part] of parts.entries()) {
            sealAll(ledger, part, before);
            const reader = partEndpoint(allFilesOf(ledger));
            await syncLedger(whole.store, ledger.ledger.id, reader, { threads: 0 });
            // Some tags are followed from the beginning, others begin when much is there.
            wanted = late && i === 0 ? [mine] : [...tags, before[0]?.id ?? mine];
            await followLedger(own.store, ledger.ledger.id, reader, wishFor(wanted));
          }
          for (const tag of wanted) {
            expect(await historyIn(own, ledger, tag)).toEqual(await historyIn(whole, ledger, tag));
          }
          expect(await checkCopy(own.store, ledger.ledger.id, { threads: 0 })).toMatchObject({ ok: true });
          await whole.database.close();
          await own.database.close();
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('goes on wherever it was stopped, and ends the same', async () => {
    const ledger = new TestLedger('stops');
    for (let i = 0; i < 6; i++) sealOwn(ledger, 2);
    const files = allFilesOf(ledger);
    const at = await copyToFollow(ledger, folder);
    await followLedger(at.store, ledger.ledger.id, partEndpoint(files), wish);
    const goal = (await followedContent(at)) as object;
    let reads = 0;
    for (let stopAt = 1, isWhole = false; !isWhole; stopAt += 3) {
      const copy = await copyToFollow(ledger, folder);
      const stop = new AbortController();
      reads = 0;
      const reader = partEndpoint(files, () => {
        if (++reads === stopAt) stop.abort();
        return undefined;
      });
      const first = await followLedger(copy.store, ledger.ledger.id, reader, wish, { signal: stop.signal });
      isWhole = reads < stopAt;
      expect(await checkCopy(copy.store, ledger.ledger.id, { threads: 0 })).toMatchObject({
        ok: first.followed > 0 || (await copy.store.joined(ledger.ledger.id))?.checkpoint !== undefined,
      });
      await followLedger(copy.store, ledger.ledger.id, partEndpoint(files), wish);
      expect(await followedContent(copy)).toEqual(goal);
      await copy.database.close();
    }
    expect(reads).toBeGreaterThan(10);
  }, 60_000);

  it('keeps what was written when an address fails in the middle', async () => {
    const ledger = new TestLedger('fails');
    for (let height = 1; height < 520; height++) {
      if (height % 100 === 0) sealOwn(ledger, 1);
      else ledger.seal([ledger.message()]);
    }
    const files = allFilesOf(ledger);
    const copy = await copyToFollow(ledger, folder);
    const failing = partEndpoint(files, (path) => (path === 'body/500' ? 'log-unreachable' : undefined));
    await expect(followLedger(copy.store, ledger.ledger.id, failing, wish)).rejects.toMatchObject({
      code: 'sync-unreachable',
    });
    expect(await copy.database.all('SELECT covered, height, total FROM followed_tag')).toEqual([
      { covered: 256, height: 200, total: 2 },
    ]);
    expect(await checkCopy(copy.store, ledger.ledger.id, { threads: 0 })).toMatchObject({
      ok: true,
      value: { followed: 2 },
    });
    await followLedger(copy.store, ledger.ledger.id, partEndpoint(files), wish);
    expect(await copy.database.all('SELECT covered, height, total FROM followed_tag')).toEqual([
      { covered: 520, height: 500, total: 5 },
    ]);
  }, 30_000);
});

describe('going over', () => {
  it('from one’s own to everything and back loses nothing and fetches nothing wrongly', async () => {
    const ledger = new TestLedger('over');
    const copy = await copyToFollow(ledger, folder);
    const whole = await emptyCopy(folder);
    await whole.store.join(ledger.ledger, 'http://127.0.0.1/');
    const { id } = ledger.ledger;
    const step = async (mode: 'full' | 'follow', isCut: boolean): Promise<void> => {
      sealOwn(ledger, 2);
      sealOwn(ledger, 2);
      const files = allFilesOf(ledger);
      const joined = await copy.store.joined(id);
      if (joined === undefined) throw new Error('not joined');
      await setMode(copy.database, joined, mode);
      if (isCut) files.delete(`body/00${ledger.size - 1}`);
      const reader = partEndpoint(files);
      const done =
        mode === 'full' ? syncLedger(copy.store, id, reader) : followLedger(copy.store, id, reader, wish);
      if (isCut) await expect(done).rejects.toMatchObject({ code: 'sync-withheld' });
      else await done;
      expect(await checkCopy(copy.store, id, { threads: 0 })).toMatchObject({ ok: true });
    };
    const known = (): Promise<readonly string[]> => historyIn(copy, ledger, mine);
    await step('follow', false);
    const first = await known();
    expect(first).toHaveLength(2);
    // Of everything the last block is withheld: what was followed above is still there.
    await step('full', true);
    expect((await known()).slice(0, 2)).toEqual(first);
    await step('follow', false);
    expect(await known()).toHaveLength(6);
    await step('full', false);
    await syncLedger(whole.store, id, partEndpoint(allFilesOf(ledger)));
    const { message, message_key: keys } = await contentOf(copy.database);
    expect({ message, keys }).toEqual({
      message: (await contentOf(whole.database))['message'],
      keys: (await contentOf(whole.database))['message_key'],
    });
    await step('follow', false);
    expect(await known()).toHaveLength(10);
  });
});

describe('over HTTP', () => {
  it('follows a real firehose, in parts of its long files', async () => {
    const { ledger, sequencer, url } = await served({}, { intervalMs: 200 });
    const copy = await emptyCopy(folder);
    await copy.store.join(ledger, url);
    const maker = new TestLedger('maker');
    const messages = Array.from({ length: 700 }, (_, n) => {
      const carried = n % 350 === 7 ? mine : bytes32(`other ${n}`);
      return wireBytes(maker.message({ ledger: ledger.id, tags: [carried] }));
    });
    await Promise.all(messages.map((wire) => taken(sequencer, wire)));
    await expect
      .poll(
        async () => {
          const report = await followLedger(copy.store, ledger.id, httpReader(new URL(url), 5000), wish);
          const [row] = await copy.database.all('SELECT count(*) AS count FROM followed_message');
          return report.followed === report.size && row?.['count'];
        },
        { timeout: 10_000 },
      )
      .toBe(2);
    expect(await checkCopy(copy.store, ledger.id, { threads: 0 })).toMatchObject({
      ok: true,
      value: { followed: 2 },
    });
  }, 30_000);
});
