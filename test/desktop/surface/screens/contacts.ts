import type { FeatureScreens, Screen } from '../screen.ts';

/** Opens the contact with this name. */
const contact =
  (name: string): Screen['show'] =>
  async (stage) => {
    await stage.open('contacts');
    await stage.page.locator('.people button').filter({ hasText: name }).first().click();
    await stage.page.locator('.number span').last().waitFor();
  };

export const own: FeatureScreens = {
  pictures: { empty: 'one', full: 'one' },
  screens: [
    { state: 'full', name: 'compared', show: contact('Buyer') },
    { state: 'full', name: 'not compared', picture: 'one', show: contact('Bank') },
    { state: 'full', name: 'key changed', picture: 'one', show: contact('Seller') },
    {
      state: 'full',
      name: 'own card as a code',
      show: async (stage) => {
        await stage.open('contacts');
        await stage.page
          .locator('[aria-labelledby=own]')
          .getByRole('button', { name: stage.text('contacts.own.qr') })
          .click();
        await stage.page.locator('dialog svg').first().waitFor();
      },
      hide: async ({ page }) => {
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      },
    },
    {
      state: 'full',
      name: 'added',
      show: async (stage) => {
        await stage.open('contacts');
        await stage.press('contacts.add');
        await stage.page.locator('main textarea').fill('no card');
        await stage.page.locator('main button[type=submit]').click();
        await stage.page.locator('.notice.bad').waitFor();
      },
    },
  ],
};
