/**
 * Two people and what goes through their channels: documents, put in, gone on with, received and written into a file; and one
 * message that is opened to somebody who is no member.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, tabTo } from './journey-support.ts';
import { announce, ask, gather, type Gathering, type Person, seen } from './people.ts';

const lacks = hostLacks();
const secret = 'The price of the boat is 100.\n';
const large = randomBytes(12_000_000);

/** Makes two people contacts of each other, and a channel of the first that both read. */
async function meet(alice: Person, bob: Person): Promise<void> {
  for (const [one, other, name] of [
    [alice, bob, 'Bob'],
    [bob, alice, 'Alice'],
  ] as const) {
    const { link } = await ask<{ readonly link: string }>(other, 'contactsOwn', {});
    await ask(one, 'contactsAdd', { link, name, isOther: false });
  }
  const { rows } = await ask<{ rows: readonly { id: string }[] }>(alice, 'contactsPage', {
    text: '',
    limit: 9,
  });
  const contacts = rows.map(({ id }) => id);
  await ask(alice, 'channelsAct', { act: { act: 'new', name: 'Price of the boat', contacts } });
  for (const { page } of [alice, bob]) {
    await page.keyboard.press('Control+7');
    await seen(page, 'Price of the boat');
    await page.getByRole('button', { name: /^Price of the boat/ }).click();
    await page.getByText('founded the channel').waitFor();
  }
}

describe.skipIf(lacks !== undefined)(hostSuite('documents of a channel'), () => {
  let gathering: Gathering;
  let alice: Person;
  let bob: Person;

  /** Chooses a file for the channel, and waits for what everybody will see. */
  const choose = async (path: string): Promise<void> => {
    await alice.host.giveFiles(alice.page, [path]);
    await alice.page.getByRole('dialog').getByText('a document, not its name').waitFor();
  };

  beforeAll(async () => {
    gathering = await gather(2);
    [alice, bob] = gathering.people as [Person, Person];
  }, 120_000);
  afterAll(async () => {
    await gathering.end();
  });

  it('belong to a channel that both read', async () => {
    await announce(alice, 'Alice Example');
    await announce(bob, 'Bob Example');
    for (const { page } of [alice, bob]) await seen(page, 'On record');
    await meet(alice, bob);
  });

  it('are sent after it was said what everybody will see', async () => {
    const { page, home } = alice;
    const path = join(home, 'Offer.txt');
    writeFileSync(path, secret);
    await page.getByRole('button', { name: 'Put in a document…' }).waitFor();
    await choose(path);
    const dialog = page.getByRole('dialog');
    expect(await dialog.innerText()).toContain('one sealed message of');
    expect(await faults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await tabTo(page, 'Send the document');
    await page.keyboard.press('Enter');
    await page.getByText('“Offer.txt” was sent').waitFor();
    await page.locator('.conversation').getByText('sent the document “Offer.txt”').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('are written into a folder by whoever can read them, beside what is there', async () => {
    const { page, home, host } = bob;
    await seen(page, 'sent the document “Offer.txt”');
    for (const name of ['Offer.txt', 'Offer 2.txt']) {
      await host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [home] } });
      await page.locator('.conversation').getByRole('button', { name: 'Save…' }).click();
      await page.getByText(`written to ${join(home, name)}`).waitFor();
      expect(readFileSync(join(home, name), 'utf8')).toBe(secret);
    }
    expect(await faults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });

  it('are nowhere when no folder was chosen', async () => {
    const { page, host } = bob;
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await host.order({ do: 'answer-dialog', value: { canceled: true, filePaths: [] } });
    await page.locator('.conversation').getByRole('button', { name: 'Save…' }).click();
    expect(await page.getByText('written to').count()).toBe(0);
  });

  it('can be stopped, wait to be gone on with, and come whole', async () => {
    const { page, home } = alice;
    const path = join(home, 'Plans.bin');
    writeFileSync(path, large);
    await choose(path);
    expect(await page.getByRole('dialog').innerText()).toContain('sealed messages of');
    // Stopped as soon as its first pieces are on their way: what was sent by then is kept.
    await page.evaluate(`new MutationObserver((_all, observer) => {
      if (!document.querySelector('.transfer')?.textContent.includes('Sealing and sending')) return;
      observer.disconnect();
      void countersign.documentsStop({});
    }).observe(document.body, { characterData: true, childList: true, subtree: true })`);
    await page.getByRole('button', { name: 'Send the document' }).click();
    await page.getByText('Sending “Plans.bin” was stopped').waitFor();
    await page.getByText('The document “Plans.bin” was not sent to its end').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('“Plans.bin” was sent').waitFor();
    expect(await page.getByText('was not sent to its end').count()).toBe(0);
    await seen(bob.page, 'sent the document “Plans.bin”');
    await bob.host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [bob.home] } });
    await bob.page.locator('.conversation').getByRole('button', { name: 'Save…' }).last().click();
    const file = join(bob.home, 'Plans.bin');
    await bob.page.getByText(`written to ${file}`).waitFor();
    expect(readFileSync(file).equals(large)).toBe(true);
  });

  it('and one message can be opened to somebody who is no member, and nothing else', async () => {
    const { page } = alice;
    const act = { act: 'new', name: 'Notes', contacts: [] };
    const ids = await ask<{ transaction: string; channel: string }>(alice, 'channelsAct', { act });
    await page.keyboard.press('Control+7');
    await page.getByRole('button', { name: /^Notes/ }).click();
    for (const text of ['The lowest price is 90.', 'The highest price is 120.'])
      await ask(alice, 'channelsAct', { act: { act: 'post', ...ids, text } });
    await seen(page, '90.');
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Synchronise now' }).click();
          return page.locator('.entry.of-message').count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThanOrEqual(2);
    const entry = page.locator('.entry.of-message').filter({ hasText: '120.' });
    await entry.getByRole('button', { name: 'Disclose this message…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This opens one message, and nothing else').waitFor();
    const said = await dialog.innerText();
    expect(said).toContain('120.');
    expect(said).not.toContain('90.');
    const go = dialog.getByRole('button', { name: 'Disclose it' });
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel('Contact', { exact: true }).selectOption({ label: 'Bob' });
    await dialog.getByText('to the inbox of this contact').waitFor();
    expect(await faults(page)).toEqual([]);
    await go.click();
    await dialog.waitFor({ state: 'detached' });
    await seen(page, 'disclosed one message');
    await bob.page.keyboard.press('Control+7');
    await bob.page.getByRole('button', { name: 'Disclosed to you' }).click();
    await seen(bob.page, 'one message');
    await bob.page.getByRole('button', { name: /^Alice/ }).click();
    await bob.page.getByText('The message stands on the record, and opens').waitFor();
    const main = await bob.page.getByRole('main').innerText();
    expect(main).toContain('120.');
    expect(main).not.toContain('90.');
    expect(await faults(bob.page)).toEqual([]);
    expect(await isTooWide(bob.page)).toBe(false);
  });

  it('and a whole channel to whoever has a file', async () => {
    const { page, home, host } = alice;
    await page.getByRole('button', { name: 'Disclose…', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('The whole channel').check();
    await dialog.getByLabel('Whoever has the file').check();
    await dialog.getByText('and what is said until the members have a new key').waitFor();
    await dialog.getByText('The members get a new one first').waitFor();
    expect(await faults(page)).toEqual([]);
    await host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [home] } });
    await dialog.getByRole('button', { name: 'Choose a folder and disclose it…' }).click();
    await dialog.waitFor({ state: 'detached' });
    await seen(page, 'disclosed the whole channel');
    await page.getByText('The disclosure was written to').waitFor();
    const ofIt = (): string | undefined =>
      readdirSync(home).find((name) => name.endsWith('.countersign-grant'));
    await expect.poll(ofIt, { timeout: 20_000 }).toBeDefined();
    await bob.host.giveFiles(bob.page, [join(home, ofIt() ?? '')]);
    await bob.page.getByText('A disclosure of the whole channel').waitFor();
    expect(await bob.page.getByRole('main').innerText()).toContain('The lowest price is 90.');
    // What told the members of it was said with the key that it opens: it is there once the record has it.
    await seen(bob.page, 'disclosed the whole channel with a file');
    expect(await faults(bob.page)).toEqual([]);
  });
});
