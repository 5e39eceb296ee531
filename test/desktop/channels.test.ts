/** Two people and a private channel: founded, joined, written in, and what one of them sees who was removed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide } from './journey-support.ts';
import {
  addContact,
  announce,
  cardOf,
  gather,
  type Gathering,
  onRecord,
  type Person,
  say,
  seen,
} from './people.ts';

const lacks = hostLacks();
const offer = 'We offer 100 for the boat, until Friday.';
const later = 'Said when only one was left.';

describe.skipIf(lacks !== undefined)(hostSuite('channels'), () => {
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

  it('begin with a list that says what a channel is', async () => {
    for (const [one, name] of [
      [alice, 'Alice Example'],
      [bob, 'Bob Example'],
    ] as const) {
      await announce(one, name);
      await seen(one.page, 'On record');
    }
    const { page } = alice;
    await page.keyboard.press('Control+7');
    await page.getByText('No channel yet').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('are founded after it was said what everybody will see', async () => {
    const { page } = alice;
    await addContact(alice, await cardOf(bob), 'Bob');
    await addContact(bob, await cardOf(alice), 'Alice');
    await page.keyboard.press('Control+7');
    await page.getByRole('main').getByRole('button', { name: 'New channel' }).click();
    await page.getByLabel('Name of the channel').fill('Price of the boat');
    await page.getByLabel('Bob').check();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'See what everybody will see…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('a new channel with 2 members').waitFor();
    await dialog.getByText('to Bob: that you invite them somewhere').waitFor();
    expect(await dialog.innerText()).toContain('You have not compared safety numbers with Bob');
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Found the channel' }).click();
    await page.getByRole('heading', { name: 'Price of the boat' }).waitFor();
    await onRecord(page);
    await page.getByText('founded the channel. With: Bob.').waitFor();
    await say(page, offer);
    await onRecord(page);
    expect(await faults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });

  it('are found by who was invited, who reads, joins and answers', async () => {
    const { page } = bob;
    await page.keyboard.press('Control+7');
    await seen(page, 'You are invited');
    expect(await page.getByRole('main').innerText()).toContain('1 new');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: /^Price of the boat/ }).click();
    await page.locator('.conversation').getByText(offer).waitFor();
    await page.getByText('Alice invites you to this channel').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('not what it says').waitFor();
    await dialog.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByText('joined, and holds the key').waitFor();
    await onRecord(page);
    await say(page, 'We take 110.');
    await onRecord(page);
    await alice.page.bringToFront();
    await seen(alice.page, 'We take 110.');
  });

  it('tell the removed apart, who see that something was said and not what', async () => {
    const { page } = alice;
    await page.getByRole('button', { name: 'Remove Bob…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Bob keeps the \d+ messages that were sealed until now$/).waitFor();
    expect(await faults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('REMOVED: Bob.').waitFor();
    await say(page, later);
    await onRecord(page);
    expect(await page.locator('.members').innerText()).toContain('REMOVED');
    expect(await faults(page)).toEqual([]);
    await seen(bob.page, 'Sealed for others');
    const text = await bob.page.getByRole('main').innerText();
    expect(text).toContain('NO MEMBER any more');
    expect(text).toContain(offer);
    expect(text).not.toContain(later);
    expect(await bob.page.getByLabel('Say something to the members').count()).toBe(0);
    expect(await faults(bob.page)).toEqual([]);
  });
});
