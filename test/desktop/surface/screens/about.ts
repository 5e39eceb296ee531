import type { FeatureScreens } from '../screen.ts';

export const own: FeatureScreens = {
  screens: [
    {
      state: 'full',
      name: 'about',
      // Packages, licences and programs.
      names: /^[@\w./:+-]+(?: x64| arm64)?$/,
      show: async (stage) => {
        await stage.open('home');
        await stage.page.keyboard.press('Control+k');
        await stage.page.keyboard.type(stage.text('command.about'));
        await stage.page.keyboard.press('Enter');
        await stage.page.getByRole('heading', { name: stage.text('about.title') }).waitFor();
      },
      hide: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      },
    },
  ],
};
