/** People at work on one real firehose: each with a home, an application and an identity of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { fromUtf8 } from '../../src/core/bytes.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import type { Sequencer } from '../../src/firehose/sequencer.ts';
import { serve } from '../../src/firehose/server.ts';
import { running } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { axeFaults } from './axe.ts';
import { Host } from './host.ts';
import { joinLedger, makeIdentity, tabTo } from './journey-support.ts';

/** Guards the key of each of them. */
export const passphrase = 'four words nobody guesses';
export const now = (): number => Math.floor(Date.now() / 1000);

export interface Person {
  readonly home: string;
  readonly host: Host;
  readonly page: Page;
  readonly recovery: string;
}

/** Starts the application for somebody new, who joins a ledger. */
async function person(ledgerCard: string): Promise<Person> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-people-'));
  const host = await Host.start(home);
  const page = await host.page('main');
  await page.setViewportSize({ width: 1280, height: 820 });
  const recovery = await makeIdentity(host, page, passphrase);
  await joinLedger(page, ledgerCard);
  return { home, host, page, recovery };
}

/** Announces somebody, who gives the recovery words when they are asked for. */
export async function announce({ host, page, recovery }: Person, name: string): Promise<void> {
  await page.keyboard.press('Control+5');
  await page.getByText('Have your recovery words at hand').waitFor();
  expect(await page.getByRole('button', { name: 'Announce my key' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Type the recovery words…' }).click();
  const secret = await host.page('secret');
  await secret.getByLabel('The 24 words').fill(recovery);
  expect(await axeFaults(secret)).toEqual([]);
  await secret.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Have your recovery words at hand').waitFor({ state: 'detached' });
  await tabTo(page, 'Name');
  await page.keyboard.type(name);
  await tabTo(page, 'Announce my key');
  await page.keyboard.press('Enter');
  await page.getByText('Copy the link').waitFor();
}

/** Looks at the firehose until a text is there. */
export async function seen(page: Page, text: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.getByRole('button', { name: 'Synchronise now' }).click({ timeout: 1000 });
        return page.getByRole('main').getByText(text).count();
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBeGreaterThan(0);
}

/** Adds somebody as a contact, under a name of one's own. */
export async function addContact({ page }: Person, card: string, name: string): Promise<void> {
  await page.keyboard.press('Control+5');
  await page.getByRole('main').getByRole('button', { name: 'Add a contact' }).first().click();
  await page.getByLabel('Or paste the card or its link').fill(card);
  await page.getByRole('button', { name: 'Look at the card' }).click();
  await page.getByLabel('What you call this person').fill(name);
  await page.keyboard.press('Enter');
  await page.getByText(`You have not compared safety numbers with ${name}`).waitFor();
}

/** The link of somebody’s own card. */
export async function cardOf({ page }: Person): Promise<string> {
  return page.evaluate<string>('countersign.contactsOwn({}).then(({ value }) => value.link)');
}

/** Types a message, waits until it is said what everybody will see of it, and sends it by keyboard. */
export async function say(page: Page, text: string): Promise<void> {
  await tabTo(page, 'Say something to the members');
  await page.keyboard.type(text);
  await page.locator('.compose').getByText('not what it says').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.locator('.conversation').getByText(text).waitFor();
}

/** Looks at the firehose until nothing waits in the conversation any more. */
export async function onRecord(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.evaluate('countersign.syncStart({})');
        return page.locator('.entry.waiting').count();
      },
      { timeout: 20_000, interval: 150 },
    )
    .toBe(0);
}

/** Asks the program behind the page, and has what was answered. */
export async function ask<T>({ page }: Person, name: string, request: unknown): Promise<T> {
  const answer = await page.evaluate<{ readonly ok: boolean; readonly value: T }>(
    `countersign.${name}(${JSON.stringify(request)})`,
  );
  expect(answer, name).toMatchObject({ ok: true });
  return answer.value;
}

/** People at work, and the end of all of it. */
export interface Gathering {
  readonly people: readonly Person[];
  readonly ledger: Sequencer['ledger'];
  readonly end: () => Promise<void>;
}

/** So many people who joined the ledger of one firehose. */
export async function gather(count: number): Promise<Gathering> {
  const { sequencer } = await running({}, { now, intervalMs: 50 });
  const service = await serve(sequencer, { host: '127.0.0.1', port: 0, onFailure: () => undefined });
  const { id, logKey } = sequencer.ledger;
  const content = { endpoints: [`${service.url}/`], ledger: id, log: logKey };
  const card = fromUtf8(writeLedgerCard(unwrap(composeLedgerCard(content)))) ?? '';
  const people = await Promise.all(Array.from({ length: count }, () => person(card)));
  const end = async (): Promise<void> => {
    for (const { host, home } of people) {
      await host.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
    await service.stop();
  };
  return { people, ledger: sequencer.ledger, end };
}
