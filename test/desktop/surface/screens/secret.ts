import type { FeatureScreens, Screen } from '../screen.ts';
import type { Stage } from '../stage.ts';

type Purpose = 'create' | 'restore' | 'watch' | 'unlock' | 'recovery';

const shown = (purpose: Purpose, state: Screen['state'], picture?: Screen['picture']): Screen => ({
  state,
  name: purpose,
  window: 'secret',
  show: async (stage) => {
    await stage.secret(purpose);
  },
  hide: (stage) => stage.closeSecret(),
  ...(picture && { picture }),
});

/** Goes as far as the sheet of words. */
async function toWords(stage: Stage): Promise<void> {
  const secret = await stage.secret('create');
  await secret.locator('input[type=radio]').nth(1).check();
  await secret.getByLabel(stage.text('secret.passphrase'), { exact: true }).fill('four words nobody guesses');
  await secret.getByLabel(stage.text('secret.passphrase.again')).fill('four words nobody guesses');
  await secret.locator('button[type=submit]').click();
  await secret.locator('.words li').last().waitFor();
}

export const own: FeatureScreens = {
  screens: [
    {
      ...shown('create', 'new', 'one'),
      show: async (stage) => {
        const secret = await stage.secret('create');
        // There is no keychain within reach.
        await secret.locator('.notice').waitFor();
      },
    },
    { ...shown('create', 'new', 'one'), name: 'words', show: toWords },
    {
      ...shown('create', 'new', 'one'),
      name: 'words asked back',
      show: async (stage) => {
        await toWords(stage);
        const secret = await stage.host.page('secret');
        await secret.locator('button[type=submit]').click();
        await secret.getByText(stage.text('secret.check.more')).waitFor();
        for (const field of await secret.locator('.field input').all()) await field.fill('wrong');
        await secret.locator('button[type=submit]').click();
        await secret.getByText(stage.text('secret.check.wrong')).first().waitFor();
      },
    },
    shown('restore', 'new'),
    shown('watch', 'new'),
    shown('recovery', 'empty'),
    {
      ...shown('unlock', 'locked'),
      show: async (stage) => {
        const secret = await stage.secret('unlock');
        await secret.locator('input[type=password]').fill('wrong');
        await secret.locator('button[type=submit]').click();
        await secret.locator('.notice.bad').waitFor();
      },
    },
  ],
};
