/** An auditor with a profile that only watches: reads the record, looks things up, and verifies blocks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '../../src/core/bytes.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { type FirehoseService, serve } from '../../src/firehose/server.ts';
import type { Sequencer } from '../../src/firehose/sequencer.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { openDatabase } from '../../src/wallet/store/driver.ts';
import { foundIn, messageFor, openIn, taken, until, wireFor } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { MemoryStorage } from '../support/memory-storage.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, tabTo } from './journey-support.ts';

const lacks = hostLacks();
const now = (): number => Math.floor(Date.now() / 1000);
const wide = { width: 1280, height: 820 };

interface Firehose {
  readonly sequencer: Sequencer;
  readonly service: FirehoseService;
  readonly card: string;
}

async function firehose(origin: string): Promise<Firehose> {
  const storage = new MemoryStorage();
  await foundIn(storage, {}, origin);
  const sequencer = await openIn(storage, { now, intervalMs: 50 });
  const service = await serve(sequencer, { host: '127.0.0.1', port: 0, onFailure: () => undefined });
  const { id, logKey } = sequencer.ledger;
  const content = { endpoints: [`${service.url}/`], ledger: id, log: logKey };
  return { sequencer, service, card: fromUtf8(writeLedgerCard(unwrap(composeLedgerCard(content)))) ?? '' };
}

describe.skipIf(lacks !== undefined)(hostSuite('an auditor who only watches'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-explorer-'));
  const storeFile = profileOf('default', { COUNTERSIGN_HOME: join(home, 'profiles') }).storeFile;
  let host: Host;
  let page: Page;
  let first: Firehose;
  let second: Firehose;

  /** Puts messages on the record, each in a block of its own. */
  const put = async (...numbers: readonly number[]): Promise<void> => {
    for (const n of numbers) {
      const { size } = first.sequencer;
      await taken(first.sequencer, wireFor(first.sequencer.ledger, n));
      await until(() => first.sequencer.size > size);
    }
  };
  const synchronise = () => page.getByRole('button', { name: 'Synchronise now' }).click();
  const idOf = (n: number): string => toHex(messageFor(first.sequencer.ledger, n).id);
  const follow = (link: string) => host.order({ do: 'emit', name: 'open-url', given: [link] });
  const main = () => page.getByRole('main');
  /** Does something to the copy behind the application's back. */
  const tamper = async (sql: string): Promise<void> => {
    const database = await openDatabase(storeFile, 'create');
    expect(await database.run(sql)).toBe(1);
    await database.close();
  };
  const verify = async (from: string, to: string): Promise<void> => {
    await page.getByLabel('From block').fill(from);
    await page.getByLabel('To block').fill(to);
    await page.getByRole('button', { name: `Verify blocks ${from} to ${to}` }).click();
  };

  beforeAll(async () => {
    [first, second] = await Promise.all([
      firehose('first.example/record'),
      firehose('second.example/record'),
    ]);
    await put(1, 2, 3);
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize(wide);
    await page.waitForSelector('h1');
    await page.evaluate("countersign.shellOpenSecret({ purpose: 'watch' })");
    const secret = await host.page('secret');
    await secret.waitForSelector('h1');
    const keeper = { kind: 'passphrase', passphrase: 'four words nobody guesses' };
    await secret.evaluate(`countersign.secretWatch(${JSON.stringify({ keeper })})`);
    await secret.evaluate('void countersign.secretClose({})').catch(() => undefined);
    await page.getByText('Watching only').waitFor();
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await Promise.all([first.service.stop(), second.service.stop()]);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is told what to do first where there is no ledger', async () => {
    await page.keyboard.press('Control+6');
    await page.getByText('No ledger is joined').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.evaluate(`countersign.ledgerJoin({ card: ${JSON.stringify(first.card)} })`);
    await page.getByText('Up to date').waitFor();
    expect(await page.getByLabel('Ledger that is shown').count()).toBe(0);
  });

  it('reads the messages, the newest first, while the list stands still under the hand', async () => {
    const rows = page.locator('.table .line');
    await expect.poll(() => rows.count()).toBe(3);
    expect(await faults(page)).toEqual([]);
    await put(4);
    await synchronise();
    await expect.poll(() => rows.count()).toBe(4);
    await tabTo(page, 'Messages, the newest first');
    await page.keyboard.press('ArrowDown');
    const detail = page.getByRole('complementary', { name: 'Message' });
    await detail.getByText(/its hashes lead to the head over 5 blocks/).waitFor();
    await detail.getByText(idOf(4)).waitFor();
    expect(await faults(page)).toEqual([]);
    await put(5, 6);
    await synchronise();
    await page.getByRole('button', { name: 'Show 2 new messages' }).waitFor();
    expect(await rows.count()).toBe(4);
    await page.getByRole('button', { name: 'Pause' }).click();
    await tabTo(page, 'Message');
    await page.keyboard.press('Escape');
    await page.getByText('Paused').waitFor();
    expect(await rows.count()).toBe(4);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.mouse.move(5, 5);
    await expect.poll(() => rows.count()).toBe(6);
    expect(await rows.first().textContent()).toContain(idOf(6).slice(0, 12));
  });

  it('narrows the list by type, key and the beginning of the id', async () => {
    const rows = page.locator('.table .line');
    await page.getByLabel('Id begins with').fill(idOf(3).slice(0, 9).toUpperCase());
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByLabel('Kind').selectOption('File record');
    await page.getByText('Nothing fits').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all messages' }).click();
    await expect.poll(() => rows.count()).toBe(6);
    const key = page.getByLabel('Signed by key');
    await key.fill('abc');
    await page.getByText('All 64 digits of 0–9 and a–f').waitFor();
    expect(await rows.count()).toBe(6);
    await key.fill('0'.repeat(64));
    await page.getByText('Nothing fits').waitFor();
    await page.getByRole('button', { name: 'Show all messages' }).click();
  });

  it('looks up a number, an id and a hash in one field, and is told how each was understood', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('block 3');
    await page.getByText('Understood as the number of a block.').waitFor();
    await page.keyboard.press('Enter');
    const block = page.getByRole('complementary', { name: 'Block 3' });
    await block.getByText(/block 4 names this hash. Its message was judged again/).waitFor();
    expect(await faults(page)).toEqual([]);
    const { value } = await page.evaluate<{ value: { hash: string } }>(
      'countersign.explorerBlock({ height: 3 })',
    );
    await page.keyboard.press('/');
    await page.keyboard.type(value.hash);
    await page.locator('.hit', { hasText: 'Block 3' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.type(idOf(2).slice(0, 10));
    await page.getByText('Understood as the beginning of an id or a key.').waitFor();
    await page.locator('.hit', { hasText: 'message 1 of block 2' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bytes, and what they say' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.getByRole('row', { name: /^Type .*text\/x-test/ }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('nobody');
    await page.getByText(/Understood as a name.* Nothing of this copy fits/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('copies links, and follows them: they open views and nothing else', async () => {
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = `countersign:explorer/${first.sequencer.ledger.idText}/message/${idOf(2)}`;
    await expect.poll(async () => JSON.stringify(await host.order({ do: 'recorded' }))).toContain(link);
    await page.keyboard.press('Control+1');
    await follow(link);
    await page.getByRole('heading', { name: 'Bytes, and what they say' }).waitFor();
    await follow(`countersign:explorer/${'ab'.repeat(32)}/block/1`);
    await page.getByText('This link is about a ledger that this profile has not joined').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('verifies all blocks, and some of them', async () => {
    await page.keyboard.press('Control+6');
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await verify('0', '6');
    await page.getByText('Blocks 0 to 6 in this copy are what was sealed and signed').waitFor();
    await page.getByText(/The lists by which messages of this copy are found were made again/).waitFor();
    expect(await faults(page)).toEqual([]);
    await verify('2', '4');
    await page.getByText('Blocks 2 to 4 in this copy are what was sealed and signed').waitFor();
    await page.getByText('3 messages were judged again').waitFor();
    await page.getByLabel('To block').fill('9');
    await page.getByText('A block from 0 to 6, the lower one first').last().waitFor();
    expect(await page.getByRole('button', { name: 'Verify blocks' }).isDisabled()).toBe(true);
  });

  it('sees a changed byte in the copy caught', async () => {
    const flip = "substr(data, 1, 3) || x'00' || substr(data, 5)";
    await tamper(`UPDATE message SET data = CAST(${flip} AS BLOB) WHERE height = 3`);
    await verify('4', '6');
    await page.getByText('Blocks 4 to 6 in this copy are what was sealed and signed').waitFor();
    await verify('2', '4');
    await page.getByText('Blocks 2 to 4 in this copy are NOT what was sealed and signed').waitFor();
    await page
      .getByText(/A message in the copy is missing or not the one that was recorded.*block 3/)
      .waitFor();
    expect(await faults(page)).toEqual([]);
    await follow('countersign:explorer/block/3');
    await main()
      .getByRole('alert')
      .getByText(/message 0 of block 3/)
      .waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('chooses between ledgers when there are several', async () => {
    await page.evaluate(`countersign.ledgerJoin({ card: ${JSON.stringify(second.card)} })`);
    const choice = page.getByLabel('Ledger that is shown');
    await choice.waitFor();
    await follow(`countersign:explorer/${second.sequencer.ledger.idText}/blocks`);
    await page.getByText('This link is about second.example/record').waitFor();
    await page.getByRole('button', { name: 'Show that ledger' }).click();
    await page.getByText('1 of 1 blocks checked').waitFor();
    await page.getByText('1 blocks under the signed head').waitFor();
    expect(await faults(page)).toEqual([]);
    await choice.selectOption('first.example/record');
    await page.getByText('7 blocks under the signed head').waitFor();
  });

  it('fits into a small window, and into one that is enlarged to 200 %', async () => {
    for (const size of [
      { width: 1024, height: 700 },
      { width: 640, height: 410 },
    ]) {
      await page.setViewportSize(size);
      for (const view of ['messages', 'blocks', 'block/2', 'verify', `message/${idOf(2)}`]) {
        await follow(`countersign:explorer/${view}`);
        await page.locator('.record-tabs').waitFor();
        expect(await isTooWide(page), `${view} in ${size.width}`).toBe(false);
      }
    }
  });
});
