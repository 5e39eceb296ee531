/** What a screen is to the suites and the pictures: a feature in a state of the profile, and how one gets there. */
import type { Stage, State } from './stage.ts';

/** Which pictures are taken of a screen: `one` in the light theme and a wide window, `all` also dark, and also narrow. */
export type Picture = 'one' | 'all';

export interface Screen {
  /** The state of the profile. */
  readonly state: State;
  /** What it shows; the name of its pictures. */
  readonly name: string;
  /** Which window shows it; the main one where none is named. */
  readonly window?: 'secret';
  readonly show: (stage: Stage) => Promise<void>;
  /** Leaves it, where opening another view is not enough. */
  readonly hide?: (stage: Stage) => Promise<void>;
  readonly picture?: Picture;
  /** What on it is no text to be translated: names of things. */
  readonly names?: RegExp;
}

/** What a file of `screens/`, named after its feature, brings. */
export interface FeatureScreens {
  readonly screens: readonly Screen[];
  /** Which of the screens that every feature has get pictures. */
  readonly pictures?: Readonly<Partial<Record<State, Picture>>>;
}
