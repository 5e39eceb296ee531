import type { FeatureScreens, Screen } from '../screen.ts';

/** Opens one of the parts. */
const part =
  (name: 'alarms' | 'outbox' | 'doctor'): Screen['show'] =>
  async (stage) => {
    await stage.open('sync');
    const tab = stage.page.locator('main nav, main [role=tablist]').getByText(stage.text(`syncing.${name}`));
    await tab.first().click();
  };

export const own: FeatureScreens = {
  pictures: { full: 'all', offline: 'one' },
  screens: [
    { state: 'joining', name: 'joining', show: (stage) => stage.open('sync') },
    { state: 'full', name: 'alarms', show: part('alarms') },
    { state: 'offline', name: 'outbox', picture: 'one', show: part('outbox') },
    { state: 'full', name: 'doctor', picture: 'one', show: part('doctor') },
  ],
};
