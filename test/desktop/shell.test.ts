/** The palette, the list of keys and what is said about the program, as a person meets them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, hostSuite, recorderLacks } from './host.ts';
import { axeFaults } from './axe.ts';
import { faults, isTooWide } from './journey-support.ts';

const lacks = recorderLacks();

describe.skipIf(lacks !== undefined)(hostSuite('the window', lacks), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-shell-'));
  let host: Host;
  let page: Page;
  const options = (): Promise<readonly string[]> =>
    page.getByRole('option').locator('.title').allTextContents();
  const active = (): Promise<string> =>
    page.evaluate<string>(`(() => {
      const id = document.activeElement.getAttribute('aria-activedescendant');
      return document.getElementById(id)?.querySelector('.title').textContent ?? '';
    })()`);
  const recorded = async (name: string): Promise<readonly string[]> => {
    const all = (await host.order({ do: 'recorded' })) as { name: string; given: string }[];
    return all.filter((one) => one.name === name).map(({ given }) => given);
  };

  beforeAll(async () => {
    host = await Host.start(home);
    page = await host.page('main');
    await page.waitForSelector('h1');
  });
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('offers before a profile is open only what can be done then', async () => {
    await page.keyboard.press('Control+k');
    const names = await options();
    expect(names).toContain('Try the practice ledger');
    for (const name of ['Home', 'Records', 'Lock the identity']) expect(names).not.toContain(name);
    await page.keyboard.type('practice');
    expect(await active()).toBe('Try the practice ledger');
    await page.keyboard.press('Enter');
    await page.getByText('Up to date').waitFor();
  });

  it('shows every view, finds by the beginning of words, and says how much it found', async () => {
    await page.keyboard.press('Control+k');
    const views = await page.evaluate<string[]>(
      "[...document.querySelectorAll('nav .item')].map((one) => one.childNodes[1].textContent)",
    );
    expect((await options()).slice(0, views.length)).toEqual(views);
    expect(await faults(page)).toEqual([]);
    await page.keyboard.type('cont');
    const found = await options();
    expect(found.slice(0, 2)).toEqual(['Contacts', 'Add a contact']);
    expect(found).toContain('Search records for “cont”');
    const count = page.getByRole('dialog').getByRole('status');
    await expect.poll(() => count.textContent()).toBe(`${found.length} results`);
    await page.keyboard.press('ArrowDown');
    expect(await active()).toBe('Add a contact');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await active()).toBe('Contacts');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor();
  });

  it('finds a record by its name and opens it', async () => {
    const file = join(home, 'Lease of the mill.txt');
    writeFileSync(file, 'a lease');
    await page.keyboard.press('Control+2');
    await host.giveFiles(page, [file]);
    await page.getByRole('button', { name: 'Record the file' }).click();
    await page
      .getByText(/All files are on record|is on record/)
      .first()
      .waitFor();
    await page.keyboard.press('Control+k');
    await expect.poll(options).toContain('Lease of the mill.txt');
    await page.keyboard.type('mill');
    await expect.poll(active).toBe('Lease of the mill.txt');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Lease of the mill.txt' }).waitFor();
    // The same view again, with a text to look up.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('100% mill');
    await expect.poll(active).toBe('Search records for “100% mill”');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('100% mill');
  });

  it('gives the focus back, and lets fields keep their keys', async () => {
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await page.keyboard.press('End');
    await page.keyboard.type('?/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('100% mill?/');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('has a list of keys, and each key on it does what it says', async () => {
    await page.keyboard.press('Control+1');
    const body = page.locator('.main');
    await body.focus();
    await page.keyboard.press('?');
    expect(await faults(page)).toEqual([]);
    const rows = await page.evaluate<{ what: string; keys: string[] }[]>(`
      [...document.querySelectorAll('.keys-sheet dl > div')].map((row) => ({
        what: row.querySelector('dt').textContent,
        keys: [...row.querySelectorAll('kbd')].map((key) => key.textContent),
      }))`);
    await page.keyboard.press('Escape');
    const views = rows.filter(({ keys: [mod, key = ''] }) => mod === 'Ctrl' && /\d/.test(key));
    expect(views.length).toBeGreaterThan(4);
    for (const { what, keys } of views) {
      await page.keyboard.press(keys.join('+').replace('Ctrl', 'Control'));
      await page.locator('.item[aria-current=page]', { hasText: what }).waitFor();
    }
    expect(rows.find(({ what }) => what === 'Lock the identity')?.keys).toEqual(['Ctrl', 'L']);
    await page.keyboard.press('Control+l');
    await page.getByText('Identity locked').first().waitFor();
    await page.keyboard.press('?');
    // What cannot be done now is not on the list.
    expect(await page.locator('.keys-sheet').textContent()).not.toContain('Lock the identity');
    await page.keyboard.press('Escape');
  });

  it('says what it is made of, with the licence of everything in it, and copies diagnostics', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('about');
    await page.keyboard.press('Enter');
    await page.locator('summary', { hasText: 'sodium-native' }).waitFor();
    const text = await page.getByRole('dialog').innerText();
    for (const part of [
      '0.1.0',
      join(home, 'profiles'),
      'libsodium',
      'react-dom',
      'sodium-native',
      'OFL-1.1',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('vitest');
    await page.locator('summary', { hasText: 'sodium-native' }).click();
    expect(await page.locator('details[open] pre').textContent()).toContain('Permission is hereby granted');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Copy diagnostics' }).click();
    await page.getByText(/^Copied/).waitFor();
    const [copied = ''] = (await recorded('clipboard.writeText')).slice(-1);
    expect(copied).toContain('Countersign 0.1.0');
    expect(copied).toContain('identity: ');
    expect(copied).not.toMatch(/mill|practice\.countersign|\/tmp|[0-9a-f]{32}/);
    await page.keyboard.press('Escape');
  });

  it.skipIf(process.platform !== 'linux')('asks the keychain in a process of its own', async () => {
    await page.evaluate("countersign.shellOpenSecret({ purpose: 'create' })");
    const secret = await host.page('secret');
    await secret.waitForSelector('h1');
    // There is no bus here, and the process says so; one that did not run at all would be another code.
    expect(await secret.evaluate('countersign.secretCheckKeychain({})')).toMatchObject({
      ok: false,
      failure: { code: 'keychain-unavailable' },
    });
    await secret.evaluate('void countersign.secretClose({})').catch(() => undefined);
  });

  it('keeps palette and list of keys whole in a small window', async () => {
    await page.setViewportSize({ width: 720, height: 450 });
    for (const key of ['Control+k', '?']) {
      await page.keyboard.press(key);
      expect(await axeFaults(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
      // It begins at its beginning.
      expect(await page.evaluate("document.querySelector('dialog').scrollTop")).toBe(0);
      await page.keyboard.press('Escape');
    }
  });
});
