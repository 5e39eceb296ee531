/**
 * Legal staff on a shared firehose: a folder of 200 files goes on the record while the network breaks in the middle, one of
 * them is found by its file, its receipt is printed; then the identity is made again from its words on a second machine.
 * All by keyboard, and what a screen reader hears is read back.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, hostLacks, hostSuite } from './host.ts';
import { heard } from './heard.ts';
import { joinLedger, makeIdentity, tabTo } from './journey-support.ts';
import { SampleLedger } from './surface/ledger.ts';

const lacks = hostLacks();
const passphrase = 'four words nobody guesses';
const count = 200;

describe.skipIf(lacks !== undefined)(hostSuite('legal staff and a folder of files'), () => {
  const homes = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `countersign-staff-${name}-`)));
  const folder = join(homes[0] ?? '', 'Closing binder');
  let ledger: SampleLedger;
  let host: Host;
  let page: Page;
  let words: string;
  let key: string;

  const ownKey = async (of: Page): Promise<string> =>
    of.evaluate<string>(`countersign.recordsPage({ text: '', state: 'any', method: 'any', offset: 0, limit: 1 })
      .then(({ value }) => countersign.recordsDetail({ id: value.rows[0].id })).then(({ value }) => value.sender)`);

  beforeAll(async () => {
    mkdirSync(join(folder, 'Annexes'), { recursive: true });
    for (let i = 1; i <= count; i++) {
      const where = i % 2 === 0 ? join(folder, 'Annexes') : folder;
      writeFileSync(join(where, `Document ${i}.pdf`), `page one of document ${i}`);
    }
    ledger = await SampleLedger.start(Math.floor(Date.now() / 1000));
    await ledger.fill();
    host = await Host.start(homes[0] ?? '');
    page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    words = await makeIdentity(host, page, passphrase, 'identity');
    await joinLedger(page, ledger.card);
  });
  afterAll(async () => {
    await host.stop();
    await ledger.stop();
    for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('records it, loses the network in the middle, and goes on when it is back', async () => {
    await page.keyboard.press('Control+2');
    await page.locator('input[type=file]').waitFor({ state: 'attached' });
    await host.giveFiles(page, [folder]);
    await page.getByText(`${count} files`).first().waitFor();
    await tabTo(page, 'Matter');
    await page.keyboard.type('Closing 2026');
    await tabTo(page, `Record ${count} files`);
    ledger.line.breakAfter(40_000);
    await page.keyboard.press('Enter');
    await page.getByText('Not everything was done. What was signed is kept and will be sent.').waitFor();
    await page.getByText(`${count} of ${count} signed`).waitFor();
    const job = await page.evaluate<{ readonly sent: number }>(
      'countersign.stateSnapshot({}).then(({ value }) => value.state.job)',
    );
    expect(job.sent).toBeGreaterThan(0);
    expect(job.sent).toBeLessThan(count);
    expect(await heard(page)).toContain('alert ');
    expect(await page.getByRole('alert').first().textContent()).toMatch(/could not be reached|broke off/);
    await ledger.line.connect();
    // While it looks at the firehose, the same button stops it.
    const look = page.getByRole('button', { name: 'Synchronise now' });
    await look.waitFor();
    await tabTo(page, 'Synchronise now');
    // What could not be sent has its pause, then goes by itself; each look at the firehose tries what is due.
    await expect
      .poll(
        async () => {
          if ((await look.count()) > 0) await page.keyboard.press('Enter');
          return page.getByRole('heading', { name: 'All files are on record' }).count();
        },
        { timeout: 50_000, interval: 500 },
      )
      .toBe(1);
    const after = await heard(page);
    expect(after).toContain('heading All files are on record');
    expect(after.join('\n')).toContain(`${count} of ${count} on record`);
  });

  it('finds one of them by its file alone, and opens its record', async () => {
    await page.keyboard.press('Control+4');
    await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
    await host.giveFiles(page, [join(folder, 'Annexes', 'Document 118.pdf')]);
    await page
      .getByText(/identical to the one that you recorded in block/)
      .first()
      .waitFor();
    expect((await heard(page)).join('\n')).toContain('identical to the one that you recorded in block');
    await tabTo(page, 'Show the record');
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: 'Record' })
      .getByRole('heading', { name: 'Document 118.pdf' })
      .waitFor();
  });

  it('prints its receipt, and nothing else of the window', async () => {
    await page.evaluate('globalThis.print = () => { globalThis.wasPrinted = true; }');
    await tabTo(page, 'Receipt');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Document 118.pdf').waitFor();
    await tabTo(page, 'Print');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('globalThis.wasPrinted')).toBe(true);
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate<string>('document.body.innerText');
    expect(printed).toMatch(/^RECEIPT FOR A RECORDED FILE/);
    expect(printed).not.toContain('Notarize');
    expect((await page.pdf()).length).toBeGreaterThan(5000);
    await page.emulateMedia({ media: null });
    await page.keyboard.press('Escape');
    key = await ownKey(page);
  });

  it('has its identity again on a second machine, from the words', async () => {
    const home = homes[1] ?? '';
    const other = await Host.start(home);
    try {
      const second = await other.page('main');
      await tabTo(second, /^Restore an identity/);
      await second.keyboard.press('Enter');
      const secret = await other.page('secret');
      await secret.getByLabel('The 24 words').waitFor();
      await secret.keyboard.type(words);
      await tabTo(secret, /^The keychain of this system/);
      await secret.keyboard.press('ArrowDown');
      await tabTo(secret, 'Passphrase');
      await secret.keyboard.type(passphrase);
      await tabTo(secret, 'The same again');
      await secret.keyboard.type(passphrase);
      await secret.keyboard.press('Enter');
      await second.getByText('Identity open').waitFor();
      await joinLedger(second, ledger.card);
      writeFileSync(join(home, 'Amendment.pdf'), 'signed on the second machine');
      await second.keyboard.press('Control+2');
      await second.locator('input[type=file]').waitFor({ state: 'attached' });
      await other.giveFiles(second, [join(home, 'Amendment.pdf')]);
      await second.getByText('1 file').first().waitFor();
      await tabTo(second, 'Record the file');
      await second.keyboard.press('Enter');
      await second.getByRole('heading', { name: 'All files are on record' }).waitFor();
      // Signed by the same key as on the first machine.
      expect(await ownKey(second)).toBe(key);
    } finally {
      await other.stop();
    }
  });
});
