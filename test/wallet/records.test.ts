import '../support/fast-engines.ts';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { equalBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import type { SignedMessage } from '../../src/core/record/envelope.ts';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { composeReceipt, parseReceipt, verifyReceipt } from '../../src/core/record/receipt.ts';
import { readLabels, writeLabels } from '../../src/core/record/record-note.ts';
import { findLedger, pinLedger, type PinnedLedger } from '../../src/wallet/ledgers.ts';
import { openItems, sealedMessage } from '../../src/wallet/outbox/outbox.ts';
import { settleOutbox } from '../../src/wallet/outbox/settle.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { checkFile, type FileVerdict } from '../../src/wallet/records/check-file.ts';
import { filesAt } from '../../src/wallet/records/files.ts';
import { notarize, type Notarized, type NotarizeOptions } from '../../src/wallet/records/notarize.ts';
import { type OwnRecord, ownRecords } from '../../src/wallet/records/own-records.ts';
import { Prover } from '../../src/wallet/records/prover.ts';
import { issueReceipt, receiptPage, writeReceipt } from '../../src/wallet/records/receipts.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { copyOf } from '../support/copy.ts';
import { testTime, TestLedger, unwrap } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';

const folder = mkdtempSync(join(tmpdir(), 'records-test-'));
const path = (...names: readonly string[]): string => join(folder, ...names);
const entropy = new Uint8Array(32).fill(3);
const test = new TestLedger('records');
const wallets: Wallet[] = [];
afterAll(async () => {
  for (const wallet of wallets) await wallet.close();
  rmSync(folder, { recursive: true, force: true });
});

async function newWallet(name: string): Promise<Wallet> {
  const keychain = new MemoryKeychain();
  const profile = profileOf(name, { COUNTERSIGN_HOME: path('home') });
  const wallet = await openWallet(profile, { keychain }, 'create');
  wallets.push(wallet);
  wallet.vault.adopt(
    await createVault(profile.vaultFile, { kind: 'keychain', keychain }, newSecrets(entropy)),
  );
  const card = unwrap(
    composeLedgerCard({
      endpoints: ['http://127.0.0.1:1/'],
      ledger: test.ledger.id,
      log: test.ledger.logKey,
    }),
  );
  await pinLedger(wallet.database, card, test.ledger, testTime);
  await copyOf(wallet.database, test);
  return wallet;
}

let wallet: Wallet;
const pinnedOf = (of: Wallet): Promise<PinnedLedger> => findLedger(of.database, undefined);
const standard: NotarizeOptions = {
  ...{ method: 'salted', labels: {}, publish: false, again: false },
  ...{ now: () => testTime + 1, signal: new AbortController().signal },
};
async function record(
  paths: readonly string[],
  options: Partial<NotarizeOptions> = {},
): Promise<readonly Notarized[]> {
  const done: Notarized[] = [];
  const files = filesAt(paths);
  for await (const one of notarize(wallet, await pinnedOf(wallet), files, { ...standard, ...options }))
    done.push(one);
  return done;
}
/** Seals all that waits in the outbox into one block and brings the copy up to it. */
async function sealAll(): Promise<void> {
  const { joined } = await pinnedOf(wallet);
  const rows = await wallet.privateRows();
  const messages: SignedMessage[] = [];
  for (const { id } of await openItems(wallet.database, joined)) {
    const message = await sealedMessage(rows, joined, id);
    if (message?.data !== undefined) messages.push({ leaf: message.leaf, data: message.data, id });
  }
  test.seal([test.message(), ...messages]);
  await settleOutbox(wallet.database, await copyOf(wallet.database, test));
}
async function receiptOf(own: OwnRecord): Promise<Uint8Array> {
  const { joined } = await pinnedOf(wallet);
  return (await issueReceipt(wallet.database, joined, new Prover(wallet.database, joined), own)).bytes;
}
const hashOf = (text: string): Uint8Array => sha256(toUtf8(text));
const endOf = (verdict: FileVerdict): string =>
  verdict.verdict === 'recorded' ? `block ${verdict.header.height}` : `${verdict.verdict} ${verdict.code}`;

beforeAll(async () => {
  test.seal([test.message()]);
  wallet = await newWallet('p');
  mkdirSync(path('files', 'inner'), { recursive: true });
  for (const [name, text] of [
    ['b.txt', 'b'],
    ['a.txt', 'a'],
    ['inner/c.txt', 'c'],
    ['same.txt', 'a'],
  ])
    writeFileSync(path('files', name ?? ''), text ?? '');
  symlinkSync(path('files'), path('files', 'loop'));
});

describe('notarizing', () => {
  let done: readonly Notarized[];

  it('signs, keeps and queues every file of a folder, without a network, once', async () => {
    done = await record([path('files')], { labels: { matter: '2026-117', client: 'Acme Ltd' } });
    expect(done.map(({ path: given, isNew }) => [basename(given), isNew])).toEqual([
      ['a.txt', true],
      ['b.txt', true],
      ['c.txt', true],
      ['same.txt', false],
    ]);
    const again = await record([path('files', 'b.txt')], {
      labels: { matter: '2026-117', client: 'Acme Ltd' },
    });
    expect(again.map(({ isNew }) => isNew)).toEqual([false]);
    const { joined } = await pinnedOf(wallet);
    expect(await openItems(wallet.database, joined)).toHaveLength(3);
  });

  it('keeps nothing about files and labels readable on disk', () => {
    const disk = readdirSync(path('home', 'p')).map((name) => readFileSync(path('home', 'p', name)));
    for (const word of ['Acme', '2026-117', 'a.txt', toHex(hashOf('a')), Buffer.from(hashOf('a'))]) {
      expect(disk.some((bytes) => bytes.includes(word))).toBe(false);
    }
    const public_ = Buffer.concat(done.map(({ record: own }) => Buffer.from(own.leaf)));
    expect(public_.includes('Acme') || public_.includes(toHex(hashOf('a')))).toBe(false);
  });

  it('finds own records by part of a label, in whatever case', async () => {
    const rows = await wallet.privateRows();
    const count = async (filter: object): Promise<number> => (await ownRecords(rows, filter)).length;
    expect(await count({})).toBe(3);
    expect(await count({ client: 'acme' })).toBe(3);
    expect(await count({ client: 'acme', matter: '118' })).toBe(0);
    expect(await count({ reference: 'x' })).toBe(0);
    expect(await count({ fileHash: hashOf('b') })).toBe(1);
    expect(await count({ ledger: hashOf('b') })).toBe(0);
  });

  it('keeps what was done before a file that cannot be read, and stops when told to', async () => {
    const options = { labels: { text: 'partly' } };
    const seen: Notarized[] = [];
    const files = filesAt([path('files', 'a.txt'), path('nowhere')]);
    const run = async (): Promise<void> => {
      for await (const one of notarize(wallet, await pinnedOf(wallet), files, { ...standard, ...options }))
        seen.push(one);
    };
    await expect(run()).rejects.toMatchObject({ code: 'receipt-unreadable' });
    expect(seen).toHaveLength(1);
    const stopped = new AbortController();
    stopped.abort();
    expect(await record([path('files')], { signal: stopped.signal, labels: { text: 'stopped' } })).toEqual(
      [],
    );
  });
});

describe('a receipt', () => {
  let own: OwnRecord;
  let early: Uint8Array;
  let bytes: Uint8Array;

  beforeAll(async () => {
    const [first] = await record([path('files', 'a.txt')], { again: true, labels: { reference: 'r' } });
    if (first === undefined) throw new Error('nothing recorded');
    own = first.record;
    early = await receiptOf(own);
    await sealAll();
    bytes = await receiptOf(own);
  });

  it('shows a stranger where the file was recorded, from the file and the ledger’s id alone', () => {
    const shown = unwrap(verifyReceipt(bytes, test.ledger.id));
    expect(equalBytes(shown.file.hash, hashOf('a'))).toBe(true);
    expect(shown.place?.header.height).toBe(2);
    expect(unwrap(verifyReceipt(early, test.ledger.id)).place).toBeUndefined();
    const page = receiptPage(shown);
    expect(page).toContain('message ');
    expect(page).toContain(toHex(own.id));
    expect(Math.max(...page.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const text of [page, Buffer.from(bytes).toString()]) expect(text).not.toMatch(/reference|Acme/);
  });

  it('is refused after any change of any byte', () => {
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const verdict = verifyReceipt(changed, test.ledger.id);
      if (!verdict.ok) refused++;
      // The name of a file proves nothing, nor does its size: nobody signed them.
      else {
        const { file } = verdict.value;
        expect(file.name !== own.file.name || file.size !== own.file.size).toBe(true);
      }
    }
    expect(refused).toBeGreaterThan(bytes.length - 10);
  });

  it('is refused when its parts are of two receipts', () => {
    const receipt = unwrap(parseReceipt(bytes));
    const code = (changed: object): string => {
      const verdict = verifyReceipt(composeReceipt({ ...receipt, ...changed }), test.ledger.id);
      return verdict.ok ? 'ok' : verdict.code;
    };
    const { place, file } = receipt;
    if (place === undefined) throw new Error('no place');
    const [tag, otherTag] = place.tags;
    const { salt, ...open } = file;
    expect(code({})).toBe('ok');
    expect(code({ file: { ...file, salt: hashOf('x') } })).toBe('receipt-value');
    expect(code({ file: open })).toBe('receipt-value');
    expect(salt).toBeDefined();
    expect(code({ file: { ...file, hash: hashOf('b') } })).toBe('receipt-value');
    expect(code({ founding: new TestLedger('other').founding })).toBe('receipt-ledger');
    expect(code({ leaf: test.at(1).messages[0] })).toBe('receipt-record');
    expect(
      code({ promise: test.promise({ message: hashOf('x'), size: 1, lastHeight: 2, lastTime: 3 }) }),
    ).toBe('receipt-promise');
    const good = test.promise({ message: own.id, size: 1, lastHeight: 2, lastTime: 3 });
    expect(code({ promise: good })).toBe('ok');
    expect(code({ place: { ...place, checkpoint: toUtf8('x\n') } })).toBe('receipt-checkpoint');
    expect(code({ place: { ...place, block: test.block(1) } })).toBe('receipt-inclusion');
    expect(code({ place: { ...place, block: { ...test.block(1), height: 2 } } })).toBe('receipt-block');
    expect(code({ place: { ...place, message: { ...place.message, index: 0 } } })).toBe('receipt-inclusion');
    expect(code({ place: { ...place, tags: [tag] } })).toBe('receipt-tags');
    expect(code({ place: { ...place, tags: [otherTag, tag] } })).toBe('receipt-tags');
    const emptied = { ...tag, list: new Uint8Array() };
    expect(code({ place: { ...place, tags: [emptied, otherTag] } })).toBe('receipt-tags');
    expect(verifyReceipt(bytes, hashOf('x'))).toMatchObject({ code: 'receipt-ledger' });
    expect(verifyReceipt(toUtf8('{}'), test.ledger.id)).toMatchObject({ code: 'receipt-format' });
  });

  it('is written as two files, again in place of the first', async () => {
    const issued = { bytes, shows: unwrap(verifyReceipt(bytes, test.ledger.id)) };
    const name = await writeReceipt(path('receipts'), own, issued);
    expect(await writeReceipt(path('receipts'), own, issued)).toBe(name);
    expect(readdirSync(path('receipts'))).toHaveLength(2);
    expect(equalBytes(new Uint8Array(readFileSync(name)), bytes)).toBe(true);
    writeFileSync(path('a-file'), '');
    await expect(writeReceipt(path('a-file'), own, issued)).rejects.toMatchObject({
      code: 'receipt-cannot-write',
    });
  });

  it('answers whether a file is on record, for those with a profile and those without', async () => {
    const ask = async (of: Wallet | undefined, text: string, receipt: Uint8Array, ledger?: Uint8Array) => {
      const given = ledger === undefined ? {} : { ledger };
      return endOf(await checkFile(of, { fileHash: hashOf(text), receipt, ...given }));
    };
    expect(await ask(wallet, 'a', bytes)).toBe('block 2');
    expect(await ask(wallet, 'b', bytes)).toBe('invalid receipt-file');
    expect(await ask(wallet, 'a', early)).toBe('block 2');
    expect(await ask(undefined, 'a', bytes, test.ledger.id)).toBe('block 2');
    expect(await ask(undefined, 'a', bytes)).toBe('open receipt-no-root');
    expect(await ask(undefined, 'b', bytes)).toBe('invalid receipt-file');
    expect(await ask(undefined, 'a', early, test.ledger.id)).toBe('open receipt-pending');
    expect(await ask(undefined, 'a', bytes, hashOf('x'))).toBe('invalid receipt-ledger');
    expect(await ask(wallet, 'a', toUtf8('nonsense'))).toMatch(/^invalid json-/);
  });
});

describe('a check without a receipt', () => {
  const ask = async (of: Wallet, text: string): Promise<string> =>
    endOf(await checkFile(of, { fileHash: hashOf(text) }));

  it('finds own records, says what waits, and does not guess', async () => {
    expect(await ask(wallet, 'b')).toBe('block 2');
    expect(await ask(wallet, 'never')).toBe('open receipt-unknown');
    writeFileSync(path('d.txt'), 'd');
    await record([path('d.txt')]);
    expect(await ask(wallet, 'd')).toBe('open receipt-pending');
  });

  it('finds salted records by the words alone, on another machine', async () => {
    const other = await newWallet('restored');
    expect(await ask(other, 'c')).toBe('block 2');
    expect(await ask(other, 'never')).toBe('open receipt-unknown');
  });

  it('finds public records, whoever made them, and shows what was published', async () => {
    writeFileSync(path('e.txt'), 'e');
    const labels = { text: 'Version 3', client: 'Acme Ltd' };
    const [made] = await record([path('e.txt')], { method: 'public', publish: true, labels });
    await sealAll();
    const other = wallets[1];
    if (other === undefined || made === undefined) throw new Error('no other');
    await copyOf(other.database, test);
    other.vault.lock();
    expect(await ask(other, 'e')).toBe('block 3');
    const verdict = await checkFile(other, { fileHash: hashOf('e') });
    if (verdict.verdict !== 'recorded') throw new Error('not recorded');
    expect(verdict.method).toBe('public');
    expect(unwrap(readLabels(verdict.message.data ?? new Uint8Array()))).toEqual(labels);
  });

  it('reads and writes labels strictly', () => {
    expect(unwrap(readLabels(writeLabels({})))).toEqual({});
    expect(readLabels(toUtf8('{"text":"x"}')).ok).toBe(false);
    expect(readLabels(toUtf8('{"other":"x","v":1}')).ok).toBe(false);
    expect(() => writeLabels({ text: 'a\nb' })).toThrow(RangeError);
    expect(() => writeLabels({ matter: 'x'.repeat(201) })).toThrow(RangeError);
  });
});
