/** Two people on one firehose: they announce themselves, exchange cards, compare numbers, and one changes the key. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactLink } from '../../src/core/identity/card-link.ts';
import { practiceKeychain } from '../../src/desk/practice/keychain.ts';
import { startEngines } from '../../src/engines/start.ts';
import { rotate } from '../../src/wallet/identity/own-identity.ts';
import { findLedger } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { seedOf, signerOfSeed } from '../../src/wallet/vault/signer.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import { hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, tabTo } from './journey-support.ts';
import { announce, gather, type Gathering, now, passphrase, type Person, seen } from './people.ts';

const lacks = hostLacks();
async function digitsOn(page: Page): Promise<string> {
  await page.locator('.number span').last().waitFor();
  return (await page.locator('.number span').allTextContents()).join(' ');
}

describe.skipIf(lacks !== undefined)(hostSuite('contacts'), () => {
  let gathering: Gathering;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    gathering = await gather(2);
    [alice, bob] = gathering.people as [Person, Person];
  }, 120_000);
  afterAll(async () => {
    await gathering.end();
  });

  it('begin with an empty list, and with a key to announce', async () => {
    const { page } = alice;
    await page.keyboard.press('Control+5');
    await page.getByText('Nobody yet').waitFor();
    await page.getByText('Becomes public, for good').waitFor();
    expect(await faults(page)).toEqual([]);
    await announce(alice, 'Alice Example');
    await announce(bob, 'Bob Example');
    await seen(page, 'On record');
    await seen(bob.page, 'On record');
    expect(await faults(page)).toEqual([]);
  });

  it('are added by a file or by a link, under a name of one’s own', async () => {
    const { page, host, home } = alice;
    await bob.host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [bob.home] } });
    await bob.page.getByRole('button', { name: 'Save as a file…' }).click();
    await bob.page.getByText(/^Saved as/).waitFor();
    expect(readdirSync(bob.home)).toContain('Bob Example.card');
    await page.getByRole('main').getByRole('button', { name: 'Add a contact' }).first().click();
    const wrong = join(home, 'wrong.card');
    writeFileSync(wrong, 'no card');
    await host.giveFiles(page, [wrong]);
    await page.getByText('This is neither a contact card nor the link of one.').waitFor();
    expect(await faults(page)).toEqual([]);
    await host.giveFiles(page, [join(bob.home, 'Bob Example.card')]);
    await page.getByText('“Bob Example”').waitFor();
    await tabTo(page, 'What you call this person');
    await page.keyboard.type('Bob');
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('You have not compared safety numbers with Bob').waitFor();
    expect(await faults(page)).toEqual([]);
    const link = await page.evaluate<string>('countersign.contactsOwn({}).then(({ value }) => value.link)');
    await page.keyboard.press('Control+5');
    await page.getByRole('button', { name: 'Show as a QR code' }).click();
    const picture = join(home, 'card.png');
    writeFileSync(picture, await page.getByRole('img', { name: 'Your card, as a QR code' }).screenshot());
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await tabTo(page, /^Bob/);
    await page.keyboard.press('Enter');
    await bob.page.getByRole('main').getByRole('button', { name: 'Add a contact' }).first().click();
    await bob.page.getByLabel('Or paste the card or its link').fill(` ${link}\n`);
    await bob.page.getByRole('button', { name: 'Look at the card' }).click();
    await bob.page.getByText('“Alice Example”').waitFor();
    await bob.page.getByRole('button', { name: 'Take another card' }).click();
    await bob.host.giveFiles(bob.page, [picture]);
    await bob.page.getByText('“Alice Example”').waitFor();
    await bob.page.getByLabel('What you call this person').fill('Alice');
    await bob.page.keyboard.press('Enter');
    await bob.page.getByText('You have not compared safety numbers with Alice').waitFor();
  });

  it('show the same number on both sides, which is compared by typing or by a yes', async () => {
    const { page } = alice;
    const number = await digitsOn(bob.page);
    expect(number).toMatch(/^\d{4}(?: \d{4}){15}$/);
    expect(await digitsOn(page)).toBe(number);
    const last = number.endsWith('0') ? '1' : '0';
    const typed = page.getByLabel('The number of the other side');
    await typed.fill(number.slice(0, -1) + last);
    await page.getByLabel('Over video').check();
    await page.getByRole('button', { name: 'They are the same' }).click();
    await page.getByText('The two safety numbers are not the same.').waitFor();
    expect(await faults(page)).toEqual([]);
    await typed.fill(number);
    await page.getByRole('button', { name: 'They are the same' }).click();
    await page.getByText(/^You compared this key with Bob over video, on /).waitFor();
    expect(await faults(page)).toEqual([]);
    const isSame = bob.page.getByRole('button', { name: 'They are the same' });
    await page.getByRole('button', { name: 'Show as a QR code' }).click();
    const code = page.getByRole('img', { name: 'Safety number, as a QR code' });
    const picture = join(bob.home, 'code.png');
    writeFileSync(picture, await code.screenshot());
    await page.keyboard.press('Escape');
    await bob.page.getByLabel('I have a picture of the code').check();
    await bob.host.giveFiles(bob.page, [picture]);
    await bob.page.getByText('The code is the same as yours').waitFor();
    expect(await faults(bob.page)).toEqual([]);
    await bob.page.getByLabel('I followed on my screen: the numbers are the same').check();
    expect(await isSame.isDisabled()).toBe(true);
    await bob.page.getByLabel('By phone').check();
    await isSame.click();
    await bob.page.getByText(/^You compared this key with Alice by phone, on /).waitFor();
  });

  it('that look like others are looked at twice', async () => {
    const { page } = alice;
    const { id } = gathering.ledger;
    const { publicKey: sign, encryptionKey: encrypt } = signerOfSeed(seedOf(new Uint8Array(32)), id, 0);
    const claims = { name: 'B\u043eb Example', firm: 'A firm with a very long name '.repeat(6).trim() };
    const link = contactLink({ claims, encrypt, ledger: id, salt: new Uint8Array(32), sign });
    // As the system hands over a link that somebody opened.
    await alice.host.order({ do: 'emit', name: 'open-url', given: [link] });
    await expect.poll(() => page.getByLabel('Or paste the card or its link').inputValue()).toBe(link);
    await page.getByRole('button', { name: 'Look at the card' }).click();
    await page.getByLabel('What you call this person').fill('B0b');
    await page.keyboard.press('Enter');
    await page.getByText('The name B0b looks like your contact Bob.').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'It is somebody else: add' }).click();
    await page.getByText('The key of B0b is not on the record yet').waitFor();
    await page.keyboard.press('Control+5');
    await expect.poll(() => page.locator('.people li').count()).toBe(2);
    const stays = `document.querySelector('.people').getBoundingClientRect().right <=
      document.querySelector('[aria-labelledby=own]').getBoundingClientRect().left`;
    expect(await page.evaluate(stays)).toBe(true);
  });

  it('are blocked when their key changed, until it is compared or approved', async () => {
    const { page } = alice;
    await bob.host.stop();
    await startEngines();
    const profile = profileOf('default', { COUNTERSIGN_HOME: join(bob.home, 'profiles') });
    // It is not asked: a passphrase guards the key.
    const keychain = practiceKeychain(join(bob.home, 'keys.json'));
    const ports = { keychain, passphrase: () => Promise.resolve(passphrase) };
    const wallet = await openWallet(profile, ports, 'existing');
    try {
      await rotate(wallet, await findLedger(wallet.database, undefined), { name: 'Bob Example' }, now());
    } finally {
      await wallet.close();
    }
    await seen(page, 'KEY CHANGED');
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Control+1');
    await page.getByText('The key of Bob changed, and you did not approve the new one').waitFor();
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Look at it');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is done with this contact until you approve the new key.').waitFor();
    await page.keyboard.press('Control+5');
    await tabTo(page, /^Bob/);
    await page.keyboard.press('Enter');
    await page.getByText('The key of Bob changed, and you did not approve the new one').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve without comparing…' }).click();
    await page.getByText('Approve a key that you did not compare?').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve it unchecked' }).click();
    await page.getByText('You have not compared safety numbers with Bob').waitFor();
    for (const size of [
      { width: 1024, height: 700 },
      { width: 640, height: 410 },
    ]) {
      await page.setViewportSize(size);
      expect(await isTooWide(page), `contact in ${size.width}`).toBe(false);
    }
  });

  it('are sealed, and gone from sight when the identity is locked', async () => {
    const { page, home } = alice;
    await page.setViewportSize({ width: 1280, height: 820 });
    await page.keyboard.press('Control+5');
    await page.getByRole('button', { name: 'Lock' }).click();
    await page.getByText('Contacts are sealed on this machine.').waitFor();
    expect(await page.getByText('B0b').count()).toBe(0);
    expect(await faults(page)).toEqual([]);
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const inTheClear = files.filter(({ parentPath, name }) =>
      readFileSync(join(parentPath, name), 'latin1').includes('B0b'),
    );
    expect(inTheClear.map(({ name }) => name)).toEqual([]);
  });
});
