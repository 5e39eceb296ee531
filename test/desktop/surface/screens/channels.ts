import type { FeatureScreens, Screen } from '../screen.ts';

/** The form of a new channel, filled in. */
const filled: Screen['show'] = async (stage) => {
  await stage.open('channels');
  await stage.press('channels.new');
  await stage.page.getByLabel(stage.text('channels.name')).fill('Price of the boat');
  await stage.page.locator('.box input:enabled').first().check();
};

export const own: FeatureScreens = {
  pictures: { empty: 'one' },
  screens: [
    { state: 'full', name: 'new', show: filled },
    {
      state: 'full',
      name: 'what everybody will see',
      picture: 'all',
      show: async (stage) => {
        await filled(stage);
        await stage.press('channels.next');
        await stage.page.locator('.seen li').first().waitFor();
      },
      hide: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      },
    },
  ],
};
