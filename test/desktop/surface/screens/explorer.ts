import type { FeatureScreens, Screen } from '../screen.ts';
import type { Stage } from '../stage.ts';

/** Opens one of the tabs. */
async function tab(stage: Stage, name: 'blocks' | 'verify'): Promise<void> {
  await stage.open('explorer');
  await stage.page
    .locator('.record-tabs nav button')
    .filter({ hasText: stage.text(`explorer.${name}`) })
    .click();
}

/** Opens one message beside the list. */
const message: Screen['show'] = async (stage) => {
  await stage.open('explorer');
  await stage.page.locator('.table .line').nth(2).click();
  await stage.page.locator('.detail .ladder').first().waitFor();
};

const find =
  (text: string): Screen['show'] =>
  async (stage) => {
    await stage.open('explorer');
    await stage.page.locator('main input[type=search]').fill(text);
    await stage.page.locator('.understood:not(:empty)').waitFor();
  };

export const own: FeatureScreens = {
  pictures: { full: 'one' },
  screens: [
    { state: 'full', name: 'message', picture: 'all', show: message },
    {
      state: 'full',
      name: 'bytes',
      picture: 'one',
      show: async (stage) => {
        await message(stage);
        await stage.press('explorer.raw.go');
        await stage.page.locator('.raw-message').waitFor();
      },
    },
    {
      state: 'full',
      name: 'nothing fits',
      show: async (stage) => {
        await stage.open('explorer');
        await stage.page.getByLabel(stage.text('explorer.filter.id')).fill('00000000');
        await stage.see('explorer.none');
      },
    },
    {
      state: 'full',
      name: 'digits that are none',
      show: async (stage) => {
        await stage.open('explorer');
        await stage.page.getByLabel(stage.text('explorer.filter.key')).fill('abc');
        await stage.see('explorer.filter.whole');
      },
    },
    { state: 'full', name: 'found', show: find('block 12') },
    { state: 'full', name: 'not found', show: find('nobody of that name') },
    {
      state: 'full',
      name: 'blocks',
      show: async (stage) => {
        await tab(stage, 'blocks');
        await stage.page.locator('.table .line').first().waitFor();
      },
    },
    {
      state: 'full',
      name: 'block',
      picture: 'one',
      show: async (stage) => {
        await tab(stage, 'blocks');
        await stage.page.locator('.table .line').nth(4).click();
        await stage.page.locator('.detail .facts').waitFor();
      },
    },
    {
      state: 'full',
      name: 'verified',
      picture: 'one',
      show: async (stage) => {
        await tab(stage, 'verify');
        await stage.page.locator('.verify button[type=submit]').click();
        await stage.page.locator('.verify .notice.good').waitFor();
      },
    },
  ],
};
