import type { FeatureScreens, Screen } from '../screen.ts';

/** Opens the list with one record in detail. */
const detail: Screen['show'] = async (stage) => {
  await stage.open('records');
  await stage.page.locator('.table .line').nth(3).click();
  await stage.page.locator('.detail .ladder').first().waitFor();
};

export const own: FeatureScreens = {
  pictures: { empty: 'one', full: 'all', offline: 'one', locked: 'one' },
  screens: [
    { state: 'full', name: 'detail', picture: 'all', show: detail },
    {
      state: 'full',
      name: 'nothing found',
      show: async (stage) => {
        await stage.open('records');
        await stage.page.locator('input[type=search]').fill('no such file');
        await stage.see('records.none');
      },
    },
    {
      state: 'full',
      name: 'receipt',
      picture: 'one',
      show: async (stage) => {
        await detail(stage);
        await stage.press('records.receipt');
        await stage.page.locator('dialog .receipt:not(:empty)').waitFor();
      },
      hide: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      },
    },
  ],
};
