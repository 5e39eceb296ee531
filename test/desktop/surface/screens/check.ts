import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeatureScreens } from '../screen.ts';

export const own: FeatureScreens = {
  pictures: { empty: 'wide' },
  screens: [
    {
      state: 'full',
      name: 'verdicts',
      picture: 'both',
      show: async (stage) => {
        await stage.open('check');
        appendFileSync(join(stage.folder, 'Photographs.zip'), '.');
        await stage.give('Purchase agreement.pdf', 'Photographs.zip');
        await stage.page.locator('main .sentence, main .notice').nth(1).waitFor();
      },
    },
  ],
};
