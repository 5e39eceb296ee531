import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureScreens, Screen } from '../screen.ts';

/** Checks files; one of them, the photographs, was changed since it was recorded. */
const check =
  (...names: readonly string[]): Screen['show'] =>
  async (stage) => {
    await stage.open('check');
    appendFileSync(join(stage.folder, 'Photographs.zip'), '.');
    await stage.give(...names);
    await stage.page.locator('main .verdict .sentence').waitFor();
  };

export const own: FeatureScreens = {
  pictures: { empty: 'one' },
  screens: [
    { state: 'full', name: 'recorded', picture: 'all', show: check('Purchase agreement.pdf') },
    { state: 'full', name: 'changed', show: check('Photographs.zip') },
    {
      state: 'full',
      name: 'several',
      picture: 'one',
      show: check('Photographs.zip', 'Purchase agreement.pdf', 'Valuation report.pdf', 'Lease 2026.pdf'),
    },
  ],
};
