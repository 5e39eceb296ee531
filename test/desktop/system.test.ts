/** The window and the system around it: what is handed over, locking, crashes, notifications, the menu. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host, hostSuite, recorderLacks } from './host.ts';

const root = join(import.meta.dirname, '../..');
const lacks = recorderLacks();

describe('views', () => {
  it('of all features stand in the menu with their keys, and open by links', () => {
    const folder = join(root, 'src/renderer/features');
    const read = (path: string): string => readFileSync(join(root, path), 'utf8');
    const features = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('feature.tsx'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(features.length).toBeGreaterThan(4);
    for (const text of features) {
      const [, id = ''] = /\bid: '([a-z]+)'/.exec(text) ?? [];
      const [, order = ''] = /\border: (\d)/.exec(text) ?? [];
      expect(read('src/main/menu.ts')).toContain(`['${id}', '${order}']`);
      expect(read('src/contract/links.ts')).toContain(`'${id}'`);
    }
  });
});

describe.skipIf(lacks !== undefined)(hostSuite('around the window', lacks), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-system-'));
  const card = join(home, 'Alice.card');
  let host: Host;
  let page: Page;
  const recorded = async (name: string): Promise<readonly string[]> => {
    const all = (await host.order({ do: 'recorded' })) as { name: string; given: string }[];
    return all.filter((one) => one.name === name).map(({ given }) => given);
  };
  const emit = (name: string, ...given: readonly unknown[]): Promise<unknown> =>
    host.order({ do: 'emit', name, given });

  beforeAll(async () => {
    writeFileSync(card, '{}');
    writeFileSync(join(home, 'contract.receipt.json'), '{}');
    writeFileSync(join(home, 'secret.pdf'), 'x');
    // Started by a file of ours, and one that is not.
    host = await Host.start(home, [join(home, 'secret.pdf'), card]);
    page = await host.page('main');
    await page.waitForSelector('h1');
  });
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('shows the file that it was started with as soon as there is a profile, and does nothing else', async () => {
    expect(page.url()).toMatch(/#check\/given\/\d+$/);
    const state = await page.evaluate<{ value: { state: object } }>('countersign.stateSnapshot({})');
    expect(state.value.state).toMatchObject({ profile: null });
    await page.getByRole('button', { name: /practice ledger/ }).click();
    await page.getByRole('heading', { name: 'Check', level: 1 }).waitFor();
    await page.getByText('Alice.card').first().waitFor();
    expect(await page.getByText('secret.pdf').count()).toBe(0);
  });

  it('takes links and files of a second start, by path or by address', async () => {
    await emit('second-instance', ['countersign', '--flag', 'countersign:records'], '/');
    await expect.poll(() => page.url()).toContain('#records');
    await emit('second-instance', ['countersign', 'contract.receipt.json'], home);
    await page.getByText('contract.receipt.json').first().waitFor();
    await emit('second-instance', ['countersign', `file://${encodeURI(card)}`], '/');
    await page.getByText('Alice.card').first().waitFor();
    await emit('open-file', join(home, 'secret.pdf'));
    await emit('open-file', join(home, 'contract.receipt.json'));
    await page.getByText('contract.receipt.json').first().waitFor();
    expect(await page.getByText('secret.pdf').count()).toBe(0);
  });

  it.each(['power:suspend', 'power:lock-screen'])('locks the identity at %s', async (event) => {
    const unlock = page.getByRole('complementary').getByRole('button', { name: 'Unlock' });
    if (await unlock.isVisible()) await unlock.click();
    await page.getByText('Identity open').waitFor();
    await emit(event);
    await page.getByText('Identity locked').first().waitFor();
    await expect.poll(async () => (await recorded('Tray.setToolTip')).at(-1)).toContain('Identity locked');
    await unlock.click();
    await page.getByText('Identity open').waitFor();
  });

  it('tells the end of work without a word of its content', async () => {
    await page.keyboard.press('Control+2');
    const file = join(home, 'Canary agreement.txt');
    writeFileSync(file, 'an agreement');
    await host.giveFiles(page, [file]);
    await page.getByRole('button', { name: 'Record the file' }).click();
    await expect.poll(() => recorded('Notification')).toHaveLength(1);
    expect(await recorded('Notification')).toEqual([
      JSON.stringify({
        ...{ title: 'Countersign', body: 'There is news. Open Countersign to see it.', silent: true },
      }),
    ]);
    const told = [...(await recorded('Tray.setToolTip')), ...(await recorded('Tray.setContextMenu'))].join(
      '\n',
    );
    expect(told).not.toMatch(/Canary|practice/);
    await page.evaluate("countersign.shellSetNotices({ notices: 'off' })");
    await expect.poll(() => readFileSync(join(home, 'userData/shell.json'), 'utf8')).toContain('"off"');
  });

  it('loads a page that ended by itself again with a sentence, and asks after three times', async () => {
    const crash = (): Promise<unknown> =>
      host.order({ do: 'emit', of: 'page', name: 'render-process-gone', given: [{ reason: 'crashed' }] });
    for (let i = 0; i < 3; i++) {
      const loaded = page.waitForEvent('load');
      await crash();
      await loaded;
      await page.getByText('The window ended by itself and was loaded again.').waitFor();
    }
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    expect(await page.getByText('ended by itself').count()).toBe(0);
    await host.order({ do: 'answer-dialog', value: { response: 0 } });
    const loaded = page.waitForEvent('load');
    await crash();
    await loaded;
    expect(await recorded('dialog.showMessageBox')).toHaveLength(1);
    await page.getByText('The window ended by itself and was loaded again.').waitFor();
  });

  it('has a menu of views, palette, keys and what it is made of', async () => {
    const [menu = ''] = (await recorded('Menu.setApplicationMenu')).slice(-1);
    for (const label of ['Search and commands', 'Lock the identity', 'Keys', 'About Countersign', 'Records'])
      expect(menu).toContain(`"label":"${label}"`);
    for (const role of ['copy', 'window', 'zoomIn', 'quit']) expect(menu).toContain(`"role":"${role}"`);
  });
});
