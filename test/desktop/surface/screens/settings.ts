import type { FeatureScreens, Screen } from '../screen.ts';

/** Opens one of the parts. */
const part =
  (name: 'identity' | 'backup' | 'look'): Screen['show'] =>
  async (stage) => {
    await stage.open('settings');
    await stage.page
      .locator('.tabs')
      .getByText(stage.text(`settings.${name}`), { exact: true })
      .click();
  };

export const own: FeatureScreens = {
  pictures: { full: 'one' },
  screens: [
    { state: 'full', name: 'identity', picture: 'one', show: part('identity') },
    { state: 'full', name: 'backup', picture: 'one', show: part('backup') },
    { state: 'full', name: 'look', picture: 'one', show: part('look') },
    { state: 'locked', name: 'identity', show: part('identity') },
  ],
};
