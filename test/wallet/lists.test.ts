/** Lists of messages: what of long data is read for them, and what is still told and checked of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { type FoundMessage, mostListedData, withData } from '../../src/wallet/explorer/copy.ts';
import { messagesWithIdFrom } from '../../src/wallet/explorer/look-up.ts';
import { findMessages, messagesAfter, messagesOldestFirst } from '../../src/wallet/explorer/search.ts';
import { messageJson } from '../../src/cli/records/show.ts';
import type { Statements } from '../../src/wallet/store/driver.ts';
import type { JoinedLedger } from '../../src/wallet/store/record-reader.ts';
import { checkRange } from '../../src/wallet/sync/check-range.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { emptyCopy, endpointOf, filesOf, type TestCopy } from '../support/endpoint.ts';
import { allFilesOf, copyToFollow, mine, outcome } from '../support/follow.ts';
import { TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'lists-test-'));
const ledger = new TestLedger('lists');
const long = new Uint8Array(2_000_000).fill(7);
const just = new Uint8Array(mostListedData).fill(8);
/** A leaf of these tests and the columns beside it are shorter. */
const besideData = 1000;

let whole: TestCopy;
let following: TestCopy;
beforeAll(async () => {
  const tags = [mine];
  for (let i = 0; i < 4; i++)
    ledger.seal([ledger.message({ data: long, tags }), ledger.message({ data: just, tags })]);
  ledger.seal([ledger.message({ data: toUtf8('short'), tags })]);
  whole = await emptyCopy(folder);
  await whole.store.join(ledger.ledger, 'http://127.0.0.1/');
  await syncLedger(whole.store, ledger.ledger.id, endpointOf(filesOf(ledger)));
  following = await copyToFollow(ledger, folder);
  expect(await outcome(following, ledger, allFilesOf(ledger))).toBe('followed 6');
});
afterAll(async () => {
  await whole.database.close();
  await following.database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same statements, and the longest row that was read through them. */
function metered(statements: Statements): Statements & { longest: number } {
  const meter = {
    ...statements,
    longest: 0,
    all: async (sql: string, ...values: Parameters<Statements['all']>[1][]) => {
      const rows = await statements.all(sql, ...values);
      for (const row of rows) {
        const bytes = Object.values(row).reduce<number>(
          (sum, value) => sum + (value instanceof Uint8Array ? value.length : 8),
          0,
        );
        meter.longest = Math.max(meter.longest, bytes);
      }
      return rows;
    },
  };
  return meter;
}

async function joinedIn({ store }: TestCopy): Promise<JoinedLedger> {
  return (await store.joined(ledger.ledger.id)) ?? expect.fail('not joined');
}

const copies = [
  ['a copy with all messages', () => whole],
  ['a copy that follows', () => following],
] as const;

describe.each(copies)('a list of %s', (_name, copyOf) => {
  /** Everything that lists read, each with what it reads. */
  const lists = async (statements: Statements): Promise<readonly (readonly FoundMessage[])[]> => {
    const joined = await joinedIn(copyOf());
    const all = await findMessages(statements, joined, {}, { limit: 100 });
    const [first] = all.filter(({ message }) => message.dataLength === long.length);
    const { id, payloadType: type, sender } = (first ?? expect.fail('nothing')).message;
    const oldestFirst: FoundMessage[] = [];
    for await (const one of messagesOldestFirst(statements, joined, mine)) oldestFirst.push(one);
    const page = { limit: 100 };
    return [
      all,
      await findMessages(statements, joined, { tag: mine }, page),
      await findMessages(statements, joined, { sender }, page),
      await findMessages(statements, joined, { type }, page),
      await findMessages(statements, joined, { idFrom: toHex(id).slice(0, 12) }, page),
      await messagesAfter(statements, joined, {}, { height: 0, position: 0 }, 100),
      await messagesAfter(statements, joined, { tag: mine }, { height: 0, position: 0 }, 100),
      await messagesWithIdFrom(statements, joined, toHex(id).slice(0, 12)),
      oldestFirst,
    ];
  };

  it('does not read long data, and tells that it is there', async () => {
    const meter = metered(copyOf().database);
    for (const [i, found] of (await lists(meter)).entries()) {
      expect(found.length, `list ${i}`).toBeGreaterThan(0);
      for (const { hasData, message } of found) {
        expect(hasData).toBe(true);
        expect(message.data?.length).toBe(
          message.dataLength > mostListedData ? undefined : message.dataLength,
        );
      }
    }
    expect(meter.longest).toBeLessThan(mostListedData + besideData);
    expect(meter.longest).toBeGreaterThan(mostListedData);
  });

  it('leaves it to who wants it of one message', async () => {
    const { database } = copyOf();
    const joined = await joinedIn(copyOf());
    const [first] = await messagesAfter(database, joined, {}, { height: 0, position: 0 }, 1);
    const found = first ?? expect.fail('nothing');
    expect(messageJson(found, 0)).toMatchObject({ dataBytes: long.length, dataPresent: true });
    expect((await withData(database, joined, found)).message.data).toEqual(long);
  });
});

describe('data that is not as it was', () => {
  it('is found by the check of a range, also where only some messages of a block are here', async () => {
    const range = { from: 2, to: 2 };
    expect(await checkRange(following.store, ledger.ledger.id, range)).toMatchObject({
      ok: true,
      value: { followed: 2 },
    });
    const changed = new Uint8Array(long);
    changed[1_999_999] = 1;
    const there = 'UPDATE followed_message SET data = ? WHERE height = 2 AND length(data) = 2000000';
    expect(await following.database.run(there, changed)).toBe(1);
    await expect(checkRange(following.store, ledger.ledger.id, range)).rejects.toMatchObject({
      code: 'store-corrupt',
    });
    expect(await following.database.run(there, long)).toBe(1);
  });

  it('is told to be absent where it is', async () => {
    expect(await whole.database.run('UPDATE message SET data = NULL WHERE height = 5')).toBe(1);
    const [newest] = await findMessages(whole.database, await joinedIn(whole), {}, { limit: 1 });
    expect(messageJson(newest ?? expect.fail('nothing'), 0)).toMatchObject({ dataPresent: false });
  });
});
