import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { equalBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { verifyEvidence } from '../../src/core/evidence/verify.ts';
import type { SignedMessage } from '../../src/core/record/envelope.ts';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { openPromise } from '../../src/core/record/promise.ts';
import type { PinnedLedger } from '../../src/wallet/ledgers.ts';
import { openItems, outboxItem, queueAgain, queueMessages } from '../../src/wallet/outbox/outbox.ts';
import { pauseAfter, type Sender, sendQueued, type SendReport } from '../../src/wallet/outbox/send-queued.ts';
import { settleOutbox } from '../../src/wallet/outbox/settle.ts';
import type { Database } from '../../src/wallet/store/driver.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import type { JoinedLedger } from '../../src/wallet/store/record-reader.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import { OpenVault } from '../../src/wallet/vault/open-vault.ts';
import { PrivateRows } from '../../src/wallet/vault/private-rows.ts';
import { copyOf } from '../support/copy.ts';
import { bytes32, testTime, TestLedger, unwrap } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'outbox-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const vault = new OpenVault('p', { profileKey: new Uint8Array(32).fill(5) });
let test: TestLedger;
let file = '';
let database: Database;
let rows: PrivateRows;
let joined: JoinedLedger;
let sent: string[] = [];
let count = 0;

const reopen = async (): Promise<void> => {
  await database.close();
  database = await openStore(file);
  rows = await PrivateRows.open(database, vault);
};
beforeEach(async () => {
  test = new TestLedger();
  test.seal([test.message()]);
  file = join(folder, `${++count}.sqlite`);
  database = await openStore(file);
  rows = await PrivateRows.open(database, vault);
  joined = await copyOf(database, test);
  sent = [];
});
afterEach(() => database.close());

const pinned = (): PinnedLedger => {
  const { id, logKey } = test.ledger;
  const endpoints = ['http://127.0.0.1:1/', 'http://127.0.0.1:2/'];
  return { joined, card: unwrap(composeLedgerCard({ endpoints, ledger: id, log: logKey })), pinnedAt: 1 };
};
const promiseOf = (id: Uint8Array, lastHeight = 5, lastTime = testTime + 100): Uint8Array =>
  test.promise({ message: id, size: 2, lastHeight, lastTime });
/** A firehose that takes everything. */
const taking: Sender = (_, { id }) => {
  sent.push(toHex(id));
  const note = promiseOf(id);
  return Promise.resolve({ promise: unwrap(openPromise(note, test.ledger)), note });
};
const failing =
  (code: string, detail = ''): Sender =>
  (endpoint, { id }) => {
    sent.push(`${endpoint.port} ${toHex(id).slice(0, 4)}`);
    return Promise.reject(new CountersignError(code, detail));
  };
let now = 1000;
const flush = (send: Sender, when: 'due' | 'at once' = 'at once'): Promise<SendReport> =>
  sendQueued(database, rows, pinned(), { when, now: () => now, send });
const queue = (...messages: readonly SignedMessage[]): Promise<void> =>
  queueMessages(database, rows, joined, messages);
const states = async (): Promise<readonly string[]> =>
  (await openItems(database, joined)).map(({ state }) => state);

describe('a message in the outbox', () => {
  it('waits sealed, is promised, and is in a block by one’s own check, across restarts', async () => {
    const message = test.message({ data: toUtf8('not public yet'), tags: [bytes32('a'), bytes32('b')] });
    await queue(message);
    expect(await states()).toEqual(['queued']);
    const [sealed] = await database.all("SELECT sealed FROM private_row WHERE kind = 'outbox'");
    expect(Buffer.from(sealed?.['sealed'] as Uint8Array).includes('not public yet')).toBe(false);
    await reopen();
    expect(await flush(taking)).toMatchObject({ accepted: 1, waiting: 0, failure: undefined });
    await reopen();
    const accepted = await outboxItem(database, joined, message.id);
    expect(accepted?.state).toBe('accepted');
    expect(equalBytes(accepted?.promise ?? new Uint8Array(), promiseOf(message.id))).toBe(true);
    expect((await settleOutbox(database, joined)).inBlock).toEqual([]);
    test.seal([test.message(), message]);
    joined = await copyOf(database, test);
    expect((await settleOutbox(database, joined)).inBlock).toEqual([message.id]);
    expect(await outboxItem(database, joined, message.id)).toMatchObject({ state: 'in-block', height: 2 });
    expect(await states()).toEqual([]);
    await flush(taking);
    expect(await rows.all('outbox')).toEqual([]);
    expect(sent).toEqual([toHex(message.id)]);
  });

  it('stays one message however often it is queued and sent', async () => {
    const message = test.message();
    await queue(message, message);
    await queue(message);
    await flush(failing('sync-promise'));
    await flush(taking);
    await queue(message);
    await flush(taking);
    expect(sent.slice(2)).toEqual([toHex(message.id)]);
    expect(await states()).toEqual(['accepted']);
  });

  it('is taken up again when a stop came between its two rows', async () => {
    const message = test.message();
    await queue(message);
    await database.exec('DELETE FROM outbox');
    await flush(taking);
    expect(sent).toEqual([toHex(message.id)]);
  });

  it('is not sent when it stands in a block already', async () => {
    const message = test.message();
    await queue(message);
    test.seal([message]);
    joined = await copyOf(database, test);
    await settleOutbox(database, joined);
    await flush(taking);
    expect(sent).toEqual([]);
  });

  it('is not sent when its sealed content is gone', async () => {
    const message = test.message();
    await queue(message);
    await rows.remove('outbox', `${test.ledger.idText}/${toHex(message.id)}`);
    expect(await flush(taking)).toMatchObject({ accepted: 0, refused: 1 });
    expect(await outboxItem(database, joined, message.id)).toMatchObject({
      state: 'refused',
      problem: 'outbox-lost',
    });
  });
});

describe('sending', () => {
  it('tries every address, then pauses longer each time, unless a person asks', async () => {
    await queue(test.message(), test.message());
    const report = await flush(failing('sync-unreachable'), 'due');
    expect(report).toMatchObject({ accepted: 0, waiting: 2, failure: { code: 'sync-unreachable' } });
    expect(sent.map((line) => line.slice(0, 1))).toEqual(['1', '2']);
    await flush(taking, 'due');
    expect(sent).toHaveLength(2);
    now += 10;
    expect(await flush(taking, 'due')).toMatchObject({ accepted: 2 });
    await queue(test.message());
    await flush(failing('sync-unreachable'));
    expect(await flush(taking, 'at once')).toMatchObject({ accepted: 1 });
  });

  it('pauses up to an hour and a quarter', () => {
    expect(pauseAfter(1)).toBeGreaterThanOrEqual(5);
    expect(pauseAfter(1)).toBeLessThanOrEqual(7);
    expect(pauseAfter(5)).toBeGreaterThanOrEqual(80);
    for (const attempts of [11, 100, 1e9]) expect(pauseAfter(attempts)).toBeLessThanOrEqual(4500);
  });

  it('goes on after a message that will never be taken, and keeps one that may be', async () => {
    const bad = test.message();
    const good = test.message();
    await queue(bad, good);
    const send: Sender = (endpoint, message) =>
      equalBytes(message.id, bad.id)
        ? failing('sync-refused', 'firehose-refused envelope-signature')(endpoint, message)
        : taking(endpoint, message);
    expect(await flush(send)).toMatchObject({ accepted: 1, refused: 1, waiting: 0 });
    await queue(test.message());
    expect(await flush(failing('sync-refused', 'firehose-busy'))).toMatchObject({ refused: 0, waiting: 1 });
    expect(await states()).toEqual(['refused', 'accepted', 'queued']);
    expect((await outboxItem(database, joined, bad.id))?.problem).toContain('envelope-signature');
  });

  it('stops when it is told to, and lets mistakes of ours through', async () => {
    await queue(test.message(), test.message());
    const abort = new AbortController();
    const send: Sender = (endpoint, message) => {
      abort.abort();
      return taking(endpoint, message);
    };
    const options = { when: 'at once' as const, now: () => now, send, signal: abort.signal };
    expect(await sendQueued(database, rows, pinned(), options)).toMatchObject({ accepted: 1, waiting: 1 });
    await expect(flush(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
    expect(await states()).toEqual(['accepted', 'queued']);
  });
});

describe('a promise', () => {
  it('is broken only when the copy has gone past it, and then there is evidence', async () => {
    const message = test.message();
    await queue(message);
    await flush((_, { id }) => {
      const note = promiseOf(id, 3, testTime + 1000);
      return Promise.resolve({ promise: unwrap(openPromise(note, test.ledger)), note });
    });
    // Somebody else's message carries the id as a tag: that keeps no promise.
    test.seal([test.message({ tags: [message.id] })]);
    test.seal([test.message()]);
    joined = await copyOf(database, test);
    expect(await settleOutbox(database, joined)).toEqual({ inBlock: [], broken: [] });
    test.seal([test.message()]);
    joined = await copyOf(database, test);
    expect(await settleOutbox(database, joined)).toEqual({ inBlock: [], broken: [message.id] });
    await reopen();
    const item = await outboxItem(database, joined, message.id);
    expect(item?.state).toBe('broken');
    const lie = unwrap(verifyEvidence(item?.evidence ?? new Uint8Array(), test.ledger.id));
    expect(lie.kind).toBe('promise-broken');
    // Once is enough, and nothing is sent again but on a person's word.
    expect(await settleOutbox(database, joined)).toEqual({ inBlock: [], broken: [] });
    expect(await flush(taking)).toMatchObject({ accepted: 0, waiting: 0 });
    expect(await queueAgain(database, joined, message.id)).toBe(true);
    expect(await queueAgain(database, joined, message.id)).toBe(false);
    expect(await flush(taking)).toMatchObject({ accepted: 1 });
    expect(await settleOutbox(database, joined)).toEqual({ inBlock: [], broken: [] });
    expect((await outboxItem(database, joined, message.id))?.evidence).toEqual(item?.evidence);
  });

  it('that was kept too late is broken, and the message is in a block all the same', async () => {
    const message = test.message();
    await queue(message);
    await flush((_, { id }) => {
      const note = promiseOf(id, 9, testTime + 12);
      return Promise.resolve({ promise: unwrap(openPromise(note, test.ledger)), note });
    });
    test.seal([test.message()]);
    test.seal([message]);
    joined = await copyOf(database, test);
    const report = await settleOutbox(database, joined);
    expect(report).toEqual({ inBlock: [message.id], broken: [message.id] });
    const item = await outboxItem(database, joined, message.id);
    expect(item?.state).toBe('in-block');
    expect(verifyEvidence(item?.evidence ?? new Uint8Array(), test.ledger.id).ok).toBe(true);
  });

  it('that was kept is no evidence', async () => {
    const message = test.message();
    await queue(message);
    await flush(taking);
    test.seal([message]);
    for (let i = 0; i < 6; i++) test.seal([test.message()]);
    joined = await copyOf(database, test);
    expect(await settleOutbox(database, joined)).toEqual({ inBlock: [message.id], broken: [] });
  });
});

describe('the own check', () => {
  it('refuses a copy whose rows were changed', async () => {
    const message = test.message({ tags: [bytes32('a')] });
    const later = test.message({ tags: [bytes32('a')] });
    await queue(message, later);
    test.seal([message, test.message({ tags: [bytes32('a')] })]);
    test.seal([later]);
    joined = await copyOf(database, test);
    const damages = [
      'UPDATE message SET leaf = zeroblob(length(leaf)) WHERE height = 2 AND position = 0',
      'DELETE FROM message WHERE height = 2 AND position = 1',
      'DELETE FROM message WHERE height = 2 AND position = 1; UPDATE block SET height = 9 WHERE height = 2',
      "UPDATE block SET header = CAST(replace(CAST(header AS TEXT), '1', '2') AS BLOB) WHERE height = 1",
      'UPDATE message SET position = 10 - position WHERE height = 2',
      'UPDATE message SET message_id = randomblob(32) WHERE height = 2 AND position = 1',
      'UPDATE message SET height = 3 WHERE height = 2 AND position = 1',
      'DELETE FROM tagged WHERE message = (SELECT min(message) FROM tagged)',
      "UPDATE ledger SET checkpoint = x'00'",
    ];
    await database.exec('PRAGMA foreign_keys = OFF');
    const found: string[] = [];
    for (const damage of damages) {
      await database.exec(`BEGIN; ${damage}`);
      const settled = new RecordStore(database)
        .joined(test.ledger.id)
        .then((now) => settleOutbox(database, now ?? joined));
      const verdict = await settled.catch((error: unknown) => error);
      if (!(verdict instanceof CountersignError && verdict.code === 'store-corrupt')) found.push(damage);
      await database.exec('ROLLBACK');
    }
    expect(found).toEqual([]);
    expect((await settleOutbox(database, joined)).inBlock).toHaveLength(2);
  });
});
