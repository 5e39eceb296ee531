/**
 * A new user with a real keychain: a private gnome-keyring of this test alone. The key that seals the identity lies there,
 * so that the application opens it after a restart without a word, and says so when the keychain is locked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privateKeyringLacks, startPrivateKeyring } from '../../src/cli/private-keyring.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { answerSheet, tabTo, wordsOn } from './journey-support.ts';

const missing = privateKeyringLacks();
const noKeyring =
  process.platform !== 'linux'
    ? 'the keychain is part of this system'
    : missing.length === 0
      ? undefined
      : `this machine lacks ${missing.join(', ')}`;
const lacks = hostLacks() ?? noKeyring;
const name = 'an identity in a real keychain';

describe.skipIf(lacks !== undefined)(
  noKeyring === undefined ? hostSuite(name) : `${name} (skipped: ${noKeyring})`,
  () => {
    const home = mkdtempSync(join(tmpdir(), 'cs-keyring-'));
    let keyring: Awaited<ReturnType<typeof startPrivateKeyring>>;

    beforeAll(async () => {
      keyring = await startPrivateKeyring(home);
    });
    afterAll(async () => {
      await keyring.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });

    it('is made by keyboard alone, from words that are asked back', async () => {
      const host = await Host.start(home, [], keyring.env);
      try {
        const page = await host.page('main');
        await page.waitForSelector('h1');
        await tabTo(page, /^Create an identity/);
        await page.keyboard.press('Enter');
        const secret = await host.page('secret');
        await secret.getByText('It opens with your login.').waitFor();
        await expect.poll(() => secret.getByRole('button', { name: 'Continue' }).isEnabled()).toBe(true);
        for (const sheet of [1, 2]) {
          await tabTo(secret, sheet === 1 ? 'Continue' : 'They stand on paper');
          if (sheet === 1) await secret.keyboard.press('Enter');
          await secret.getByText(`Sheet ${sheet} of 2`).waitFor();
          const words = await wordsOn(secret);
          await tabTo(secret, 'They stand on paper');
          await secret.keyboard.press('Enter');
          await answerSheet(secret, words);
          await secret.keyboard.press('Enter');
        }
        await page.getByText('Identity open').waitFor();
        await expect.poll(() => secret.isClosed()).toBe(true);
      } finally {
        await host.stop();
      }
    });

    it('is open after a restart, locked by hand and opened again, and nothing was typed', async () => {
      const host = await Host.start(home, [], keyring.env);
      try {
        const page = await host.page('main');
        await tabTo(page, /^Open “default”/);
        await page.keyboard.press('Enter');
        await page.getByText('Identity open').or(page.getByText('Identity locked')).first().waitFor();
        if ((await page.getByText('Identity locked').count()) > 0) {
          await tabTo(page, 'Unlock');
          await page.keyboard.press('Enter');
        }
        await page.getByText('Identity open').waitFor();
        await tabTo(page, 'Lock');
        await page.keyboard.press('Enter');
        await page.getByText('Identity locked').waitFor();
        await tabTo(page, 'Unlock');
        await page.keyboard.press('Enter');
        await page.getByText('Identity open').waitFor();
        expect(await page.getByText('Identity locked').count()).toBe(0);
        const state = await page.evaluate<{ readonly identity: { readonly canSign: boolean } }>(
          'countersign.stateSnapshot({}).then(({ value }) => value.state.profile)',
        );
        expect(state.identity.canSign).toBe(true);
      } finally {
        await host.stop();
      }
    });
  },
);
