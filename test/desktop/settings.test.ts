/** Settings: profiles, locking, backups written and tried, keys changed and ended, on a real firehose. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fromUtf8 } from '../../src/core/bytes.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { Idle } from '../../src/desk/idle.ts';
import { type FirehoseService, serve } from '../../src/firehose/server.ts';
import { running } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { axeFaults } from './axe.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, joinLedger, makeIdentity, tabTo } from './journey-support.ts';

const lacks = hostLacks();
const passphrase = 'four words nobody guesses';
const backupPassphrase = 'another four words of length';
const now = (): number => Math.floor(Date.now() / 1000);

describe('locking when nobody uses the application', () => {
  it('counts from the last use, and never when that is chosen', () => {
    vi.useFakeTimers();
    try {
      const onIdle = vi.fn();
      const idle = new Idle(onIdle);
      idle.set(5);
      vi.advanceTimersByTime(4 * 60_000);
      idle.touch();
      vi.advanceTimersByTime(5 * 60_000 - 1);
      expect(onIdle).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(onIdle).toHaveBeenCalledOnce();
      idle.set(0);
      idle.touch();
      vi.advanceTimersByTime(24 * 3_600_000);
      expect(onIdle).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe.skipIf(lacks !== undefined)(hostSuite('settings'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-settings-'));
  let service: FirehoseService;
  let ledger: Awaited<ReturnType<typeof running>>;
  let host: Host;
  let page: Page;
  let recovery: string;
  const main = () => page.getByRole('main');
  const open = async (part: string): Promise<void> => {
    await page.keyboard.press('Control+9');
    await page.getByRole('navigation', { name: 'Parts of the settings' }).getByText(part).click();
  };
  /** Types into the window for secrets, and closes it when it says what is expected. */
  const inSecret = async (
    fields: Readonly<Record<string, string>>,
    go: string,
    says: string,
  ): Promise<void> => {
    const secret = await host.page('secret');
    for (const [label, text] of Object.entries(fields)) await secret.getByLabel(label).fill(text);
    expect(await axeFaults(secret)).toEqual([]);
    await secret.getByRole('button', { name: go }).click();
    await secret.getByText(says).waitFor();
    const closed = secret.waitForEvent('close');
    await secret.getByRole('button', { name: /^(?:Close|Cancel)$/ }).click();
    await closed;
  };

  beforeAll(async () => {
    ledger = await running({}, { now, intervalMs: 50 });
    service = await serve(ledger.sequencer, { host: '127.0.0.1', port: 0, onFailure: () => undefined });
    const { id, logKey } = ledger.sequencer.ledger;
    const card = unwrap(composeLedgerCard({ endpoints: [`${service.url}/`], ledger: id, log: logKey }));
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    recovery = await makeIdentity(host, page, passphrase);
    await joinLedger(page, fromUtf8(writeLedgerCard(card)) ?? '');
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await service.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('show profiles, ledgers and what they take, and remove only what nobody needs', async () => {
    const folder = join(home, 'profiles/default');
    writeFileSync(join(folder, 'record.sqlite.damaged-1'), 'x'.repeat(5000), { mode: 0o600 });
    await open('Profiles and ledgers');
    await main().getByText('Open now').waitFor();
    await main().getByText('A damaged copy that a repair replaced').waitFor();
    expect(await faults(page)).toEqual([]);
    for (const size of [
      { width: 1024, height: 700 },
      { width: 640, height: 410 },
    ]) {
      await page.setViewportSize(size);
      expect(await isTooWide(page), String(size.width)).toBe(false);
    }
    await page.setViewportSize({ width: 1280, height: 820 });
    await tabTo(page, 'Remove…');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect.poll(() => existsSync(join(folder, 'record.sqlite.damaged-1'))).toBe(false);
    for (const name of ['identity.sealed', 'record.sqlite', '../default/record.sqlite']) {
      const asked = await page.evaluate(`countersign.settingsRemove({ name: ${JSON.stringify(name)} })`);
      expect(asked).toMatchObject({ ok: false, failure: { code: 'ipc-gone' } });
    }
    expect(existsSync(join(folder, 'identity.sealed'))).toBe(true);
  });

  it('lock the identity at once and after a while, and say who guards its key', async () => {
    await open('Identity');
    await main().getByText('The identity is open and can sign.').waitFor();
    await main().getByText('A passphrase.', { exact: true }).waitFor();
    await page.getByLabel('Lock it when nobody uses the application for').selectOption('30');
    const kept = join(home, 'profiles/default/desktop.json');
    await expect.poll(() => existsSync(kept) && readFileSync(kept, 'utf8')).toContain('"idleMinutes":30');
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Lock now');
    await page.keyboard.press('Enter');
    await main().getByText('The identity is locked.').waitFor();
    expect(await faults(page)).toEqual([]);
    await main().getByRole('button', { name: 'Unlock' }).click();
    const secret = await host.page('secret');
    const closed = secret.waitForEvent('close');
    await secret.getByLabel('Passphrase').fill(passphrase);
    await secret.getByRole('button', { name: 'Unlock' }).click();
    await closed;
    await main().getByText('The identity is open and can sign.').waitFor();
  });

  it('write a backup, and prove that it opens without changing anything', async () => {
    await open('Backup');
    await main().getByText('No backup was written here yet').waitFor();
    expect(await faults(page)).toEqual([]);
    await host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [home] } });
    await page.getByRole('button', { name: 'Write a backup…' }).click();
    const given = { Passphrase: backupPassphrase, 'The same again': backupPassphrase };
    await inSecret(given, 'Write the backup', 'The backup is written');
    await main()
      .getByText(/^Last backup: /)
      .waitFor();
    const name = readdirSync(home).find((one) => one.endsWith('.countersign-backup')) ?? '';
    const file = join(home, name);
    const before = readdirSync(join(home, 'profiles'));
    await host.giveFiles(page, [file]);
    const wrong = { 'The passphrase of this backup': 'not that one, but another' };
    await inSecret(wrong, 'Open it', 'The passphrase does not open this backup.');
    expect(await main().getByText('No backup was tried yet').count()).toBe(1);
    await host.giveFiles(page, [file]);
    const right = { 'The passphrase of this backup': backupPassphrase };
    await inSecret(right, 'Open it', 'The backup is whole and opens with this passphrase');
    await main()
      .getByText(/^Last drill: /)
      .waitFor();
    expect(await faults(page)).toEqual([]);
    expect(readdirSync(join(home, 'profiles'))).toEqual(before);
    truncateSync(file, statSync(file).size - 100);
    await host.giveFiles(page, [file]);
    await inSecret(right, 'Open it', 'The backup is damaged or cut short.');
  });

  it('prove that words on paper are those of the profile, and others are not', async () => {
    await page.getByRole('button', { name: 'Try the words…' }).click();
    // Those of the other sheet.
    const others = { 'The 24 words, with spaces between': recovery };
    await inSecret(others, 'Try the words', 'These are not the words of the identity in this profile.');
    expect(await main().getByText('The words were not tried yet').count()).toBe(1);
  });

  it('change the key, by the block in which it counts', async () => {
    await open('Identity');
    await main().getByText('there is nothing to change yet').waitFor();
    await page.evaluate(`countersign.shellOpenSecret({ purpose: 'recovery' })`);
    const secret = await host.page('secret');
    const closed = secret.waitForEvent('close');
    await secret.getByLabel('The 24 words').fill(recovery);
    await secret.getByRole('button', { name: 'Continue' }).click();
    await closed;
    await page.evaluate(`countersign.contactsAnnounce({ name: 'Alice', publicName: 'Alice Public' })`);
    await main().getByText('Public name: Alice Public.').waitFor();
    await main().getByText('Counts now').waitFor();
    await main().getByRole('button', { name: 'Change the key…' }).click();
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Name');
    await page.keyboard.type('Alice Example');
    await page.getByRole('button', { name: 'Change the key', exact: true }).click();
    await main()
      .getByText(/^Counted from block \d+ up to block \d+$/)
      .waitFor();
    expect(
      await main()
        .getByText(/^Counts since block \d+$/)
        .count(),
    ).toBe(1);
    expect(await faults(page)).toEqual([]);
  });

  it('end the key only after a reason and the name of the ledger were given', async () => {
    await main().getByRole('button', { name: 'Revoke the key…' }).click();
    const end = page.getByRole('button', { name: 'End the key' });
    await page.getByLabel('Somebody else may have it').check();
    await page.getByLabel(/^Since which day/).fill('2026-02-30');
    const { origin } = ledger.sequencer.ledger;
    await page.getByLabel(/^Type the name of the ledger/).fill(origin);
    await page.getByText('A day as 2026-11-23, not after today.').waitFor();
    expect(await end.isDisabled()).toBe(true);
    expect(await faults(page)).toEqual([]);
    await page.getByLabel(/^Since which day/).fill('2026-02-20');
    await page.getByLabel(/^Type the name of the ledger/).fill(`${origin}x`);
    expect(await end.isDisabled()).toBe(true);
    await page.getByLabel(/^Type the name of the ledger/).fill(origin);
    await end.click();
    await main().getByText('The key was revoked: no key of yours counts on this ledger').waitFor();
    expect(await main().getByRole('button', { name: 'Change the key…' }).count()).toBe(0);
    expect(await faults(page)).toEqual([]);
  });

  it('choose contrast and times, which stay as they were chosen', async () => {
    await open('Appearance');
    await page.getByLabel('High').check();
    await page.getByLabel('UTC only').check();
    const sample = page.locator('main time');
    await expect.poll(() => sample.textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    expect(await faults(page)).toEqual([]);
    await page.reload();
    await page.waitForSelector('.side');
    expect(await page.evaluate('document.documentElement.dataset.contrast')).toBe('more');
    await open('Appearance');
    expect(await page.getByLabel('UTC only').isChecked()).toBe(true);
    await page.getByLabel('UTC, with the local time').check();
    await expect.poll(() => sample.textContent()).toContain('local time');
  });
});
