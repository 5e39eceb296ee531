/**
 * The list of all screens in all their states. It is made from the features that there are, found by folder: each is
 * opened in every state of a profile, and brings what else it has in a file of `screens/` with its name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FeatureScreens, Screen } from './screen.ts';
import type { State } from './stage.ts';
import { featureNames, featuresFolder } from './texts.ts';

export interface ListedScreen extends Screen {
  readonly feature: string;
}

/** The states in which every view can be opened. */
const openedIn: readonly State[] = ['empty', 'full', 'offline', 'locked'];

const folder = join(import.meta.dirname, 'screens');

async function ownOf(feature: string): Promise<FeatureScreens> {
  const file = join(folder, `${feature}.ts`);
  if (!existsSync(file)) return { screens: [] };
  return ((await import(pathToFileURL(file).href)) as { readonly own: FeatureScreens }).own;
}

async function screensOf(feature: string): Promise<readonly ListedScreen[]> {
  const { screens, pictures = {} } = await ownOf(feature);
  const isView = existsSync(join(featuresFolder, feature, 'feature.tsx'));
  const opened = (isView ? openedIn : []).map((state): Screen => {
    const picture = pictures[state];
    return { state, name: state, show: (stage) => stage.open(feature), ...(picture && { picture }) };
  });
  return [...opened, ...screens].map((screen) => ({ ...screen, feature }));
}

/** All screens, by feature. */
export const allScreens: readonly ListedScreen[] = (
  await Promise.all(featureNames.map(async (name) => screensOf(name)))
).flat();

/** Files of screens whose feature there is not. */
export const strayFiles: readonly string[] = readdirSync(folder)
  .map((file) => basename(file, '.ts'))
  .filter((name) => !featureNames.includes(name));
