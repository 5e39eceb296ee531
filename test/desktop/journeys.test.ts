/** Journeys through the built application, as people walk them: by keyboard, in both themes, looked at by axe. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, hostLacks, hostSuite } from './host.ts';
import { axeFaults } from './axe.ts';
import { answerSheet, faults, tabTo, wordsOn } from './journey-support.ts';

const lacks = hostLacks();
const wide = { width: 1280, height: 820 };

describe.skipIf(lacks !== undefined)(hostSuite('a new user on the practice ledger'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-journey-'));
  const folder = join(home, 'files');
  const names = Array.from({ length: 24 }, (_, i) => `Annex ${i + 1}.pdf`);
  let host: Host;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), `the content of ${name}`);
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize(wide);
    await page.waitForSelector('h1');
    await page.evaluate(`globalThis.acts = 0;
      addEventListener('keydown', ({ key, ctrlKey }) => { if (key.length > 1 || ctrlKey) globalThis.acts++; }, true);`);
  });
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('opens it by keyboard alone', async () => {
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Open the practice ledger');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.getByText('New on the record').waitFor();
    await expect.poll(() => page.locator('.events li').count()).toBe(10);
    expect(await page.locator('.strip').textContent()).toContain('Nothing here counts');
    expect(await faults(page)).toEqual([]);
  });

  it('records files by keyboard alone, and sees them in a block', async () => {
    await page.keyboard.press('Control+2');
    await page.getByRole('heading', { name: 'Notarize' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await host.giveFiles(
      page,
      names.map((name) => join(folder, name)),
    );
    await page.getByText('24 files').first().waitFor();
    await tabTo(page, 'Matter');
    await page.keyboard.type('2026-117');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Acme Ltd');
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Record 24 files');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'All files are on record' }).waitFor();
    // From the first start to files on record, with what was typed left out: at two seconds for a key, a minute.
    expect(await page.evaluate<number>('globalThis.acts')).toBeLessThanOrEqual(30);
    await expect.poll(() => page.locator('.table .line').first().textContent()).toContain('On record');
    expect(await faults(page)).toEqual([]);
    await host.order({
      do: 'answer-dialog',
      value: { canceled: false, filePaths: [join(home, 'receipts')] },
    });
    await tabTo(page, 'Save receipts…');
    await page.keyboard.press('Enter');
    await page.getByText(/24 receipts saved/).waitFor();
    expect(readdirSync(join(home, 'receipts'))).toHaveLength(48);
  });

  it('finds one of them, reads its verdict and its receipt', async () => {
    await page.keyboard.press('Control+3');
    await tabTo(page, 'Search names and labels');
    await page.keyboard.type('acme 24');
    await expect.poll(() => page.locator('.filters .count').textContent()).toBe('1 record');
    await tabTo(page, /^1 records/);
    await page.keyboard.press('ArrowDown');
    const detail = page.getByRole('complementary', { name: 'Record' });
    await detail.getByText(/is on record in block \d+, sealed/).waitFor();
    await detail.getByText(/Head over \d+ blocks, signed by the operator/).waitFor();
    await detail.getByText(/Sealed in block \d+/).waitFor();
    await detail.getByText('By the key that signed it').click();
    await detail
      .locator('details[open]')
      .getByText(/Entry \d+ of \d+ in the index, for the tag/)
      .waitFor();
    await detail.focus();
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Receipt');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.receipt').textContent()).toContain('Annex 24.pdf');
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('checks files: one of their own, a changed one, one with a receipt', async () => {
    await page.keyboard.press('Control+4');
    const changed = join(folder, 'changed.pdf');
    writeFileSync(changed, 'the content of Annex 1.pdf?');
    await host.giveFiles(page, [join(folder, 'Annex 1.pdf'), changed]);
    await page.getByText(/identical to the one that you recorded in block/).waitFor();
    await page.getByRole('button', { name: 'changed.pdf' }).click();
    await page.getByText('This profile knows of no record of the file.').waitFor();
    expect(await faults(page)).toEqual([]);
    const receipts = readdirSync(join(home, 'receipts')).filter((name) => name.endsWith('.json'));
    const receipt = receipts.find((name) => name.startsWith('Annex 2.pdf')) ?? '';
    await host.giveFiles(page, [join(folder, 'Annex 2.pdf'), join(home, 'receipts', receipt)]);
    await page.getByText(/Known from the receipt/).waitFor();
    await page.keyboard.press('Control+1');
  });

  it('locks and unlocks the identity, and goes back to the beginning', async () => {
    await page.keyboard.press('Control+3');
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByText('Your records are sealed.').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('main').getByRole('button', { name: 'Unlock' }).click();
    await expect.poll(() => page.locator('.table .line').count()).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Close this profile' }).click();
    await page.getByText('Or begin for real').waitFor();
  });
});

describe.skipIf(lacks !== undefined || process.platform !== 'linux')(
  hostSuite("an identity of one's own"),
  () => {
    const passphrase = 'four words nobody guesses';
    const homes = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `countersign-words-${name}-`)));
    let words: readonly string[] = [];

    afterAll(() => {
      for (const home of homes) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });

    const choosePassphrase = async (page: Page): Promise<void> => {
      await page.getByLabel('A passphrase').check();
      await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
      await page.getByLabel('The same again').fill(passphrase);
    };

    it('is made from words that were written down, where there is no keychain', async () => {
      const host = await Host.start(homes[0] ?? '');
      try {
        const page = await host.page('main');
        await page.getByRole('button', { name: 'Create an identity' }).click();
        const secret = await host.page('secret');
        await secret.setViewportSize({ width: 720, height: 640 });
        await secret.getByText('This machine has no keychain that Countersign can reach.').waitFor();
        expect(await axeFaults(secret)).toEqual([]);
        await choosePassphrase(secret);
        await secret.getByRole('button', { name: 'Continue' }).click();
        words = await wordsOn(secret);
        expect(words).toHaveLength(24);
        expect(await axeFaults(secret)).toEqual([]);
        await secret.getByRole('button', { name: 'They stand on paper' }).click();
        await answerSheet(secret, words.toReversed());
        await secret.getByRole('button', { name: 'Continue' }).click();
        await secret.getByText('That is not what the sheet says.').waitFor();
        expect(await axeFaults(secret)).toEqual([]);
        await answerSheet(secret, words);
        await secret.getByRole('button', { name: 'Continue' }).click();
        await secret.getByText('Sheet 2 of 2').waitFor();
        const recovery = await wordsOn(secret);
        await secret.getByRole('button', { name: 'They stand on paper' }).click();
        await answerSheet(secret, recovery);
        await secret.getByRole('button', { name: 'Create the identity' }).click();
        await page.getByText('Identity open').waitFor();
        await page.getByText('Join a ledger').waitFor();
        await expect.poll(() => secret.isClosed()).toBe(true);
      } finally {
        await host.stop();
      }
    });

    it('is restored from them on another machine, locked, and unlocked with its passphrase', async () => {
      const host = await Host.start(homes[1] ?? '');
      try {
        const page = await host.page('main');
        await page.getByRole('button', { name: 'Restore an identity' }).click();
        const secret = await host.page('secret');
        await secret.getByLabel('The 24 words').fill(words.join('  '));
        await choosePassphrase(secret);
        await secret.getByRole('button', { name: 'Restore' }).click();
        await page.getByText('Identity open').waitFor();
        await expect.poll(() => secret.isClosed()).toBe(true);
        await page.getByRole('button', { name: 'Lock' }).click();
        await page.getByText('The identity is locked').waitFor();
        await page.getByRole('main').getByRole('button', { name: 'Unlock' }).click();
        const unlock = await host.page('secret');
        await unlock.getByLabel('Passphrase').fill(passphrase);
        await unlock.keyboard.press('Enter');
        await page.getByText('Identity open').waitFor();
      } finally {
        await host.stop();
      }
    });

    it.each([
      ['damaged', 'The sealed file of this profile is damaged.', 'Restore the words into a new profile…'],
      ['without a keychain', 'This machine has no keychain that Countersign', 'Open it with the words…'],
    ])('whose file is %s says so, and shows the way out', async (what, happened, way) => {
      const home = homes[1] ?? '';
      const file = join(home, 'profiles/default/identity.sealed');
      const profile = '0'.repeat(32);
      const kept = { keeper: 'keychain', profile, sealed: Buffer.alloc(100).toString('base64'), v: 1 };
      writeFileSync(file, what === 'damaged' ? 'nothing' : JSON.stringify(kept));
      const host = await Host.start(home);
      try {
        const page = await host.page('main');
        await page.getByRole('button', { name: 'Open “default”' }).click();
        await page.getByText(happened).waitFor();
        await page.getByRole('button', { name: way }).waitFor();
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('Tried just now: it is still so.').waitFor();
        expect(await faults(page)).toEqual([]);
      } finally {
        await host.stop();
      }
    });
  },
);
