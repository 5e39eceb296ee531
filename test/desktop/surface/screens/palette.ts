import type { FeatureScreens, Screen } from '../screen.ts';

const leave: Screen['hide'] = async ({ page }) => {
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
};

export const own: FeatureScreens = {
  screens: [
    {
      state: 'full',
      name: 'found',
      picture: 'one',
      show: async (stage) => {
        await stage.open('home');
        await stage.page.keyboard.press('Control+k');
        await stage.page.keyboard.type('b');
        await stage.page.locator('dialog [role=option]').nth(3).waitFor();
      },
      hide: leave,
    },
    {
      state: 'full',
      name: 'keys',
      show: async (stage) => {
        await stage.open('home');
        await stage.page.keyboard.press('?');
        await stage.page.locator('dialog').waitFor();
      },
      hide: leave,
    },
  ],
};
