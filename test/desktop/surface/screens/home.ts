import type { FeatureScreens } from '../screen.ts';

export const own: FeatureScreens = {
  pictures: { empty: 'one', full: 'all', offline: 'one' },
  screens: [{ state: 'joining', name: 'joining', show: (stage) => stage.open('home') }],
};
