/** A profile of one's own on a firehose that others share: joining it, losing the network, and going on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../src/core/bytes.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { type FirehoseService, serve } from '../../src/firehose/server.ts';
import { running } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { joinLedger, makeIdentity } from './journey-support.ts';
import { Line } from './line.ts';

const lacks = hostLacks();
const now = (): number => Math.floor(Date.now() / 1000);

describe.skipIf(lacks !== undefined)(hostSuite('a profile on a shared firehose'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-network-'));
  let host: Host;
  let page: Page;
  let ledger: Awaited<ReturnType<typeof running>>;
  let service: FirehoseService;
  let line: Line;

  beforeAll(async () => {
    ledger = await running({}, { now, intervalMs: 50 });
    service = await serve(ledger.sequencer, { host: '127.0.0.1', port: 0, onFailure: () => undefined });
    line = new Line(Number(new URL(service.url).port));
    await line.connect();
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    await makeIdentity(host, page, 'four words nobody guesses');
  });
  afterAll(async () => {
    await host.stop();
    line.cut();
    await service.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('joins it by its card, once the id was compared', async () => {
    const { id, logKey } = ledger.sequencer.ledger;
    const content = { endpoints: [line.url], ledger: id, log: logKey };
    const card = fromUtf8(writeLedgerCard(unwrap(composeLedgerCard(content))));
    await joinLedger(page, card ?? '');
  });

  it('signs and keeps files while the network is gone, and sends them when it is back', async () => {
    writeFileSync(join(home, 'contract.txt'), 'a contract');
    await page.keyboard.press('Control+2');
    await page.locator('input[type=file]').waitFor({ state: 'attached' });
    await host.giveFiles(page, [join(home, 'contract.txt')]);
    line.cut();
    await page.getByRole('button', { name: 'Record the file' }).click();
    await page.getByText('Not everything was done. What was signed is kept and will be sent.').waitFor();
    await expect.poll(() => page.locator('.table .line').textContent()).toContain('Waits here');
    await page.getByText('Not up to date').waitFor();
    await page.getByText('The firehose could not be reached.').waitFor();
    await page.keyboard.press('Control+1');
    await expect.poll(() => page.locator('.counts .figure').first().textContent()).toBe('1');
    await line.connect();
    await page.getByRole('button', { name: 'Synchronise now' }).click();
    await page.getByText('Up to date').waitFor();
    await page.keyboard.press('Control+3');
    // It is sent when its pause is over, and found in its block by the next look.
    const state = (): Promise<string | null> => page.locator('.table .line').textContent();
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Synchronise now' }).click();
          return state();
        },
        { timeout: 40_000, interval: 500 },
      )
      .toContain('On record');
    await page.keyboard.press('Control+2');
    await page.getByText('All files are on record').waitFor();
    expect(await page.getByText('could not be reached').count()).toBe(0);
  });
});
