import type { FeatureScreens } from '../screen.ts';

export const own: FeatureScreens = {
  pictures: { empty: 'wide', full: 'both', offline: 'wide' },
  screens: [{ state: 'joining', name: 'joining', show: (stage) => stage.open('home') }],
};
