/** What journeys have in common: looking at a page as axe does, and going through it by keyboard. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeFaults } from './axe.ts';
import type { Host } from './host.ts';

/** What axe finds in both themes. */
export async function faults(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate(`countersign.shellSetTheme({ theme: '${theme}' })`);
    await expect
      .poll(() => page.evaluate(`matchMedia('(prefers-color-scheme: ${theme})').matches`))
      .toBe(true);
    const what = theme === 'light' ? 'everything' : 'colours';
    found.push(...(await axeFaults(page, what)).map((fault) => `${theme}: ${fault}`));
  }
  return found;
}

/** Moves the focus with Tab until it is on something with this name. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const isIt = (text: string): boolean => (typeof name === 'string' ? text === name : name.test(text));
  for (let i = 0; i < 80; i++) {
    const focused = await page.evaluate<string>(`(() => {
      const one = document.activeElement;
      return (one?.getAttribute('aria-label') ?? one?.labels?.[0]?.textContent ?? one?.textContent ?? '').trim();
    })()`);
    if (isIt(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(name)}`);
}

/** Whether something stands out of the window to the right. */
export async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(`document.documentElement.scrollWidth > innerWidth ||
    document.querySelector('main').scrollWidth > document.querySelector('main').clientWidth`);
}

/**
 * Makes an identity that a passphrase guards. The sheets themselves are walked through in a journey of their own.
 * @returns its recovery words, or the words of another sheet.
 */
export async function makeIdentity(
  host: Host,
  page: Page,
  passphrase: string,
  returned: 'identity' | 'recovery' = 'recovery',
): Promise<string> {
  await page.getByRole('button', { name: 'Create an identity' }).click();
  const secret = await host.page('secret');
  await secret.waitForSelector('h1');
  const words = await secret.evaluate<string>(`(async () => {
    const sheets = {};
    for (const sheet of ['identity', 'recovery']) {
      const { value } = await countersign.secretSheet({ sheet });
      const { words } = value;
      sheets[sheet] = words.join(' ');
      await countersign.secretAnswer({ sheet, words: value.asked.map((place) => words[place]) });
    }
    await countersign.secretCreate({ keeper: { kind: 'passphrase', passphrase: ${JSON.stringify(passphrase)} } });
    return sheets['${returned}'];
  })()`);
  await page.getByText('Join a ledger').waitFor();
  const closed = secret.waitForEvent('close');
  // The page may be gone before it can say so.
  await secret.evaluate('void countersign.secretClose({})').catch(() => undefined);
  await closed;
  return words;
}

/** Joins a ledger by its card, and waits until the copy is up to date. */
export async function joinLedger(page: Page, card: string): Promise<void> {
  await page.getByLabel('Ledger card or link').fill(card);
  await page.getByRole('button', { name: 'Look at the card' }).click();
  await page.getByText('Compare this id with the one that the operator gave you').waitFor();
  await page.getByRole('button', { name: 'It is the same: join' }).click();
  await page.getByText('Up to date').waitFor();
  await page.getByText('Record your first file').waitFor();
}

/** Texts of a page in the pseudo-locale that were not translated. @param data what is no text: names, numbers, times. */
export async function untranslated(page: Page, data: RegExp): Promise<readonly string[]> {
  return await page.evaluate<string[]>(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      if (!${String(data)}.test(text) && !text.includes('⟦')) found.push(text);
    }
    const labels = [...document.querySelectorAll('[aria-label]')].map((one) => one.getAttribute('aria-label'));
    return [...found, ...labels.filter((text) => !text.includes('⟦'))];
  })()`);
}

/** Reads the words of the sheet that is shown. */
export async function wordsOn(page: Page): Promise<readonly string[]> {
  await page.locator('.words li').last().waitFor();
  return page.evaluate<string[]>(
    "[...document.querySelectorAll('.words li')].map((one) => one.lastChild.textContent)",
  );
}

/** Answers what is asked back of a sheet. */
export async function answerSheet(page: Page, words: readonly string[]): Promise<void> {
  const labels = await page.locator('.field label').allTextContents();
  for (const label of labels)
    await page.getByLabel(label, { exact: true }).fill(words[Number(label.replace(/\D/g, '')) - 1] ?? '');
}
