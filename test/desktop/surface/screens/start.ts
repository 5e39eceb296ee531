import type { FeatureScreens } from '../screen.ts';

export const own: FeatureScreens = {
  screens: [
    {
      state: 'new',
      name: 'first',
      picture: 'all',
      show: async ({ page }) => page.locator('.ways').first().waitFor(),
    },
    {
      state: 'joining',
      name: 'card',
      picture: 'one',
      show: async (stage) => {
        await stage.open('home');
        await stage.page.getByLabel(stage.text('join.field')).fill(stage.ledger.card);
        await stage.press('join.look');
        await stage.see('join.compare');
      },
    },
    {
      state: 'joining',
      name: 'wrong card',
      show: async (stage) => {
        await stage.open('home');
        await stage.page.getByLabel(stage.text('join.field')).fill('no card');
        await stage.press('join.look');
        await stage.page.locator('.notice.bad').waitFor();
      },
    },
  ],
};
