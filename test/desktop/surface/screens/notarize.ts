import { until } from '../stage.ts';
import type { FeatureScreens, Screen } from '../screen.ts';

/** Puts away what was done before, and chooses files. */
const choose: Screen['show'] = async (stage) => {
  await stage.open('notarize');
  if ((await stage.page.locator('input[type=file]').count()) === 0) await stage.press('notarize.next');
  await stage.give('Lease 2026.pdf', 'House rules.pdf', 'Handover protocol.pdf', 'Meter readings.csv');
  await stage.page.locator('.notarize-form').waitFor();
};

export const own: FeatureScreens = {
  pictures: { empty: 'one', full: 'one' },
  screens: [
    { state: 'full', name: 'chosen', picture: 'all', show: choose },
    {
      state: 'full',
      name: 'public',
      show: async (stage) => {
        await choose(stage);
        await stage.page.locator('input[type=radio]').nth(1).check();
        await stage.see('notarize.public.warn');
      },
    },
    {
      state: 'offline',
      name: 'waiting',
      picture: 'one',
      show: async (stage) => {
        await choose(stage);
        await stage.page.getByLabel(stage.text('notarize.again')).check();
        await stage.page.locator('button[type=submit]').click();
        await until('the end of the work', async () => (await stage.state()).job?.phase === 'failed');
        await stage.page.locator('.notice').first().waitFor();
      },
    },
  ],
};
