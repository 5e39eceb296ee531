/** A feature: a view with its place in the navigation. Each is a folder of `features/`, found by folder. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { DeskState } from '../../contract/state.ts';

/**
 * Something that can be done from anywhere: it stands in the palette, and its keys, where it has any, in the list of keys.
 * One handler (`keys.ts`) obeys these declarations, so the list cannot say anything else.
 */
export interface Command {
  /** The key of its name among the texts. */
  readonly title: string;
  readonly icon: LucideIcon;
  /** `Mod+K`, `/`: `Mod` is Control, and Command on a Mac. Keys without it rest while something is typed. */
  readonly keys?: string;
  /** Whether it can be done now; absent: always. What cannot be done is not offered. */
  readonly when?: (state: DeskState) => boolean;
  /** Not among the commands of the palette: it only has a key. */
  readonly keyOnly?: boolean;
  readonly run: () => void;
}

export interface Feature {
  /** The view's name, as links and menus know it. */
  readonly id: string;
  /** Its place in the navigation, from 1, which is also its key. */
  readonly order: number;
  readonly icon: LucideIcon;
  /** The key of its name among the texts. */
  readonly title: string;
  /** What it shows. @param rest what stands behind its name in a link. */
  readonly View: ComponentType<{ readonly rest: string }>;
  /** What it offers from anywhere. */
  readonly commands?: readonly Command[];
  /** What it offers while it is in sight. */
  readonly here?: readonly Command[];
  /** It looks a text up: the key of what that is called, and the view that shows what was found. */
  readonly lookUp?: { readonly title: string; readonly to: (text: string) => string };
  /** How many things there are that nobody may overlook: the number stands beside its name, on every view. */
  readonly useAlerts?: () => number;
  /** How many things are new in it: told calmly, beside its name. */
  readonly useNews?: () => number;
}

const found = import.meta.glob<{ readonly feature: Feature }>('../features/*/feature.tsx', { eager: true });

/** All features, in the order of the navigation. */
export const features: readonly Feature[] = Object.values(found)
  .map(({ feature }) => feature)
  .sort((a, b) => a.order - b.order);
